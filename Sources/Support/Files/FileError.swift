#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An operation on a file or folder that the system refused.
public struct FileError: UserError, Equatable {
  /// What was tried: "cannot read", "cannot write" …
  public let action: String
  /// The file or folder, as the user named it.
  public let path: String
  /// The reason in words.
  public let reason: String

  /// An error with a reason of our own.
  public init(_ action: String, _ path: String, reason: String) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// An error with the reason that `errno` holds now.
  package static func fromErrno(_ action: String, _ path: String) -> FileError {
    FileError(action, path, reason: String(cString: strerror(errno)))
  }

  /// One line: action, path, reason.
  public var description: String { "\(action) \(path.isEmpty ? "''" : visible(path)): \(reason)" }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A failed operation on a file or folder.
public struct FileError: UserError, Equatable {
  /// The operation: "cannot read", "cannot write", …
  public let action: String
  /// The file or folder, as the user named it.
  public let path: String
  /// The reason, in words.
  public let reason: String

  /// Creates an error with the given reason.
  public init(_ action: String, _ path: String, reason: String) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// Creates an error with the current `errno` as its reason.
  package static func fromErrno(_ action: String, _ path: String) -> FileError {
    FileError(action, path, reason: String(cString: strerror(errno)))
  }

  /// One line: action, path, reason.
  public var description: String { "\(action) \(path.isEmpty ? "''" : visible(path)): \(reason)" }
}

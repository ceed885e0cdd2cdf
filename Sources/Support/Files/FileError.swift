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
  /// The system's error number (`errno`), or `nil` when the reason does not come from the system.
  package let errorNumber: Int32?

  /// An error with a reason of our own.
  public init(_ action: String, _ path: String, reason: String) {
    self.init(action, path, reason: reason, errorNumber: nil)
  }

  private init(_ action: String, _ path: String, reason: String, errorNumber: Int32?) {
    self.action = action
    self.path = path
    self.reason = reason
    self.errorNumber = errorNumber
  }

  /// An error with the reason that `errno` holds now.
  package static func fromErrno(_ action: String, _ path: String) -> FileError {
    let number = errno
    return FileError(action, path, reason: String(cString: strerror(number)), errorNumber: number)
  }

  /// One line: action, path, reason.
  public var description: String { "\(action) \(path.isEmpty ? "''" : visible(path)): \(reason)" }
}

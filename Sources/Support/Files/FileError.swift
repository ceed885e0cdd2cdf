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
  /// The system's error number (`errno`), or `nil` when the reason does not come from the system.
  package let errorNumber: Int32?

  /// Creates an error with the given reason.
  public init(_ action: String, _ path: String, reason: String) {
    self.init(action, path, reason: reason, errorNumber: nil)
  }

  private init(_ action: String, _ path: String, reason: String, errorNumber: Int32?) {
    self.action = action
    self.path = path
    self.reason = reason
    self.errorNumber = errorNumber
  }

  /// Creates an error with the current `errno` as its reason.
  package static func fromErrno(_ action: String, _ path: String) -> FileError {
    let number = errno
    return FileError(action, path, reason: String(cString: strerror(number)), errorNumber: number)
  }

  /// One line: action, path, reason.
  public var description: String { "\(action) \(path.isEmpty ? "''" : visible(path)): \(reason)" }
}

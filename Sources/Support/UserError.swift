public import Foundation

/// An error in the user's input or in a file that the user provided, as data with a one-line description.
///
/// The description states what was wrong, where, what was expected, and what to do next, without a trailing period or a line
/// break. The command line prints it and exits with code 2; every other error is a bug in Graft (exit code 1).
public protocol UserError: LocalizedError, CustomStringConvertible, Sendable {}

extension UserError {
  /// The same as the description, so that `localizedDescription` is the one-line message.
  public var errorDescription: String? { description }
}

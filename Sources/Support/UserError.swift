/// A mistake of the user's (or in a file the user gave), as data that can be read out in one line.
///
/// The description says what was wrong, where, what was expected, and what to do next, without a trailing period or a
/// line break. The command line prints it and ends with exit code 2; every other error is a fault of ours (exit code 1).
public protocol UserError: Error, CustomStringConvertible, Sendable {}

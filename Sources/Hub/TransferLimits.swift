/// How long a server is waited for, and how little it may send: no server holds the program for ever.
///
/// At the defaults an answer begins within 30 seconds and brings at least 64 KiB a minute; a file may take 200 connections
/// that bring less than that each.
package struct TransferLimits: Sendable {
  /// Seconds that may pass without a byte.
  package var silence: Double = 10
  /// Seconds until the body begins, redirections included.
  package var head: Double = 30
  /// Seconds in which at least `windowBytes` of a body must come.
  package var window: Double = 60
  /// See `window`.
  package var windowBytes = 64 << 10
  /// How often one file may be taken up again after a connection that brought less than `windowBytes`.
  package var poorConnections = 200
  /// Redirections of one request.
  package var redirections = 10

  /// The defaults.
  package init() {}
}

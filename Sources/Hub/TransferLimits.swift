/// Limits on slow servers, so that no server can block the program forever.
///
/// By default, a response must begin within 30 seconds and deliver at least 64 KiB per minute; a file may need up to 200
/// connections that deliver less than that.
package struct TransferLimits: Sendable {
  /// The maximum time without data, in seconds.
  package var silence: Double = 10
  /// The maximum time until the body begins, including redirects, in seconds.
  package var head: Double = 30
  /// The length of the time window in which at least `windowBytes` must arrive, in seconds.
  package var window: Double = 60
  /// The minimum number of bytes of the body per window.
  package var windowBytes = 64 << 10
  /// The maximum number of connections for one file that deliver less than `windowBytes`.
  package var poorConnections = 200
  /// The maximum number of redirects of one request.
  package var redirections = 10

  /// Creates the default limits.
  package init() {}
}

import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One HTTP response, processed as it arrives.
///
/// Redirects are followed, but never from HTTPS to another scheme. A token is sent only to the origin of the original
/// address.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {  // the lock protects its state
  private let lock = NSLock()
  private let done = DispatchSemaphore(value: 0)
  private let limits: TransferLimits
  private let take: (Data) throws -> Void
  private let begin: (HTTPURLResponse) throws -> Bool
  private var failure: (any Error)?
  private var code = 0
  private var redirections = 0
  private var windowStart = ContinuousClock.now
  private var windowBytes = 0

  /// The error of a transfer that the client aborted.
  struct Aborted: Error {
    let reason: String
  }

  private init(
    _ limits: TransferLimits, begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void
  ) {
    self.limits = limits
    self.begin = begin
    self.take = take
  }

  /// Sends `request` and waits for the transfer to end.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - limits: The limits after which the transfer is aborted.
  ///   - begin: Called with the response head; returns `false` to skip the body.
  ///   - take: Called with each chunk of the body.
  /// - Returns: The status code.
  /// - Throws: The network's error, an error of either closure, or ``Aborted``.
  static func run(
    _ request: URLRequest, limits: TransferLimits, begin: @escaping (HTTPURLResponse) throws -> Bool,
    take: @escaping (Data) throws -> Void
  ) throws -> Int {
    let transfer = Transfer(limits, begin: begin, take: take)
    let settings = URLSessionConfiguration.ephemeral
    settings.timeoutIntervalForRequest = limits.silence
    let session = URLSession(configuration: settings, delegate: transfer, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    let task = session.dataTask(with: request)
    task.resume()
    while transfer.done.wait(timeout: .now() + .milliseconds(250)) == .timedOut {
      guard transfer.isTooSlow else { continue }
      task.cancel()
      // A server must not be able to block this thread by delaying the cancellation.
      if transfer.done.wait(timeout: .now() + .seconds(5)) == .timedOut { break }
    }
    return try transfer.lock.withLock {
      if let failure = transfer.failure { throw failure }
      return transfer.code
    }
  }

  /// Whether the transfer is too slow; polled during the transfer. Sets the failure.
  private var isTooSlow: Bool {
    lock.withLock {
      guard failure == nil else { return true }
      let seconds = windowStart.duration(to: .now) / .seconds(1)
      if code == 0 {
        guard seconds > limits.head else { return false }
        failure = Aborted(reason: "no response within \(Int(limits.head)) s")
        return true
      }
      guard seconds > limits.window else { return false }
      guard windowBytes < limits.windowBytes else {
        windowStart = .now
        windowBytes = 0
        return false
      }
      failure = Aborted(reason: "fewer than \(limits.windowBytes) bytes arrived within \(Int(limits.window)) s")
      return true
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let refusal = lock.withLock {
      redirections += 1
      let refusal =
        redirections > limits.redirections
        ? "it redirects more than \(limits.redirections) times"
        : Self.refusal(from: response.url ?? task.originalRequest?.url, to: request.url)
      if let refusal, failure == nil { failure = Aborted(reason: refusal) }
      return refusal
    }
    guard refusal == nil else {
      completionHandler(nil)
      task.cancel()
      return
    }
    var next = request
    let original = task.originalRequest
    if let range = original?.value(forHTTPHeaderField: "Range") { next.setValue(range, forHTTPHeaderField: "Range") }
    let isOriginal = isSameOrigin(original?.url, request.url)
    next.setValue(
      isOriginal ? original?.value(forHTTPHeaderField: "Authorization") : nil, forHTTPHeaderField: "Authorization")
    completionHandler(next)
  }

  /// Returns why a redirect is refused, or `nil`.
  static func refusal(from first: URL?, to next: URL?) -> String? {
    guard let scheme = next?.scheme?.lowercased(), ["http", "https"].contains(scheme), next?.host?.isEmpty == false
    else {
      return "it redirects to something that is not an HTTP address"
    }
    guard next?.user == nil, next?.password == nil else { return "it redirects to an address with a user or password" }
    guard scheme == "https" || first?.scheme?.lowercased() != "https" else { return "it redirects from HTTPS to HTTP" }
    return nil
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let accepts = lock.withLock {
      guard failure == nil, let response = response as? HTTPURLResponse else { return false }
      code = response.statusCode
      windowStart = .now
      return attempt { try begin(response) } ?? false
    }
    completionHandler(accepts ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let continues = lock.withLock {
      windowBytes += data.count
      return failure == nil && attempt { try take(data) } != nil
    }
    if !continues { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    lock.withLock {
      // Cancelling the transfer after its head is not a failure.
      let isCancelled = (error as? URLError)?.code == .cancelled && code != 0
      if let error, !isCancelled, failure == nil { failure = error }
    }
    done.signal()
  }

  private func attempt<Result>(_ body: () throws -> Result) -> Result? {
    do { return try body() } catch {
      failure = error
      return nil
    }
  }
}

import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One answer of a server, taken as it comes. Redirections are followed; a token goes to no other host than the first.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {  // its state is behind the lock
  private let lock = NSLock()
  private let done = DispatchSemaphore(value: 0)
  private let take: (Data) throws -> Void
  private let begin: (HTTPURLResponse) throws -> Bool
  private var failure: (any Error)?
  private var code = 0

  /// Seconds that may pass without a byte.
  private static let patience: TimeInterval = 10

  private init(begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void) {
    (self.begin, self.take) = (begin, take)
  }

  /// Asks for `request` and waits for its end.
  ///
  /// - Parameters:
  ///   - begin: Gets the answer's head; `false` leaves the body.
  ///   - take: Gets the body piece by piece.
  /// - Returns: The status.
  /// - Throws: What the network or the two closures throw.
  static func run(
    _ request: URLRequest, begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void
  ) throws -> Int {
    let transfer = Transfer(begin: begin, take: take)
    let settings = URLSessionConfiguration.ephemeral
    settings.timeoutIntervalForRequest = patience
    let session = URLSession(configuration: settings, delegate: transfer, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    transfer.done.wait()
    return try transfer.lock.withLock {
      if let failure = transfer.failure { throw failure }
      return transfer.code
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    var next = request
    let original = task.originalRequest
    if let range = original?.value(forHTTPHeaderField: "Range") { next.setValue(range, forHTTPHeaderField: "Range") }
    let token = original?.url?.host == request.url?.host ? original?.value(forHTTPHeaderField: "Authorization") : nil
    next.setValue(token, forHTTPHeaderField: "Authorization")
    completionHandler(next)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let wanted = lock.withLock {
      guard let response = response as? HTTPURLResponse else { return false }
      code = response.statusCode
      return attempt { try begin(response) } ?? false
    }
    completionHandler(wanted ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let goesOn = lock.withLock { failure == nil && attempt { try take(data) } != nil }
    if !goesOn { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    lock.withLock {
      // A transfer that we ended ourselves, after its head, is no failure.
      let isOurs = (error as? URLError)?.code == .cancelled && code != 0
      if let error, !isOurs, failure == nil { failure = error }
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

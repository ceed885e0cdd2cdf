import Foundation
import GraftSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A download over HTTP.
struct Download {
  /// The address.
  let url: String
  /// The value of the Authorization header, which is sent only to the origin of the address.
  var authorization: String?
  /// The media types that the response may have; `nil` accepts any.
  var accept: String?
  /// The limits after which the download is abandoned.
  var limits = TransferLimits()
  /// Turns an unsuccessful status into an error.
  let check: (_ status: Int) throws -> Void

  /// Returns the whole response body.
  ///
  /// - Throws: ``HubError``, also for a response of more than `limit` bytes.
  func content(limit: Int) throws -> Data {
    var response = Data()
    let status = try run(from: 0, begin: { $0.statusCode == 200 }) { data in
      response.append(data)
      guard response.count <= limit else {
        throw HubError.badAnswer(url: url, reason: "it has more than \(limit) bytes")
      }
    }
    try check(status)
    return response
  }

  /// Fetches a file of `size` bytes, resuming an earlier attempt.
  ///
  /// An interrupted connection is resumed while each attempt makes progress and not too many attempts make little progress.
  ///
  /// - Parameters:
  ///   - size: The expected size in bytes.
  ///   - path: The destination, which may already contain the first part of the file.
  ///   - progress: Called with the number of bytes received so far.
  func file(of size: Int, to path: String, progress: @escaping (Int) -> Void) throws {
    var poorConnections = 0
    while true {
      let partial = try PartialFile(path: path)
      let start = min(partial.size, size)
      if partial.size > size { try partial.truncate(to: 0) }
      if partial.size == size { return try partial.flush() }
      do {
        let status = try run(from: partial.size) { response in
          // A server that does not support ranges sends the whole file again.
          if response.statusCode == 200, partial.size > 0 { try partial.truncate(to: 0) }
          return response.statusCode == 200 || response.statusCode == 206
        } take: { data in
          guard partial.size + data.count <= size else {
            throw HubError.badAnswer(url: url, reason: "it has more than the expected \(size) bytes")
          }
          try partial.append(data)
          progress(partial.size)
        }
        guard status != 416 else {
          throw HubError.badAnswer(url: url, reason: "it has fewer than the expected \(size) bytes")
        }
        try check(status)
        if partial.size == size { return try partial.flush() }
        guard partial.size > start else {
          throw HubError.unreachable(url: url, reason: "the connection was lost at byte \(partial.size) of \(size)")
        }
      } catch let error as HubError {
        guard case .unreachable = error, partial.size > start else { throw error }
      }
      if partial.size - start < limits.windowBytes { poorConnections += 1 }
      guard poorConnections < limits.poorConnections else {
        throw HubError.unreachable(
          url: url,
          reason: "\(poorConnections) connections were lost, each after fewer than \(limits.windowBytes) bytes")
      }
    }
  }

  private func run(
    from start: Int, begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void
  ) throws -> Int {
    guard let address = URL(string: url) else { throw HubError.unreachable(url: url, reason: "it is not an address") }
    var request = URLRequest(url: address)
    request.setValue("graft", forHTTPHeaderField: "User-Agent")
    if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
    if let accept { request.setValue(accept, forHTTPHeaderField: "Accept") }
    // A compressed response could not be resumed.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    do {
      return try Transfer.run(request, limits: limits, begin: begin, take: take)
    } catch let error as URLError {
      throw HubError.unreachable(url: url, reason: reason(error))
    } catch let error as Transfer.Aborted {
      throw HubError.ended(url: url, reason: error.reason)
    }
  }

  private func reason(_ error: URLError) -> String {
    switch error.code {
    case .timedOut: "no response within \(Int(limits.silence)) s"
    case .cannotFindHost, .dnsLookupFailed: "the host was not found, or there is no network"
    case .cannotConnectToHost: "the connection was refused"
    case .networkConnectionLost: "the connection was lost"
    default: withoutPasswords(error.localizedDescription)
    }
  }
}

import Foundation
import GraftSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Something behind an address, fetched by HTTP.
struct Download {
  /// The address.
  let url: String
  /// Sent to the address's origin, and to no other.
  var token: String?
  /// When a server is given up.
  var limits = TransferLimits()
  /// Turns a status that is no success into an error.
  let check: (_ status: Int) throws -> Void

  /// The whole answer, in memory.
  ///
  /// - Throws: ``HubError``, also for an answer of more than `limit` bytes.
  func content(limit: Int) throws -> Data {
    var answer = Data()
    let status = try run(from: 0, begin: { $0.statusCode == 200 }) { data in
      answer.append(data)
      guard answer.count <= limit else { throw HubError.badAnswer(url: url, reason: "it has more than \(limit) bytes") }
    }
    try check(status)
    return answer
  }

  /// Fetches a file of `size` bytes, from where an earlier attempt ended.
  ///
  /// A connection that is cut is taken up again as long as each attempt brings something, and not too many bring little.
  ///
  /// - Parameters:
  ///   - path: Where to. The file may hold a part already.
  ///   - progress: Called with the bytes that have come.
  func file(of size: Int, to path: String, progress: @escaping (Int) -> Void) throws {
    var poorConnections = 0
    while true {
      let partial = try PartialFile(path: path)
      let start = min(partial.size, size)
      if partial.size > size { try partial.truncate(to: 0) }
      if partial.size == size { return try partial.flush() }
      do {
        let status = try run(from: partial.size) { response in
          // A server that does not know ranges sends everything again.
          if response.statusCode == 200, partial.size > 0 { try partial.truncate(to: 0) }
          return response.statusCode == 200 || response.statusCode == 206
        } take: { data in
          guard partial.size + data.count <= size else {
            throw HubError.badAnswer(url: url, reason: "it has more than the \(size) bytes that it should have")
          }
          try partial.append(data)
          progress(partial.size)
        }
        guard status != 416 else {
          throw HubError.badAnswer(url: url, reason: "it has fewer than the \(size) bytes that it should have")
        }
        try check(status)
        if partial.size == size { return try partial.flush() }
        guard partial.size > start else {
          throw HubError.unreachable(url: url, reason: "the connection was cut at byte \(partial.size) of \(size)")
        }
      } catch let error as HubError {
        guard case .unreachable = error, partial.size > start else { throw error }
      }
      if partial.size - start < limits.windowBytes { poorConnections += 1 }
      guard poorConnections < limits.poorConnections else {
        throw HubError.unreachable(
          url: url, reason: "\(poorConnections) connections were cut after fewer than \(limits.windowBytes) bytes each")
      }
    }
  }

  private func run(
    from start: Int, begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void
  ) throws -> Int {
    guard let address = URL(string: url) else { throw HubError.unreachable(url: url, reason: "it is not an address") }
    var request = URLRequest(url: address)
    request.setValue("graft", forHTTPHeaderField: "User-Agent")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    // What is compressed on the way could not be resumed.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    do {
      return try Transfer.run(request, limits: limits, begin: begin, take: take)
    } catch let error as URLError {
      throw HubError.unreachable(url: url, reason: reason(error))
    } catch let ended as Transfer.Ended {
      throw HubError.ended(url: url, reason: ended.reason)
    }
  }

  private func reason(_ error: URLError) -> String {
    switch error.code {
    case .timedOut: "no answer within \(Int(limits.silence)) s"
    case .cannotFindHost, .dnsLookupFailed: "there is no such host, or no network"
    case .cannotConnectToHost: "nobody answers there"
    case .networkConnectionLost: "the connection was cut"
    default: withoutPasswords(error.localizedDescription)
    }
  }
}

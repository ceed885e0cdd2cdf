import Foundation
import GraftSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Something behind an address, fetched by HTTP.
struct Download {
  /// The address.
  let url: String
  /// Sent to the address's host, and to no other.
  var token: String?
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
  /// A connection that is cut is taken up again as long as each attempt brings something.
  ///
  /// - Parameters:
  ///   - path: Where to. The file may hold a part already.
  ///   - progress: Called with the bytes that have come.
  func file(of size: Int, to path: String, progress: @escaping (Int) -> Void) throws {
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
    }
  }

  private func run(
    from start: Int, begin: @escaping (HTTPURLResponse) throws -> Bool, take: @escaping (Data) throws -> Void
  ) throws -> Int {
    guard let address = URL(string: url) else { throw HubError.unreachable(url: url, reason: "it is no address") }
    var request = URLRequest(url: address)
    request.setValue("graft", forHTTPHeaderField: "User-Agent")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    // What is compressed on the way could not be resumed.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    do {
      return try Transfer.run(request, begin: begin, take: take)
    } catch let error as URLError {
      throw HubError.unreachable(url: url, reason: reason(error))
    }
  }

  private func reason(_ error: URLError) -> String {
    switch error.code {
    case .timedOut: "no answer within 10 s"
    case .cannotFindHost, .dnsLookupFailed: "there is no such host, or no network"
    case .cannotConnectToHost: "nobody answers there"
    case .networkConnectionLost: "the connection was cut"
    default: error.localizedDescription
    }
  }
}

/// An address out of an environment's variable, or the usual one; without a slash at its end.
///
/// - Throws: ``HubError/badEndpoint(variable:_:)``.
func endpoint(_ variable: String, usually usual: String, in environment: [String: String]) throws -> String {
  let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? usual
  let endpoint = named.hasSuffix("/") ? String(named.dropLast()) : named
  guard let url = URL(string: endpoint), ["http", "https"].contains(url.scheme), url.host != nil else {
    throw HubError.badEndpoint(variable: variable, named)
  }
  return endpoint
}

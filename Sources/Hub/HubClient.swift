public import Foundation
import GraftSupport

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Speaks with a model hub: Hugging Face's, or another with the same interface.
public struct HubClient: Sendable {
  /// The address: `$HF_ENDPOINT`, or https://huggingface.co.
  public let endpoint: String
  private let token: String?

  /// The client of this process's environment: `HF_ENDPOINT`, `HF_TOKEN`.
  ///
  /// - Throws: ``HubError/badEndpoint(_:)``.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let named = value("HF_ENDPOINT") ?? "https://huggingface.co"
    endpoint = named.hasSuffix("/") ? String(named.dropLast()) : named
    guard let url = URL(string: endpoint), ["http", "https"].contains(url.scheme), url.host != nil else {
      throw HubError.badEndpoint(named)
    }
    token = value("HF_TOKEN")
  }

  /// The files of a model at a revision.
  func model(_ name: String, revision: String) throws -> HubModel {
    let escaped = revision.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? revision
    let url = "\(endpoint)/api/models/\(name)/revision/\(escaped)?blobs=true"
    var answer = Data()
    let limit = 64 << 20
    let code = try run(url, from: 0, begin: { $0.statusCode == 200 }) { data in
      answer.append(data)
      guard answer.count <= limit else { throw HubError.badAnswer(url: url, reason: "it has more than \(limit) bytes") }
    }
    try check(code, url: url, name: name)
    return try HubModel(name: name, answer: answer, url: url)
  }

  /// Fetches a file of a model, from where an earlier attempt ended.
  ///
  /// A connection that is cut is taken up again as long as each attempt brings something.
  ///
  /// - Parameters:
  ///   - path: Where to. The file may hold a part already.
  ///   - progress: Called with the bytes that have come.
  func fetch(_ file: HubModel.File, of model: HubModel, to path: String, progress: @escaping (Int) -> Void) throws {
    let url = "\(endpoint)/\(model.name)/resolve/\(model.commit)/\(file.path)"
    while true {
      let partial = try PartialFile(path: path)
      let start = min(partial.size, file.size)
      if partial.size > file.size { try partial.truncate(to: 0) }
      if partial.size == file.size { return try partial.flush() }
      do {
        let code = try run(url, from: partial.size) { response in
          // A server that does not know ranges sends everything again.
          if response.statusCode == 200, partial.size > 0 { try partial.truncate(to: 0) }
          return response.statusCode == 200 || response.statusCode == 206
        } take: { data in
          guard partial.size + data.count <= file.size else {
            throw HubError.badAnswer(url: url, reason: "it has more than the \(file.size) bytes that it should have")
          }
          try partial.append(data)
          progress(partial.size)
        }
        try check(code, url: url, name: model.name)
        if partial.size == file.size { return try partial.flush() }
        guard partial.size > start else {
          throw HubError.unreachable(url: url, reason: "the connection was cut at byte \(partial.size) of \(file.size)")
        }
      } catch let error as HubError {
        guard case .unreachable = error, partial.size > start else { throw error }
      }
    }
  }

  private func run(
    _ text: String, from start: Int, begin: @escaping (HTTPURLResponse) throws -> Bool,
    take: @escaping (Data) throws -> Void
  ) throws -> Int {
    guard let url = URL(string: text) else { throw HubError.badEndpoint(text) }
    var request = URLRequest(url: url)
    request.setValue("graft", forHTTPHeaderField: "User-Agent")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    // What is compressed on the way could not be resumed.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    do {
      return try Transfer.run(request, begin: begin, take: take)
    } catch let error as URLError {
      throw HubError.unreachable(url: text, reason: reason(error))
    }
  }

  private func check(_ code: Int, url: String, name: String) throws {
    switch code {
    case 200, 206: return
    case 401, 403: throw HubError.unauthorized(name: name, hasToken: token != nil)
    case 404: throw HubError.notFound(name: name, endpoint: endpoint)
    default: throw HubError.status(url: url, code: code)
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

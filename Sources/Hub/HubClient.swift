public import Foundation
import GraftSupport

/// A client for a model hub: Hugging Face's, or another one with the same interface.
public struct HubClient: Sendable {
  /// The address: `$HF_ENDPOINT`, or https://huggingface.co.
  public let endpoint: String
  private let token: String?
  private let limits: TransferLimits

  /// Creates a client from environment variables: `HF_ENDPOINT` and `HF_TOKEN`.
  ///
  /// - Throws: ``HubError`` for an invalid address or token.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    try self.init(environment: environment, limits: TransferLimits())
  }

  package init(environment: [String: String], limits: TransferLimits) throws {
    endpoint = try GraftHub.endpoint("HF_ENDPOINT", usually: "https://huggingface.co", in: environment)
    token = environment["HF_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
    self.limits = limits
    // A line break would start another header.
    guard token?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) != false else {
      throw HubError.badToken(variable: "HF_TOKEN")
    }
  }

  /// Returns the files of a model at a revision.
  func model(_ name: String, revision: String) throws -> HubModel {
    let escaped = revision.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? revision
    let url = "\(endpoint)/api/models/\(name)/revision/\(escaped)?blobs=true"
    let response = try download(url, name: name).content(limit: 64 << 20)
    return try HubModel(name: name, response: response, url: url)
  }

  /// Fetches a file of a model, resuming an earlier attempt, and verifies it.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - model: The model.
  ///   - path: The destination, which may already contain the first part of the file.
  ///   - progress: Called with the number of bytes received so far.
  func fetch(_ file: HubModel.File, of model: HubModel, to path: String, progress: @escaping (Int) -> Void) throws {
    let url = "\(endpoint)/\(model.name)/resolve/\(model.commit)/\(file.path)"
    try download(url, name: model.name).file(of: file.size, to: path, progress: progress)
    try file.hash.check(path, named: file.path)
  }

  private func download(_ url: String, name: String) -> Download {
    Download(url: url, authorization: token.map { "Bearer \($0)" }, limits: limits) {
      try check($0, url: url, name: name)
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
}

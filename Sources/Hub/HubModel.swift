package import Foundation
import GraftSupport

/// A model on a hub: its files at one revision, with sizes and hashes.
package struct HubModel: Sendable {
  /// `ORG/NAME`
  let name: String
  /// The commit of the revision; its files never change.
  let commit: String
  let files: [File]
  /// Files for which the hub reports no size or no hash.
  private let unchecked: Set<String>
  private let url: String

  package struct File: Sendable {
    let path: String
    let size: Int
    let hash: FileHash
  }

  /// Parses the response of `/api/models/NAME/revision/REVISION?blobs=true`.
  package init(name: String, response: Data, url: String) throws {
    struct Response: Decodable {
      struct Sibling: Decodable {
        struct LargeFile: Decodable {
          let sha256: String
          let size: Int
        }
        let rfilename: String
        let size: Int?
        let blobId: String?
        let lfs: LargeFile?
      }
      let sha: String
      let siblings: [Sibling]
    }
    do {
      let model = try JSONDecoder().decode(Response.self, from: response)
      self.name = name
      commit = model.sha
      files = model.siblings.compactMap { sibling in
        if let lfs = sibling.lfs { return File(path: sibling.rfilename, size: lfs.size, hash: .sha256(lfs.sha256)) }
        guard let size = sibling.size, let blob = sibling.blobId else { return nil }
        return File(path: sibling.rfilename, size: size, hash: .gitBlob(blob))
      }
      unchecked = Set(model.siblings.map(\.rfilename)).subtracting(files.map(\.path))
      self.url = url
    } catch {
      throw HubError.badAnswer(url: url, reason: "it is not the description of a model")
    }
    let isCommit = commit.wholeMatch(of: /[0-9a-f]{7,64}/) != nil
    let areHashes = files.allSatisfy { $0.hash.digits.wholeMatch(of: /[0-9a-f]{40}|[0-9a-f]{64}/) != nil }
    guard isCommit, areHashes, files.allSatisfy({ (0...1 << 40).contains($0.size) }) else {
      throw HubError.badAnswer(url: url, reason: "its commit, or the size or hash of a file, is invalid")
    }
  }

  /// Returns the files of a base: the configuration, the tokenizer, and the weights or the shard index.
  ///
  /// - Throws: ``HubError`` when something is missing, or the weights exist only as a pickle.
  package func filesOfBase() throws -> [File] {
    let config = try file(BaseFiles.configuration)
    let tokenizer = try BaseFiles.tokenizer.compactMap { try find($0) }
    guard tokenizer.contains(where: { BaseFiles.tokenizerEssentials.contains($0.path) }) else {
      throw HubError.missingFile(name: name, file: "tokenizer.json or vocab.txt")
    }
    let pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    guard let weights = try find(BaseFiles.weights) ?? find(BaseFiles.shardIndex) else {
      throw HubError.noWeights(name: name, pickle: try pickles.first { try find($0) != nil })
    }
    for small in [config] + tokenizer where small.size > Self.descriptionLimit {
      throw HubError.badAnswer(
        url: small.path, reason: "its size is \(small.size) bytes, expected at most \(Self.descriptionLimit)")
    }
    return [config] + tokenizer + [weights]
  }

  /// Returns one of the model's files.
  ///
  /// - Throws: ``HubError/missingFile(name:file:)``.
  func file(_ path: String) throws -> File {
    guard let file = try find(path) else { throw HubError.missingFile(name: name, file: path) }
    return file
  }

  /// Returns one of the model's files, or `nil` when it does not exist.
  ///
  /// - Throws: ``HubError/badAnswer(url:reason:)`` for a file that cannot be verified; it must not be treated as missing.
  private func find(_ path: String) throws -> File? {
    guard !unchecked.contains(path) else {
      throw HubError.badAnswer(url: url, reason: "it has no size or hash for \(quoted(path))")
    }
    return files.first { $0.path == path }
  }

  /// The maximum size in bytes of a configuration or tokenizer file.
  private static let descriptionLimit = 1 << 28
}

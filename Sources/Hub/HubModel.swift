package import Foundation
import GraftSupport

/// A model on a hub: its files at one revision, with their sizes and hashes.
package struct HubModel: Sendable {
  /// `ORG/NAME`
  let name: String
  /// The commit that the revision stands for: a file of it never changes.
  let commit: String
  let files: [File]
  /// Files whose size or hash the hub does not give.
  private let unchecked: Set<String>
  private let url: String

  package struct File: Sendable {
    let path: String
    let size: Int
    let hash: FileHash
  }

  /// Reads the answer of `/api/models/NAME/revision/REVISION?blobs=true`.
  package init(name: String, answer: Data, url: String) throws {
    struct Answer: Decodable {
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
      let read = try JSONDecoder().decode(Answer.self, from: answer)
      self.name = name
      commit = read.sha
      files = read.siblings.compactMap { sibling in
        if let lfs = sibling.lfs { return File(path: sibling.rfilename, size: lfs.size, hash: .sha256(lfs.sha256)) }
        guard let size = sibling.size, let blob = sibling.blobId else { return nil }
        return File(path: sibling.rfilename, size: size, hash: .gitBlob(blob))
      }
      unchecked = Set(read.siblings.map(\.rfilename)).subtracting(files.map(\.path))
      self.url = url
    } catch {
      throw HubError.badAnswer(url: url, reason: "it is not the description of a model")
    }
    let isCommit = commit.wholeMatch(of: /[0-9a-f]{7,64}/) != nil
    let areHashes = files.allSatisfy { $0.hash.digits.wholeMatch(of: /[0-9a-f]{40}|[0-9a-f]{64}/) != nil }
    guard isCommit, areHashes, files.allSatisfy({ (0...1 << 40).contains($0.size) }) else {
      throw HubError.badAnswer(url: url, reason: "its commit, or a file's size or hash, can't be one")
    }
  }

  /// The files that a base needs: configuration, tokenizer, and the weights or the shards' index.
  ///
  /// - Throws: ``HubError`` when something is missing, or the weights are pickle only.
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
    for small in [config] + tokenizer where small.size > Self.longestDescription {
      throw HubError.badAnswer(
        url: small.path, reason: "it claims \(small.size) bytes, too many for a file that describes a model")
    }
    return [config] + tokenizer + [weights]
  }

  /// One of the model's files.
  ///
  /// - Throws: ``HubError/missingFile(name:file:)``.
  func file(_ path: String) throws -> File {
    guard let file = try find(path) else { throw HubError.missingFile(name: name, file: path) }
    return file
  }

  /// One of the model's files, or `nil` when it has none of that name.
  ///
  /// - Throws: ``HubError/badAnswer(url:reason:)`` for one that could not be checked, so that it is not taken for absent.
  private func find(_ path: String) throws -> File? {
    guard !unchecked.contains(path) else {
      throw HubError.badAnswer(url: url, reason: "it gives no size or hash for \(quoted(path))")
    }
    return files.first { $0.path == path }
  }

  /// Configurations and tokenizers are smaller.
  private static let longestDescription = 1 << 28
}

package import Foundation

/// A model on a hub: its files at one revision, with their sizes and hashes.
package struct HubModel: Sendable {
  /// `ORG/NAME`
  let name: String
  /// The commit that the revision stands for: a file of it never changes.
  let commit: String
  let files: [File]

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
    } catch {
      throw HubError.badAnswer(url: url, reason: "it is not the description of a model")
    }
    let isCommit = commit.wholeMatch(of: /[0-9a-f]{7,64}/) != nil
    guard isCommit, files.allSatisfy({ (0...1 << 40).contains($0.size) }) else {
      throw HubError.badAnswer(url: url, reason: "its commit or a file's size can't be")
    }
  }

  /// The files that a base needs: configuration, weights, tokenizer.
  ///
  /// - Throws: ``HubError`` when something is missing, or the weights are pickle only.
  package func filesOfBase() throws -> [File] {
    func file(_ path: String) -> File? { files.first { $0.path == path } }
    guard let config = file("config.json") else { throw HubError.missingFile(name: name, file: "config.json") }
    let tokenizer = ["tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt"]
      .compactMap(file)
    guard tokenizer.contains(where: { ["tokenizer.json", "vocab.txt", "merges.txt"].contains($0.path) }) else {
      throw HubError.missingFile(name: name, file: "tokenizer.json or vocab.txt")
    }
    if let whole = file("model.safetensors") { return [config] + tokenizer + [whole] }
    if let index = file("model.safetensors.index.json") {
      let shards = files.filter { $0.path.wholeMatch(of: /model-[0-9]+-of-[0-9]+\.safetensors/) != nil }
      return [config] + tokenizer + [index] + shards
    }
    let pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    throw HubError.noWeights(name: name, pickle: pickles.first { file($0) != nil })
  }
}

import Foundation
import GraftCore
import GraftSupport
import GraftTokenizers
public import GraftTransformer

/// The identity of a base: one SHA-256 over its tensors and one over its tokenizer.
public struct BaseIdentity: Codable, Sendable, Equatable {
  /// SHA-256 over the name, shape, and values (as 32-bit floats) of every pretrained tensor, in model order, in hexadecimal.
  public let model: String
  /// SHA-256 over everything that determines the token IDs, in hexadecimal.
  public let tokenizer: String

  /// Computes the identity of a base in memory.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - tokenizer: The tokenizer.
  ///   - files: The checkpoint's files; a model hash is cached by their device, inode, size, and modification time.
  ///   - cache: The folder of the cache.
  init(model: SequenceClassifier, tokenizer: any Tokenizer, files: [FileIdentity], cache: String) {
    let identityCache = IdentityCache(folder: cache)
    let key = IdentityCache.key(files)
    if let cached = identityCache.hash(for: key) {
      self.model = cached
    } else {
      self.model = Self.hash(of: model)
      identityCache.store(self.model, for: key)
    }
    self.tokenizer = tokenizer.identityBytes.withUnsafeBytes { sha256($0) }
  }

  /// Returns the hash of a model's pretrained tensors, computed from memory. Adapters must never change it.
  public static func hash(of model: SequenceClassifier) -> String {
    let checksum = Checksum()
    let head = Set(model.adaptable.head.map(ObjectIdentifier.init))
    for parameter in model.adaptable.parameters where !head.contains(ObjectIdentifier(parameter)) {
      checksum.add("\(parameter.name) \(parameter.shape)\n")
      checksum.add(UnsafeRawBufferPointer(parameter.values))
    }
    return checksum.digits()
  }
}

/// A cache of model hashes in `identities.json`. If it can't be read or written, the hash is computed again.
private struct IdentityCache {
  let folder: String
  private var path: String { "\(folder)/identities.json" }

  /// Returns the cache key. The leading version number changes when the hashed content changes.
  static func key(_ files: [FileIdentity]) -> String {
    "1:" + files.map { "\($0.device)-\($0.inode)-\($0.size)-\($0.modified)" }.joined(separator: "+")
  }

  /// Returns the cached hash; a value that is not 64 hexadecimal digits is ignored.
  func hash(for key: String) -> String? {
    read()[key].flatMap { $0.wholeMatch(of: /[0-9a-f]{64}/) == nil ? nil : $0 }
  }

  func store(_ hash: String, for key: String) {
    var all = read()
    all[key] = hash
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(all) else { return }
    // Losing the cache in a power failure does no harm, so do not wait for the disk.
    try? makeFolder(folder, flushes: false)
    try? writeAtomically(data, to: path, flushes: false)
  }

  private func read() -> [String: String] {
    guard let file = try? MappedFile(path: path), file.bytes.count < 1 << 20 else { return [:] }
    return (try? JSONDecoder().decode([String: String].self, from: Data(file.bytes))) ?? [:]
  }
}

import Foundation
import GraftCore
import GraftSupport
import GraftTokenizers
public import GraftTransformer

/// What tells a base from every other one: one SHA-256 over its tensors and one over its tokenizer.
public struct BaseIdentity: Codable, Sendable, Equatable {
  /// SHA-256 over name, shape and values (as 32-bit floats) of every pretrained tensor, in the model's order, in hex.
  public let model: String
  /// SHA-256 over all that decides the ids, in hex.
  public let tokenizer: String

  /// The identity of a base in memory.
  ///
  /// - Parameters:
  ///   - files: The checkpoint's files; a model hash is remembered by their device, inode, size and modification time.
  ///   - cache: The folder to remember it in.
  init(model: SequenceClassifier, tokenizer: any Tokenizer, files: [FileIdentity], cache: String) {
    let memory = IdentityCache(folder: cache)
    let key = IdentityCache.key(files)
    if let known = memory.hash(for: key) {
      self.model = known
    } else {
      self.model = Self.hash(of: model)
      memory.remember(self.model, for: key)
    }
    self.tokenizer = tokenizer.identityBytes.withUnsafeBytes { sha256($0) }
  }

  /// The hash of a model's pretrained tensors, computed from memory. Nothing that adapters do may change it.
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

/// Remembers model hashes between runs in `identities.json`; whatever goes wrong there only costs a new hash.
private struct IdentityCache {
  let folder: String
  private var path: String { "\(folder)/identities.json" }

  /// The number in front changes with what is hashed.
  static func key(_ files: [FileIdentity]) -> String {
    "1:" + files.map { "\($0.device)-\($0.inode)-\($0.size)-\($0.modified)" }.joined(separator: "+")
  }

  /// Anything but 64 hexadecimal digits is somebody's mistake.
  func hash(for key: String) -> String? {
    read()[key].flatMap { $0.wholeMatch(of: /[0-9a-f]{64}/) == nil ? nil : $0 }
  }

  func remember(_ hash: String, for key: String) {
    var all = read()
    all[key] = hash
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(all) else { return }
    // A cache may be lost in a power cut, so nothing waits for the disk.
    try? makeFolder(folder, flushes: false)
    try? writeAtomically(data, to: path, flushes: false)
  }

  private func read() -> [String: String] {
    guard let file = try? MappedFile(path: path), file.bytes.count < 1 << 20 else { return [:] }
    return (try? JSONDecoder().decode([String: String].self, from: Data(file.bytes))) ?? [:]
  }
}

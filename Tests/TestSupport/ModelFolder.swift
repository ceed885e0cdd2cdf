import Foundation
public import GraftSafetensors

/// A copy of a reference model that a test can modify before it is written.
public struct ModelFolder {
  /// The folder that ``write()`` writes to.
  public let folder: TemporaryFolder
  /// The content of `config.json` by key; a value is JSON text.
  public var config: [String: String]
  /// The tensors by name.
  public var tensors: [String: Tensor]

  /// A tensor's type, shape, and bytes.
  public struct Tensor {
    /// The element type.
    public var type: ElementType
    /// The sizes of the dimensions.
    public var shape: [Int]
    /// The elements.
    public var bytes: [UInt8]

    /// Creates a tensor from its parts.
    public init(type: ElementType, shape: [Int], bytes: [UInt8]) {
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// The values as bfloat16: exact if representable, otherwise truncated.
    public var cutToBrain: Tensor {
      Tensor(type: .bf16, shape: shape, bytes: floatBits.flatMap { [UInt8($0 >> 16 & 0xFF), UInt8($0 >> 24)] })
    }

    /// The values truncated to bfloat16, stored as floats.
    public var cutToWholeBrain: Tensor {
      Tensor(type: .f32, shape: shape, bytes: floatBits.flatMap { [0, 0, UInt8($0 >> 16 & 0xFF), UInt8($0 >> 24)] })
    }

    private var floatBits: [UInt32] {
      stride(from: 0, to: bytes.count, by: 4).map { i in
        bytes[i..<i + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      }
    }
  }

  /// Creates a copy in memory.
  public init(_ reference: ReferenceModel) throws {
    folder = try TemporaryFolder()
    let file = try reference.tensors("model")
    tensors = Dictionary(
      uniqueKeysWithValues: file.entries.map {
        ($0.name, Tensor(type: $0.elementType, shape: $0.shape, bytes: Array(file.bytes(of: $0))))
      })
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(reference.folder)/config.json"))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    config = try object.mapValues {
      String(decoding: try JSONSerialization.data(withJSONObject: $0, options: .fragmentsAllowed), as: UTF8.self)
    }
  }

  /// Writes a complete base to disk: a copy of a reference model with a tokenizer.
  public static func written(_ reference: ReferenceModel) throws -> ModelFolder {
    let model = try ModelFolder(reference)
    try model.writeTokenizer()
    try model.write()
    return model
  }

  /// Renames tensors; `nil` removes one.
  public mutating func rename(_ name: (String) -> String?) {
    tensors = Dictionary(uniqueKeysWithValues: tensors.compactMap { old, tensor in name(old).map { ($0, tensor) } })
  }

  /// Writes the folder, with the tensors in one file.
  ///
  /// - Returns: Its path.
  @discardableResult
  public func write() throws -> String {
    try folder.write(try encoded(tensors.keys), to: "model.safetensors")
    return try writeConfig()
  }

  /// Writes the folder, with the tensors in two shards and their index.
  public func writeShards() throws -> String {
    let names = tensors.keys.sorted()
    let shards = [
      "model-00001-of-00002.safetensors": names.prefix(20), "model-00002-of-00002.safetensors": names.dropFirst(20),
    ]
    for (shard, names) in shards { try folder.write(try encoded(names), to: shard) }
    let map = shards.flatMap { shard, names in names.map { "\"\($0)\":\"\(shard)\"" } }
    try folder.write("{\"weight_map\":{\(map.joined(separator: ","))}}", to: "model.safetensors.index.json")
    return try writeConfig()
  }

  /// Adds a tokenizer for letters that fits the reference models' vocabulary of 96 tokens.
  public func writeTokenizer() throws {
    guard config["model_type"] != "\"roberta\"" else { return try writeByteLevelTokenizer() }
    let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
    let specials =
      config["model_type"] == "\"mpnet\""
      ? ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"] : ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    let tokens = specials + [".", ",", "'"] + letters + letters.map { "##" + $0 }
    let words = ["the", "film", "good", "bad", "not", "is", "was", "and", "very", "##ly"]
    try folder.write((tokens + words).joined(separator: "\n") + "\n", to: "vocab.txt")
  }

  private func writeByteLevelTokenizer() throws {
    let letters = (97...122).map { String(UnicodeScalar(UInt8($0))) } + ["\u{120}", "go", "goo"]
    let tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] + letters
    let vocabulary = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
    try folder.write("{\(vocabulary)}", to: "vocab.json")
    try folder.write("#version: 0.2\ng o\ngo o\n", to: "merges.txt")
  }

  private func encoded(_ names: some Sequence<String>) throws -> [UInt8] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for name in names {
      if let tensor = tensors[name] {
        try writer.add(name, type: tensor.type, shape: tensor.shape, bytes: tensor.bytes)
      }
    }
    return try writer.encoded()
  }

  private func writeConfig() throws -> String {
    let members = config.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    try folder.write("{\(members.joined(separator: ", "))}", to: "config.json")
    return folder.path
  }
}

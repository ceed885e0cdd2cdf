/// A base of a few thousand parameters and data that it can learn in seconds, for tests of the harness.
public struct TinyTask {
  /// The base: a reference model without a head, with a tokenizer for letters.
  public let base: ModelFolder
  /// `train.tsv` and `dev.tsv` in SST-2's layout.
  public let data: TemporaryFolder

  /// Writes the base and the data.
  public init(_ reference: ReferenceModel = .bert) throws {
    var copy = try ModelFolder(reference)
    copy.rename { $0.contains("classifier") ? nil : $0 }
    try copy.writeTokenizer()
    try copy.write()
    base = copy
    data = try TemporaryFolder()
    try data.write(Self.table(rows: 48, from: 0), to: "train.tsv")
    try data.write(Self.table(rows: 20, from: 48), to: "dev.tsv")
  }

  /// Returns a configuration for both, with optional additional keys of `training`.
  public func configuration(output: String, training: String = "") -> String {
    """
    base: \(base.folder.path)
    data: {path: \(data.path)}
    method: {name: lora, rank: 2, alpha: 4, dropout: 0.1}
    training: {epochs: 2, batch_size: 8, learning_rate: 1.0e-2\(training.isEmpty ? "" : ", \(training)")}
    output: \(output)
    """
  }

  /// Sets every weight of the base to 3.4e38, so that its logits are not finite.
  public func overflowBase() throws {
    var bytes = try base.folder.bytes("model.safetensors")
    let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    for place in (8 + header)..<bytes.count { bytes[place] = 0x7F }
    try base.folder.write(bytes, to: "model.safetensors")
  }

  /// Returns a table of texts that end in `good` or `bad`, which determines the label.
  private static func table(rows: Int, from first: Int) -> String {
    let lines = (first..<first + rows).map { i -> String in
      let letters = String((0..<i * 7 % 5).map { Character(Unicode.Scalar(UInt8(97 + (i * 11 + $0 * 3) % 26))) })
      return "the film \(letters) is \(i % 2 == 0 ? "good" : "bad") \t\(i % 2 == 0 ? 1 : 0)"
    }
    return "sentence\tlabel\n" + lines.joined(separator: "\n") + "\n"
  }
}

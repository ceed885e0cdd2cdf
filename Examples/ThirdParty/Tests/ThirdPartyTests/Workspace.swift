import Foundation
import Graft
import Testing
import ThirdParty

/// A temporary folder with small bases and adapter files of this package's methods.
final class Workspace {
  /// The folder with the toolkit's small reference models.
  static let bases = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../../Tests/TestSupport/Fixtures").standardized

  private let work: URL
  let locator: BaseLocator
  let methods: MethodRegistry

  init() throws {
    work = FileManager.default.temporaryDirectory.appendingPathComponent("third-party-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    locator = BaseLocator(home: work.appendingPathComponent("home").path)
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try methods.register(IA3.self)
    try methods.register(BitFit.self)
    try methods.register(VeRA.self)
    self.methods = methods
  }

  deinit { try? FileManager.default.removeItem(at: work) }

  func path(_ name: String) -> String { work.appendingPathComponent(name).path }

  /// Returns a copy of a small reference model with a tokenizer of letters.
  func base(_ family: String) throws -> String {
    let folder = path(family)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(
        atPath: Self.bases.appendingPathComponent("\(family)/\(name)").path, toPath: "\(folder)/\(name)")
    }
    let letters = (97...122).map { String(UnicodeScalar(UInt8($0))) }
    if family == "roberta" {
      let tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] + letters
      let members = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
      try "{\(members)}".write(toFile: "\(folder)/vocab.json", atomically: true, encoding: .utf8)
      try "#version: 0.2\n".write(toFile: "\(folder)/merges.txt", atomically: true, encoding: .utf8)
    } else {
      let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters
      try (tokens.joined(separator: "\n") + "\n").write(
        toFile: "\(folder)/vocab.txt", atomically: true, encoding: .utf8)
    }
    return folder
  }

  func write(_ name: String, _ method: any ParameterEfficientMethod, on folder: String) throws -> String {
    let base = try PretrainedBase(folder, seed: 1, locator: locator)
    let adapter = try base.model.inject(method, as: "new", seed: 1, classes: 3)
    for parameter in adapter.parameters {
      for i in parameter.values.indices { parameter.values[i] += Float((i * 7 + parameter.count) % 11 - 5) * 0.01 }
    }
    let file = path("\(name).safetensors.zst")
    try AdapterFile.write(
      adapter, on: base, task: AdapterTask(labels: ["x", "y", "z"], columns: .init(text: "text", label: "label")),
      maxLength: 64,
      seed: 1, workers: Workers(count: 1), to: file)
    return file
  }
}

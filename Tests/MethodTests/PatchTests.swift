import Foundation
import GraftAdapterFiles
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// Adapters that are applied to a base on disk and removed again byte for byte.
struct PatchTests {
  private let work: TemporaryFolder
  private let locator: BaseLocator

  init() throws {
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  /// Returns a base of one family with all tensors in one type.
  private func base(_ reference: ReferenceModel, _ type: ElementType, hasHead: Bool = false) throws -> ModelFolder {
    var model = try ModelFolder(reference)
    if !hasHead { model.rename { $0.contains("classifier") ? nil : $0 } }
    for (name, tensor) in model.tensors {
      let floats = tensor.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      model.tensors[name] = .init(
        type: type, shape: tensor.shape, bytes: floats.withUnsafeBufferPointer { type.bytes(of: $0) })
    }
    try model.writeTokenizer()
    try model.write()
    return model
  }

  /// Three adapters that share some projections: LoRA, DoRA with other targets, and LoRA for three classes.
  private static let methods: [(name: String, classes: Int, method: any ParameterEfficientMethod)] = {
    var plain = LoRAConfiguration()
    var dora = LoRAConfiguration()
    var wide = LoRAConfiguration()
    dora.rank = 3
    dora.dora = true
    dora.targets = .roles(.query, .feedForwardIn)
    wide.rank = 5
    wide.rankStabilized = true
    wide.targets = .roles(.query, .key, .attentionOutput, .feedForwardIn, .feedForwardOut)
    plain.rank = 4
    return [("plain", 2, LoRA(plain)), ("dora", 2, LoRA(dora)), ("wide", 3, LoRA(wide))]
  }()

  /// Saves an adapter with values similar to those after training.
  private func adapter(
    _ name: String, _ method: any ParameterEfficientMethod, classes: Int, on folder: String, size: Float = 0.05
  ) throws -> String {
    let base = try PretrainedBase(folder, seed: 1, locator: locator)
    let adapter = try base.model.inject(method, as: "new", seed: 1, classes: classes)
    for parameter in adapter.parameters {
      var random = RandomStream(seed: 7, purpose: name + parameter.name)
      for i in parameter.values.indices {
        parameter.values[i] += (Float(random.uniform()) - 0.5) * (parameter.name.contains("lora") ? size : 0.05)
      }
    }
    let path = work.file("\(name).safetensors.zst")
    try AdapterFile.write(
      adapter, on: base,
      task: AdapterTask(labels: (0..<classes).map { "\(name)\($0)" }, columns: .init(text: "text", label: "label")),
      maxLength: 64,
      seed: 1, workers: Workers(count: 1), to: path)
    return path
  }

  private func apply(_ files: [String], to folder: String, _ output: String) throws -> MergedFolder.Report {
    try MergedFolder(base: PretrainedBase(folder, locator: locator), named: "tiny", methods: ContractTests.registry())
      .write(files.map { try NamedAdapter(path: $0) }, to: work.file(output))
  }

  private func remove(_ names: [String]?, from folder: String, to output: String) throws -> RestoredFolder.Report {
    try RestoredFolder(work.file(folder), methods: ContractTests.registry()).write(
      without: names, to: work.file(output))
  }

  /// Returns the contents of every file in a folder and its subfolders, by name.
  private func contents(_ folder: String) throws -> [String: Data] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: all.compactMap { name in
        let url = URL(fileURLWithPath: "\(folder)/\(name)")
        guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
        return (name, try Data(contentsOf: url))
      })
  }

  static let cases = ReferenceModel.all.flatMap { reference in
    [ElementType.f32, .f16, .bf16].map { (reference, $0) }
  }

  @Test(arguments: cases)
  func `applied adapters are removed byte for byte, in any order`(reference: ReferenceModel, type: ElementType) throws {
    let model = try base(reference, type)
    let original = try contents(model.folder.path)
    let files = try Self.methods.map { try adapter($0.name, $0.method, classes: $0.classes, on: model.folder.path) }
    for (index, file) in files.enumerated() {
      let report = try apply([file], to: model.folder.path, "one\(index)")
      if type == .f32 {
        #expect(report.largestLogitChange < 2e-5)
        #expect(report.undoShare < 1, "\(report.undoBytes) of \(report.changedBytes)")
      }
      #expect(report.changedTensors > 0)
      let restored = try remove(nil, from: "one\(index)", to: "back\(index)")
      #expect(try contents(work.file("back\(index)")) == original)
      #expect(restored.remaining.isEmpty && restored.removed == [Self.methods[index].name])
    }

    let merged = try apply(files, to: model.folder.path, "three")
    if type == .f32 { #expect(merged.largestLogitChange < 5e-5) }
    #expect(try contents(work.file("three"))["model.safetensors"] != contents(work.file("one0"))["model.safetensors"])
    _ = try remove(nil, from: "three", to: "back")
    #expect(try contents(work.file("back")) == original)
    // Removing one adapter gives exactly the same files as applying only the others, in any order.
    _ = try apply([files[0], files[2]], to: model.folder.path, "others")
    let report = try remove(["dora"], from: "three", to: "left")
    #expect(report.remaining == ["plain", "wide"])
    #expect(try contents(work.file("left")) == contents(work.file("others")))
    _ = try remove(["plain"], from: "left", to: "wide")
    _ = try remove(["plain", "dora"], from: "three", to: "at once")
    #expect(try contents(work.file("wide")) == contents(work.file("one2")))
    #expect(try contents(work.file("at once")) == contents(work.file("one2")))
    _ = try remove(["wide"], from: "wide", to: "none")
    #expect(try contents(work.file("none")) == original)
    // The base itself has not changed.
    #expect(try contents(model.folder.path) == original)
    #expect(try FileManager.default.contentsOfDirectory(atPath: work.path).filter { $0.hasPrefix(".") }.isEmpty)
    _ = try remove(["plain"], from: "three", to: "slash/")
    #expect(try contents(work.file("slash")).count == contents(work.file("left")).count)
  }

  @Test func `a sharded base with a head and prefixed keys is restored completely`() throws {
    var model = try base(.distilBERT, .f32, hasHead: true)
    let names = Array(model.tensors.keys)
    for name in names where !name.contains("classifier") && !name.hasPrefix("distilbert.") {
      model.tensors["distilbert.\(name)"] = model.tensors.removeValue(forKey: name)
    }
    model.tensors["vocab_projector.bias"] = .init(type: .i64, shape: [1], bytes: Array(repeating: 7, count: 8))
    try FileManager.default.removeItem(atPath: model.folder.file("model.safetensors"))
    let folder = try model.writeShards()
    let original = try contents(folder)
    let lora = try adapter("lora", LoRA(.init()), classes: 4, on: folder)
    _ = try apply([lora], to: folder, "merged")
    let merged = try SequenceClassifier(folder: work.file("merged"), classes: nil, seed: 0)
    #expect(merged.classes == 4 && merged.unusedTensors == ["vocab_projector.bias"])
    _ = try remove(nil, from: "merged", to: "back")
    #expect(try contents(work.file("back")) == original)
  }

  @Test func `LoRA on BERT's pooler is applied and removed`() throws {
    let model = try base(.bert, .f32)
    var configuration = LoRAConfiguration()
    configuration.targets = .roles(.query, .pooler)
    let lora = try adapter("lora", LoRA(configuration), classes: 2, on: model.folder.path)
    #expect(try apply([lora], to: model.folder.path, "merged").changedTensors == 4)
    #expect(try apply([lora], to: model.folder.path, "again").largestLogitChange < 2e-5)
    _ = try remove(nil, from: "merged", to: "back")
    #expect(try contents(work.file("back")) == contents(model.folder.path))
  }

  @Test(arguments: [(ElementType.f16, true), (.bf16, false), (.f32, false)])
  func `a value that overflows the base's type is rejected`(type: ElementType, isRefused: Bool) throws {
    let model = try base(.bert, type)
    var configuration = LoRAConfiguration()
    // The tanh after the pooler keeps the logits finite for any weight.
    configuration.targets = .roles(.pooler)
    let lora = try adapter("lora", LoRA(configuration), classes: 2, on: model.folder.path, size: 2000)
    guard isRefused else {
      _ = try apply([lora], to: model.folder.path, "merged")
      _ = try remove(nil, from: "merged", to: "back")
      return #expect(try contents(work.file("back")) == contents(model.folder.path))
    }
    #expect(throws: PatchError.overflow(tensor: "pooler.dense.weight", type: "F16")) {
      try apply([lora], to: model.folder.path, "merged")
    }
    #expect(FileIdentity(path: work.file("merged")) == nil)
  }

  @Test func `full fine-tuning and head-only adapters can be applied, too`() throws {
    let model = try base(.bert, .f32)
    let original = try contents(model.folder.path)
    let full = try adapter("full", FullFineTuning(.init()), classes: 2, on: model.folder.path)
    let head = try adapter("head", HeadOnly(.init()), classes: 2, on: model.folder.path)
    let lora = try adapter("lora", LoRA(.init()), classes: 2, on: model.folder.path)
    let report = try apply([full, lora, head], to: model.folder.path, "all")
    #expect(report.largestLogitChange < 5e-5)
    _ = try remove(nil, from: "all", to: "back")
    #expect(try contents(work.file("back")) == original)
    #expect(try apply([head], to: model.folder.path, "head").changedTensors == 0)
    _ = try remove(["full"], from: "all", to: "rest")
    _ = try apply([lora, head], to: model.folder.path, "rest too")
    #expect(try contents(work.file("rest")) == contents(work.file("rest too")))
  }

  @Test func `invalid operations fail with one line and leave no files`() throws {
    let model = try base(.bert, .f32)
    let folder = model.folder.path
    let lora = try adapter("lora", LoRA(.init()), classes: 2, on: folder)
    let houlsby = try adapter("houlsby", Houlsby(.init()), classes: 2, on: folder)
    func refusal(_ body: () throws -> Void) -> String {
      do { try body() } catch let error as any UserError {
        let text = "\(error)"
        #expect(!text.contains("\n"))
        return text
      } catch { return "internal: \(error)" }
      return "no refusal"
    }
    let home = try FileManager.default.contentsOfDirectory(atPath: work.path).sorted()
    #expect(refusal { _ = try apply([houlsby], to: folder, "no") }.contains("can't be merged"))
    #expect(refusal { _ = try apply([lora, lora], to: folder, "no") }.contains("two adapters have the name 'lora'"))
    #expect(refusal { _ = try apply([], to: folder, "no") }.contains("no adapter"))
    let other = try base(.distilBERT, .f32)
    #expect(refusal { _ = try apply([lora], to: other.folder.path, "no") }.contains("another base"))
    #expect(refusal { _ = try RestoredFolder(folder, methods: .init()) }.contains("no undo record"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: work.path).sorted() == home)

    _ = try apply([lora], to: folder, "merged")
    #expect(refusal { _ = try apply([lora], to: folder, "merged") }.contains("it already exists"))
    #expect(refusal { _ = try remove(["lora2"], from: "merged", to: "no") }.contains("did you mean 'lora'"))
    #expect(refusal { _ = try remove(nil, from: "merged", to: "merged") }.contains("it already exists"))
    let record = try String(contentsOfFile: work.file("merged/graft-undo/record.json"), encoding: .utf8)
    for (old, new) in [
      (#""files" : ["#, #""files" : [], "x" : ["#), (#""format" : 1"#, #""format" : 2"#),
      (#""bytes" : "#, #""bytes" : -"#), (#""bytes" : "#, #""bytes" : 9223372036854775807, "x" : "#),
      (#""bytes" : "#, #""bytes" : 281474976710656, "x" : "#), (#""bytes" : "#, #""bytes" : 1.5, "x" : "#),
      (#""sha256" : ""#, #""sha256" : "\u202e"#), (#""name" : "vocab.txt""#, #""name" : "run.sh""#),
      (#""name" : "model.safetensors""#, #""name" : "config.json""#),
      (#""name" : "lora""#, #""name" : "../lora""#), (#""name" : "vocab.txt""#, #""name" : "config.json""#),
    ] {
      try record.replacing(old, with: new).write(
        toFile: work.file("merged/graft-undo/record.json"), atomically: true, encoding: .utf8)
      #expect(refusal { _ = try remove(nil, from: "merged", to: "no") }.contains("undo record"), "\(new)")
    }
    try record.write(toFile: work.file("merged/graft-undo/record.json"), atomically: true, encoding: .utf8)
    // File names from which the adapter's name could not be restored.
    for name in [".hidden", ".safetensors.zst", ".zst"] {
      try FileManager.default.copyItem(atPath: lora, toPath: work.file(name))
      #expect(refusal { _ = try apply([work.file(name)], to: folder, "no") }.contains("rename the file"))
    }
    for name in ["bits.safetensors.zst", "record.json", "ünï cödé.zst"] {
      try FileManager.default.copyItem(atPath: lora, toPath: work.file(name))
      _ = try apply([work.file(name)], to: folder, "named \(name)")
      _ = try remove(nil, from: "named \(name)", to: "back from \(name)")
      #expect(try contents(work.file("back from \(name)")) == contents(folder))
    }
    // Damage to any file is detected before any output appears.
    for name in [
      "model.safetensors", "graft-undo/record.json", "graft-undo/bits.safetensors.zst",
      "graft-undo/adapters/lora.safetensors.zst", "config.json", "vocab.txt",
    ] {
      let path = work.file("merged/\(name)")
      let original = try Data(contentsOf: URL(fileURLWithPath: path))
      for offset in stride(from: 0, to: original.count, by: max(1, original.count / 40)) {
        var broken = original
        broken[offset] ^= 1 << (offset % 8)
        try broken.write(to: URL(fileURLWithPath: path))
        let text = refusal {
          _ = try remove(nil, from: "merged", to: "no")
          // A bit without effect, such as one in a letter of the base's name.
          #expect(name.hasSuffix("record.json"))
          try FileManager.default.removeItem(atPath: work.file("no"))
        }
        #expect(!text.hasPrefix("internal"), "\(name) at \(offset): \(text)")
        #expect(FileIdentity(path: work.file("no")) == nil)
      }
      try original.prefix(original.count / 2).write(to: URL(fileURLWithPath: path))
      #expect(!refusal { _ = try remove(nil, from: "merged", to: "no") }.hasPrefix("no refusal"))
      try original.write(to: URL(fileURLWithPath: path))
    }
    _ = try remove(nil, from: "merged", to: "back")
    #expect(try contents(work.file("back")) == contents(folder))
  }

  private struct Read: Decodable {
    let logits: [[Float]]
    let labels: [String]
    let missing: [String]
    let unexpected: [String]
  }

  @Test(.enabled(if: Python.has("transformers"), "\(Python.missing("transformers"))"), arguments: ReferenceModel.all)
  func `transformers loads a merged folder with the attached adapter's logits`(reference: ReferenceModel)
    throws
  {
    let model = try base(reference, .f32)
    let file = try adapter("lora", LoRA(.init()), classes: 3, on: model.folder.path)
    _ = try apply([file], to: model.folder.path, "merged")
    let probe = try AdapterFile(path: file).metadata.probe
    let ids = String(decoding: try JSONEncoder().encode(probe.ids), as: UTF8.self)
    let script = "\(Bundle.module.bundlePath)/Fixtures/read_merged.py"
    let output = try Python.run(script: script, work.file("merged"), ids, with: "transformers")
    let read = try JSONDecoder().decode(Read.self, from: Data(output.utf8))
    #expect(read.missing == [] && read.unexpected == [] && read.labels == ["lora0", "lora1", "lora2"])
    // RoBERTa's positions skip the padding token, which our texts never contain.
    let compared = probe.ids.indices.filter { reference.description != "roberta" || !probe.ids[$0].contains(1) }
    #expect(!compared.isEmpty)
    for row in compared { #expect(zip(read.logits[row], probe.logits[row]).allSatisfy { abs($0 - $1) < 2e-5 }) }
  }
}

import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftLoRA
import GraftObjectives
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

struct AdapterFileTests {
  let task: TinyTask
  let work: TemporaryFolder
  let base: PretrainedBase
  let path: String

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
    base = try PretrainedBase(task.base.folder.path, classes: 2, seed: 1, locator: BaseLocator(home: work.file("home")))
    path = work.file("a.safetensors.zst")
    var configuration = LoRAConfiguration()
    configuration.rank = 1
    let adapter = try base.model.adaptable.inject(LoRA(configuration), as: "a", seed: 1)
    for parameter in adapter.parameters {
      for i in parameter.values.indices { parameter.values[i] = Float(i % 7) / 10 - 0.3 }
    }
    try AdapterFile.write(
      adapter, on: base, task: TaskDefinition.sst2.adapterTask, maxLength: 64, seed: 1, workers: Workers(count: 1),
      to: path)
    try base.model.adaptable.remove("a")
  }

  private func attach(_ path: String, to base: PretrainedBase) throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try AdapterFile(path: path).attach(to: base, as: "b", methods: methods, workers: Workers(count: 1))
    try base.model.adaptable.remove("b")
  }

  /// Returns the message for a file that must be rejected, and checks that the base is unchanged.
  private func message(_ path: String, on base: PretrainedBase? = nil) throws -> String {
    let base = base ?? self.base
    let error = #expect(throws: (any Error).self) { try attach(path, to: base) }
    #expect(base.model.adaptable.adapters.isEmpty)
    let message = try #require(error as? any UserError, "\(error.debugDescription)").description
    #expect(!message.contains("\n"))
    return message.replacing(work.path, with: "DIR").replacing(task.base.folder.path, with: "BASE")
  }

  /// Writes a copy of the file with changed content.
  private func changed(
    tensors change: (inout [String: ModelFolder.Tensor]) -> Void = { _ in },
    metadata changeText: (inout [String: String]) -> Void = { _ in }
  ) throws -> String {
    let content = try SafetensorsFile(bytes: unpacked(), name: path)
    var metadata = content.metadata
    var tensors = Dictionary(
      uniqueKeysWithValues: content.entries.map {
        ($0.name, ModelFolder.Tensor(type: $0.elementType, shape: $0.shape, bytes: Array(content.bytes(of: $0))))
      })
    change(&tensors)
    changeText(&metadata)
    var writer = SafetensorsWriter(metadata: metadata)
    for (name, tensor) in tensors {
      try writer.add(name, type: tensor.type, shape: tensor.shape, bytes: tensor.bytes)
    }
    try work.write(try compress(writer.encoded()), to: "changed.zst")
    return work.file("changed.zst")
  }

  private func unpacked() throws -> [UInt8] {
    try work.bytes("a.safetensors.zst").withUnsafeBytes { try decompress($0, limit: 1 << 30, name: path) }
  }

  @Test func `a valid file attaches, and so does an unchanged repacked copy`() throws {
    try attach(path, to: base)
    try attach(try changed(), to: base)
    #expect(try work.bytes("changed.zst") == work.bytes("a.safetensors.zst"))
  }

  @Test func `the file is a plain safetensors file in one zstd frame, including the head`() throws {
    let content = try SafetensorsFile(bytes: unpacked(), name: path)
    #expect(content.entries.count == 6 * 2 + 2)
    #expect(content["classifier.weight"] != nil && content["classifier.bias"] != nil)
    #expect(content["encoder.layer.0.attention.self.query.lora_A"]?.shape == [1, 32])
    let keys = ["format", "method", "base", "task", "labels", "columns", "max_length", "probe"].map { "graft.\($0)" }
    #expect(content.metadata.keys.sorted() == keys.sorted())
  }

  @Test func `another base is rejected, regardless of its name`() throws {
    var copy = task.base
    copy.tensors["bert.encoder.layer.0.output.dense.bias"]?.bytes[0] ^= 1
    try copy.write()
    let other = try PretrainedBase(copy.folder.path, classes: 2, seed: 1, locator: BaseLocator(home: work.file("home")))
    #expect(try message(path, on: other).contains("but BASE is another base"))
  }

  @Test func `another tokenizer is rejected`() throws {
    let vocabulary = try task.base.folder.read("vocab.txt").replacing("film", with: "movie")
    try task.base.folder.write(vocabulary, to: "vocab.txt")
    let other = try PretrainedBase(
      task.base.folder.path, classes: 2, seed: 1, locator: BaseLocator(home: work.file("home")))
    #expect(try message(path, on: other).contains("was trained with a different tokenizer"))
  }

  @Test func `missing, unexpected and misshapen tensors are named`() throws {
    let name = "encoder.layer.1.attention.self.value.lora_B"
    #expect(try message(changed(tensors: { $0[name] = nil })).contains("the tensor \(name) is missing"))
    #expect(
      try message(changed(tensors: { $0["classifier.weight"] = nil })).contains("tensor classifier.weight is missing"))
    #expect(
      try message(changed(tensors: { $0["extra"] = .init(type: .f32, shape: [0], bytes: []) })).contains(
        "the tensor extra is not used"))
    #expect(
      try message(changed(tensors: { $0[name]?.shape = [1, 32] })).contains(
        "the tensor \(name) has shape [1, 32], expected [32, 1]"))
    #expect(try message(changed(tensors: { $0[name]?.type = .i32 })).contains("its elements are I32"))
  }

  @Test func `a changed value changes the reference logits and is rejected`() throws {
    let changed = try changed(tensors: { $0["classifier.bias"]?.bytes[3] ^= 0x80 })
    #expect(
      try message(changed).contains("the base and the adapter return different logits than when the file was written"))
    let spoilt = try self.changed(tensors: { $0["classifier.bias"]?.bytes = [0, 0, 0xC0, 0x7F, 0, 0, 0xC0, 0x7F] })
    #expect(try message(spoilt).contains("difference inf"))
  }

  @Test func `missing or invalid metadata is rejected`() throws {
    for key in ["format", "method", "base", "task", "labels", "columns", "max_length", "probe"] {
      let message = try message(changed(metadata: { $0["graft.\(key)"] = nil }))
      #expect(message == "DIR/changed.zst: not a valid adapter file: its metadata has no 'graft.\(key)'")
    }
    #expect(try message(changed(metadata: { $0["graft.format"] = "2" })).contains("has format 2, this program reads"))
    #expect(try message(changed(metadata: { $0["graft.format"] = "one" })).contains("its format is 'one'"))
    #expect(try message(changed(metadata: { $0["graft.max_length"] = "2" })).contains("'graft.max_length' is 2"))
    #expect(try message(changed(metadata: { $0["graft.method"] = "{}" })).contains("its method can't be read"))
    #expect(
      try message(changed(metadata: { $0["graft.method"] = #"{"name": "xora"}"# })).contains("no method named 'xora'"))
    #expect(
      try message(changed(metadata: { $0["graft.method"] = #"{"name": "lora", "use_new_thing": true}"# })).contains(
        "unknown key 'use_new_thing'"))
    #expect(
      try message(changed(metadata: { $0["graft.labels"] = #"["a"]"# })).contains("has shape [2, 32], expected [1, 32]")
    )
    for probe in [#"{}"#, #"{"ids":[],"logits":[],"precision":"float32","tolerance":1}"#] {
      #expect(try !message(changed(metadata: { $0["graft.probe"] = probe })).isEmpty)
    }
    let outside = #"{"ids":[[1,99999]],"logits":[[0,0]],"precision":"float32","tolerance":1e-4}"#
    #expect(try message(changed(metadata: { $0["graft.probe"] = outside })).contains("difference inf"))
  }

  @Test func `a file that requires an unknown feature is rejected`() throws {
    for text in [#"["int4"]"#, #"["int8", "tomorrow"]"#, #"[""]"#] {
      #expect(try message(changed(metadata: { $0["graft.requires"] = text })).contains("requires the feature"))
    }
    for text in ["int8", "{}", "[1]", ""] {
      #expect(
        try message(changed(metadata: { $0["graft.requires"] = text })).contains("'graft.requires' can't be read"))
    }
    // Unknown keys that are not required are ignored.
    try attach(try changed(metadata: { $0["graft.note"] = "by hand" }), to: base)
  }

  @Test func `integer tensors need matching scales`() throws {
    let name = "encoder.layer.1.attention.self.value.lora_B"
    func broken(_ change: (inout [String: ModelFolder.Tensor]) -> Void) throws -> String {
      try message(
        changed(tensors: { tensors in
          // Five times the scale of 0.1.
          tensors[name] = .init(type: .i8, shape: [32, 1], bytes: Array(repeating: 5, count: 32))
          tensors["\(name).scale"] = .init(type: .f32, shape: [1, 1], bytes: [0xCD, 0xCC, 0xCC, 0x3D])
          change(&tensors)
        }))
    }
    #expect(try broken { _ in }.contains("the base and the adapter return different logits"))
    #expect(try broken { $0["\(name).scale"] = nil }.contains("\(name).scale"))
    #expect(try broken { $0["\(name).scale"]?.shape = [1] }.contains("has shape [1], expected [1, 1]"))
    #expect(try broken { $0["\(name).scale"]?.type = .i32 }.contains("\(name).scale"))
    #expect(try broken { $0["\(name).scale"]?.bytes = [0, 0, 0xC0, 0x7F] }.contains("difference inf"))
    #expect(
      try broken { $0["classifier.bias.scale"] = .init(type: .f32, shape: [0], bytes: []) }.contains(
        "is not used"))
  }

  private struct ReadTensor: Decodable {
    let shape: [Int]
    let values: [Float]
  }

  @Test(.enabled(if: Python.has("safetensors"), "\(Python.missing("safetensors"))"))
  func `the reference library can read the unpacked file`() throws {
    let content = try unpacked()
    try work.write(content, to: "a.safetensors")
    let script = "\(Bundle.module.bundlePath)/Fixtures/read_safetensors.py"
    let output = try Python.run(script: script, work.file("a.safetensors"), with: "safetensors")
    let read = try JSONDecoder().decode([String: ReadTensor].self, from: Data(output.utf8))
    let file = try SafetensorsFile(bytes: content, name: path)
    #expect(Set(read.keys) == Set(file.entries.map(\.name)))
    for entry in file.entries {
      let values = try #require(try file.floats(of: entry))
      #expect(read[entry.name]?.shape == entry.shape && read[entry.name]?.values == Array(values))
    }
  }

  @Test func `invalid reference logits are rejected`() throws {
    func changedProbe(_ old: String, _ new: String) throws -> String {
      try changed(metadata: { $0["graft.probe"] = $0["graft.probe"]?.replacing(old, with: new) })
    }
    #expect(try message(changedProbe("0.0001", "1000")).contains("its probe is invalid: the tolerance is 1000"))
    #expect(
      try message(changedProbe("float32", "int3")).contains("its probe is invalid: unrecognized precision 'int3'"))
    #expect(
      try message(changed(metadata: { $0["graft.labels"] = "[]" })).contains("it has no labels, or a duplicate label"))
    func objective(_ text: String, requires: String = #"["objective"]"#) throws -> String {
      try message(
        changed(metadata: {
          $0["graft.objective"] = text
          $0["graft.requires"] = requires
        }))
    }
    let good = #"{"name":"multi_label","outputs":2,"problem_type":"multi_label_classification","rows":"first_tokens"}"#
    #expect(
      try objective(good.replacing("2,", with: "0,")).contains("'graft.objective' has 0 outputs, expected 1 to 65536"))
    #expect(try objective(good.replacing("2,", with: "-1,")).contains("has -1 outputs"))
    #expect(try objective(good.replacing("2,", with: "3,")).contains("has shape [2, 32], expected [3, 32]"))
    #expect(
      try objective(good.replacing("multi_label_c", with: "evil_c")).contains(
        "has the problem type 'evil_classification'"))
    #expect(try objective(good.replacing("\"multi_label\"", with: "\"\"")).contains("has an empty name"))
    #expect(try objective(good.replacing("first_tokens", with: "x")).contains("'graft.objective' can't be read"))
    #expect(try objective("[]").contains("'graft.objective' can't be read"))
    #expect(try objective(good, requires: "[]").contains("must have both 'graft.objective' and 'objective'"))
    #expect(try objective(good, requires: #"["objective","zz"]"#).contains("requires the feature 'zz'"))
    #expect(
      try message(changed(metadata: { $0["graft.labels"] = #"["a","a"]"# })).contains(
        "it has no labels, or a duplicate label"))
  }

  @Test func `an objective is that of the file or refused`() throws {
    func file(_ objective: String) throws -> AdapterFile {
      try AdapterFile(
        path: changed(metadata: {
          $0["graft.objective"] = objective
          $0["graft.requires"] = #"["objective"]"#
        }))
    }
    let good = #"{"name":"multi_label","outputs":2,"problem_type":"multi_label_classification","rows":"first_tokens"}"#
    #expect(try ObjectiveRegistry.builtIn.objective(of: file(good)) is MultiLabel)
    #expect(throws: Never.self) { try ObjectiveRegistry.builtIn.check(file(good)) }
    for other in [
      good.replacing("multi_label_c", with: "single_label_c"), good.replacing("first_tokens", with: "all"),
      good.replacing("2,", with: "5,"),
    ] {
      let changed = try file(other)
      #expect(throws: AdapterFileError.otherObjective(file: changed.path, name: "multi_label")) {
        try ObjectiveRegistry.builtIn.check(changed)
      }
    }
    let unknown = try file(good.replacing("\"multi_label\"", with: "\"x\""))
    #expect(throws: Never.self) { try ObjectiveRegistry.builtIn.check(unknown) }
    #expect(throws: AdapterFileError.self) { try ObjectiveRegistry.builtIn.objective(of: unknown) }
  }

  @Test func `a rank that exceeds memory is rejected without allocating it`() throws {
    let changed = try changed(metadata: {
      $0["graft.method"] = $0["graft.method"]?.replacing(#""rank":1,"#, with: #""rank":16384,"#)
    })
    #expect(try message(changed).contains("has shape [1, 32], expected [16384, 32]"))
  }

  @Test func `an adapter with NaN logits is not written`() throws {
    let adapter = try base.model.adaptable.inject(LoRA(LoRAConfiguration()), as: "nan", seed: 1)
    adapter.parameters[0].values[0] = .nan
    #expect(throws: AdapterFileError.notFinite(file: work.file("nan.zst"))) {
      try AdapterFile.write(
        adapter, on: base, task: TaskDefinition.sst2.adapterTask, maxLength: 64, seed: 1, workers: Workers(count: 1),
        to: work.file("nan.zst"))
    }
    try base.model.adaptable.remove("nan")
    #expect(try !work.contents.contains("nan.zst"))
  }

  @Test func `a truncated file is rejected at every length`() throws {
    let bytes = try work.bytes("a.safetensors.zst")
    for count in bytes.indices {
      try work.write(bytes[..<count], to: "cut.zst")
      #expect(throws: ZstdFrameError.self, "\(count) bytes") { try AdapterFile(path: work.file("cut.zst")) }
    }
  }

  @Test func `a flipped bit is rejected or has no effect`() throws {
    let bytes = try work.bytes("a.safetensors.zst")
    let content = try unpacked()
    var rejected = 0
    var identical = 0
    for bit in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      do {
        let same = try damaged.withUnsafeBytes { try decompress($0, limit: 1 << 20, name: "damaged") } == content
        #expect(same, "bit \(bit)")
        identical += 1
      } catch is any UserError { rejected += 1 }
    }
    #expect(
      rejected + identical == 8 * bytes.count && identical < bytes.count / 20,
      "\(rejected) rejected, \(identical) identical")
    var damaged = bytes
    damaged[bytes.count / 2] ^= 4
    try work.write(damaged, to: "damaged.zst")
    #expect(try message(work.file("damaged.zst")).hasPrefix("DIR/damaged.zst: zstd reports"))
  }

  @Test func `a file that claims gigabytes is rejected before memory is allocated`() throws {
    var bytes = try work.bytes("a.safetensors.zst")
    // The frame header is the magic number, flags (single segment, two-byte content size) and the size. Use an 8-byte size.
    #expect(bytes[4] == 0x64)
    bytes.replaceSubrange(4..<7, with: [0xE4] + [0, 0, 0, 0, 0, 1, 0, 0])
    try work.write(bytes, to: "bomb.zst")
    #expect(try message(work.file("bomb.zst")).contains("the frame claims 1099511627776 bytes of content"))
    let zeros = try compress([UInt8](repeating: 0, count: 64 << 20))
    try work.write(zeros, to: "zeros.zst")
    #expect(zeros.count < 10_000)
    #expect(try message(work.file("zeros.zst")).contains("the frame claims 67108864 bytes of content"))
  }

  @Test func `files that are not adapters are named`() throws {
    try work.write("{} is no adapter", to: "text")
    #expect(try message(work.file("text")).contains("not compressed with zstd"))
    #expect(try message(work.file("nothing")).contains("cannot read DIR/nothing: No such file or directory"))
    try work.write(try compress(Array("{}".utf8)), to: "other.zst")
    #expect(try message(work.file("other.zst")).contains("the file has 2 bytes, expected at least 8"))
  }
}

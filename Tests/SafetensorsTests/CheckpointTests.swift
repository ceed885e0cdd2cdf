import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

struct CheckpointTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ tensors: [String: UInt8], to name: String) throws {
    var writer = SafetensorsWriter()
    for (tensor, value) in tensors { try writer.add(tensor, type: .u8, shape: [1], bytes: [value]) }
    try folder.write(writer.encoded(), to: name)
  }

  private func writeIndex(_ map: String) throws {
    try folder.write(#"{"weight_map":\#(map)}"#, to: "model.safetensors.index.json")
  }

  private func value(_ name: String, in checkpoint: Checkpoint) -> UInt8? {
    checkpoint[name].flatMap { $0.file.bytes(of: $0.entry).first }
  }

  private var index: String { folder.file("model.safetensors.index.json") }

  @Test func `a single file provides its tensors`() throws {
    try write(["a": 1, "b": 2], to: "model.safetensors")
    for path in [folder.path, folder.path + "/"] {
      let checkpoint = try Checkpoint(folder: path)
      #expect(checkpoint.files.count == 1)
      #expect(checkpoint.names.sorted() == ["a", "b"])
      #expect(value("b", in: checkpoint) == 2)
      #expect(checkpoint["c"] == nil)
    }
  }

  @Test func `shards provide the tensors that the index assigns to them`() throws {
    try write(["a": 1, "x": 3], to: "model-00001-of-00002.safetensors")
    try write(["b": 2, "x": 4], to: "parts/two.safetensors")
    try folder.write(
      #"""
      {
        "metadata": {"total_size": 4.0e+0, "more": [null, true, false, {"deep": ["é\n", -1.5]}]},
        "weight_map": {
          "b": "parts/two.safetensors", "x": "parts/two.safetensors", "a": "model-00001-of-00002.safetensors"
        }
      }
      """#, to: "model.safetensors.index.json")
    let checkpoint = try Checkpoint(folder: folder.path)
    #expect(
      checkpoint.files.map(\.path)
        == ["model-00001-of-00002.safetensors", "parts/two.safetensors"].map { folder.file($0) })
    #expect(checkpoint.names.sorted() == ["a", "b", "x"])
    #expect(["a", "b", "x"].map { value($0, in: checkpoint) } == [1, 2, 4])
  }

  @Test func `a single file takes precedence over an index`() throws {
    try write(["a": 1], to: "model.safetensors")
    try writeIndex(#"{"a":"missing"}"#)
    #expect(try Checkpoint(folder: folder.path).files.count == 1)
  }

  @Test func `a tensor that is missing in its shard is refused`() throws {
    try write(["a": 1], to: "one")
    try writeIndex(#"{"a":"one","b":"one"}"#)
    #expect(throws: CheckpointError.notInShard(index: index, shard: "one", tensor: "b")) {
      try Checkpoint(folder: folder.path)
    }
  }

  @Test func `a missing shard is refused`() throws {
    try write(["a": 1], to: "one")
    try writeIndex(#"{"a":"one","b":"two"}"#)
    #expect(throws: CheckpointError.missingShard(index: index, shard: "two")) { try Checkpoint(folder: folder.path) }
  }

  @Test(arguments: [
    "../one", "parts/../../one", "/one", "..", ".", "", "./one", "parts//one", "one/", #"..\u002fone"#, #"one\u0000"#,
  ])
  func `a shard outside the folder is refused, even when it exists`(shard: String) throws {
    try write(["a": 1], to: "one")
    try writeIndex(#"{"a":"\#(shard)"}"#)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(folder: folder.path) }
    guard case .shardOutsideFolder(index, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an index without a weight map is refused`() throws {
    try folder.write(#"{"metadata":{}}"#, to: "model.safetensors.index.json")
    #expect(throws: CheckpointError.noWeightMap(index: index)) { try Checkpoint(folder: folder.path) }
  }

  @Test(arguments: [
    "", "[]", #"{"weight_map":[]}"#, #"{"weight_map":{"a":1}}"#, #"{"weight_map":{"a":"x"}} x"#, #"{"x":tru}"#,
    #"{"x":}"#,
    #"{"x":[1,]}"#, #"{"x":\#(String(repeating: "[", count: 1_000_000))"#,
  ])
  func `an index that is not valid JSON of the expected form is refused`(text: String) throws {
    try folder.write(text, to: "model.safetensors.index.json")
    #expect(syntaxProblem { try Checkpoint(folder: folder.path) } != nil)
  }

  @Test func `an index that names a tensor twice is refused`() throws {
    try writeIndex(#"{"a":"one","a":"two"}"#)
    #expect(jsonProblem { try Checkpoint(folder: folder.path) } == .duplicateKey("a", offset: 25))
  }

  @Test func `a broken shard is named`() throws {
    try folder.write("broken", to: "one")
    try writeIndex(#"{"a":"one"}"#)
    let error = #expect(throws: SafetensorsError.self) { try Checkpoint(folder: folder.path) }
    #expect(error?.path == folder.file("one"))
  }

  @Test(arguments: ["pytorch_model.bin", "pytorch_model.bin.index.json"])
  func `a pickle is never read, and the error explains how to convert it`(file: String) throws {
    try folder.write("pickle", to: file)
    let error = #expect(throws: CheckpointError.pickle(folder: folder.path, file: file)) {
      try Checkpoint(folder: folder.path)
    }
    #expect(error?.description.contains("a pickle, which is never read") == true)
    #expect(error?.description.contains("save_pretrained('.', safe_serialization=True)") == true)
  }

  @Test func `a folder without weights and a missing folder are different errors`() throws {
    #expect(throws: CheckpointError.noWeights(folder: folder.path)) { try Checkpoint(folder: folder.path) }
    #expect(throws: CheckpointError.noSuchFolder(folder.file("x"))) { try Checkpoint(folder: folder.file("x")) }
  }
}

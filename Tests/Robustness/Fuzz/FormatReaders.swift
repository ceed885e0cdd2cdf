import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftHub
import GraftLoRA
import GraftSafetensors
import GraftSupport

/// The readers of single formats: tensors, frames, archives, configurations, patterns, and tables.
extension Workspace {
  func formatReaders() throws -> [Reader] {
    try tensorReaders() + configurationReaders() + patternReaders() + tableReaders() + hubReaders()
  }

  private func tensorReaders() throws -> [Reader] {
    var writer = SafetensorsWriter(metadata: ["format": "pt", "other": "text"])
    let types: [ElementType] = [.f32, .f16, .bf16, .f64, .i64, .i8, .bool]
    for (index, type) in types.enumerated() {
      let count = 2 * (index + 1)
      let bytes = (0..<count * type.width).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try writer.add("tensor.\(index)", type: type, shape: [2, index + 1], bytes: bytes)
    }
    try writer.add("empty", type: .f32, shape: [0, 3], bytes: [])
    try writer.add("scalar", type: .f32, shape: [], bytes: [0, 0, 128, 63])
    let content = try writer.encoded()
    let tensors = Reader(
      name: "safetensors", share: 150, seeds: [Seed(kind: .tensors, content: content)],
      read: { _, bytes in
        let file = try SafetensorsFile(bytes: bytes, name: "input")
        for entry in file.entries {
          _ = try? file.floats(of: entry)
          let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: entry.elementCount)
          defer { values.deallocate() }
          do { try file.convertFloats(of: entry, into: values) } catch let error as SafetensorsError { _ = error }
        }
        _ = try file.entry(named: "scalar")
        _ = try SafetensorsFile.layout(
          ofHeader: Array(file.headerBytes), dataSize: bytes.count - file.headerBytes.count, name: "input")
      })
    let shards = try make("shards")
    let model = try ModelParts.shards(of: content)
    for (name, bytes) in model { try Data(bytes).write(to: URL(fileURLWithPath: "\(shards)/\(name)")) }
    let index = Reader(
      name: "shard index", share: 60, seeds: [try seed(shards, "model.safetensors.index.json", .json)],
      read: { folder, _ in
        let checkpoint = try Checkpoint(folder: folder)
        for name in checkpoint.names { _ = checkpoint[name] }
      })
    let frame = Reader(
      name: "zstd frame", share: 100,
      seeds: [
        Seed(kind: .bytes, content: try compress(content, level: 19)),
        Seed(kind: .bytes, content: try compress(Array(repeating: 0, count: 100_000), level: 1)),
      ],
      read: { _, bytes in _ = try bytes.withUnsafeBytes { try decompress($0, limit: 1 << 20, name: "input") } })
    return [tensors, index, frame]
  }

  private func configurationReaders() throws -> [Reader] {
    let methods = methods
    let experiment = """
      base: all-MiniLM-L6-v2
      task: custom
      data: {path: data.tsv, text: text, label: label, held_out: 0.2, train_limit: 100}
      method:
        name: lora
        rank: 8
        alpha: 16
        targets: {include: ["*.query|value"], exclude: ["encoder.layer.{0-1}.*.query"]}
        overrides: [{targets: "role:value", rank: 4}]
      training:
        epochs: 2
        batch_size: 16
        learning_rate: 2.0e-3
        betas: [0.9, 0.99]
        seed: 42
        workers: auto
      compute: {precision: float32}
      output: runs/x
      """
    let comparison = """
      base: all-MiniLM-L6-v2
      tasks: [sst2, custom]
      seeds: [1, 2]
      data: {path: data.tsv}
      methods:
        - {name: lora, rank: 8, label: eight}
        - {name: houlsby, reduction_factor: 16, training: {learning_rate: 1.0e-3}}
        - {name: prefix, length: 10}
        - name: head
      training: {epochs: 1}
      output: runs/compare
      """
    let (one, many) = (
      try make("configuration", ["c.yaml": Array(experiment.utf8)]),
      try make("comparison", ["c.yaml": Array(comparison.utf8)])
    )
    return [
      Reader(
        name: "configuration", share: 10, seeds: [try seed(one, "c.yaml", .yaml)],
        read: { folder, _ in
          let file = try ConfigurationFile(path: "\(folder)/c.yaml")
          _ = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
        }),
      Reader(
        name: "comparison", share: 4, seeds: [try seed(many, "c.yaml", .yaml)],
        read: { folder, _ in
          _ = try ConfigurationFile(path: "\(folder)/c.yaml").comparison(registries: Registries(methods: methods))
        }),
      Reader(
        name: "--set", share: 8,
        seeds: ["training.seed=3", "method={name: lora, rank: 4}", "data.path=a.tsv", "seeds=[1,2]"].map {
          Seed(kind: .table, content: Array($0.utf8))
        },
        read: { _, bytes in
          var file = try ConfigurationFile(text: "base: b\ntask: sst2\nmethod: {name: lora}\n", path: "c.yaml")
          try file.set(String(decoding: bytes, as: UTF8.self))
          _ = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
        }),
    ]
  }

  private func patternReaders() throws -> [Reader] {
    let base = try base("bert")
    let selectors = [
      "*.query|value", "encoder.layer.{0-2,5}.*.query", "role:query|value", "encoder.layer.*",
      "encoder.layer.0.attention.self.query",
    ]
    let expressions = [
      #".*\.(query|value)$"#, #"encoder\.layer\.\d+\.attention\.self\.[a-z]+"#, #"(.*\.)?layer\.([0-9]|1[01])\..*"#,
      "a{2,5}b?c*(?:d|e)+",
    ]
    return [
      Reader(
        name: "selectors", share: 12, seeds: selectors.map { Seed(kind: .pattern, content: Array($0.utf8)) },
        read: { _, bytes in
          var configuration = LoRAConfiguration()
          configuration.targets = TargetModules(include: [try TargetSelector(String(decoding: bytes, as: UTF8.self))])
          try base.model.adaptable.inject(LoRA(configuration), as: "selected", seed: 1)
          try base.model.adaptable.remove("selected")
        }),
      Reader(
        name: "regular expressions", share: 50,
        seeds: expressions.map { Seed(kind: .pattern, content: Array($0.utf8)) },
        read: { _, bytes in
          do {
            let pattern = try ForeignPattern(String(decoding: bytes, as: UTF8.self))
            _ = pattern.matches("bert.encoder.layer.11.attention.self.query")
            _ = pattern.matches(String(repeating: "a", count: 200))
          } catch let problem as ForeignPattern.Problem {
            // The callers include the reason in their own message.
            throw ForeignPatternProblem(description: problem.reason)
          }
        }),
    ]
  }

  private func tableReaders() throws -> [Reader] {
    let rows = (0..<6).map { ("the film \($0) is \($0 % 2 == 0 ? "good" : "bad")", $0 % 2 == 0 ? "yes" : "no") }
    let folder = try make(
      "tables",
      [
        "t.tsv": Array(("text\tlabel\n" + rows.map { "\($0)\t\($1)\n" }.joined()).utf8),
        "t.csv": Array(("text,label\n" + rows.map { "\"\($0), \"\"so\"\"\",\($1)\n" }.joined()).utf8),
        "t.jsonl": Array(rows.map { "{\"text\": \"\($0)\", \"label\": \"\($1)\", \"n\": 1}\n" }.joined().utf8),
        "t.json": Array(
          ("[" + rows.map { "{\"text\": \"\($0)\", \"label\": \"\($1)\"}" }.joined(separator: ",") + "]").utf8),
        "t.txt": Array(rows.map { "\($0.0)\n" }.joined().utf8),
      ])
    let kinds: [(String, Seed.Kind)] = [
      ("t.tsv", .table), ("t.csv", .table), ("t.jsonl", .jsonLines), ("t.json", .json), ("t.txt", .table),
    ]
    let labeled = try labeledTables(in: folder, kinds.dropLast())
    let plain = try kinds.map { file, kind in
      Reader(
        name: "texts in \(file.dropFirst(2))", share: 25, seeds: [try seed(folder, file, kind)],
        read: { folder, _ in _ = try TextInput(path: "\(folder)/\(file)") })
    }
    return plain + labeled
  }

  private func hubReaders() throws -> [Reader] {
    let hash = String(repeating: "0123456789abcdef", count: 4)
    let response = """
      {"id": "org/model", "sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [
      {"rfilename": "config.json", "size": 700, "blobId": "\(hash.prefix(40))"},
      {"rfilename": "vocab.txt", "size": 80, "blobId": "\(hash.prefix(40))"},
      {"rfilename": "model.safetensors", "size": 131132, "blobId": "\(hash.prefix(40))", "lfs": {"sha256": "\(hash)", "size": 131132, "pointerSize": 134}}]}
      """
    let archive = try make("archive", ["a.zip": ModelParts.archive()])
    return [
      Reader(
        name: "hub's response", share: 50, seeds: [Seed(kind: .json, content: Array(response.utf8))],
        read: { _, bytes in
          let model = try HubModel(name: "org/model", response: Data(bytes), url: "http://hub/api")
          _ = try model.filesOfBase()
        }),
      Reader(
        name: "ZIP archive", share: 60, seeds: [try seed(archive, "a.zip", .bytes)],
        read: { folder, _ in
          let archive = try ZipArchive(path: "\(folder)/a.zip", name: "a.zip")
          for name in archive.names.prefix(4) { try archive.unpack(name, to: "\(folder)/unpacked") }
        }),
    ]
  }
}

/// An unsupported part of a regular expression.
private struct ForeignPatternProblem: UserError {
  let description: String
}

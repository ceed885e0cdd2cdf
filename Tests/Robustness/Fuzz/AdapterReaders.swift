import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftInference
import GraftLoRA
import GraftObjectives
import GraftSafetensors

/// The readers of adapters: Graft's files, merged folders, other toolkits' folders, and run folders.
extension Workspace {
  func adapterReaders() throws -> [Reader] {
    let trained = try trainedAdapters()
    return try ownReaders(trained) + foreignReaders() + [undoReader(trained[0]), runReader()]
  }

  /// Imports adapters of two methods, packs one as integers, and returns the paths of the files.
  private func trainedAdapters() throws -> [String] {
    let base = try base("bert")
    let place = try make("trained")
    let (lora, small) = ("\(place)/lora.safetensors.zst", "\(place)/small.safetensors.zst")
    _ = try AdapterImport(base: base, methods: methods).run(
      "\(exchange)/bert-peft-lora", labels: ["x", "y", "z"], to: lora)
    let houlsby = "\(place)/houlsby.safetensors.zst"
    _ = try AdapterImport(base: base, methods: methods).run("\(exchange)/bert-hub-houlsby", to: houlsby)
    let loaded = try LoadedAdapter(file: lora, on: base, as: "packing", methods: methods)
    try loaded.packed(as: .int8).write(to: small)
    try base.model.adaptable.remove("packing")
    return [lora, houlsby, small]
  }

  private func ownReaders(_ paths: [String]) throws -> [Reader] {
    let base = try base("bert")
    let (methods, workers) = (methods, Workers(count: 1))
    let folders = try paths.enumerated().map { try make("adapter-\($0)", ["a.zst": Self.bytes($1)]) }
    let seeds = try folders.map { try seed($0, "a.zst", .adapter) }
    let pristine = try AdapterFile(path: paths[0])
    return [
      Reader(
        name: "adapter file", share: 25, seeds: seeds,
        read: { folder, _ in
          let file = try AdapterFile(path: "\(folder)/a.zst")
          _ = try AdapterDifference(pristine, file).text
        }),
      Reader(
        name: "adapter file, attached", share: 10, seeds: seeds,
        read: { folder, _ in
          try AdapterFile(path: "\(folder)/a.zst").attach(to: base, as: "read", methods: methods, workers: workers)
          try base.model.adaptable.remove("read")
        }),
    ]
  }

  private func foreignReaders() throws -> [Reader] {
    let kinds: [(name: String, toolkit: String, share: Int, cases: [String])] = [
      (
        "peft", "peft", 6,
        [
          "bert-peft-lora", "bert-peft-patterns", "bert-peft-layers", "bert-peft-dora", "bert-peft-prefix",
          "distilbert-peft-all-linear",
          "roberta-peft-lora",
        ]
      ),
      (
        "AdapterHub", "hub", 4,
        ["bert-hub-houlsby", "bert-hub-lora", "distilbert-hub-pfeiffer", "roberta-hub-parallel"]
      ),
    ]
    return try kinds.map { kind in
      var seeds: [Seed] = []
      for name in kind.cases {
        let folder = try copy("\(exchange)/\(name)", as: name)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where file != "expected.json" {
          seeds.append(try seed(folder, file, file.hasSuffix(".json") ? .json : .tensors))
        }
      }
      return try foreignReader(kind.name, kind.share, seeds)
    } + [foreignReader("mlx", 3, mlxSeeds())]
  }

  private func foreignReader(_ name: String, _ share: Int, _ seeds: [Seed]) throws -> Reader {
    let (bases, methods) = (bases, methods)
    let output = "\(try make("imported"))/a.zst"
    return Reader(
      name: name, share: share, seeds: seeds,
      read: { folder, _ in
        let family = URL(fileURLWithPath: folder).lastPathComponent.split(separator: "-").first.map(String.init) ?? ""
        guard let base = bases[family] else { return }
        _ = try AdapterImport(base: base, methods: methods).run(folder, to: output)
      })
  }

  /// Returns seeds with peft's adapter in the format of mlx.
  private func mlxSeeds() throws -> [Seed] {
    let peft = try SafetensorsFile(path: "\(exchange)/distilbert-peft-lora/adapter_model.safetensors")
    var writer = SafetensorsWriter()
    for entry in peft.entries {
      var name = entry.name.replacing("base_model.model.", with: "").replacing("distilbert.", with: "model.")
      var shape = entry.shape
      if name.contains("lora_") {
        name = name.replacing("lora_A.weight", with: "lora_a").replacing("lora_B.weight", with: "lora_b")
        shape = shape.reversed()
      }
      try writer.add(name, type: .f32, shape: shape, bytes: peft.bytes(of: entry))
    }
    let config =
      #"{"fine_tune_type": "lora", "model": "x", "num_layers": 3, "lora_parameters": {"rank": 3, "scale": 1.5, "dropout": 0.0, "keys": ["q_lin"]}}"#
    let folder = try make(
      "distilbert-mlx", ["adapters.safetensors": writer.encoded(), "adapter_config.json": Array(config.utf8)])
    return [try seed(folder, "adapter_config.json", .json), try seed(folder, "adapters.safetensors", .tensors)]
  }

  private func undoReader(_ adapter: String) throws -> Reader {
    let methods = methods
    let merged = "\(folder)/inputs/merged"
    _ = try MergedFolder(base: base("bert"), methods: methods).write(
      [NamedAdapter(path: adapter)], to: merged)
    let output = "\(folder)/inputs/restored"
    return Reader(
      name: "undo record", share: 2,
      seeds: [
        try seed("\(merged)/graft-undo", "record.json", .json), try seed("\(merged)/graft-undo", "record.json", .json),
        try seed("\(merged)/graft-undo", "bits.safetensors.zst", .adapter),
      ],
      read: { _, _ in
        defer { try? FileManager.default.removeItem(atPath: output) }
        _ = try RestoredFolder(merged, methods: methods).write(without: nil, to: output)
      })
  }

  /// Returns a reader for a finished run's files, which reads and reports them like a comparison.
  private func runReader() throws -> Reader {
    let methods = methods
    let place = try make("run")
    let data = try make(
      "run-data",
      ["d.tsv": Array("text\tlabel\n".utf8) + Array((0..<12).map { "good \($0)\t\($0 % 3)\n" }.joined().utf8)])
    let text = """
      base: \(try base("bert").folder)
      tasks: [custom]
      seeds: [1]
      data: {path: \(data)/d.tsv}
      methods: [{name: head}]
      training: {max_steps: 2, batch_size: 4, workers: 1, eval_every: 1}
      output: \(place)/comparison
      """
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").comparison(
      registries: Registries(methods: methods))
    let results = try Comparison(configuration, locator: BaseLocator(home: "\(place)/home")).run()
    guard let run = configuration.experiments.first?.output, results.isComplete else {
      fatalError("cannot train a run for the reader of run folders: \(results.failures)")
    }
    let task = TaskDefinition.custom(
      .init(text: "text", label: "label"), objective: Classification(labels: ["0", "1", "2"]))
    let identity = String(decoding: try Self.bytes("\(run)/identity.txt"), as: UTF8.self).trimmingCharacters(
      in: .newlines)
    return Reader(
      name: "run folder", share: 2,
      seeds: [
        try seed(run, "summary.json", .json), try seed(run, "evaluation.json", .json),
        try seed(run, "metrics.jsonl", .jsonLines),
      ],
      read: { folder, _ in
        guard let finished = FinishedRun(folder: folder, identity: identity) else { return }
        let results = ComparisonResults(
          configuration, tasks: [.init(task, title: "d.tsv")], runs: [finished, finished], failures: [])
        _ = try results.json()
        _ = results.csv.count + results.markdown.count + results.html.count
      })
  }

  /// Returns readers for rows with labels, which read them like `evaluate`.
  func labeledTables(in folder: String, _ files: ArraySlice<(String, Seed.Kind)>) throws -> [Reader] {
    let base = try base("distilbert")
    let path = "\(try make("labelled"))/a.safetensors.zst"
    _ = try AdapterImport(base: base, methods: methods).run(
      "\(exchange)/distilbert-peft-lora", labels: ["yes", "no", "maybe"], to: path)
    let loaded = try LoadedAdapter(file: path, on: base, as: "labelled", methods: methods)
    return try files.map { file, kind in
      Reader(
        name: "examples in \(file.dropFirst(2))", share: 10, seeds: [try seed(folder, file, kind)],
        read: { folder, _ in _ = try loaded.evaluate(data: "\(folder)/\(file)") })
    }
  }
}

extension Randomness {
  /// Returns an adapter file with changes to its frame, its strings, or its tensors.
  mutating func mutatedAdapter(_ original: [UInt8]) throws -> [UInt8] {
    if chance(15) { return mutated(original) }
    let content = try original.withUnsafeBytes { try decompress($0, limit: 1 << 26, name: "seed") }
    return try compress(mutatedTensors(content, metadata: true), level: 1)
  }
}

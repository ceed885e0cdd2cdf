import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftLoRA
import GraftSupport
import GraftTestSupport
import Testing

/// Tests how a run treats the files of earlier runs in its folder, however these ended.
struct RunFolderTests {
  let task: TinyTask
  let runs: TemporaryFolder

  init() throws {
    task = try TinyTask()
    runs = try TemporaryFolder()
  }

  private static let adapter = "adapter.safetensors.zst"

  private func train(_ changes: String..., isStopped: () -> Bool = { false }) throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(text: task.configuration(output: runs.file("a")), path: "tiny.yaml")
    for change in changes { try file.set(change) }
    let configuration = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    _ = try Experiment(configuration, locator: BaseLocator(home: runs.file("home"))).run(isStopped: isStopped)
  }

  /// Simulates a run that is killed before it has written an adapter.
  private func beginAndGetKilled() throws {
    _ = try RunFolder(path: runs.file("a"))
    try runs.write("killed", to: "a/config.yaml")
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: runs.file(folder)).sorted()
  }

  private let finished = ["adapter.safetensors.zst", "config.yaml", "evaluation.json", "metrics.jsonl", "summary.json"]

  @Test func `a run never overwrites its input files`() throws {
    let rows = (0..<20).map { "{\"text\": \"film \($0)\", \"label\": \($0 % 2)}\n" }.joined()
    try runs.write(rows, to: "a/metrics.jsonl")
    #expect(throws: FileError.self) { try train("task=custom", "data.path=\(runs.file("a/metrics.jsonl"))") }
    #expect(try runs.read("a/metrics.jsonl") == rows)
    // Nor the user's configuration file; the configuration written by an earlier run is kept with that run.
    try runs.write("task: sst2  # mine\n", to: "a/config.yaml")
    #expect(throws: FileError.self) {
      try RunFolder.requireApart(runs.file("a"), fromConfiguration: runs.file("a/../a/config.yaml"))
    }
    try RunFolder.requireApart(runs.file("b"), fromConfiguration: runs.file("a/config.yaml"))
    try runs.write("x", to: "a/\(Self.adapter)")
    try RunFolder.requireApart(runs.file("a"), fromConfiguration: runs.file("a/config.yaml"))
  }

  @Test func `a good adapter survives any number of killed runs, and its files stay together`() throws {
    try train()
    let good = try runs.bytes("a/\(Self.adapter)")
    let config = try runs.read("a/config.yaml")
    for _ in 0..<3 {
      try beginAndGetKilled()
      #expect(try names("a") == ["config.yaml", "metrics.jsonl", "previous", "unfinished"])
      #expect(try runs.bytes("a/previous/\(Self.adapter)") == good && runs.read("a/previous/config.yaml") == config)
    }
    try train("training.seed=3")
    #expect(try names("a").filter { !$0.hasPrefix("events") } == (finished + ["previous"]).sorted())
    #expect(try runs.bytes("a/previous/\(Self.adapter)") == good)
    try beginAndGetKilled()
    #expect(try runs.bytes("a/previous/\(Self.adapter)") != good, "a finished run replaces it")
    #expect(try names("a/previous") == (finished + ["events.previous"]).sorted())
  }

  @Test func `a good adapter survives diverged and interrupted runs, whose adapters are kept, too`() throws {
    try train()
    let good = try runs.bytes("a/\(Self.adapter)")
    for _ in 0..<2 {
      #expect(throws: TrainingError.self) { try train("training.learning_rate=1.0e+30", "training.max_grad_norm=0") }
      #expect(try runs.bytes("a/previous/\(Self.adapter)") == good)
    }
    let diverged = try runs.bytes("a/\(Self.adapter)")
    for seed in 4..<6 {
      var steps = 0
      try train("training.seed=\(seed)") {
        steps += 1
        return steps > 3
      }
      #expect(try runs.bytes("a/previous/\(Self.adapter)") == good)
    }
    #expect(try names("a").contains("unfinished") && names("a").contains("summary.json"))
    #expect(try runs.bytes("a/previous-unfinished/\(Self.adapter)") != diverged)
    let interrupted = try runs.bytes("a/\(Self.adapter)")
    try train("training.seed=6")
    #expect(try runs.bytes("a/previous-unfinished/\(Self.adapter)") == interrupted)
    #expect(try runs.bytes("a/previous/\(Self.adapter)") == good && !names("a").contains("unfinished"))
  }

  @Test func `if moving an earlier run is interrupted at any point, the next run completes it`() throws {
    try train()
    let files = try names("a").filter { $0 != "home" }
    let contents = try files.map { try runs.bytes("a/\($0)") }
    /// Restores the folder as the first run left it, with another finished run in `previous`.
    func restore() throws {
      for name in try names("a") { try FileManager.default.removeItem(atPath: runs.file("a/\(name)")) }
      for (name, bytes) in zip(files, contents) { try runs.write(bytes, to: "a/\(name)") }
      for name in finished { try runs.write("older", to: "a/previous/\(name)") }
    }
    func check(_ point: String) throws {
      try beginAndGetKilled()
      for (name, bytes) in zip(files, contents) {
        let newName = name.hasPrefix("events") ? "events.previous" : name
        #expect(try runs.bytes("a/previous/\(newName)") == bytes, "\(name) when killed \(point)")
      }
    }
    for count in 0...files.count {
      // While files are being copied to 'previous', all of them are still in the run's folder.
      try restore()
      for (name, bytes) in zip(files, contents).prefix(count) where !name.hasPrefix("events") {
        try FileManager.default.removeItem(atPath: runs.file("a/previous/\(name)"))
        try runs.write(bytes, to: "a/previous/\(name)")
      }
      try check("after \(count) copies")
      // While files are being deleted from the run's folder, all of them are in 'previous'; the adapter is deleted first.
      guard count > 0 else { continue }
      let order = [Self.adapter] + files.filter { $0 != Self.adapter }
      try restore()
      for (name, bytes) in zip(files, contents) {
        try runs.write(bytes, to: "a/previous/\(name.hasPrefix("events") ? "events.previous" : name)")
      }
      for name in order.prefix(count) { try FileManager.default.removeItem(atPath: runs.file("a/\(name)")) }
      try check("after \(count) removals")
    }
  }

  @Test func `files that do not belong to a run stay in the folder and in 'previous'`() throws {
    try train()
    for name in ["a/notes.txt", "a/previous/notes.txt"] { try runs.write("mine", to: name) }
    try train()
    try train()
    #expect(try runs.read("a/notes.txt") == "mine" && runs.read("a/previous/notes.txt") == "mine")
  }

  @Test(arguments: ["adapter.safetensors.zst", "config.yaml", "metrics.jsonl", "unfinished"])
  func `a link in place of a run's file is rejected, and its target is not changed`(name: String) throws {
    try runs.write("precious", to: "elsewhere")
    try FileManager.default.createDirectory(atPath: runs.file("a"), withIntermediateDirectories: false)
    #expect(symlink(runs.file("elsewhere"), runs.file("a/\(name)")) == 0)
    let error = #expect(throws: FileError.self) { try train() }
    #expect(error?.description.contains("a/\(name): expected a file, not a link") == true)
    #expect(try runs.read("elsewhere") == "precious" && names("a") == [name])
  }

  @Test func `the error for a folder without an adapter names an earlier one`() throws {
    try FileManager.default.createDirectory(atPath: runs.file("a"), withIntermediateDirectories: false)
    var error = #expect(throws: AdapterFileError.self) { try AdapterFile(path: runs.file("a")) }
    #expect(error?.description.contains("a: the folder has no adapter.safetensors.zst") == true)
    #expect(error?.description.contains("name an adapter file or the folder of a run that has finished") == true)
    try train()
    try beginAndGetKilled()
    error = #expect(throws: AdapterFileError.self) { try AdapterFile(path: runs.file("a")) }
    #expect(error?.description.hasSuffix("the adapter of an earlier run is in \(runs.file("a/previous"))") == true)
    _ = try AdapterFile(path: runs.file("a/previous"))
    #expect(symlink("nowhere", runs.file("a/\(Self.adapter)")) == 0)
    #expect(throws: FileError.self) { try AdapterFile(path: runs.file("a")) }
  }

  @Test(arguments: [
    ("../../x", "runs/sst2-.._.._x"), ("/etc/x", "runs/sst2-_etc_x"), ("a b/c", "runs/sst2-a_b_c"),
    ("..", "runs/sst2-__"), ("größe-1.5", "runs/sst2-größe-1.5"),
  ])
  func `a label never moves the run's folder elsewhere`(label: String, folder: String) throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = "method: {name: lora}\nlabel: \"\(label)\"\n"
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").decode(
      ExperimentConfiguration.self, registries: Registries(methods: methods))
    #expect(configuration.output == folder)
  }

  @Test func `a label is nonempty text on one line`() throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    for label in ["", #"a\nb"#, #"a\u2028b"#] {
      let file = try ConfigurationFile(text: "method: {name: lora}\nlabel: \"\(label)\"\n", path: "c.yaml")
      let error = #expect(throws: ConfigurationError.self) {
        try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
      }
      #expect(error?.description.contains("label: expected a nonempty text on one line") == true)
    }
  }
}

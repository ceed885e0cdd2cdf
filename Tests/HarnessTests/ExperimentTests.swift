import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftSupport
import GraftTestSupport
import Testing

struct ExperimentTests {
  let task: TinyTask
  let runs: TemporaryFolder

  init() throws {
    task = try TinyTask()
    runs = try TemporaryFolder()
  }

  private func experiment(_ output: String, training: String = "", changes: String...) throws -> Experiment {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(
      text: task.configuration(output: runs.file(output), training: training), path: "tiny.yaml")
    for change in changes { try file.set(change) }
    let configuration = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    return Experiment(configuration, locator: BaseLocator(home: runs.file("home")))
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `a run writes its folder, with the keys that scripts rely on`() throws {
    let summary = try experiment("a", training: "eval_every: 6, log_every: 4").run()
    let contents = try FileManager.default.contentsOfDirectory(atPath: runs.file("a")).sorted()
    let named = contents.filter { !$0.hasPrefix("events.out.tfevents.") }
    #expect(named == ["adapter.safetensors.zst", "config.yaml", "evaluation.json", "metrics.jsonl", "summary.json"])
    #expect(contents.count == named.count + 1)
    #expect(summary.steps == 12)
    #expect(try summary.adapterBytes == runs.bytes("a/adapter.safetensors.zst").count)

    let keys = try object(try runs.read("a/summary.json"))
    #expect(
      Set(keys.keys) == [
        "label", "method", "task", "base", "seed", "trainable_parameters", "total_parameters", "adapter_bytes", "steps",
        "train_seconds", "train_samples_per_second", "eval_seconds", "eval_samples_per_second", "wall_seconds",
        "peak_memory_bytes", "eval_loss", "main_metric", "metrics", "best", "workers", "precision", "frozen_products",
        "data", "versions", "baseline",
      ])
    #expect(Set(try #require(keys["data"] as? [String: Any]).keys) == ["source", "train_examples", "eval_examples"])

    let lines = try runs.read("a/metrics.jsonl").split(separator: "\n").map { try object($0) }
    let train = lines.filter { $0["event"] as? String == "train" }
    let evaluations = lines.filter { $0["event"] as? String == "eval" }
    #expect(train.compactMap { $0["step"] as? Int } == [4, 8, 12])
    #expect(evaluations.compactMap { $0["step"] as? Int } == [6, 12])
    #expect(Set(try #require(train.first).keys) == ["event", "step", "epoch", "loss", "learning_rate", "grad_norm"])
    #expect(Set(try #require(evaluations.first).keys) == ["event", "step", "epoch", "loss", "metrics"])
  }

  @Test func `the resolved configuration reproduces the run byte for byte`() throws {
    _ = try experiment("a").run()
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var resolved = try ConfigurationFile(path: runs.file("a/config.yaml"))
    try resolved.set("output=\(runs.file("b"))")
    let configuration = try resolved.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    _ = try Experiment(configuration, locator: BaseLocator(home: runs.file("other home"))).run()
    #expect(try runs.bytes("a/adapter.safetensors.zst") == runs.bytes("b/adapter.safetensors.zst"))
    #expect(try runs.read("a/metrics.jsonl") == runs.read("b/metrics.jsonl"))
  }

  @Test func `a different seed yields a different adapter`() throws {
    _ = try experiment("a").run()
    _ = try experiment("b", changes: "training.seed=7").run()
    #expect(try runs.bytes("a/adapter.safetensors.zst") != runs.bytes("b/adapter.safetensors.zst"))
  }

  @Test func `training learns, and the header counts the wrapped modules`() throws {
    var header: Experiment.Header?
    let summary = try experiment("a", changes: "training.epochs=40").run(begin: { header = $0 })
    let reported = try #require(header)
    // 3 layers x 2 projections x rank 2 x (32 + 32), and a head of 2 x 32 + 2.
    #expect(reported.wrappedModules == 6 && reported.trainableParameters == 6 * 128 + 66)
    let pretrained = task.base.tensors.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(reported.totalParameters == pretrained + 6 * 128 + 66)
    #expect(summary.trainableParameters == reported.trainableParameters)
    #expect(summary.metrics["accuracy"]?.flatMap { $0 } ?? 0 >= 0.9)
  }

  @Test func `keep best saves the checkpoint of the best evaluation`() throws {
    let training = "eval_every: 2, keep: best, schedule: constant"
    let summary = try experiment("a", training: training, changes: "training.epochs=12").run()
    let evaluations = try runs.read("a/metrics.jsonl").split(separator: "\n").map { try object($0) }.filter {
      $0["event"] as? String == "eval"
    }
    let accuracies = evaluations.compactMap { ($0["metrics"] as? [String: Double])?["accuracy"] }
    #expect(accuracies.count > 10)
    #expect(summary.best.metrics["accuracy"] == accuracies.max())
    #expect(summary.metrics == summary.best.metrics && summary.evalLoss == summary.best.loss)
    let loaded = try load("a")
    let evaluation = try loaded.evaluate(data: task.data.path)
    #expect(evaluation.metrics == summary.metrics && abs(evaluation.loss - summary.evalLoss) < 1e-6)
  }

  private func load(_ run: String) throws -> LoadedAdapter {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    return try LoadedAdapter(
      file: runs.file("\(run)/adapter.safetensors.zst"), methods: methods,
      locator: BaseLocator(home: runs.file("home")))
  }

  @Test func `a saved adapter evaluates as in training and is removed cleanly`() throws {
    let summary = try experiment("a").run()
    let loaded = try load("a")
    let evaluation = try loaded.evaluate(data: task.data.path)
    #expect(evaluation.metrics == summary.metrics && abs(evaluation.loss - summary.evalLoss) < 1e-6)
    let verification = try loaded.verify()
    #expect(verification.answersRestored && verification.baseUntouched && verification.probeDifference < 1e-6)
  }

  @Test func `init_from continues from the adapter of another run`() throws {
    _ = try experiment("a", changes: "training.epochs=30").run()
    let path = runs.file("a/adapter.safetensors.zst")
    let fresh = try experiment("b", training: "log_every: 1", changes: "training.max_steps=1").run()
    let further = try experiment(
      "c", training: "log_every: 1", changes: "training.max_steps=1", "init_from=\(path)"
    ).run()
    #expect(further.evalLoss < fresh.evalLoss - 0.1)
  }

  @Test func `init_from with another rank is rejected and creates no folder`() throws {
    _ = try experiment("a").run()
    let path = runs.file("a/adapter.safetensors.zst")
    let error = #expect(throws: AdapterFileError.self) {
      try experiment("b", changes: "method.rank=3", "init_from=\(path)").run()
    }
    #expect(error?.description.contains("has shape [2, 32], expected [3, 32]") == true)
    #expect(try !runs.contents.contains("b"))
  }

  @Test func `diverging training stops and keeps the last good checkpoint`() throws {
    let training = "log_every: 1, schedule: constant, max_grad_norm: 0"
    let error = #expect(throws: TrainingError.self) {
      try experiment("a", training: training, changes: "training.learning_rate=1.0e+30").run()
    }
    #expect(error?.description.hasPrefix("training diverged at step 2") == true)
    #expect(error?.description.contains("lower training.learning_rate") == true)
    #expect(try !runs.read("a/metrics.jsonl").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: runs.file("a/summary.json")))
    #expect(try load("a").evaluate(data: task.data.path).loss.isFinite)
  }

  @Test func `a last update that makes the loss infinite is detected and undone`() throws {
    let error = #expect(throws: TrainingError.self) {
      try experiment(
        "a", training: "max_grad_norm: 0", changes: "training.learning_rate=1.0e+30", "training.max_steps=1"
      )
      .run()
    }
    #expect(error?.description.hasPrefix("training diverged at step 1") == true)
    #expect(try load("a").evaluate(data: task.data.path).loss.isFinite)
  }

  @Test func `an adapter whose first loss is not finite is not saved`() throws {
    try task.overflowBase()
    let error = #expect(throws: TrainingError.self) { try experiment("a").run() }
    #expect(error?.description.contains("nothing was trained") == true)
    #expect(!FileManager.default.fileExists(atPath: runs.file("a/adapter.safetensors.zst")))
  }

  @Test func `the files of an earlier run move to previous`() throws {
    _ = try experiment("a").run()
    let first = try runs.bytes("a/adapter.safetensors.zst")
    let config = try runs.read("a/config.yaml")
    _ = try experiment("a", changes: "training.seed=3").run()
    #expect(try runs.bytes("a/previous/adapter.safetensors.zst") == first)
    #expect(try runs.read("a/previous/config.yaml") == config)
    #expect(try runs.bytes("a/adapter.safetensors.zst") != first)
  }

  @Test func `a folder in place of a file, or a link, is rejected before anything moves`() throws {
    _ = try experiment("a").run()
    try FileManager.default.removeItem(atPath: runs.file("a/summary.json"))
    try runs.write("mine", to: "a/summary.json/x")
    #expect(throws: FileError.self) { try experiment("a").run() }
    #expect(try runs.read("a/summary.json/x") == "mine" && !runs.bytes("a/adapter.safetensors.zst").isEmpty)

    _ = try experiment("b").run()
    try runs.write("precious", to: "elsewhere/config.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: runs.file("b/previous"), withDestinationPath: runs.file("elsewhere"))
    #expect(throws: FileError.self) { try experiment("b").run() }
    #expect(try runs.read("elsewhere/config.yaml") == "precious")
  }

  @Test func `a folder that another run writes to is rejected`() throws {
    let locked = try RunFolder(path: runs.file("a"))
    let error = #expect(throws: FileError.self) { try experiment("a").run() }
    #expect(error?.description.contains("another run is writing to it") == true)
    withExtendedLifetime(locked) {}
  }

  @Test func `init_from checks the reference logits, so another scale is rejected`() throws {
    _ = try experiment("a").run()
    let path = runs.file("a/adapter.safetensors.zst")
    let error = #expect(throws: AdapterFileError.self) {
      try experiment("b", changes: "method.alpha=400", "init_from=\(path)").run()
    }
    #expect(error?.description.contains("the logits of its probe are off by") == true)
    #expect(error?.description.contains(#""alpha":4"#) == true)
    _ = try experiment("c", changes: "method.dropout=0.3", "init_from=\(path)").run()
  }

  @Test func `an output that is not a folder is rejected before any work`() throws {
    try runs.write("x", to: "file")
    let error = #expect(throws: FileError.self) { try experiment("file").run() }
    #expect(error?.action == "cannot create the folder")
    #expect(throws: FileError.self) { try experiment("file/below").run() }
    #expect(try runs.read("file") == "x")
  }

  @Test func `invalid data leaves no folder`() throws {
    try task.data.write("sentence\tlabel\na\t7\n", to: "dev.tsv")
    #expect(throws: TaskError.self) { try experiment("a").run() }
    #expect(try !runs.contents.contains("a"))
  }

  @Test func `a selector without a match leaves no folder, and the error suggests the nearest name`() throws {
    let error = #expect(throws: SelectorError.self) {
      try experiment("a", changes: "method.targets=\"*.attention.q_lin\"").run()
    }
    #expect(error?.description.contains("encoder.layer.*.attention.self.query") == true)
    #expect(try !runs.contents.contains("a"))
  }

  @Test func `the summary of an earlier run does not remain in the folder`() throws {
    _ = try experiment("a").run()
    #expect(throws: TrainingError.self) {
      try experiment(
        "a", training: "schedule: constant, max_grad_norm: 0", changes: "training.learning_rate=1.0e+30"
      ).run()
    }
    #expect(!FileManager.default.fileExists(atPath: runs.file("a/summary.json")))
  }

  @Test func `a profile shows where the time goes and does not change the result`() throws {
    _ = try experiment("plain").run()
    let profile = TrainingProfile()
    #expect(profile.table.isEmpty)
    _ = try experiment("measured").run(profile: profile)
    #expect(try runs.bytes("plain/adapter.safetensors.zst") == runs.bytes("measured/adapter.safetensors.zst"))
    #expect(FileIdentity(path: runs.file("plain/trace.json")) == nil)

    // The run has twelve steps, of which nine are measured.
    let lines = profile.table.split(separator: "\n")
    #expect(lines[0].contains("steps 4 to 12"))
    let names = [
      "linear", "attention", "residual norm", "activation", "embedding", "update", "waiting",
    ]
    for name in names { #expect(lines.contains { $0.hasPrefix("  \(name) ") }, "\(name)") }
    let shares = lines.dropFirst(2).compactMap { Double($0.split(separator: " ").dropLast().last ?? "") }
    #expect(abs(shares.reduce(0, +) - 100) < 1, "the shares add up to the whole time")

    let trace = try object(try runs.read("measured/trace.json"))
    let events = try #require(trace["traceEvents"] as? [[String: Any]])
    #expect(events.count { $0["name"] as? String == "step" } == 9)
    #expect(events.contains { $0["name"] as? String == "linear backward" })
    for event in events {
      let (start, length) = (try #require(event["ts"] as? Double), try #require(event["dur"] as? Double))
      #expect(start >= 0 && length >= 0 && event["ph"] as? String == "X")
    }
  }
}

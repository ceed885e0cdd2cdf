import Foundation
import GraftAdapterFiles
import GraftHarness
import GraftInference
import GraftLoRA
import GraftObjectives
import GraftTestSupport
import Synchronization
import Testing

/// Tasks, examples, and configurations that are created in code.
struct InMemoryTests {
  let tiny: TinyTask
  let work: TemporaryFolder
  let locator: BaseLocator
  let task = TaskDefinition(
    name: "tone",
    objective: Classification(labels: ["-", "+"], labelNames: ["negative", "positive"], metrics: [.accuracy, .f1]))

  init() throws {
    tiny = try TinyTask()
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  private func examples(_ count: Int) -> [Example] {
    (0..<count).map { Example(text: $0 % 2 == 0 ? "bad \($0)" : "good \($0)", label: $0 % 2) }
  }

  private func configuration(_ name: String) -> ExperimentConfiguration {
    var configuration = ExperimentConfiguration(method: LoRA(LoRAConfiguration()), output: work.file(name))
    configuration.base = tiny.base.folder.path
    configuration.training.batchSize = 4
    configuration.training.epochs = 1
    return configuration
  }

  @Test func `an experiment trains on examples in memory and evaluates on others`() throws {
    let set = ExampleSet(train: examples(8), evaluation: examples(4))
    let summary = try Experiment(configuration("a"), task: task, examples: set, locator: locator).run()
    #expect(summary.steps == 2 && summary.task == "tone" && !summary.isInterrupted)
    #expect(summary.data.source == "examples in memory" && summary.data.trainExamples == 8)
    #expect(summary.data.evalExamples == 4 && summary.metrics.keys.sorted() == ["accuracy", "f1"])
    let loaded = try LoadedAdapter(file: work.file("a"), base: tiny.base.folder.path, locator: locator)
    #expect(loaded.labels == ["negative", "positive"])
    let evaluation = try loaded.evaluate(examples(4), task: task)
    #expect(abs(evaluation.loss - summary.evalLoss) < 1e-6)
    #expect(throws: AdapterFileError.self) { try loaded.evaluate(examples(4), task: .rte) }
  }

  @Test func `the result does not depend on whether the examples are in memory or in a file`() throws {
    let lines = examples(20).map { "\($0.text)\t\($0.target == .label(0) ? "-" : "+")" }
    try work.write("text\tlabel\n" + lines.joined(separator: "\n") + "\n", to: "data.tsv")
    var fromFile = configuration("file")
    fromFile.data.path = work.file("data.tsv")
    let first = try Experiment(fromFile, task: task, locator: locator).run()
    let second = try Experiment(
      configuration("memory"), task: task, examples: ExampleSet(train: examples(20)), locator: locator
    ).run()
    #expect(first.evalLoss == second.evalLoss && first.data.evalExamples == second.data.evalExamples)
    let adapters = try ["file", "memory"].map {
      try Data(contentsOf: URL(fileURLWithPath: work.file("\($0)/\(AdapterFile.defaultName)")))
    }
    #expect(adapters[0] == adapters[1])
  }

  @Test func `a regression task in code needs numbers`() throws {
    let stars = TaskDefinition(name: "stars", objective: Regression(name: "label", range: 0...5))
    let numbers = (0..<8).map { Example(text: "text \($0)", target: .value(Float($0 % 5))) }
    let summary = try Experiment(
      configuration("stars"), task: stars, examples: ExampleSet(train: numbers), locator: locator
    ).run()
    #expect(summary.mainMetric == "pearson" && summary.metrics.keys.contains("spearman"))
    #expect(throws: TaskError.badExample("train[8]", reason: "expected a number in the task's range, got 6.0")) {
      try Experiment(
        configuration("bad"), task: stars,
        examples: ExampleSet(train: numbers + [Example(text: "x", target: .value(6))]), locator: locator
      ).run()
    }
  }

  @Test func `an example that does not belong to the task is reported with its index`() throws {
    func refusal(_ set: ExampleSet) throws -> String {
      let error = #expect(throws: TaskError.self) {
        try Experiment(configuration("bad"), task: task, examples: set, locator: locator).run()
      }
      return try #require(error).description
    }
    let good = examples(4)
    #expect(
      try refusal(ExampleSet(train: good + [Example(text: "x", label: 2)]))
        == "train[4]: expected a label from 0 to 1, got 2")
    #expect(
      try refusal(ExampleSet(train: good, evaluation: [Example(text: "x", pair: "y", label: 1)]))
        == "evaluation[0]: expected a single text, got a pair")
    #expect(try refusal(ExampleSet(train: [])).contains("expected at least 2 examples"))
    #expect(try refusal(ExampleSet(train: [good[0]])).contains("expected at least 2 examples"))
    #expect(try !work.contents.contains("bad"))
  }

  @Test func `a cancelled run stops after a step, and its folder is complete`() async throws {
    var long = configuration("long")
    long.training.epochs = 10_000
    let experiment = Experiment(
      long, task: task, examples: ExampleSet(train: examples(8), evaluation: examples(4)), locator: locator)
    // The run cancels its own task, so that the test does not depend on time.
    let running = Mutex<Task<RunSummary, any Error>?>(nil)
    let task = Task(priority: .low) {
      try await experiment.run { event in
        if case .training(.step(let step)) = event, step.step >= 3 { running.withLock { $0?.cancel() } }
      }
    }
    running.withLock { $0 = task }
    let summary = try await task.value
    #expect(summary.isInterrupted && summary.steps < 20_000)
    #expect(try LoadedAdapter(file: work.file("long"), base: tiny.base.folder.path, locator: locator).labels.count == 2)
  }

  @Test func `events report the header, each step, and the summary at the end`() async throws {
    let set = ExampleSet(train: examples(8), evaluation: examples(4))
    var names: [String] = []
    for try await event in Experiment(configuration("events"), task: task, examples: set, locator: locator).events() {
      switch event {
      case .started(let header): names.append("started \(header.trainExamples)")
      case .training(.step(let step)): names.append("step \(step.step)")
      case .training: break
      case .finished(let summary): names.append("finished \(summary.steps)")
      }
    }
    #expect(names == ["started 8", "step 1", "step 2", "finished 2"])
    let missing = Experiment(configuration("events"), locator: BaseLocator(home: work.file("nowhere")))
    await #expect(throws: (any Error).self) {
      var configuration = missing.configuration
      configuration.base = "no such base"
      for try await _ in Experiment(configuration, task: task, examples: set, locator: locator).events() {}
    }
  }

  @Test func `decoding a configuration without methods throws`() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ExperimentConfiguration.self, from: Data(#"{"method": {"name": "lora"}}"#.utf8))
    }
  }

  @Test func `options set in code are checked like those of a file`() throws {
    func refusal(_ change: (inout ExperimentConfiguration) -> Void) throws -> String {
      var configuration = configuration("bad")
      change(&configuration)
      let error = #expect(throws: ConfigurationError.self) {
        try Experiment(configuration, task: task, examples: ExampleSet(train: examples(8)), locator: locator).run()
      }
      return try #require(error).description
    }
    #expect(try refusal { $0.training.epochs = 0 }.hasPrefix("the configuration: training: epochs: expected"))
    #expect(try refusal { $0.training.batchSize = 0 }.contains("batch_size: expected"))
    #expect(try refusal { $0.training.learningRate = .nan }.contains("expected finite numbers"))
    #expect(try refusal { $0.data.trainLimit = -1 }.contains("train_limit: expected"))
    #expect(try refusal { $0.label = "two\nlines" }.contains("label: expected a nonempty text on one line"))
    var lora = LoRAConfiguration()
    lora.rank = 0
    #expect(try refusal { $0.method = LoRA(lora) }.contains("method: rank: expected"))
    #expect(try !work.contents.contains("bad"))
  }

  @Test func `an adapter of a task defined in code is evaluated on files, too`() throws {
    let tone = TaskDefinition(name: "tone", objective: Classification(labels: ["-", "+"]))
    _ = try Experiment(configuration("tone"), task: tone, examples: ExampleSet(train: examples(8)), locator: locator)
      .run()
    try work.write("text\tlabel\nbad\t-\ngood\t+\n", to: "tone.tsv")
    let loaded = try LoadedAdapter(file: work.file("tone"), base: tiny.base.folder.path, locator: locator)
    for name in [nil, "custom", "tone"] {
      #expect(try loaded.evaluate(task: name, data: work.file("tone.tsv")).examples == 2)
    }
  }

  @Test func `the default folder has the name of a task defined in code`() {
    let configuration = ExperimentConfiguration(method: LoRA(LoRAConfiguration()))
    #expect(configuration.output == "runs/sst2-lora")
    #expect(Experiment(configuration, task: task).configuration.output == "runs/tone-lora")
  }

  @Test func `a run that is cancelled before it begins throws and writes nothing`() async throws {
    let experiment = Experiment(
      configuration("never"), task: task, examples: ExampleSet(train: examples(8)), locator: locator)
    let task = Task {
      try? await Task.sleep(for: .seconds(60))
      return try await experiment.run()
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try !work.contents.contains("never"))
  }

  @Test func `a comparison in code runs every experiment with every seed`() async throws {
    try work.write(
      "sentence\tlabel\n" + (0..<12).map { "text \($0)\t\($0 % 2)" }.joined(separator: "\n") + "\n", to: "data.tsv")
    var short = configuration("unused")
    short.data.path = work.file("data.tsv")
    short.training.maxSteps = 1
    let comparison = Comparison(
      ComparisonConfiguration([short], seeds: [1, 2], output: work.file("comparison")), locator: locator)
    var ended = 0
    for try await event in comparison.events() {
      switch event {
      case .ends: ended += 1
      case .finished(let results): #expect(ended == 2 && results.failures.isEmpty)
      default: break
      }
    }
    #expect(ended == 2)
  }
}

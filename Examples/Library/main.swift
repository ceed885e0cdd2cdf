// Trains adapters on examples in memory, reports progress, and predicts from several tasks: library-example BASE FOLDER
import Graft

let base = CommandLine.arguments[1]
let folder = CommandLine.arguments[2]

// A task and its examples. A label is an index into `labels`.
let task = TaskDefinition(name: "urgency", objective: Classification(labels: ["can wait", "urgent"]))
let urgent = ["the server is down", "payments fail for everyone", "we are losing data now", "nobody can log in"]
let relaxed = ["could you change the logo", "a typo on the help page", "a question about invoices", "all is well"]
let examples = ExampleSet(
  train: relaxed.map { Example(text: $0, label: 0) } + urgent.map { Example(text: $0, label: 1) },
  evaluation: [Example(text: "the typo can wait", label: 0), Example(text: "the server fails now", label: 1)])

// A configuration: `Docs/configuration.md` lists the options and their defaults.
var lora = LoRAConfiguration()
lora.rank = 4
var configuration = ExperimentConfiguration(method: LoRA(lora), output: "\(folder)/urgency")
configuration.base = base
configuration.training.epochs = 3
configuration.training.batchSize = 4

// Training reports its progress. Cancelling the task stops it after the current step.
for try await event in Experiment(configuration, task: task, examples: examples).events() {
  switch event {
  case .started(let header): print("training \(header.trainableParameters) of \(header.totalParameters) parameters")
  case .training(.evaluation(let evaluation)): print("step \(evaluation.step): loss \(evaluation.result.loss)")
  case .training: break
  case .finished(let summary): print("finished after \(summary.steps) steps")
  }
}

// Adapters on one base can be loaded, used, and removed from any task.
let loaded = try PretrainedBase(base)
let adapter = try LoadedAdapter(file: "\(folder)/urgency", on: loaded)
try await withThrowingTaskGroup(of: LoadedAdapter.Prediction.self) { group in
  for text in ["nobody can pay", "a small question"] {
    group.addTask(priority: .high) { try await adapter.predict(text) }
  }
  for try await prediction in group { print("\(prediction.text): \(prediction.label)") }
}

// A run is cancelled after its first step, as by a button of an app.
configuration.output = "\(folder)/stopped"
configuration.training.epochs = 1000
let (events, report) = AsyncStream.makeStream(of: Experiment.Event.self)
let run = Task { [configuration] in
  defer { report.finish() }
  return try await Experiment(configuration, task: task, examples: examples).run { report.yield($0) }
}
for await case .training(.step) in events { break }
run.cancel()
let stopped = try await run.value
print("stopped early: \(stopped.isInterrupted)")

// A second adapter is loaded while the first one predicts; then one batch is shared by both.
async let answers = adapter.predict(relaxed.map { ($0, nil) })
let second = try LoadedAdapter(file: "\(folder)/stopped", on: loaded)
print("\(try await answers.count) answers with \(adapter.id)")
print("one batch: \(try await labels(of: "nobody can pay", by: [adapter, second]))")

/// Answers a text with several adapters in one batch.
func labels(of text: String, by adapters: [LoadedAdapter]) async throws -> [String] {
  try await LoadedAdapter.predict(adapters.map { ($0, text, nil) }).map(\.label)
}

// An adapter is replaced while requests are being answered.
let store = AdapterStore(base: loaded)
try await store.install("\(folder)/urgency", as: "urgency")
print("the store answers \(try await store.predict("the server is down", with: "urgency").label)")
try await store.install("\(folder)/stopped", as: "urgency")

// Removing an adapter has no effect on the base or on other adapters.
try adapter.remove()
do {
  _ = try adapter.predict("too late")
} catch {
  print("error: \(error.localizedDescription)")
}

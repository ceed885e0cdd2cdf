import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftTestSupport
import Testing

/// Trains and predicts three classes from a single file of your own data.
struct OwnDataTests {
  let task: TinyTask
  let work: TemporaryFolder

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
    let words = ["good", "bad", "very"]
    let lines = (0..<90).map { i in
      let letter = Character(Unicode.Scalar(UInt8(97 + i * 7 % 26)))
      return "{\"body\": \"the \(letter) was \(words[i % 3])\", \"queue\": \"\(words[i % 3].uppercased())\"}"
    }
    try work.write(lines.joined(separator: "\n"), to: "tickets.jsonl")
  }

  private func experiment(_ changes: String...) throws -> Experiment {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(text: task.configuration(output: work.file("run")), path: "own.yaml")
    let defaults = ["task=custom", "data.path=\(work.file("tickets.jsonl"))", "data.text=body", "data.label=queue"]
    for change in defaults + ["training.epochs=30"] + changes { try file.set(change) }
    return Experiment(
      try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods)),
      locator: BaseLocator(home: work.file("home")))
  }

  private func load() throws -> LoadedAdapter {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    return try LoadedAdapter(
      file: work.file("run/adapter.safetensors.zst"), methods: methods, locator: BaseLocator(home: work.file("home")))
  }

  @Test func `labels are collected, a tenth is held out, and the adapter predicts the labels`() throws {
    var header: Experiment.Header?
    let summary = try experiment().run(begin: { header = $0 })
    let reported = try #require(header)
    #expect((reported.trainExamples, reported.evalExamples, reported.isHeldOut) == (81, 9, true))
    #expect(reported.labels.map(\.name) == ["BAD", "GOOD", "VERY"])
    #expect(reported.labels.reduce(0) { $0 + $1.count } == 81)
    #expect(reported.lengths.longest == 6 && reported.lengths.mean == 6 && reported.lengths.truncated == 0)
    #expect(summary.task == "custom" && summary.metrics["accuracy"] == 1)

    let loaded = try load()
    #expect(loaded.labels == ["BAD", "GOOD", "VERY"])
    for (word, label) in [("good", "GOOD"), ("bad", "BAD"), ("very", "VERY")] {
      let prediction = try loaded.predict("the film was \(word)")
      #expect(prediction.label == label && (prediction.probability ?? 0) > 0.8)
      #expect(abs(prediction.probabilities.reduce(0, +) - 1) < 1e-9 && prediction.logits.count == 3)
    }
    #expect(try loaded.evaluate(data: work.file("tickets.jsonl")).examples == 90)
  }

  @Test func `texts predicted together get the same results as alone, in input order`() throws {
    _ = try experiment("training.epochs=3").run()
    let loaded = try load()
    let texts = ["the a was good", "bad", "", "the film was very very very good and bad"]
    let together = try loaded.predict(texts.map { ($0, nil) })
    #expect(together.map(\.index) == [0, 1, 2, 3] && together.map(\.text) == texts)
    for (text, batched) in zip(texts, together) {
      let alone = try loaded.predict(text)
      #expect(zip(alone.logits, batched.logits).allSatisfy { abs($0 - $1) < 1e-5 } && alone.label == batched.label)
    }
  }

  @Test func `the held-out set depends only on the seed, and its size can be set`() throws {
    func trainingCounts(_ changes: String...) throws -> [Int] {
      var header: Experiment.Header?
      let experiment =
        changes.isEmpty ? try experiment("training.max_steps=1") : try experiment("training.max_steps=1", changes[0])
      _ = try experiment.run(begin: { header = $0 })
      return try #require(header).labels.map(\.count)
    }
    #expect(try trainingCounts() == trainingCounts())
    #expect(try trainingCounts("data.held_out=0.5").reduce(0, +) == 45)
  }

  @Test func `training examples remain even if nearly all are held out`() throws {
    var header: Experiment.Header?
    _ = try experiment("training.max_steps=1", "data.held_out=0.9999").run(begin: { header = $0 })
    // One example per class remains for training.
    #expect((header?.trainExamples, header?.evalExamples) == (3, 87))
  }

  @Test func `every class contributes its share to the held-out set and keeps one example`() throws {
    let rows = (0..<60).map { "{\"body\": \"x\($0)\", \"queue\": \"\($0 < 40 ? "a" : $0 < 59 ? "b" : "c")\"}" }
    try work.write(rows.joined(separator: "\n"), to: "tickets.jsonl")
    var header: Experiment.Header?
    _ = try experiment("training.max_steps=1", "data.held_out=0.2").run(begin: { header = $0 })
    #expect(header?.labels.map(\.count) == [32, 15, 1] && header?.evalExamples == 12)
    try work.write("{\"body\": \"x\", \"queue\": \"a\"}\n{\"body\": \"y\", \"queue\": \"b\"}\n", to: "tickets.jsonl")
    #expect(throws: TaskError.nothingToHoldOut(file: work.file("tickets.jsonl"))) { try experiment().run() }
  }

  @Test func `an extra tab is rejected, because it shifts the label`() throws {
    try work.write("body\tqueue\na b\tx\nhalf\tother half\ty\n", to: "tickets.tsv")
    let error = #expect(throws: TableError.self) { try experiment("data.path=\(work.file("tickets.tsv"))").run() }
    #expect(error?.description.contains("tickets.tsv:3: the row has 3 fields, expected 2") == true)
  }

  @Test func `a single file has no splits, and two files for one split are ambiguous`() throws {
    _ = try experiment("training.max_steps=1").run()
    let loaded = try load()
    let evaluation = try loaded.evaluate(data: work.file("tickets.jsonl"))
    #expect(evaluation.split == "all" && evaluation.examples == 90)
    #expect(throws: TaskError.self) { try loaded.evaluate(data: work.file("tickets.jsonl"), split: "dev") }
    for name in ["dev.csv", "dev.tsv"] { try work.write("body,queue\na,BAD\n", to: "both/\(name)") }
    let error = #expect(throws: TaskError.self) { try loaded.evaluate(data: work.file("both")) }
    #expect(
      error?.description.contains("has several files for 'dev': 'dev.csv' and 'dev.tsv'; keep one of them") == true)
    #expect(throws: TaskError.self) { try loaded.evaluate(data: work.file("both"), split: "../both/dev") }
  }

  @Test func `classification needs at least two labels`() throws {
    try work.write("{\"body\": \"a\", \"queue\": 1}\n{\"body\": \"b\", \"queue\": 1}\n", to: "tickets.jsonl")
    let error = #expect(throws: TaskError.self) { try experiment().run() }
    #expect(error?.description.contains("column 'queue' has 1 different label, expected 2 to 1000") == true)
  }

  @Test func `a label that was not in the training data is rejected with its line`() throws {
    _ = try experiment("training.max_steps=1").run()
    try work.write("{\"body\": \"a\", \"queue\": \"NEW\"}\n", to: "dev.jsonl")
    let error = #expect(throws: TaskError.self) { try load().evaluate(data: work.file("dev.jsonl")) }
    #expect(error?.description.contains(":1: unknown label 'NEW'; expected one of BAD, GOOD") == true)
  }

  @Test func `columns require the task custom, which needs data`() throws {
    #expect(throws: ConfigurationError.self) { try experiment("task=sst2") }
    #expect(throws: TaskError.needsData(task: "custom")) { try experiment("data.path=").run() }
  }

  @Test func `pairs are read, trained on and predicted as pairs`() throws {
    let lines = (0..<40).map { i in "good\t\(i % 2 == 0 ? "good" : "bad")\t\(i % 2 == 0 ? "same" : "other")" }
    try work.write("one\ttwo\tlabel\n" + lines.joined(separator: "\n"), to: "pairs.tsv")
    _ = try experiment(
      "data.path=\(work.file("pairs.tsv"))", "data.text=one", "data.text_pair=two", "data.label=label"
    ).run()
    let loaded = try load()
    #expect(try loaded.predict("good", pair: "good").label == "same")
    #expect(try loaded.predict("good", pair: "bad").label == "other")
    let json = try loaded.predict("good", pair: "bad").json()
    #expect(json.contains(#""text":"good","text_pair":"bad""#) && json.contains(#""label":"other""#), "\(json)")
    #expect(throws: PredictionError.pairs(expected: true)) { try loaded.predict("good") }
  }
}

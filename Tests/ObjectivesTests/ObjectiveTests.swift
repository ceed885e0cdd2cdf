import GraftAdapterFiles
import GraftCore
import GraftObjectives
import Testing

/// Answers, groups, and names of the objectives.
struct ObjectiveTests {
  @Test func `the answer of classification is the most probable class`() {
    let answer = Classification(labels: ["0", "1"], labelNames: ["no", "yes"]).answer([1, 3])
    #expect(answer.text == "yes" && answer.labels == ["yes"] && answer.probability == answer.probabilities[1])
    #expect(abs(answer.probabilities.reduce(0, +) - 1) < 1e-12 && answer.json["label"] == "yes")
    #expect(Classification(labels: ["0", "1"], labelNames: ["no", "yes"]).written([1, 3]) == "1")
  }

  @Test func `the answer of regression is the number, and is clamped only for submissions`() {
    let stars = Regression(name: "stars", range: 0...5)
    #expect(stars.answer([5.25]).text == "5.25" && stars.answer([5.25]).probabilities.isEmpty)
    #expect(stars.written([5.25]) == "5.0" && stars.written([1.23456]) == "1.235")
  }

  @Test func `the answer of multi-label has every label with a probability of at least one half`() {
    let topics = MultiLabel(labels: ["a", "b", "c"], labelNames: ["art", "bank, river", "law"])
    let answer = topics.answer([2, 0, -1])
    #expect(answer.labels == ["art", "bank, river"] && answer.probabilities[1] == 0.5 && answer.probability == nil)
    #expect(answer.text == "'art', 'bank, river'")
    #expect(answer.json.keys.sorted() == ["labels", "probabilities"])
    #expect(topics.written([2, 0, -1]) == "[\"a\",\"b\"]")
    #expect(topics.answer([-1, -1, -1]).text == "(no label)" && topics.written([-1, -1, -1]) == "[]")
  }

  @Test func `texts are grouped by their rarest label`() {
    let topics = MultiLabel(labels: ["common", "rare", "middle"])
    let groups = topics.groups([
      (.labels([0]), 50), (.labels([0, 1]), 2), (.labels([]), 7), (.labels([0, 2]), 9), (.labels([1, 2]), 3),
    ])
    #expect(groups == [0, 1, 3, 2, 1])
  }

  @Test func `files without an objective are classification or regression`() {
    #expect(Classification(labels: ["a", "b"]).reference == .implied(by: ["a", "b"]))
    #expect(Regression(name: "x").reference == .implied(by: ["x"]))
    #expect(MultiLabel(labels: ["a", "b"]).reference != .implied(by: ["a", "b"]))
    #expect(MultiLabel(labels: ["a"]).reference != .implied(by: ["a"]))
  }

  @Test func `objectives are registered by name`() throws {
    var registry = ObjectiveRegistry.builtIn
    #expect(registry.names == ["classification", "regression", "multi_label"])
    #expect(throws: RegistryError.duplicate("multi_label", kind: "objective")) {
      try registry.register(MultiLabel.self)
    }
    let error = #expect(throws: RegistryError.self) { try registry.type(named: "multilabel") }
    #expect(
      error?.description
        == "no objective named 'multilabel', did you mean 'multi_label'?; objectives are classification, regression, multi_label"
    )
  }

  @Test func `the baseline of classification is the most frequent class, with the frequencies as probabilities`() {
    let objective = Classification(labels: ["a", "b", "c"], metrics: [.accuracy])
    let baseline = objective.baseline([0, 1, 1, 1, 0].map(Target.label))
    let outputs = baseline.outputs(counts: [3, 3])
    #expect(baseline.name == "majority" && objective.written(outputs[0]) == "b" && outputs[0] == outputs[1])
    #expect(Metric.accuracy.value(outputs, [.label(1), .label(2)]) == 0.5)
    let probabilities = objective.answer(outputs[0]).probabilities
    #expect(zip(probabilities, [2.5 / 6.5, 3.5 / 6.5, 0.5 / 6.5]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `the baseline of regression is the mean, whose correlation is undefined`() {
    let baseline = Regression(name: "stars").baseline([1, 2, 6].map(Target.value))
    #expect(baseline.name == "mean" && baseline.outputs == [3])
    #expect(Metric.pearson.value(baseline.outputs(counts: [1, 1]), [.value(1), .value(2)]) == nil)
  }

  @Test func `the baseline of multi-label has the labels of at least half of the examples`() {
    let topics = MultiLabel(labels: ["a", "b", "c"])
    let baseline = topics.baseline([.labels([0, 1]), .labels([0]), .labels([1]), .labels([0, 2])])
    #expect(topics.written(baseline.outputs) == "[\"a\",\"b\"]" && baseline.outputs.allSatisfy(\.isFinite))
    #expect(topics.written(topics.baseline([.labels([])]).outputs) == "[]")
  }

  @Test func `a baseline repeats its outputs for each token`() {
    let baseline = Baseline(name: "x", summary: "x", outputs: [1, 2])
    #expect(baseline.outputs(counts: [2, 6]) == [[1, 2], [1, 2, 1, 2, 1, 2]])
  }

  @Test func `the details of regression are pairs of numbers`() {
    let details = Regression(name: "x").details([[1], [2.5]], [.value(2), .value(3)])
    #expect(details.numbers == [.init(actual: 2, predicted: 1), .init(actual: 3, predicted: 2.5)])
    #expect(details.classes.isEmpty && details.confusions.isEmpty)
  }
}

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
}

import GraftInference
import Testing

/// Several adapter files on one base model in memory: each predicts as if it were alone.
struct SeveralAdaptersTests {
  let files: RandomAdapters
  let texts: [(text: String, pair: String?)] = [("the film is good", nil), ("bad bad", nil), ("x", nil)]

  init() throws { files = try RandomAdapters() }

  private func logits(_ adapter: LoadedAdapter) throws -> [[Float]] { try adapter.predict(texts).map(\.logits) }

  @Test func `each adapter predicts as if it were alone, regardless of other adapters on the base`() throws {
    let paths = [
      try files.write("two", classes: 2, targets: .roles(.query, .value)),
      try files.write("three", classes: 3, targets: .roles(.query, .feedForwardIn)),
      try files.write("five", classes: 5, targets: .roles(.key)),
    ]
    let alone = try paths.map {
      try logits(
        LoadedAdapter(file: $0, on: files.base()))
    }
    #expect(alone.map { $0[0].count } == [2, 3, 5])

    let base = try files.base()
    let hash = BaseIdentity.hash(of: base.model)
    let together = try paths.map { try LoadedAdapter(file: $0, on: base) }
    let mixed = texts.flatMap { text in together.map { (adapter: $0, text: text.text, pair: text.pair) } }
    let predictions = try LoadedAdapter.predict(mixed)
    #expect(predictions.map(\.index) == Array(mixed.indices) && predictions[1].label.hasPrefix("three"))
    for (index, prediction) in predictions.enumerated() {
      let expected = alone[index % 3][index / 3]
      #expect(prediction.logits.count == expected.count)
      #expect(zip(prediction.logits, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
    }
    for order in [[0, 1, 2], [2, 0, 1]] {
      for index in order { #expect(try logits(together[index]) == alone[index]) }
    }
    #expect(try together[1].predict("x").label.hasPrefix("three"))

    // A merged adapter affects its own predictions, but not those of others.
    try base.model.adaptable.merge(together[0].id)
    for index in 0..<3 {
      let differences = zip(try logits(together[index]).joined(), alone[index].joined()).map { abs($0 - $1) }
      #expect(differences.max() ?? 1 <= (index == 0 ? 1e-5 : 0))
    }
    try base.model.adaptable.unmerge(together[0].id)

    #expect(throws: AdapterError.self) { try LoadedAdapter(file: paths[0], on: base) }
    try together[1].remove()
    #expect(try logits(together[2]) == alone[2])
    try together[0].remove()
    try together[2].remove()
    #expect(base.model.adaptable.adapters.isEmpty && BaseIdentity.hash(of: base.model) == hash)
  }
}

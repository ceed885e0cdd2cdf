import GraftAdapterFiles
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftTestSupport
import GraftTransformer
import Testing

/// Any number of adapters of all methods on one base: separately, in one batch, and stacked.
struct ManyAdaptersTests {
  private let workers = Workers(count: 2)

  /// Sequences of various lengths with different ids.
  private let sequences: [[Int32]] = [5, 1, 17, 37, 2, 9, 1, 30].enumerated().map { index, length in
    (0..<length).map { Int32(($0 * 7 + index * 13) % 96) }
  }

  private func name(_ index: Int) -> AdapterID { AdapterID("\(index) \(ContractTests.methods[index].testDescription)") }

  /// Adds an adapter of one of the methods, with random values and a head for two to four classes.
  private func add(_ index: Int, to model: SequenceClassifier, scale: Float = 0.3) throws {
    let method = ContractTests.methods[index].method
    let adapter = try model.inject(method, as: name(index), seed: UInt64(index), classes: 2 + index % 3)
    for parameter in adapter.parameters {
      var random = RandomStream(seed: UInt64(index), purpose: parameter.name)
      for i in parameter.values.indices { parameter.values[i] = (Float(random.uniform()) - 0.5) * scale }
    }
  }

  private func randomize(_ adapter: Adapter) {
    for parameter in adapter.parameters {
      var random = RandomStream(seed: 9, purpose: parameter.name)
      for i in parameter.values.indices { parameter.values[i] = (Float(random.uniform()) - 0.5) * 0.3 }
    }
  }

  private func load(_ reference: ReferenceModel) throws -> SequenceClassifier {
    try SequenceClassifier(folder: reference.folder, classes: 3, seed: 0)
  }

  /// Returns the logits of the sequences with only these adapters.
  private func logits(_ model: SequenceClassifier, _ adapters: [AdapterID]) throws -> [[Float]] {
    let pass = Pass()
    var batch = PackedBatch()
    for sequence in sequences { batch.append(ids: sequence, typeIDs: Array(repeating: 0, count: sequence.count)) }
    pass.begin(batch, mode: .inference, bindings: try model.adaptable.bindings(active: adapters))
    return model.logits(in: pass).toRows()
  }

  private func mixed(_ model: SequenceClassifier, _ adapters: [[AdapterID]]) throws -> [[Float]] {
    try model.logits(
      of: zip(sequences, adapters).map { sequence, adapters in
        .init(ids: sequence, typeIDs: Array(repeating: 0, count: sequence.count), adapters: adapters)
      }, workers: workers)
  }

  private func distance(_ a: [[Float]], _ b: [[Float]]) -> Float {
    guard a.map(\.count) == b.map(\.count) else { return .infinity }
    return zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test(arguments: ReferenceModel.all)
  func `each sequence of a mixed batch has the logits of its adapter alone`(reference: ReferenceModel) throws {
    let count = ContractTests.methods.count
    let alone = try (0..<count).map { index in
      let model = try load(reference)
      try add(index, to: model)
      return try logits(model, [name(index)])
    }
    let model = try load(reference)
    let baseLogits = try logits(model, [])
    let hash = BaseIdentity.hash(of: model)
    for index in 0..<count { try add(index, to: model) }
    for index in 0..<count { #expect(try logits(model, [name(index)]) == alone[index], "\(name(index))") }

    var random = RandomStream(seed: 3, purpose: "assignments")
    for round in 0..<30 {
      if round == 15 {
        for index in 0..<count where ContractTests.methods[index].merges { try model.adaptable.merge(name(index)) }
      }
      // The index `count` means no adapter.
      let indices = sequences.map { _ in Int.random(in: 0...count, using: &random) }
      let actual = try mixed(model, indices.map { $0 == count ? [] : [name($0)] })
      let expected = indices.enumerated().map { $1 == count ? baseLogits[$0] : alone[$1][$0] }
      // A merged weight is rounded once more; OpenBLAS sums in an order that depends on the number of rows.
      #expect(distance(actual, expected) <= (round < 15 ? 2e-6 : 2e-5), "\(indices)")
    }
    #expect(BaseIdentity.hash(of: model) == hash)
  }

  @Test(arguments: ReferenceModel.all)
  func `adapters are stacked in the order given for a pass`(reference: ReferenceModel) throws {
    let pairs = [(0, 3), (4, 7), (7, 4), (9, 4), (9, 11), (12, 0)]
    for (first, second) in pairs {
      let both = try load(reference)
      try add(first, to: both)
      try add(second, to: both)
      let reversed = try load(reference)
      try add(second, to: reversed)
      try add(first, to: reversed)
      let (a, b) = (name(first), name(second))
      #expect(try logits(both, [a, b]) == logits(reversed, [a, b]), "\(a), \(b)")
      #expect(try logits(both, [b, a]) == logits(reversed, [b, a]), "\(b), \(a)")
      #expect(try distance(logits(both, [a, b]), logits(both, [b])) > 1e-4, "\(a) has an effect below \(b)")
      // A batch in which some sequences use one adapter, and others use both.
      let actual = try mixed(both, sequences.indices.map { $0 % 3 == 0 ? [a] : $0 % 3 == 1 ? [a, b] : [b, a] })
      let onlyA = try logits(both, [a])
      let aThenB = try logits(both, [a, b])
      let bThenA = try logits(both, [b, a])
      let expected = sequences.indices.map { $0 % 3 == 0 ? onlyA[$0] : $0 % 3 == 1 ? aThenB[$0] : bThenA[$0] }
      #expect(distance(actual, expected) <= 1e-6)
    }
  }

  @Test func `a thousand random additions, merges, unmerges, and removals do not change a bit of the base`() throws {
    let model = try load(.bert)
    let baseLogits = try logits(model, [])
    let hash = BaseIdentity.hash(of: model)
    let count = ContractTests.methods.count
    let alone = try (0..<count).map { index in
      try add(index, to: model)
      defer { try? model.adaptable.remove(name(index)) }
      return try logits(model, [name(index)])
    }
    var random = RandomStream(seed: 1, purpose: "orders")
    var merged = Set<Int>()
    var present = Set<Int>()
    for round in 0..<1000 {
      let index = Int.random(in: 0..<count, using: &random)
      if !present.contains(index) {
        try add(index, to: model)
        present.insert(index)
      } else if merged.contains(index) {
        #expect(throws: AdapterError.merged(name(index))) { try model.adaptable.remove(name(index)) }
        #expect(throws: AdapterError.merged(name(index))) { try model.adaptable.merge(name(index)) }
        try model.adaptable.unmerge(name(index))
        merged.remove(index)
      } else if ContractTests.methods[index].merges, Bool.random(using: &random) {
        try model.adaptable.merge(name(index))
        merged.insert(index)
      } else {
        try model.adaptable.remove(name(index))
        present.remove(index)
      }
      if round % 50 == 0 {
        for index in present.subtracting(merged) { #expect(try logits(model, [name(index)]) == alone[index]) }
        for index in merged { #expect(try distance(logits(model, [name(index)]), alone[index]) < 2e-5) }
      }
    }
    for index in merged { try model.adaptable.unmerge(name(index)) }
    for index in present { try model.adaptable.remove(name(index)) }
    #expect(try logits(model, []) == baseLogits)
    #expect(BaseIdentity.hash(of: model) == hash)
  }

  @Test(arguments: ReferenceModel.all)
  func `a concatenated sum of LoRA adapters is exactly the sum of their updates`(
    reference: ReferenceModel
  ) throws {
    let model = try load(reference)
    for (index, id) in zip([0, 3, 6], ["a", "b", "c"] as [AdapterID]) {
      var configuration = LoRAConfiguration()
      configuration.rank = 2 + index
      configuration.alpha = 5
      configuration.overrides = [.init(targets: .roles(.query), rank: 3, alpha: 40)]
      let adapter = try model.inject(LoRA(configuration), as: id, seed: UInt64(index), classes: 2)
      for parameter in adapter.parameters {
        var random = RandomStream(seed: UInt64(index), purpose: parameter.name)
        for i in parameter.values.indices { parameter.values[i] = (Float(random.uniform()) - 0.5) * 0.3 }
      }
    }
    // Stacked attachments add their updates, so a concatenated sum must have the same effect.
    let sum = try model.adaptable.addSum(of: [("a", 1), ("b", 1), ("c", 1)], .concatenated, as: "sum")
    #expect(Set(sum.parameters.filter { $0.name.hasSuffix("lora_A") }.map(\.rows)) == [9, 15])
    func hidden(_ adapters: [AdapterID]) throws -> [[Float]] {
      // All stacks use the same head, that of the last adapter.
      try logits(model, adapters + ["head"])
    }
    randomize(try model.inject(HeadOnly(.init()), as: "head", seed: 1, classes: 3))
    #expect(try distance(hidden(["sum"]), hidden(["a", "b", "c"])) < 2e-6)
    #expect(try distance(hidden(["sum"]), hidden(["a", "b"])) > 1e-3)
    try model.adaptable.addSum(of: [("a", 0.75), ("a", 0.25)], .linear, as: "same")
    #expect(try distance(hidden(["same"]), hidden(["a"])) > 1e-3, "a sum of products is not a product of sums")
    try model.adaptable.addSum(of: [("a", -0.5)], .linear, as: "less")
    try model.adaptable.addSum(of: [("a", 1), ("less", 1), ("less", 1)], .concatenated, as: "none")
    #expect(try distance(hidden(["none"]), hidden([])) < 2e-6)
    // The heads are summed as well.
    let heads = ["a", "b", "c", "sum"].compactMap { model.adaptable.adapter($0)?.parameters.last }
    for i in heads[3].values.indices {
      #expect(abs(heads[3].values[i] - heads[0].values[i] - heads[1].values[i] - heads[2].values[i]) < 1e-6)
    }
    try model.adaptable.remove("sum")
    #expect(try distance(hidden(["a"]), hidden([])) > 1e-3)
  }

  @Test func `a sum of incompatible adapters is rejected with advice`() throws {
    let model = try load(.bert)
    func lora(_ id: AdapterID, classes: Int = 2, _ change: (inout LoRAConfiguration) -> Void) throws {
      var configuration = LoRAConfiguration()
      change(&configuration)
      try model.inject(LoRA(configuration), as: id, seed: 1, classes: classes)
    }
    try lora("a") { _ in }
    try lora("rank") { $0.rank = 3 }
    try lora("targets") { $0.targets = .roles(.key, .value) }
    try lora("classes", classes: 4) { _ in }
    try lora("dora") { $0.dora = true }
    try model.inject(Houlsby(.init()), as: "houlsby", seed: 1, classes: 2)
    func refusal(_ terms: [AdapterID], _ way: AdapterSum = .concatenated) -> String {
      let count = model.adaptable.adapters.count
      defer { #expect(model.adaptable.adapters.count == count) }
      do {
        try model.adaptable.addSum(of: terms.map { ($0, 1) }, way, as: "sum")
        return "no refusal"
      } catch { return "\(error)" }
    }
    #expect(refusal(["a", "rank"], .linear).contains("use a concatenated sum instead"))
    #expect(refusal(["a", "targets"]).contains("its targets differ from those of 'a'"))
    #expect(refusal(["a", "classes"]).contains("different heads"))
    #expect(refusal(["dora", "dora"]).contains("DoRA"))
    #expect(refusal(["a", "houlsby"]).contains("'houlsby' is Houlsby"))
    #expect(refusal(["houlsby", "houlsby"]).contains("does not support sums"))
    #expect(refusal([]).contains("expected at least one adapter"))
    #expect(refusal(["missing"]).contains("no adapter named 'missing'"))
    #expect(throws: AdapterError.duplicate("a")) { try model.adaptable.addSum(of: [("a", 1)], .linear, as: "a") }
  }
}

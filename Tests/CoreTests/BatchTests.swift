import GraftCore
import Testing

@Suite struct BatchTests {
  @Test func `the parts of a batch keep the order and balance the tokens`() {
    let batch = someBatch([10, 1, 1, 1, 7, 4, 12, 3])
    let parts = batch.split(into: 2)
    #expect(parts.flatMap(\.ids) == batch.ids)
    #expect(parts.map(\.tokenCount) == [20, 19])
    #expect(parts.map(\.firstSequence) == [0, 5])
    #expect(parts.map(\.firstToken) == [0, 20])
    #expect(parts[1].offsets == [0, 4, 16, 19])
  }

  @Test(arguments: 1...6, [[5], [100, 1], [1, 100], [3, 3, 3, 3, 3, 3, 3]])
  func `no part is empty and no sequence is lost`(count: Int, lengths: [Int]) {
    let parts = someBatch(lengths).split(into: count)
    #expect(parts.allSatisfy { $0.sequenceCount > 0 })
    #expect(parts.reduce(0) { $0 + $1.sequenceCount } == lengths.count)
    #expect(parts.count <= count)
  }

  @Test func `the workers' gradients add up to the gradient of a single worker`() throws {
    let batch = someBatch([4, 9, 2, 6, 5])
    let weight = Parameter(name: "w", shape: [3, 6])
    let table = Parameter(name: "t", shape: [11, 6])
    for parameter in [weight, table] { Initializer.normal(deviation: 1).fill(parameter, seed: 1) }
    func gradients(workers count: Int) throws -> [Float] {
      let workers = Workers(count: count)
      _ = workers.run(
        batch, mode: .training(DropoutKey(seed: 1, step: 1)), bindings: ParameterBindings(trained: [weight, table])
      ) { pass, part in
        let x = pass.embed(words: pass.tensor(table), positions: pass.tensor(table), types: nil)
        let logits = pass.linear(
          pass.firstTokens(of: pass.dropout(x, probability: 0.4)), weight: pass.tensor(weight), bias: nil)
        let labels = (0..<part.sequenceCount).map { ($0 + part.firstSequence) % 3 }
        _ = pass.crossEntropy(logits, labels: labels, weight: 0.2)
        pass.runBackwardPass()
      }
      return Array(try workers.sumGradients().values)
    }
    let one = try gradients(workers: 1).map(Double.init)
    for count in 2...5 { #expect(relativeDistance(try gradients(workers: count).map(Double.init), one) < 1e-6) }
    #expect(try gradients(workers: 2) == gradients(workers: 2), "the result is bit-identical every time")
  }

  @Test func `an arena allocates only once for steps of the same size`() {
    let arena = Arena()
    for _ in 0..<3 {
      for size in [100, 5_000_000, 20_000] { _ = arena.allocate(size) }
      arena.reset()
    }
    let capacity = arena.capacity
    for size in [100, 5_000_000, 20_000] { _ = arena.allocate(size) }
    #expect(arena.capacity == capacity)
  }

  @Test func `no backward steps are recorded for frozen parts`() {
    let pass = Pass()
    let frozen = Parameter(name: "w", shape: [4, 4])
    pass.begin(someBatch([3]), mode: .training(nil), bindings: ParameterBindings(trained: []))
    let x = pass.makeTensor(rows: 3, columns: 4, trains: false, firstRow: 0)
    let y = pass.linear(x, weight: pass.tensor(frozen), bias: nil)
    #expect(!y.trains && !pass.activate(y, .gelu).trains)
  }
}

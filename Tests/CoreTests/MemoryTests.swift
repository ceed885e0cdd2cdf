import GraftCore
import Testing

/// Memory that is given back before the step ends.
struct DiscardTests {
  private let x = Parameter(name: "x", shape: [4, 8])

  private func pass(trains: Bool = true) -> Pass {
    Initializer.normal(deviation: 1).fill(x, seed: 1)
    let pass = Pass()
    pass.begin(
      PackedBatch(), mode: trains ? .training(nil) : .inference, bindings: ParameterBindings(trained: [x]))
    return pass
  }

  @Test func `a tensor that no step reads again makes room for the next one of its size`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let twice = pass.add(sum, sum)
    pass.discard(sum, after: twice)
    #expect(pass.add(twice, twice).values == sum.values)
  }

  @Test func `a tensor stays while a step of the way back reads it`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let (kept, active) = (sum.toArray(), pass.activate(sum, .gelu))
    pass.discard(sum, after: active)
    #expect(pass.add(active, active).values != sum.values)
    #expect(sum.toArray() == kept)
  }

  @Test func `nothing is read again where nothing trains`() {
    let pass = pass(trains: false)
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let active = pass.activate(sum, .gelu)
    pass.discard(sum, after: active)
    #expect(pass.add(active, active).values == sum.values)
  }

  @Test func `a tensor stays when its successor is the same memory`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    pass.discard(sum, after: pass.dropout(sum, probability: 0.5))
    #expect(pass.add(sum, sum).values != sum.values)
  }
}

/// Memory of gradients on the way back.
struct GradientSlotTests {
  @Test func `what is given back serves the next gradient of its size`() {
    let pool = ArenaPool(arena: Arena())
    var (first, second) = (GradientSlot(count: 8, pool: pool), GradientSlot(count: 8, pool: pool))
    let memory = first.read()
    #expect((0..<8).allSatisfy { memory[$0] == 0 })
    memory[3] = 5
    #expect(first.read() == memory && first.read()[3] == 5)
    first.release()
    let (again, isNew) = second.take()
    #expect(again == memory && isNew && !second.take().isNew)
    #expect(second.read()[3] == 5, "what was taken to be filled is not cleared")
    second.release()
    var third = GradientSlot(count: 8, pool: pool)
    #expect(third.read() == memory && third.read()[3] == 0)
  }

  @Test func `a chain's gradients share memory, whatever its length`() {
    func floats(_ length: Int) -> Int {
      let x = Parameter(name: "x", shape: [16, 16])
      let pass = Pass()
      pass.begin(PackedBatch(), mode: .training(nil), bindings: ParameterBindings(trained: [x]))
      var y = pass.tensor(x)
      for _ in 0..<length { y = pass.activate(y, .relu) }
      y.gradient?.initialize(repeating: 1, count: y.count)
      let before = pass.arena.used
      pass.runBackwardPass()
      return (pass.arena.used - before) / 4
    }
    #expect(floats(3) == 256 && floats(30) == 256)
  }
}

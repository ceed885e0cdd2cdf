import GraftCore
import Testing

/// Memory that is freed before the end of the step.
struct DiscardTests {
  private let x = Parameter(name: "x", shape: [4, 8])

  private func pass(trains: Bool = true) -> Pass {
    Initializer.normal(deviation: 1).fill(x, seed: 1)
    let pass = Pass()
    pass.begin(
      PackedBatch(), mode: trains ? .training(nil) : .inference, bindings: ParameterBindings(trained: [x]))
    return pass
  }

  @Test func `the memory of a tensor that no step reads is reused for the next tensor of its size`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let double = pass.add(sum, sum)
    pass.discard(sum, after: double)
    #expect(pass.add(double, double).values == sum.values)
  }

  @Test func `a tensor is kept while a backward step reads it`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let values = sum.toArray()
    let activated = pass.activate(sum, .gelu)
    pass.discard(sum, after: activated)
    #expect(pass.add(activated, activated).values != sum.values)
    #expect(sum.toArray() == values)
  }

  @Test func `without training, all discarded tensors are freed`() {
    let pass = pass(trains: false)
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    let activated = pass.activate(sum, .gelu)
    pass.discard(sum, after: activated)
    #expect(pass.add(activated, activated).values == sum.values)
  }

  @Test func `a tensor is kept when its successor uses the same memory`() {
    let pass = pass()
    let sum = pass.add(pass.tensor(x), pass.tensor(x))
    pass.discard(sum, after: pass.dropout(sum, probability: 0.5))
    #expect(pass.add(sum, sum).values != sum.values)
  }
}

/// Memory of gradients in the backward pass.
struct GradientSlotTests {
  @Test func `released memory is reused for the next gradient of its size`() {
    let pool = ArenaPool(arena: Arena())
    var (first, second) = (GradientSlot(count: 8, pool: pool), GradientSlot(count: 8, pool: pool))
    let memory = first.read()
    #expect((0..<8).allSatisfy { memory[$0] == 0 })
    memory[3] = 5
    #expect(first.read() == memory && first.read()[3] == 5)
    first.release()
    let (again, isNew) = second.take()
    #expect(again == memory && isNew && !second.take().isNew)
    #expect(second.read()[3] == 5, "memory taken to be overwritten is not cleared")
    second.release()
    var third = GradientSlot(count: 8, pool: pool)
    #expect(third.read() == memory && third.read()[3] == 0)
  }

  @Test func `the gradients of a chain share memory, regardless of its length`() {
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

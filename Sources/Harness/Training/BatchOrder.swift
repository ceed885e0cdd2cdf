/// The examples of each step, which are a function of the seed and the step.
struct BatchOrder {
  private let order: ExampleOrder
  private let examples: EncodedExamples
  private let batchSize: Int
  private let stepsPerEpoch: Int
  private var epoch = -1
  private var epochOrder: [Int] = []

  init(order: ExampleOrder, examples: EncodedExamples, batchSize: Int) {
    self.order = order
    self.examples = examples
    self.batchSize = batchSize
    stepsPerEpoch = (examples.count + batchSize - 1) / batchSize
  }

  /// Returns the examples of a step, counted from 1.
  mutating func indices(ofStep step: Int) -> [Int] {
    let (epoch, position) = (step - 1).quotientAndRemainder(dividingBy: stepsPerEpoch)
    if epoch != self.epoch {
      self.epoch = epoch
      epochOrder = order.epoch(epoch, of: examples.count)
    }
    let first = position * batchSize
    return examples.balanced(epochOrder[first..<min(first + batchSize, examples.count)])
  }
}

extension Pass {
  /// The squared error of outputs `[S, 1]` against numbers, and the start of the way back.
  ///
  /// - Parameters:
  ///   - outputs: `[S, 1]`.
  ///   - targets: A number for each sequence of this pass.
  ///   - weight: What each sequence counts: 1 / S of the whole batch makes the workers' losses add up to the mean.
  /// - Returns: The sum over the sequences, times the weight. The outputs' gradient is that of this sum.
  public func squaredError(_ outputs: Tensor, targets: some Collection<Float>, weight: Float) -> Double {
    precondition(targets.count == outputs.count, "\(targets.count) numbers for \(outputs.count) outputs")
    var sum = 0.0
    for (row, target) in targets.enumerated() {
      let difference = outputs.values[row] - target
      sum += Double(difference) * Double(difference)
      outputs.gradient?[row] += 2 * difference * weight
    }
    return sum * Double(weight)
  }
}

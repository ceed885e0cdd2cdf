extension Pass {
  /// Computes the squared error of outputs `[S, 1]` and target values, and adds its gradient to that of the outputs.
  ///
  /// - Parameters:
  ///   - outputs: `[S, 1]`.
  ///   - targets: A target value for each sequence of this pass.
  ///   - weight: The weight of each sequence: with 1 / S of the whole batch, the workers' losses add up to the mean.
  /// - Returns: The sum over the sequences, times the weight. The gradient of the outputs is that of this sum.
  public func squaredError(_ outputs: Tensor, targets: some Collection<Float>, weight: Float) -> Double {
    precondition(targets.count == outputs.count, "\(targets.count) targets for \(outputs.count) outputs")
    var sum = 0.0
    for (row, target) in targets.enumerated() {
      let difference = outputs.values[row] - target
      sum += Double(difference) * Double(difference)
      outputs.gradient?[row] += 2 * difference * weight
    }
    return sum * Double(weight)
  }
}

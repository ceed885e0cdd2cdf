import CKernels

extension Pass {
  /// Computes the softmax cross-entropy of logits `[S, C]` and labels, and adds its gradient to that of the logits.
  ///
  /// - Parameters:
  ///   - logits: `[S, C]`.
  ///   - labels: A class for each sequence of this pass.
  ///   - weight: The weight of each sequence: with 1 / S of the whole batch, the workers' losses add up to the mean.
  /// - Returns: The sum over the sequences, times the weight. The gradient of the logits is that of this sum.
  public func crossEntropy(_ logits: Tensor, labels: some Collection<Int>, weight: Float) -> Double {
    precondition(labels.count == logits.rows, "\(labels.count) labels for \(logits.rows) sequences")
    var sum = 0.0
    for (row, label) in labels.enumerated() {
      precondition(label >= 0 && label < logits.columns, "label \(label) of \(logits.columns) classes")
      let start = row * logits.columns
      sum += Double(
        graft_cross_entropy(
          logits.values + start, logits.columns, label, weight, logits.gradient.map { $0 + start }))
    }
    return sum * Double(weight)
  }
}

import CKernels

extension Pass {
  /// Computes the binary cross-entropy of logits `[S, C]` and targets, and adds its gradient to that of the logits.
  ///
  /// `-(t log p + (1 - t) log(1 - p))` with p = sigmoid(logit), as PyTorch's `BCEWithLogitsLoss` computes it.
  ///
  /// - Parameters:
  ///   - logits: `[S, C]`.
  ///   - targets: Numbers from 0 to 1, C for each sequence of this pass.
  ///   - weight: The weight of each sequence: with 1 / S of the whole batch, the workers' losses add up to the mean.
  /// - Returns: The sum over the sequences of the mean over the C logits, times the weight. The gradient of the logits is that of
  ///   this sum.
  public func binaryCrossEntropy(_ logits: Tensor, targets: some Collection<Float>, weight: Float) -> Double {
    precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.count) logits")
    let share = weight / Float(logits.columns)
    var sum = 0.0
    for (index, target) in targets.enumerated() {
      sum += Double(
        graft_binary_cross_entropy(logits.values[index], target, share, logits.gradient.map { $0 + index }))
    }
    return sum * Double(share)
  }
}

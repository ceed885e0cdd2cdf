import GraftCore

/// The task head, which computes logits from each sequence's first token: `[S, D]` to `[S, C]`.
///
/// BERT: `pooler` (tanh), dropout, `classifier`. DistilBERT: `pre_classifier` (ReLU), dropout, `classifier`. RoBERTa: dropout,
/// `classifier.dense` (tanh), dropout, `classifier.out_proj`. An adapter may attach a head with a different structure.
struct ClassificationHead: Sendable {
  /// The slot for an adapter's head.
  private let slot = HeadSlot()
  private let classifierPath: ModulePath
  private let dropsInput: Bool
  /// The projection before the classifier. Adapters can attach to it if it is part of the pretrained model.
  private let dense: ProjectionSlot
  /// Whether that projection is the pretrained model's pooler.
  let denseIsPretrained: Bool
  private let activation: Activation
  private let classifier: Linear
  /// The parameters that every adapter trains: all parameters of the head that are not part of the pretrained model.
  let trained: [Parameter]
  /// The number of classes, C.
  let classes: Int
  /// The number of classes of the checkpoint's classifier, if a new classifier replaced it.
  let replacedClasses: Int?
  private let initializer: Initializer

  init(_ configuration: EncoderConfiguration, classes requested: Int?, seed: UInt64, weights: inout WeightLoader) throws
  {
    let family = configuration.family
    let d = configuration.hiddenWidth
    let densePath = ModulePath(family.headDense)
    classifierPath = ModulePath(family.classifier)
    initializer = weights.headInitializer
    dropsInput = family.headDropsInput
    let hasDense = weights.has(densePath)
    denseIsPretrained = family.headDenseIsPretrained && hasDense
    dense = ProjectionSlot(
      path: densePath, role: .pooler, layer: configuration.layerCount,
      frozen: try weights.linear(
        densePath, output: d, input: d, missing: hasDense ? .refuse : .initialize(seed: seed),
        isTrained: !denseIsPretrained))
    activation = family.headActivation
    let stored = weights.shape(of: classifierPath.parameter("weight"))?.first
    let classes = requested ?? stored ?? 2
    // A classifier for a different number of classes is replaced by a new one; the rest of the head is kept.
    let replaced = stored.flatMap { $0 == classes ? nil : $0 }
    self.classes = classes
    replacedClasses = replaced
    classifier =
      replaced == nil
      ? try weights.linear(
        classifierPath, output: classes, input: d,
        missing: weights.has(classifierPath) ? .refuse : .initialize(seed: seed), isTrained: true)
      : weights.newLinear(classifierPath, output: classes, input: d, seed: seed)
    trained =
      (denseIsPretrained ? [] : [dense.frozen.weight, dense.frozen.bias]) + [classifier.weight, classifier.bias]
  }

  /// Returns the parameters that replace this head's to make a head for a different number of classes.
  ///
  /// - Parameters:
  ///   - newClasses: The number of classes of the new head.
  ///   - seed: The seed of the new classifier; `nil` leaves its values zero, to be loaded from a file.
  func replacements(classes newClasses: Int, seed: UInt64?) -> [(original: Parameter, replacement: Parameter)] {
    guard newClasses != classes else { return [] }
    let weight = Parameter(name: classifier.weight.name, shape: [newClasses, classifier.weight.columns])
    let bias = Parameter(name: classifier.bias.name, shape: [newClasses])
    if let seed { initializer.fill(weight, seed: seed) }
    return [(classifier.weight, weight), (classifier.bias, bias)]
  }

  /// Plans a head with a different structure.
  func plan(_ shape: StackedHead.Shape, classes: Int, in plan: inout InjectionPlan) {
    let head = StackedHead(
      shape, width: classifier.weight.columns, classes: classes, initializer: initializer, plan: &plan)
    plan.attach(head, to: slot)
  }

  func forward(_ x: Tensor, dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    if let attached = slot.head(in: pass) {
      let pooled = { pass.activate(dense.forward(x, in: pass), activation) }
      return attached.forward(x, pooled: pooled, dropout: dropouts.head, in: pass)
    }
    let x = dropsInput ? pass.dropout(x, probability: dropouts.head) : x
    let hidden = pass.activate(dense.forward(x, in: pass), activation)
    return pass.linear(pass.dropout(hidden, probability: dropouts.head), classifier)
  }

  var modules: [Module] {
    [
      denseIsPretrained
        ? Module(dense) : Module(path: dense.path, kind: .head, parameters: [dense.frozen.weight, dense.frozen.bias]),
      Module(path: classifierPath, kind: .head, parameters: [classifier.weight, classifier.bias]),
    ]
  }
}

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
  /// The layer norm after the activation.
  private let norm: NamedNorm?
  private let classifier: Linear
  /// The parameters that every adapter trains: all parameters of the head that are not part of the pretrained model.
  let trained: [Parameter]
  /// The number of classes, C.
  let classes: Int
  /// The number of classes of the checkpoint's classifier, if a new classifier replaced it.
  let replacedClasses: Int?
  private let initializer: Initializer

  init(
    _ layout: HeadLayout, _ configuration: EncoderConfiguration, classes requested: Int?, seed: UInt64,
    weights: inout WeightLoader
  ) throws {
    let d = configuration.hiddenWidth
    let densePath = ModulePath(layout.dense)
    classifierPath = ModulePath(layout.classifier)
    initializer = weights.headInitializer
    dropsInput = layout.dropsInput
    let hasDense = weights.has(densePath)
    denseIsPretrained = layout.denseIsPretrained && hasDense
    dense = ProjectionSlot(
      path: densePath, role: .pooler, layer: configuration.layerCount,
      frozen: try weights.linear(
        densePath, output: d, input: d, hasBias: layout.denseHasBias,
        missing: hasDense ? .refuse : .initialize(seed: seed),
        isTrained: !denseIsPretrained))
    activation = layout.activation
    norm = try layout.norm.map { try weights.headNorm($0, width: d, epsilon: configuration.epsilon) }
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
      (denseIsPretrained ? [] : dense.frozen.parameters) + (norm?.norm.parameters ?? []) + classifier.parameters
  }

  /// Returns the parameters that replace this head's to make a head for a different number of classes.
  ///
  /// - Parameters:
  ///   - newClasses: The number of classes of the new head.
  ///   - seed: The seed of the new classifier; `nil` leaves its values zero, to be loaded from a file.
  func replacements(classes newClasses: Int, seed: UInt64?) -> [(original: Parameter, replacement: Parameter)] {
    guard newClasses != classes else { return [] }
    let weight = Parameter(name: classifier.weight.name, shape: [newClasses, classifier.weight.columns])
    let bias = classifier.bias.map { Parameter(name: $0.name, shape: [newClasses]) }
    if let seed { initializer.fill(weight, seed: seed) }
    return Array(zip(classifier.parameters, [weight] + [bias].compactMap(\.self)))
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
    var hidden = pass.activate(dense.forward(x, in: pass), activation)
    if let norm { hidden = norm.forward(hidden, in: pass) }
    return pass.linear(pass.dropout(hidden, probability: dropouts.head), classifier)
  }

  var modules: [Module] {
    [
      denseIsPretrained
        ? Module(dense) : Module(path: dense.path, kind: .head, parameters: dense.frozen.parameters)
    ] + [norm].compactMap { $0.map { Module(path: $0.path, kind: .head, parameters: $0.norm.parameters) } } + [
      Module(path: classifierPath, kind: .head, parameters: classifier.parameters)
    ]
  }
}

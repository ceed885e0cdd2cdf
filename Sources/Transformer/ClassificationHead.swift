import GraftCore

/// From each sequence's first token to its logits: `[S, D]` to `[S, C]`.
///
/// BERT: `pooler` (tanh), dropout, `classifier`. DistilBERT: `pre_classifier` (ReLU), dropout, `classifier`. RoBERTa: dropout,
/// `classifier.dense` (tanh), dropout, `classifier.out_proj`. An adapter may bring a head of another structure.
struct ClassificationHead: Sendable {
  /// Where an adapter's own head attaches.
  private let slot = HeadSlot()
  private let classifierPath: ModulePath
  private let dropsInput: Bool
  /// Adapters attach to it where the pretrained model brings it.
  private let dense: ProjectionSlot
  /// Whether its projection is the pretrained model's pooler.
  let denseIsPretrained: Bool
  private let activation: Activation
  private let classifier: Linear
  /// What every adapter trains and carries: all that the pretrained model did not bring.
  let trained: [Parameter]
  /// The number of classes, C.
  let classes: Int
  /// The number of classes of the checkpoint's own classifier, which a new one has replaced; `nil` where none was.
  let replacedClasses: Int?
  private let initializer: Initializer

  init(_ configuration: EncoderConfiguration, classes wanted: Int?, seed: UInt64, weights: inout WeightLoader) throws {
    let family = configuration.family
    let d = configuration.hiddenWidth
    let densePath = ModulePath(family.headDense)
    classifierPath = ModulePath(family.classifier)
    initializer = weights.headInitializer
    dropsInput = family.headDropsInput
    let denseIsThere = weights.has(densePath)
    denseIsPretrained = family.headDenseIsPretrained && denseIsThere
    dense = ProjectionSlot(
      path: densePath, role: .pooler, layer: configuration.layerCount,
      frozen: try weights.linear(
        densePath, output: d, input: d, missing: denseIsThere ? .refuse : .initialize(seed: seed),
        isTrained: !denseIsPretrained))
    activation = family.headActivation
    let found = weights.shape(of: classifierPath.parameter("weight"))?.first
    let classes = wanted ?? found ?? 2
    // One for other classes is of no use: a new one takes its place, and the rest of the head stays.
    let replaced = found.flatMap { $0 == classes ? nil : $0 }
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

  /// A head for another number of classes: what stands for this one's parameters.
  ///
  /// - Parameter seed: Where the new classifier is drawn from; `nil` leaves zeros, for values that come from a file.
  func replacements(classes wanted: Int, seed: UInt64?) -> [(original: Parameter, replacement: Parameter)] {
    guard wanted != classes else { return [] }
    let weight = Parameter(name: classifier.weight.name, shape: [wanted, classifier.weight.columns])
    let bias = Parameter(name: classifier.bias.name, shape: [wanted])
    if let seed { initializer.fill(weight, seed: seed) }
    return [(classifier.weight, weight), (classifier.bias, bias)]
  }

  /// Plans a head of another structure.
  func plan(_ shape: StackedHead.Shape, classes: Int, in plan: inout InjectionPlan) {
    let head = StackedHead(
      shape, width: classifier.weight.columns, classes: classes, initializer: initializer, plan: &plan)
    plan.attach(head, to: slot)
  }

  func forward(_ x: Tensor, dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    if let own = slot.head(in: pass) {
      let pooled = { pass.activate(dense.forward(x, in: pass), activation) }
      return own.forward(x, pooled: pooled, dropout: dropouts.head, in: pass)
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

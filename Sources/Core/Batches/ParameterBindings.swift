/// The parameters that a pass uses: which base parameters are replaced by an adapter's, and which ones train.
///
/// Bindings never change after their creation, so all workers can read them.
public struct ParameterBindings: Sendable {
  private let replacements: [ObjectIdentifier: Parameter]
  private let offsets: [ObjectIdentifier: Int]
  /// The trained parameters, in the order of their gradients.
  public let trained: [Parameter]
  /// The number of trained values.
  public let trainedCount: Int
  /// The active adapters in order; `nil` means all attached adapters, in the order in which they were added.
  let active: [AdapterID]?
  /// The attachments of the model's slots.
  let attachments: AttachmentTable
  /// The adapter whose head computes the logits: the last active one. `nil` means the base's own head.
  let headAdapter: AdapterID?

  /// Creates bindings that replace base parameters and train `trained`.
  ///
  /// - Parameters:
  ///   - replacements: Pairs of a base parameter and its replacement.
  ///   - trained: The parameters that get gradients, contiguous in this order.
  public init(
    replacements: [(original: Parameter, replacement: Parameter)] = [], trained: [Parameter] = []
  ) {
    self.init(
      replacements: replacements, trained: trained, active: nil, headAdapter: nil, attachments: AttachmentTable())
  }

  init(
    replacements: [(original: Parameter, replacement: Parameter)], trained: [Parameter], active: [AdapterID]?,
    headAdapter: AdapterID?, attachments: AttachmentTable
  ) {
    self.attachments = attachments
    self.active = active
    self.headAdapter = headAdapter
    self.replacements = Dictionary(
      replacements.map { (ObjectIdentifier($0.original), $0.replacement) }, uniquingKeysWith: { $1 })
    self.trained = trained
    var offsets: [ObjectIdentifier: Int] = [:]
    var next = 0
    for parameter in trained {
      offsets[ObjectIdentifier(parameter)] = next
      next += parameter.count
    }
    self.offsets = offsets
    trainedCount = next
  }

  /// Returns the replacement of `parameter`, or `parameter` itself. For a part of a parameter, it is that part of the replacement.
  func resolve(_ parameter: Parameter) -> Parameter {
    if let replacement = replacements[ObjectIdentifier(parameter)] { return replacement }
    guard let part = parameter.part, let whole = replacements[ObjectIdentifier(part.whole)] else { return parameter }
    return Parameter(name: parameter.name, rows: part.rows, of: whole)
  }

  /// Returns a layer with the replacements of its parameters.
  func resolve(_ layer: Linear) -> Linear {
    // Not `layer.bias.map(resolve)`, which copies the bindings for every layer.
    var bias: Parameter?
    if let original = layer.bias { bias = resolve(original) }
    return Linear(weight: resolve(layer.weight), bias: bias, products: layer.products)
  }

  /// Returns whether `actual` has the parameters that `layer` has under these bindings.
  func uses(_ actual: Linear, for layer: Linear) -> Bool {
    let expected = resolve(layer)
    return expected.weight === actual.weight && expected.bias === actual.bias
  }

  /// Returns whether an adapter's attachments are active.
  func isActive(_ adapter: AdapterID) -> Bool { active?.contains(adapter) ?? true }

  /// Returns the offset of a parameter's gradient in the flat gradient, or `nil` if the parameter is frozen.
  package func offset(of parameter: Parameter) -> Int? { offsets[ObjectIdentifier(parameter)] }
}

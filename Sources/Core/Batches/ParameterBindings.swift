/// What a pass takes for each parameter: which frozen ones an adapter has replaced, and which train.
///
/// Built once per change of the model's adapters, then read by all workers.
public struct ParameterBindings: Sendable {
  private let replacements: [ObjectIdentifier: Parameter]
  private let offsets: [ObjectIdentifier: Int]
  /// The parameters that train, in the order of their gradients.
  public let trained: [Parameter]
  /// The number of values that train.
  public let trainedCount: Int
  /// The adapters that take part, in this order; `nil` means all that are attached, in the order of attachment.
  let active: [AdapterID]?
  /// What is attached to the model's slots.
  let attachments: AttachmentTable
  /// The adapter whose head answers: the last that takes part. `nil`: the base's own head.
  let answering: AdapterID?

  /// Bindings that replace base parameters and train `trained`.
  ///
  /// - Parameters:
  ///   - replacements: Pairs of a base parameter and its replacement.
  ///   - trained: The parameters that get gradients, contiguous in this order.
  public init(
    replacements: [(original: Parameter, replacement: Parameter)] = [], trained: [Parameter] = []
  ) {
    self.init(
      replacements: replacements, trained: trained, active: nil, answering: nil, attachments: AttachmentTable())
  }

  init(
    replacements: [(original: Parameter, replacement: Parameter)], trained: [Parameter], active: [AdapterID]?,
    answering: AdapterID?, attachments: AttachmentTable
  ) {
    self.attachments = attachments
    self.active = active
    self.answering = answering
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

  /// What stands for `parameter` in the model as it is now.
  func resolve(_ parameter: Parameter) -> Parameter { replacements[ObjectIdentifier(parameter)] ?? parameter }

  /// Whether what an adapter attached takes part.
  func isActive(_ adapter: AdapterID) -> Bool { active?.contains(adapter) ?? true }

  /// Where the gradient of `parameter` lies in the flat gradient, or `nil` when it is frozen.
  package func offset(of parameter: Parameter) -> Int? { offsets[ObjectIdentifier(parameter)] }
}

public import GraftCore

/// The structure of a family's classification head: a projection of the first token, an activation, and the classifier.
public struct HeadLayout: Sendable, Equatable {
  /// The path of the projection before the classifier.
  public var dense: String
  /// Whether that projection belongs to the pretrained model (BERT's pooler); otherwise it belongs to the task head and trains
  /// with it.
  public var denseIsPretrained: Bool
  /// The activation after that projection.
  public var activation: Activation
  /// The path of the projection to the classes.
  public var classifier: String
  /// Whether the head also has a dropout before its first projection.
  public var dropsInput: Bool
  /// Whether the projection before the classifier has a bias.
  public var denseHasBias: Bool
  /// The path of a layer norm after the activation, without a bias; `nil` if there is none.
  public var norm: String?

  /// Creates a structure.
  public init(
    dense: String, denseIsPretrained: Bool = false, activation: Activation, classifier: String,
    dropsInput: Bool = false, denseHasBias: Bool = true, norm: String? = nil
  ) {
    self.dense = dense
    self.denseIsPretrained = denseIsPretrained
    self.activation = activation
    self.classifier = classifier
    self.dropsInput = dropsInput
    self.denseHasBias = denseHasBias
    self.norm = norm
  }

  /// RoBERTa's head, which other families have as well.
  public static let roBERTa = HeadLayout(
    dense: "classifier.dense", activation: .tanh, classifier: "classifier.out_proj", dropsInput: true)
}

public import GraftCore

/// A family of encoders: how its `config.json` is read, the parts it is made of, and the names of its modules.
///
/// A family is one type in one file. An instance describes one model: the options in its `config.json`. Paths are those in the
/// checkpoint without the family's prefix, so that selectors from other toolkits keep working.
public protocol EncoderFamily: Sendable {
  /// `model_type` in `config.json`.
  static var modelType: String { get }
  /// The prefix of the names of the family's classes in transformers: `Bert` in `BertForSequenceClassification`.
  static var classPrefix: String { get }
  /// The prefix of every key in checkpoints with a head.
  static var prefix: String { get }
  /// The first components of the encoder's paths, such as `embeddings` and `encoder`.
  static var roots: [String] { get }
  /// The class of its tokenizers in transformers, if a folder does not name one.
  static var tokenizerClass: String { get }
  /// What other toolkits support for this family.
  static var toolkits: ToolkitSupport { get }

  /// Returns whether a `config.json` without a `model_type` and without class names describes a model of this family.
  static func recognizes(_ config: ModelConfigFile) -> Bool

  /// Reads the family's keys of `config.json`. Unread keys are reported to the user.
  ///
  /// - Throws: ``TransformerError`` that names the file and the problem.
  init(reading config: inout ModelConfigFile) throws

  /// The sizes and dropouts of the model.
  var configuration: EncoderConfiguration { get }
  /// The structure of the classification head.
  var head: HeadLayout { get }

  /// Assembles the encoder from parts.
  ///
  /// - Parameter weights: The checkpoint. Each parameter that a part requests is loaded; the others are reported to the user.
  /// - Throws: ``TransformerError`` if a tensor is missing or has the wrong shape.
  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder
}

extension EncoderFamily {
  /// No model without a `model_type` is recognized.
  public static func recognizes(_ config: ModelConfigFile) -> Bool { false }

  /// The class in transformers for this encoder with a classification head.
  public static var classifierArchitecture: String { "\(classPrefix)ForSequenceClassification" }

  /// Returns the key of a parameter, or of another tensor of the pretrained model, in a checkpoint with a classification head.
  public static func classifierKey(of name: String) -> String {
    guard !name.hasPrefix(prefix) else { return name }
    return roots.contains { name.hasPrefix("\($0).") } ? prefix + name : name
  }

  /// `model_type` in `config.json`.
  public var modelType: String { Self.modelType }
  /// The prefix of every key in checkpoints with a head.
  public var prefix: String { Self.prefix }
  /// The class in transformers for this encoder with a classification head.
  public var classifierArchitecture: String { Self.classifierArchitecture }
  /// What other toolkits support for this family.
  public var toolkits: ToolkitSupport { Self.toolkits }
  /// Returns the key of a parameter in a checkpoint with a classification head.
  public func classifierKey(of name: String) -> String { Self.classifierKey(of: name) }
  /// The name of the parameter with a row for each class.
  public var classifierWeight: String { "\(head.classifier).weight" }
}

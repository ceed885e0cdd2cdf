import GraftCore
import GraftSupport

/// The families of encoders that a program can load, by `model_type`.
public struct FamilyRegistry: Sendable {
  private var families: [any EncoderFamily.Type] = []

  /// Creates an empty registry.
  public init() {}

  /// The built-in families.
  public static let builtIn: FamilyRegistry = {
    var registry = FamilyRegistry()
    registry.families = [BERT.self, DistilBERT.self, RoBERTa.self, MPNet.self]
    return registry
  }()

  /// Adds a family.
  ///
  /// - Throws: `RegistryError.duplicate` if there is one with its `model_type`.
  public mutating func register(_ family: any EncoderFamily.Type) throws {
    guard !modelTypes.contains(family.modelType) else {
      throw RegistryError.duplicate(family.modelType, kind: "encoder family")
    }
    families.append(family)
  }

  /// The `model_type` of each family, in the order of registration.
  public var modelTypes: [String] { families.map { $0.modelType } }

  /// Reads `config.json` from a model folder.
  ///
  /// - Throws: ``TransformerError`` or `FileError` that names the file and the problem.
  public func model(inFolder folder: String) throws -> ModelDescription {
    var config = try ModelConfigFile(path: "\(folder)/\(BaseFiles.configuration)")
    let named = try self.named(&config)
    try config.refuseOtherKinds()
    guard let type = named ?? guessed(config) else {
      throw TransformerError.noModelType(
        file: config.path, architecture: config.architectures.first, supported: modelTypes)
    }
    let family = try type.init(reading: &config)
    let (d, heads) = (family.configuration.hiddenWidth, family.configuration.headCount)
    guard d % heads == 0 else {
      throw config.error("the hidden width \(d) is not divisible by the \(heads) attention heads")
    }
    return ModelDescription(
      family: family, unknownKeys: config.unknownKeys,
      notes: named == nil ? ["\(config.path) has no model_type; inferred \(type.modelType) from its other keys"] : [])
  }

  /// Returns the family with the name in `model_type`; `nil` if there is no such key.
  private func named(_ config: inout ModelConfigFile) throws -> (any EncoderFamily.Type)? {
    guard let name = try config.text("model_type") else { return nil }
    guard let family = families.first(where: { $0.modelType == name }) else {
      throw TransformerError.unsupportedArchitecture(file: config.path, found: name, supported: modelTypes)
    }
    return family
  }

  /// Returns the family that a configuration without a `model_type` describes: by the class of the model or, without one, by keys
  /// that only one family has.
  private func guessed(_ config: ModelConfigFile) -> (any EncoderFamily.Type)? {
    let architectures = config.architectures
    guard architectures.isEmpty else {
      return families.first { family in
        ["For", "Model", "LMHead"].contains { ending in
          architectures.contains { $0.hasPrefix(family.classPrefix + ending) }
        }
      }
    }
    let ofOthers = ["embedding_size", "relative_attention", "rotary_value", "num_hidden_groups", "is_decoder"]
    guard !ofOthers.contains(where: config.has) else { return nil }
    return families.first { $0.recognizes(config) }
  }
}

/// A model as its `config.json` describes it.
public struct ModelDescription: Sendable {
  /// The family with the options of the model.
  public let family: any EncoderFamily
  /// The unrecognized keys in the file, sorted.
  public let unknownKeys: [String]
  /// Notes for the user about how the file was read.
  public let notes: [String]
}

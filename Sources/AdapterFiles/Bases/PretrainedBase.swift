public import GraftCore
import GraftSupport
public import GraftTokenizers
public import GraftTransformer

/// A pretrained base in memory: the model, its tokenizer, and their identity.
public struct PretrainedBase: Sendable {
  /// The name or folder that was requested.
  public let name: String
  /// The folder that it was loaded from.
  public let folder: String
  /// The model with a classification head.
  public let model: SequenceClassifier
  /// The tokenizer.
  public let tokenizer: any Tokenizer
  /// Notes for the user about how the files were read, such as which value was used where two files disagree.
  public let notes: [String]
  /// Unrecognized keys in the files, each with its file.
  public let unknownKeys: [String]
  /// The hashes that identify the base.
  public let identity: BaseIdentity
  /// The workers that run predictions.
  package let workers = IdleWorkers()

  /// The families of encoders that a model derived from this base may belong to.
  let families: FamilyRegistry

  /// Finds and loads a base.
  ///
  /// - Parameters:
  ///   - name: A name in the cache, or a folder.
  ///   - classes: C, the number of outputs of the head; `nil`: as in the checkpoint, or 2. Each adapter has its own head.
  ///   - seed: The seed for initializing a head that the checkpoint does not have.
  ///   - products: How products with the frozen weights are computed.
  ///   - locator: Finds bases in the cache.
  ///   - families: The families of encoders that can be loaded.
  /// - Throws: A `UserError` about the folder or its files.
  public init(
    _ name: String, classes: Int? = nil, seed: UInt64 = 0, products: FrozenProducts = FrozenProducts(),
    locator: BaseLocator = BaseLocator(), families: FamilyRegistry = .builtIn
  ) throws {
    self.name = name
    self.families = families
    folder = try locator.folder(of: name)
    model = try SequenceClassifier(folder: folder, classes: classes, seed: seed, products: products, families: families)
    let tokenizerFolder = try TokenizerFolder(folder, for: model.family)
    tokenizer = tokenizerFolder.tokenizer
    (notes, unknownKeys) = Self.notes(
      (model.notes, model.unknownKeys), tokenizerFolder, folder: folder)
    guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
      throw BaseError.tokenizerTooLarge(
        folder: folder, tokenizer: tokenizer.vocabularySize, model: model.configuration.vocabularySize)
    }
    let tokenizerTypes = tokenizer.typeCount
    let modelTypes = model.configuration.typeCount
    guard modelTypes == 0 || tokenizerTypes <= modelTypes else {
      throw BaseError.tooManyTypes(folder: folder, tokenizer: tokenizerTypes, model: modelTypes)
    }
    let maxLength = model.configuration.longestSequence
    guard tokenizer.encode("", pair: nil, maxLength: maxLength).ids.count < maxLength else {
      throw BaseError.tooFewPositions(folder: folder, positions: maxLength)
    }
    identity = BaseIdentity(model: model, tokenizer: tokenizer, files: model.files, cache: locator.home)
  }

  /// Returns notes for the user about how a folder's files are read, and the unrecognized keys in them.
  ///
  /// - Throws: A `UserError` about the folder or its files.
  public static func notes(
    inFolder folder: String, families: FamilyRegistry = .builtIn
  ) throws -> (notes: [String], unknownKeys: [String]) {
    let model = try families.model(inFolder: folder)
    return notes((model.notes, model.unknownKeys), try TokenizerFolder(folder, for: model.family), folder: folder)
  }

  private static func notes(
    _ model: (notes: [String], unknownKeys: [String]), _ tokenizer: TokenizerFolder, folder: String
  ) -> (notes: [String], unknownKeys: [String]) {
    (
      model.notes + tokenizer.notes,
      model.unknownKeys.map { "\(quoted($0)) in \(folder)/config.json" } + tokenizer.unknownKeys
    )
  }
}

extension TokenizerFolder {
  /// Reads the tokenizer of a model folder.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - family: The family of the model.
  init(_ folder: String, for family: any EncoderFamily) throws {
    try self.init(
      folder, class: type(of: family).tokenizerClass, modelHasTypes: family.configuration.typeCount > 0)
  }

  /// Reads the tokenizer of a model folder, also if the model is not supported.
  package init(ofModel folder: String, families: FamilyRegistry = .builtIn) throws {
    guard let model = try? families.model(inFolder: folder) else {
      try self.init(folder)
      return
    }
    try self.init(folder, for: model.family)
  }
}

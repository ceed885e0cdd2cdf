public import GraftCore
import GraftSupport
public import GraftTokenizers
public import GraftTransformer

/// A base that was found and read: model, tokenizer, and who they are.
public struct PretrainedBase: Sendable {
  /// The name it was asked for by.
  public let name: String
  /// Where it lies.
  public let folder: String
  /// The model with a head for the task.
  public let model: SequenceClassifier
  /// Text to ids.
  public let tokenizer: any Tokenizer
  /// What a user should know about how its files were read: which one was used where two disagree.
  public let notes: [String]
  /// Keys of its files that are not known, with the files that have them.
  public let unknownKeys: [String]
  /// What tells it from every other base.
  public let identity: BaseIdentity
  /// Who answers.
  let workers = IdleWorkers()

  /// Finds and reads a base.
  ///
  /// - Parameters:
  ///   - name: A name in the cache, or a folder.
  ///   - classes: C, for the head; `nil`: as in the checkpoint, or 2. Adapters bring heads of their own.
  ///   - seed: Where a head that the base has not is drawn from.
  ///   - products: How its weights are multiplied.
  ///   - locator: Knows the cache.
  /// - Throws: Errors for people about the folder or its files.
  public init(
    _ name: String, classes: Int? = nil, seed: UInt64 = 0, products: FrozenProducts = FrozenProducts(),
    locator: BaseLocator = BaseLocator()
  ) throws {
    self.name = name
    folder = try locator.folder(of: name)
    model = try SequenceClassifier(folder: folder, classes: classes, seed: seed, products: products)
    let read = try TokenizerFolder(folder)
    tokenizer = read.tokenizer
    (notes, unknownKeys) = Self.notes(model.configuration, read, folder: folder)
    guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
      throw BaseError.tokenizerTooLarge(
        folder: folder, tokenizer: tokenizer.vocabularySize, model: model.configuration.vocabularySize)
    }
    let (types, known) = (tokenizer.typeCount, model.configuration.typeCount)
    guard known == 0 || types <= known else {
      throw BaseError.tooManyTypes(folder: folder, tokenizer: types, model: known)
    }
    let room = model.configuration.longestSequence
    guard tokenizer.encode("", pair: nil, maxLength: room).ids.count < room else {
      throw BaseError.noRoom(folder: folder, positions: room)
    }
    identity = BaseIdentity(model: model, tokenizer: tokenizer, files: model.files, cache: locator.home)
  }

  /// What a user should know about how the files of a folder are read, and the keys that are not known.
  ///
  /// - Throws: Errors for people about the folder or its files.
  public static func notes(inFolder folder: String) throws -> (notes: [String], unknownKeys: [String]) {
    notes(try EncoderConfiguration(folder: folder), try TokenizerFolder(folder), folder: folder)
  }

  private static func notes(
    _ configuration: EncoderConfiguration, _ tokenizer: TokenizerFolder, folder: String
  ) -> (notes: [String], unknownKeys: [String]) {
    (
      configuration.notes + tokenizer.notes,
      configuration.unknownKeys.map { "\(quoted($0)) in \(folder)/config.json" } + tokenizer.unknownKeys
    )
  }
}

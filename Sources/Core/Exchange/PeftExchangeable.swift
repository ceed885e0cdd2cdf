/// A method that reads and writes the files of Hugging Face peft.
///
/// Conform next to the method's own code. Registering the method also registers this mapping.
public protocol PeftExchangeable: ParameterEfficientMethod {
  /// The values of `peft_type` that the method reads, such as `LORA`. No two registered methods may read the same one.
  static var peftTypes: [String] { get }

  /// Creates the method with the options of an adapter that peft saved, and sets its values.
  ///
  /// - Parameter file: The adapter.
  /// - Throws: ``ExchangeError`` that names the key or the tensor that is not supported.
  init(reading file: any PeftReader) throws

  /// Returns the content of peft's files for an adapter of this method.
  ///
  /// - Parameter adapter: The adapter.
  /// - Throws: ``ExchangeError/cannotExport(file:format:reason:)``, created by ``ExportedAdapter/refusal(_:)``, if peft has nothing
  ///   equivalent.
  func peftContent(of adapter: ExportedAdapter) throws -> PeftContent
}

/// An adapter that peft saved. The head, other saved modules, and saved biases are read after the method.
public protocol PeftReader: ForeignReader {
  /// Returns the projection that a tensor belongs to, and the part, without the adapter's name: `lora_A.weight`, also for the
  /// spelling `lora_A.default.weight`.
  ///
  /// - Parameters:
  ///   - entry: The tensor.
  ///   - mark: The beginning of the part, such as `.lora_`.
  /// - Throws: ``ExchangeError/tensor(file:name:reason:)`` if the base has no such projection.
  func module(of entry: ForeignTensors.Entry, before mark: String) throws -> (path: ModulePath, part: String)

  /// Checks that `target_modules`, `exclude_modules`, `layers_to_transform`, and `layers_pattern` select exactly the modules that
  /// the file has tensors for.
  ///
  /// - Parameters:
  ///   - modules: The modules in the file.
  ///   - defaults: The roles that peft selects on this base if no targets are given; `nil` if targets are required.
  /// - Throws: ``ExchangeError/config(file:key:reason:)``.
  func requireTargets(_ modules: Set<ModulePath>, default defaults: Set<Role>?) throws

  /// Reads a key that selects modules, by the ends of their names or by a regular expression.
  ///
  /// - Parameter key: The key.
  /// - Returns: A function that tells whether a module is selected; `nil` if the key is missing or null.
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if the value is not a selection.
  func selection(_ key: String) throws -> ((ModulePath) -> Bool)?

  /// Reads an object that maps patterns to numbers, such as `rank_pattern`.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - check: Returns `nil` if a number is allowed, or otherwise a description of what was expected.
  /// - Returns: A function that returns the number of the first pattern that matches a module.
  /// - Throws: ``ExchangeError/config(file:key:reason:)``.
  func patterns(_ key: String, check: (Double) -> String?) throws -> (ModulePath) -> Double?

  /// Returns a module's name in the model that peft adapted, for messages.
  func key(of path: ModulePath) -> String

  /// Adds a tensor to the bias of a projection: to the one in the file, or else to the base's. The adapter then carries the sum.
  func addToBias(of path: ModulePath, _ tensor: ForeignTensor)

  /// Reads `fan_in_fan_out`, which has no effect on encoders; if it is set, the user gets a note.
  ///
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if it is not a Boolean.
  func ignoreOrientation() throws
}

/// The content of peft's files for one adapter, without the head and other saved modules.
public struct PeftContent: Sendable {
  /// `peft_type`
  public var type: String
  /// The method's entries of `adapter_config.json`. If there is a `bias`, the method supports biases that are trained with it.
  public var config: [String: JSONValue]
  /// The method's tensors with their names in the file; ``name(of:_:)`` returns the name of a module's part.
  public var tensors: [ExportedTensor]
  /// Whether peft wraps modules of the model. If not, as in prompt learning, the other tensors' names have a shorter prefix.
  public var wrapsModules: Bool
  private let names: EncoderNames

  /// Creates content without tensors.
  ///
  /// - Parameters:
  ///   - type: `peft_type`.
  ///   - adapter: The adapter.
  ///   - config: The method's entries of `adapter_config.json`.
  ///   - wrapsModules: Whether peft wraps modules of the model.
  public init(_ type: String, of adapter: ExportedAdapter, config: [String: JSONValue], wrapsModules: Bool = true) {
    self.type = type
    self.config = config
    self.wrapsModules = wrapsModules
    tensors = []
    names = adapter.names
  }

  /// The prefix of the names of the model's modules.
  package var prefix: String { wrapsModules ? "base_model.model." : "base_model." }

  /// Returns the name in the file of a module's part, such as `lora_A.weight`.
  public func name(of path: ModulePath, _ part: String) -> String { "\(prefix)\(names.foreign(path)).\(part)" }
}

/// An adapter in another toolkit's files, as a method's mapping sees it.
///
/// Every key of ``config`` and every tensor must be read or ignored by the method; what is left is an error, unless it belongs to
/// the part that all adapters of the toolkit have in common, such as the head.
public protocol ForeignReader: AnyObject {
  /// The value in the configuration by which the method was chosen, such as peft's `peft_type`.
  var type: String { get }
  /// The configuration with the method's options.
  var config: ForeignConfig { get }
  /// The tensors of the file.
  var tensors: ForeignTensors { get }
  /// The modules of the base.
  var names: EncoderNames { get }

  /// Sets the values of one of the method's parameters.
  ///
  /// - Parameters:
  ///   - name: The last component of the parameter's name, as the method's plan names it.
  ///   - path: The module that it belongs to.
  ///   - tensor: The values.
  /// - Throws: ``ExchangeError/tensor(file:name:reason:)`` if the parameter already has values.
  func set(_ name: String, of path: ModulePath, to tensor: ForeignTensor) throws

  /// Adds a note for the user, such as an entry that has no effect.
  func note(_ text: String)
}

extension ForeignReader {
  /// Returns the projection that a tensor belongs to.
  ///
  /// - Parameters:
  ///   - name: The module's name in the toolkit.
  ///   - entry: The tensor, for the error.
  /// - Throws: ``ExchangeError/tensor(file:name:reason:)`` if the base has no such projection.
  public func projection(_ name: some StringProtocol, of entry: ForeignTensors.Entry) throws -> ModulePath {
    guard let path = names.projection(name) else {
      throw entry.error("belongs to no projection of the base's encoder, so it can't be imported")
    }
    return path
  }
}

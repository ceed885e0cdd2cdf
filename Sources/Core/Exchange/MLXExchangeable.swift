/// A method that reads the files of the mlx tools.
///
/// Conform next to the method's own code. Registering the method also registers this mapping.
public protocol MLXExchangeable: ParameterEfficientMethod {
  /// The values of `fine_tune_type` that the method reads. No two registered methods may read the same one.
  static var mlxTypes: [String] { get }

  /// Creates the method with the options of an adapter that mlx saved, and sets its values.
  ///
  /// - Parameter file: The adapter.
  /// - Throws: ``ExchangeError`` that names the key or the tensor that is not supported.
  init(reading file: any MLXReader) throws
}

/// An adapter that mlx saved. Tensors that the method does not read belong to the head.
public protocol MLXReader: ForeignReader {
  /// Returns the name of a tensor in the model that mlx adapted, without mlx's prefix.
  func moduleName(of entry: ForeignTensors.Entry) -> Substring
}

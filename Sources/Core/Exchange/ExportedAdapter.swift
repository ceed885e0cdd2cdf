/// An adapter to export, as its method's mapping sees it.
public struct ExportedAdapter: Sendable {
  /// A module with one of the method's parameters.
  public struct Module: Sendable {
    /// The path.
    public let path: ModulePath
    /// The function in the block.
    public let role: Role
    /// The index of the block, from 0.
    public let layer: Int
    /// The parameter.
    public let parameter: Parameter
  }

  /// The adapter.
  public let adapter: Adapter
  /// The modules of the base.
  public let names: EncoderNames
  private let file: String
  private let format: String

  /// Creates the description of an adapter to export.
  ///
  /// - Parameters:
  ///   - adapter: The adapter.
  ///   - names: The modules of the base.
  ///   - file: The adapter's file, for messages.
  ///   - format: The toolkit's name, for messages.
  package init(_ adapter: Adapter, names: EncoderNames, file: String, format: String) {
    self.adapter = adapter
    self.names = names
    self.file = file
    self.format = format
  }

  /// Returns the error for an adapter that the toolkit can't express.
  ///
  /// - Parameter reason: What has no equivalent, and what to do.
  public func refusal(_ reason: String) -> ExchangeError { .cannotExport(file: file, format: format, reason: reason) }

  /// The method's parameters, trained ones first, without the head and the carried parameters of the base.
  public var parameters: [Parameter] {
    let carried = Set(adapter.carried)
    return adapter.storedParameters.filter { !isOfHead($0.name) && !carried.contains($0.name) }
  }

  /// Returns the projections that have a parameter with this last name component, in model order.
  public func modules(with last: String) -> [Module] {
    let parameters = Dictionary(uniqueKeysWithValues: adapter.storedParameters.map { ($0.name, $0) })
    return names.projections.compactMap { projection in
      parameters[projection.path.parameter(last)].map {
        Module(path: projection.path, role: projection.role, layer: projection.layer, parameter: $0)
      }
    }
  }

  /// Returns whether a parameter belongs to the head.
  package func isOfHead(_ name: String) -> Bool {
    names.head.contains(name) || adapter.head != nil && name.hasPrefix("head.")
  }
}

/// A tensor to write to another toolkit's file.
public struct ExportedTensor: Sendable {
  /// The name in the file.
  public let name: String
  /// The shape.
  public let shape: [Int]
  /// The values in row-major order.
  public let values: [Float]

  /// Creates a tensor.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - shape: The shape.
  ///   - values: The values in row-major order.
  public init(_ name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Creates a tensor with a parameter's shape and values.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - parameter: The parameter.
  public init(_ name: String, _ parameter: Parameter) {
    self.init(name, shape: parameter.shape, values: Array(parameter.values))
  }
}

/// A method that reads and writes the files of AdapterHub's adapters library.
///
/// Conform next to the method's own code. Registering the method also registers this mapping.
public protocol AdapterHubExchangeable: ParameterEfficientMethod {
  /// The values of `architecture` in the adapter's configuration that the method reads. An empty text stands for a
  /// configuration without an architecture. No two registered methods may read the same one.
  static var adapterHubArchitectures: [String] { get }
  /// The library's predefined configurations of this method by name, which a file may name in place of the configuration.
  static var adapterHubPresets: [String: [String: JSONValue]] { get }

  /// Creates the method with the options of an adapter that the library saved, and sets its values.
  ///
  /// - Parameter file: The adapter.
  /// - Throws: ``ExchangeError`` that names the key or the tensor that is not supported.
  init(reading file: any AdapterHubReader) throws

  /// Returns the content of the library's files for an adapter of this method.
  ///
  /// - Parameter adapter: The adapter.
  /// - Throws: ``ExchangeError/cannotExport(file:format:reason:)``, created by ``ExportedAdapter/refusal(_:)``, if the library has
  ///   nothing equivalent.
  func adapterHubContent(of adapter: ExportedAdapter) throws -> AdapterHubContent
}

extension AdapterHubExchangeable {
  /// No predefined configurations.
  public static var adapterHubPresets: [String: [String: JSONValue]] { [:] }
}

/// An adapter that AdapterHub's library or its predecessor adapter-transformers saved. All tensors belong to the method; the head
/// has its own file.
public protocol AdapterHubReader: ForeignReader {
  /// The adapter's name, which is part of every tensor's name.
  var adapterName: String { get }
  /// The adapter's name in quotes, made safe to print.
  var quotedName: String { get }
  /// Whether the file has the type `text_task`, which adapter-transformers wrote.
  var isTaskAdapter: Bool { get }

  /// Returns whether the file was written by a version of `adapters` before the given one. The result is `false` for files of
  /// adapter-transformers.
  func isBefore(major: Int, minor: Int) -> Bool

  /// Reads an activation function by the name that it had in the version of the file.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - name: The name of the default.
  /// - Throws: ``ExchangeError/config(file:key:reason:)`` if it is not supported.
  func activation(_ key: String, default name: String) throws -> Activation
}

/// The content of AdapterHub's files for one adapter, without the head.
public struct AdapterHubContent: Sendable {
  /// The adapter's name, which is part of every tensor's name.
  public static let adapterName = "graft"

  /// The adapter's configuration, including its `architecture` if it has one.
  public var config: [String: JSONValue]
  /// The keys whose numbers are written with a decimal point, so that Python reads them as floats.
  public var floats: Set<String>
  /// The tensors with their names in the file.
  public var tensors: [ExportedTensor]

  /// Creates the content.
  ///
  /// - Parameters:
  ///   - config: The adapter's configuration.
  ///   - floats: The keys whose numbers are written with a decimal point.
  ///   - tensors: The tensors with their names in the file.
  public init(config: [String: JSONValue], floats: Set<String> = [], tensors: [ExportedTensor]) {
    self.config = config
    self.floats = floats
    self.tensors = tensors
  }
}

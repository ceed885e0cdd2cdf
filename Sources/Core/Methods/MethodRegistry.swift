public import GraftSupport

/// The methods that are available to a program, by name. It is a value that is built in one place and passed on.
public struct MethodRegistry: Sendable {
  private struct Entry: Sendable {
    let type: any ParameterEfficientMethod.Type
    let description: MethodDescription
    let make: @Sendable (any Decoder) throws -> any ParameterEfficientMethod
  }
  private var entries: [String: Entry] = [:]

  /// Creates an empty registry.
  public init() {}

  /// Adds a method.
  ///
  /// - Throws: ``RegistryError/duplicate(_:kind:)`` if a method with this name is already registered.
  public mutating func register<Method: ParameterEfficientMethod>(_: Method.Type) throws {
    guard entries[Method.name] == nil else { throw RegistryError.duplicate(Method.name, kind: "method") }
    entries[Method.name] = Entry(
      type: Method.self,
      description: MethodDescription(
        name: Method.name, title: Method.title, summary: Method.summary,
        options: OptionLog.options(of: Method.Configuration.self)),
      make: { Method(try Method.Configuration(from: $0)) })
  }

  /// The names, sorted.
  public var names: [String] { entries.keys.sorted() }

  /// The types of the methods, sorted by name. A method declares additional features by conforming to further protocols, such
  /// as ``PeftExchangeable``.
  public var types: [any ParameterEfficientMethod.Type] { names.compactMap { entries[$0]?.type } }

  /// The descriptions that `graft methods` shows, sorted by name.
  public var descriptions: [MethodDescription] { names.compactMap { entries[$0]?.description } }

  /// Decodes a method from a mapping with the method's `name` and its options.
  ///
  /// - Throws: `DecodingError` that suggests the nearest method or key.
  public func method(from decoder: any Decoder) throws -> any ParameterEfficientMethod {
    let container = try decoder.container(keyedBy: NameKey.self)
    let name = try container.decode(String.self, forKey: .name)
    guard let entry = entries[name] else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath + [NameKey.name],
          debugDescription: "\(RegistryError.unknown(name, kind: "method", known: names))"))
    }
    return try entry.make(decoder)
  }

  /// Returns the description of one method.
  ///
  /// - Throws: ``RegistryError/unknown(_:kind:known:)``.
  public func description(of name: String) throws -> MethodDescription {
    guard let entry = entries[name] else { throw RegistryError.unknown(name, kind: "method", known: names) }
    return entry.description
  }

  private enum NameKey: String, CodingKey { case name }
}

/// A description of a method and its options for documentation.
public struct MethodDescription: Sendable, Codable, Equatable {
  /// The name in configurations.
  public let name: String
  /// The name in prose.
  public let title: String
  /// One line about what it does.
  public let summary: String
  /// Its options, recorded from the code that decodes them.
  public let options: [OptionDescription]
}

/// An error in registering or looking up a part by name: a method, family, objective, or task.
public enum RegistryError: UserError, Equatable {
  /// A part of this kind with this name is already registered.
  case duplicate(String, kind: String)
  /// There is no part of this kind with this name.
  case unknown(String, kind: String, known: [String])

  /// One line, with the nearest name.
  public var description: String {
    switch self {
    case .duplicate(let name, let kind):
      "the \(kind) \(quoted(name)) is already registered; choose another name"
    case .unknown(let name, let kind, let known):
      "no \(kind) named \(quoted(name))\(didYouMean(name, in: known)); \(kind)s are \(known.joined(separator: ", "))"
    }
  }
}

public import GraftSupport

/// The methods that a program knows, by name. A value: built in one place and handed down.
public struct MethodRegistry: Sendable {
  private struct Entry: Sendable {
    let description: MethodDescription
    let make: @Sendable (any Decoder) throws -> any ParameterEfficientMethod
  }
  private var entries: [String: Entry] = [:]

  /// A registry without methods.
  public init() {}

  /// Adds a method.
  ///
  /// - Throws: ``RegistryError/duplicate(_:)`` when its name is taken.
  public mutating func register<Method: ParameterEfficientMethod>(_: Method.Type) throws {
    guard entries[Method.name] == nil else { throw RegistryError.duplicate(Method.name) }
    entries[Method.name] = Entry(
      description: MethodDescription(
        name: Method.name, title: Method.title, summary: Method.summary,
        options: OptionLog.options(of: Method.Configuration.self)),
      make: { Method(try Method.Configuration(from: $0)) })
  }

  /// The names, sorted.
  public var names: [String] { entries.keys.sorted() }

  /// What `graft methods` shows of each, by name.
  public var descriptions: [MethodDescription] { names.compactMap { entries[$0]?.description } }

  /// The method that a configuration names under `name`, with the options beside it.
  ///
  /// - Throws: `DecodingError` that names the nearest method or key.
  public func method(from decoder: any Decoder) throws -> any ParameterEfficientMethod {
    let container = try decoder.container(keyedBy: NameKey.self)
    let name = try container.decode(String.self, forKey: .name)
    guard let entry = entries[name] else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath + [NameKey.name],
          debugDescription: "\(RegistryError.unknown(name, known: names))"))
    }
    return try entry.make(decoder)
  }

  /// The description of one method.
  ///
  /// - Throws: ``RegistryError/unknown(_:known:)``.
  public func description(of name: String) throws -> MethodDescription {
    guard let entry = entries[name] else { throw RegistryError.unknown(name, known: names) }
    return entry.description
  }

  private enum NameKey: String, CodingKey { case name }
}

/// A method and its options, as documentation shows them.
public struct MethodDescription: Sendable, Codable, Equatable {
  /// The name in configurations.
  public let name: String
  /// The name in texts.
  public let title: String
  /// What it does.
  public let summary: String
  /// Its options, read off the code that decodes them.
  public let options: [OptionDescription]
}

/// A name that can't be registered or looked up.
public enum RegistryError: UserError, Equatable {
  /// A method of that name is there already.
  case duplicate(String)
  /// There is no such method.
  case unknown(String, known: [String])

  /// One line, with the nearest name.
  public var description: String {
    switch self {
    case .duplicate(let name): "a method named \(quoted(name)) is registered already; give it another name"
    case .unknown(let name, let known):
      "no method named \(quoted(name))\(didYouMean(name, in: known)); methods are \(known.joined(separator: ", "))"
    }
  }
}

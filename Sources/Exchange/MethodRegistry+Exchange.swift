import GraftCore

/// A method's mapping for a toolkit.
struct Mapping<Exchangeable> {
  /// The method's type.
  let method: Exchangeable
  /// The kinds of adapters that it reads.
  let types: [String]
}

extension MethodRegistry {
  /// Returns the registered method that reads a kind of adapter.
  ///
  /// - Parameters:
  ///   - type: The value in the configuration that names the kind.
  ///   - key: The key of the value.
  ///   - file: The path of the configuration.
  ///   - mapping: Returns a method's mapping for the toolkit, or `nil` if it has none.
  /// - Throws: `ExchangeError.unregistered` or `ExchangeError.ambiguous`.
  func mapping<Exchangeable>(
    reading type: String, key: String, in file: String,
    _ mapping: (any ParameterEfficientMethod.Type) -> Mapping<Exchangeable>?
  ) throws -> Exchangeable {
    var known: [String] = []
    var found: [Exchangeable] = []
    var names: [String] = []
    for method in types {
      guard let mapping = mapping(method) else { continue }
      known += mapping.types.filter { !$0.isEmpty }.map { "\($0) (\(method.title))" }
      guard mapping.types.contains(type) else { continue }
      found.append(mapping.method)
      names.append(method.name)
    }
    guard let first = found.first else {
      throw ExchangeError.unregistered(file: file, key: key, value: type, known: known)
    }
    guard found.count == 1 else {
      throw ExchangeError.ambiguous(file: file, key: key, value: type, methods: names)
    }
    return first
  }

  /// Returns the titles of the methods that can be exported to a toolkit, for messages: `A, B, or C`.
  package func titles(exportableTo format: AdapterExport.Format) -> String {
    let exportable = types.filter { method in
      switch format {
      case .peft: method is any PeftExchangeable.Type
      case .adapterHub: method is any AdapterHubExchangeable.Type
      }
    }
    let titles = exportable.map { $0.title }
    guard let last = titles.last, titles.count > 1 else { return titles.first ?? "no method" }
    return titles.count == 2
      ? "\(titles[0]) or \(last)" : "\(titles.dropLast().joined(separator: ", ")), or \(last)"
  }
}

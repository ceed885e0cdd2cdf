import Foundation
import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Writes adapters as peft or AdapterHub's adapters keep them.
public struct AdapterExport {
  /// The toolkits that can be written for.
  public enum Format: String, CaseIterable, Sendable, Codable {
    /// Hugging Face peft: LoRA (DoRA, rank-stabilized, with overrides), prefix tuning on BERT, IA3.
    case peft
    /// AdapterHub's adapters: Houlsby, Pfeiffer and parallel adapters, LoRA.
    case adapterHub = "adapterhub"
  }

  /// What was written; the keys of its JSON are a promise.
  public struct Report: Encodable, Sendable {
    /// The toolkit.
    public let format: Format
    /// The folder.
    public let output: String
    /// Its files.
    public let files: [String]
    /// The number of values.
    public let parameters: Int

    /// As one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let file: AdapterFile
  private let base: PretrainedBase
  private let adapter: Adapter

  /// Exports an adapter that sits on its base.
  ///
  /// - Parameter loaded: The adapter; other toolkits' files don't say which base they belong to, so here it is made sure of once more.
  public init(_ loaded: LoadedAdapter) {
    file = loaded.file
    base = loaded.base
    adapter = loaded.adapter
  }

  /// Writes the folder atomically.
  ///
  /// - Parameters:
  ///   - format: The toolkit.
  ///   - output: The folder, which must not be there.
  /// - Throws: ``ExchangeError/cannotExport(file:format:reason:)`` where the toolkit has nothing that answers the same.
  public func write(_ format: Format, to output: String) throws -> Report {
    guard case .object(let options) = JSONValue(try file.metadata.methodTree(file: file.path)) else {
      throw AdapterFileError.notAnAdapter(file: file.path, reason: "its method is not a JSON object")
    }
    let source = ExportSource(
      file: file, adapter: adapter, names: EncoderNames(base.model), configuration: base.model.configuration,
      options: options, format: format.rawValue)
    let files = try format == .peft ? peftFiles(source) : adapterHubFiles(source)
    try writeFolderAtomically(output) { staging in
      for (name, content) in files { try writeAtomically(content, to: "\(staging)/\(name)") }
    }
    return Report(format: format, output: output, files: files.keys.sorted(), parameters: adapter.parameterCount)
  }
}

/// An adapter on its way to another toolkit.
struct ExportSource {
  let file: AdapterFile
  let adapter: Adapter
  let names: EncoderNames
  let configuration: EncoderConfiguration
  /// The method's name and options.
  let options: [String: JSONValue]
  let format: String

  var method: String { type(of: adapter.method).name }

  func refusal(_ reason: String) -> ExchangeError {
    .cannotExport(file: file.path, format: format, reason: reason)
  }

  func number(_ key: String) -> Double? { if case .number(let number)? = options[key] { number } else { nil } }
  func flag(_ key: String) -> Bool { if case .bool(true)? = options[key] { true } else { false } }
  func text(_ key: String) -> String? { if case .string(let text)? = options[key] { text } else { nil } }

  /// The parameters that are the head's, those of the base that it carries besides, and those that are the method's own.
  var head: [Parameter] { adapter.parameters.filter { isOfHead($0.name) } }
  var carried: [Parameter] {
    let names = Set(adapter.carried)
    return adapter.parameters.filter { names.contains($0.name) }
  }
  var own: [Parameter] {
    let names = Set(adapter.carried)
    return adapter.parameters.filter { !isOfHead($0.name) && !names.contains($0.name) }
  }

  private func isOfHead(_ name: String) -> Bool {
    names.head.contains(name) || adapter.extras.head != nil && name.hasPrefix("head.")
  }

  /// The modules that a parameter of this last name belongs to, in the model's order.
  func modules(with last: String) -> [(path: ModulePath, role: Role, layer: Int, parameter: Parameter)] {
    let found = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    return names.projections.compactMap { path, role, layer in
      found[path.parameter(last)].map { (path, role, layer, $0) }
    }
  }

  /// A safetensors file of parameters under other names.
  func tensors(_ parameters: [(name: String, shape: [Int], values: [Float])]) throws -> [UInt8] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for (name, shape, values) in parameters {
      guard values.allSatisfy(\.isFinite) else { throw refusal("\(quoted(name)) has values that are NaN or infinite") }
      try values.withUnsafeBytes { try writer.add(name, type: .f32, shape: shape, bytes: $0) }
    }
    return try writer.encoded()
  }

  /// A configuration as text.
  ///
  /// - Parameter factors: Keys whose numbers are written with a decimal point, by which Python tells a float.
  func json(_ object: [String: JSONValue], factors: [String] = []) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let lines = String(decoding: try encoder.encode(object), as: UTF8.self).split(separator: "\n").map { line in
      guard factors.contains(where: { line.contains("\"\($0)\" :") }), let digit = line.lastIndex(where: \.isNumber),
        !line.contains(".")
      else { return String(line) }
      return line[...digit] + ".0" + line[line.index(after: digit)...]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}

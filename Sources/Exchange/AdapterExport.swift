import Foundation
import GraftAdapterFiles
import GraftCore
public import GraftInference
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Exports adapters to the file formats of peft and AdapterHub's adapters library.
public struct AdapterExport {
  /// The toolkits to which adapters can be exported.
  public enum Format: String, CaseIterable, Sendable, Codable {
    /// Hugging Face peft: LoRA (DoRA, rank-stabilized, with overrides), prefix tuning on BERT, IA3.
    case peft
    /// AdapterHub's adapters: Houlsby, Pfeiffer, and parallel adapters, LoRA.
    case adapterHub = "adapterhub"
  }

  /// The result of an export. The JSON keys are stable.
  public struct Report: Encodable, Sendable {
    /// The toolkit.
    public let format: Format
    /// The output folder.
    public let output: String
    /// The names of the written files.
    public let files: [String]
    /// The number of parameters.
    public let parameters: Int

    /// Returns the report as one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let file: AdapterFile
  private let base: PretrainedBase
  private let adapter: Adapter

  /// Prepares the export of an adapter that is attached to its base.
  ///
  /// - Parameter loaded: The adapter, already checked against its base, because other toolkits' files don't identify theirs.
  public init(_ loaded: LoadedAdapter) {
    file = loaded.file
    base = loaded.base
    adapter = loaded.adapter
  }

  /// Writes the exported folder atomically.
  ///
  /// - Parameters:
  ///   - format: The toolkit.
  ///   - output: The output folder, which must not exist.
  /// - Throws: ``ExchangeError/cannotExport(file:format:reason:)`` if the toolkit can't express the adapter exactly.
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

/// An adapter to export, with what the writers need.
struct ExportSource {
  let file: AdapterFile
  let adapter: Adapter
  let names: EncoderNames
  let configuration: EncoderConfiguration
  /// The method's name and options.
  let options: [String: JSONValue]
  let format: String

  var method: String { type(of: adapter.method).name }

  /// Returns the error for an adapter that can't be exported.
  func refusal(_ reason: String) -> ExchangeError {
    .cannotExport(file: file.path, format: format, reason: reason)
  }

  func number(_ key: String) -> Double? { if case .number(let number)? = options[key] { number } else { nil } }
  func flag(_ key: String) -> Bool { if case .bool(true)? = options[key] { true } else { false } }
  func text(_ key: String) -> String? { if case .string(let text)? = options[key] { text } else { nil } }

  /// The parameters of the head.
  var head: [Parameter] { adapter.parameters.filter { isOfHead($0.name) } }
  /// The base's parameters outside the head for which the adapter has values.
  var carried: [Parameter] {
    let names = Set(adapter.carried)
    return adapter.parameters.filter { names.contains($0.name) }
  }
  /// The parameters of the method.
  var own: [Parameter] {
    let names = Set(adapter.carried)
    return adapter.parameters.filter { !isOfHead($0.name) && !names.contains($0.name) }
  }

  private func isOfHead(_ name: String) -> Bool {
    names.head.contains(name) || adapter.extras.head != nil && name.hasPrefix("head.")
  }

  /// Returns the modules that have a parameter with this last name component, in model order.
  func modules(with last: String) -> [(path: ModulePath, role: Role, layer: Int, parameter: Parameter)] {
    let parameters = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    return names.projections.compactMap { path, role, layer in
      parameters[path.parameter(last)].map { (path, role, layer, $0) }
    }
  }

  /// Returns a safetensors file with the given names, shapes, and values.
  func tensors(_ parameters: [(name: String, shape: [Int], values: [Float])]) throws -> [UInt8] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for (name, shape, values) in parameters {
      guard values.allSatisfy(\.isFinite) else { throw refusal("\(quoted(name)) has values that are NaN or infinite") }
      try values.withUnsafeBytes { try writer.add(name, type: .f32, shape: shape, bytes: $0) }
    }
    return try writer.encoded()
  }

  /// Returns a configuration as JSON text.
  ///
  /// - Parameters:
  ///   - object: The configuration.
  ///   - factors: Keys whose numbers are written with a decimal point, so that Python reads them as floats.
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

import Foundation
import GraftAdapterFiles
import GraftCore
public import GraftInference
import GraftObjectives
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Exports adapters to the file formats of peft and AdapterHub's adapters library.
public struct AdapterExport {
  /// The toolkits to which adapters can be exported.
  public enum Format: String, CaseIterable, Sendable, Codable {
    /// Hugging Face peft, for methods that are `PeftExchangeable`.
    case peft
    /// AdapterHub's adapters, for methods that are `AdapterHubExchangeable`.
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
    /// The number of trained values.
    public let parameters: Int
    /// Notes for the user about what the toolkit does not store.
    public let notes: [String]

    /// Returns the report as one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let file: AdapterFile
  private let base: PretrainedBase
  private let adapter: Adapter
  private let methods: MethodRegistry
  private let objective: any Objective

  /// Prepares the export of an adapter that is attached to its base.
  ///
  /// - Parameter loaded: The adapter, already checked against its base, because other toolkits' files don't identify it.
  public init(_ loaded: LoadedAdapter) {
    file = loaded.file
    base = loaded.base
    adapter = loaded.adapter
    methods = loaded.methods
    objective = loaded.objective
  }

  /// Writes the exported folder atomically.
  ///
  /// - Parameters:
  ///   - format: The toolkit.
  ///   - output: The output folder, which must not exist.
  /// - Throws: `ExchangeError.cannotExport` if the toolkit can't express the adapter exactly.
  public func write(_ format: Format, to output: String) throws -> Report {
    let source = ExportSource(
      file: file,
      exported: ExportedAdapter(adapter, names: EncoderNames(base.model), file: file.path, format: format.rawValue),
      family: base.model.family, methods: methods, objective: objective)
    let files = try format == .peft ? peftFiles(source) : adapterHubFiles(source)
    try writeFolderAtomically(output) { staging in
      for (name, content) in files { try writeAtomically(content, to: "\(staging)/\(name)") }
    }
    return Report(
      format: format, output: output, files: files.keys.sorted(), parameters: adapter.parameterCount,
      notes: [note(format)].compactMap { $0 })
  }

  /// Returns what the user must know about an objective that the toolkit would not assume.
  private func note(_ format: Format) -> String? {
    let (name, count) = (type(of: objective).name, objective.outputCount)
    // AdapterHub stores it with a head of its own kind.
    let isStored = format == .adapterHub && adapter.extras.head != nil
    guard objective.reference != .implied(by: objective.labelNames), !isStored else { return nil }
    guard let problem = type(of: objective).problemType else {
      return
        "transformers has no problem type for the objective \(name); load the model with num_labels=\(count), and read "
        + "its logits as the objective does"
    }
    return "\(format.rawValue) does not store the objective; load the base with num_labels=\(count) and "
      + "problem_type='\(problem)'"
  }
}

/// An adapter to export, with the data that the writers need.
struct ExportSource {
  let file: AdapterFile
  let exported: ExportedAdapter
  let family: any EncoderFamily
  let methods: MethodRegistry
  let objective: any Objective

  var adapter: Adapter { exported.adapter }
  var names: EncoderNames { exported.names }
  /// The method's name in prose.
  var title: String { type(of: adapter.method).title }

  /// Returns the error for an adapter that can't be exported.
  func refusal(_ reason: String) -> ExchangeError { exported.refusal(reason) }

  /// Returns the error for an adapter whose method has no mapping for the toolkit.
  func unsupported(by format: AdapterExport.Format) -> ExchangeError {
    let expected = methods.titles(exportableTo: format)
    return refusal("the method '\(type(of: adapter.method).name)' is not supported, expected \(expected)")
  }

  /// The parameters of the head.
  var head: [Parameter] { adapter.parameters.filter { exported.isOfHead($0.name) } }
  /// The base's parameters outside the head for which the adapter has values.
  var carried: [Parameter] {
    let names = Set(adapter.carried)
    return adapter.parameters.filter { names.contains($0.name) }
  }

  /// Returns a safetensors file with the given names, shapes, and values.
  func tensors(_ tensors: [ExportedTensor]) throws -> [UInt8] {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for tensor in tensors {
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw refusal("\(quoted(tensor.name)) has values that are NaN or infinite")
      }
      try tensor.values.withUnsafeBytes { try writer.add(tensor.name, type: .f32, shape: tensor.shape, bytes: $0) }
    }
    return try writer.encoded()
  }

  /// Returns a configuration as JSON text.
  ///
  /// - Parameters:
  ///   - object: The configuration.
  ///   - floats: Keys whose numbers are written with a decimal point, so that Python reads them as floats.
  func json(_ object: [String: JSONValue], floats: Set<String> = []) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let lines = String(decoding: try encoder.encode(object), as: UTF8.self).split(separator: "\n").map { line in
      guard floats.contains(where: { line.contains("\"\($0)\" :") }), let digit = line.lastIndex(where: \.isNumber),
        !line.contains(".")
      else { return String(line) }
      return line[...digit] + ".0" + line[line.index(after: digit)...]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}

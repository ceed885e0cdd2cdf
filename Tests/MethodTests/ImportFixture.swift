import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftInference
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// An adapter saved by another library, with its base.
struct ImportFixture: CustomTestStringConvertible, Sendable {
  let reference: ReferenceModel
  let name: String
  var testDescription: String { "\(name) on \(reference)" }

  /// The folder saved by the library, created by the scripts in `Tests/Goldens`.
  var folder: String { "\(Bundle.module.bundlePath)/Fixtures/exchange/\(reference)-\(name)" }

  /// The indices of the sequences in the golden, and the library's logits for them.
  struct Expected: Decodable {
    let sequences: [Int]
    let logits: [[Float]]
  }

  var expected: Expected {
    get throws {
      try JSONDecoder().decode(Expected.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected.json")))
    }
  }

  /// Returns a copy of the folder that can be changed.
  func copy() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file != "expected.json" {
      try copy.write(Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))), to: file)
    }
    return copy
  }

  /// Returns requests for the sequences in the golden with one adapter.
  func items(for adapters: [AdapterID]) throws -> [SequenceClassifier.BatchItem] {
    let inputs = try reference.inputs()
    return try expected.sequences.map {
      .init(ids: inputs.sequences[$0], typeIDs: inputs.types[$0], adapters: adapters)
    }
  }

  /// Returns the largest difference between an adapter's logits and the library's.
  func distance(_ loaded: LoadedAdapter) throws -> Float {
    let logits = try loaded.base.model.logits(of: items(for: [loaded.id]), workers: Workers(count: 2))
    let expectedLogits = try expected.logits
    guard logits.map(\.count) == expectedLogits.map(\.count) else { return .infinity }
    return zip(logits.joined(), expectedLogits.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }
}

/// A temporary folder with bases, in which tests import adapters.
struct ImportSandbox {
  let work: TemporaryFolder
  let locator: BaseLocator
  private let models: [String: ModelFolder]

  init() throws {
    models = try Dictionary(
      uniqueKeysWithValues: ReferenceModel.all.map { ($0.description, try ModelFolder.written($0)) })
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  /// Imports a fixture, or a changed copy of it, and attaches it to a base.
  func imported(
    _ fixture: ImportFixture, from folder: String? = nil, on base: PretrainedBase? = nil, as name: String = "a"
  ) throws -> (AdapterImport.Report, LoadedAdapter) {
    let base = try base ?? self.base(fixture.reference)
    let file = work.file("\(name).safetensors.zst")
    let report = try AdapterImport(base: base, methods: ContractTests.registry()).run(
      folder ?? fixture.folder, to: file)
    return (report, try LoadedAdapter(file: file, on: base, as: AdapterID(name), methods: ContractTests.registry()))
  }

  func base(_ reference: ReferenceModel) throws -> PretrainedBase {
    try PretrainedBase(#require(models[reference.description]).folder.path, locator: locator)
  }

  /// Returns the error message of an import that must fail without leaving an output file.
  func refusal(_ folder: TemporaryFolder, _ reference: ReferenceModel = .bert) throws -> String {
    let output = work.file("refused.safetensors.zst")
    do {
      _ = try AdapterImport(base: base(reference), methods: ContractTests.registry()).run(folder.path, to: output)
      return "no refusal"
    } catch let error as any UserError {
      #expect(FileIdentity(path: output) == nil && !"\(error)".contains("\n"))
      return "\(error)"
    }
  }
}

extension TemporaryFolder {
  /// Changes a JSON object in a file.
  func edit(_ file: String, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: self.file(file))
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: url)
  }
}

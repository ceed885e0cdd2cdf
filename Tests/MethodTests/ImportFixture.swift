import Foundation
import GraftCore
import GraftHarness
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// An adapter that a library has written, on the base that it is for.
struct ImportFixture: CustomTestStringConvertible, Sendable {
  let reference: ReferenceModel
  let name: String
  var testDescription: String { "\(name) on \(reference)" }

  /// The library's folder, written by the scripts in `Tests/Goldens`.
  var folder: String { "\(Bundle.module.bundlePath)/Fixtures/exchange/\(reference)-\(name)" }

  /// The sequences that the library was asked, by number, and its logits.
  struct Expected: Decodable {
    let sequences: [Int]
    let logits: [[Float]]
  }

  var expected: Expected {
    get throws {
      try JSONDecoder().decode(Expected.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected.json")))
    }
  }

  /// A copy of the folder, to change.
  func copy() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file != "expected.json" {
      try copy.write(Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))), to: file)
    }
    return copy
  }

  /// What an adapter answers to the sequences that the library was asked.
  func questions(for id: AdapterID) throws -> [SequenceClassifier.Request] {
    let inputs = try reference.inputs()
    return try expected.sequences.map {
      .init(ids: inputs.sequences[$0], typeIDs: inputs.types[$0], adapters: [id])
    }
  }

  /// How far an adapter's logits are from the library's.
  func distance(_ loaded: LoadedAdapter) throws -> Float {
    let logits = try loaded.base.model.logits(of: questions(for: loaded.id), workers: Workers(count: 2))
    let wanted = try expected.logits
    guard logits.map(\.count) == wanted.map(\.count) else { return .infinity }
    return zip(logits.joined(), wanted.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }
}

/// Where imports are tried.
struct ImportPlace {
  let work: TemporaryFolder
  let locator: BaseLocator
  private let models: [String: ModelFolder]

  init() throws {
    models = try Dictionary(
      uniqueKeysWithValues: ReferenceModel.all.map { ($0.description, try ModelFolder.written($0)) })
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  /// Imports a fixture, or a changed copy of it, and puts it on a base.
  func imported(
    _ fixture: ImportFixture, from folder: String? = nil, on base: PretrainedBase? = nil, as name: String = "a"
  )
    throws -> (AdapterImport.Report, LoadedAdapter)
  {
    let base = try base ?? self.base(fixture.reference)
    let file = work.file("\(name).safetensors.zst")
    let report = try AdapterImport(base: base, methods: ContractTests.registry()).run(
      folder ?? fixture.folder, to: file)
    return (report, try LoadedAdapter(file: file, on: base, as: AdapterID(name), methods: ContractTests.registry()))
  }

  func base(_ reference: ReferenceModel) throws -> PretrainedBase {
    try PretrainedBase(#require(models[reference.description]).folder.path, locator: locator)
  }

  /// The error of an import that must fail and leave nothing.
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

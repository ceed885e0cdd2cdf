import Foundation
import Graft
import Testing
import ThirdParty

/// Files of methods from another package: applied on disk, removed, imported from peft, and exported to peft.
struct FileTests {
  private let work: Workspace
  private var locator: BaseLocator { work.locator }
  private var methods: MethodRegistry { work.methods }

  init() throws { work = try Workspace() }

  private func path(_ name: String) -> String { work.path(name) }

  private func contents(_ folder: String) throws -> [String: Data] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: all.compactMap { name in
        (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).map { (name, $0) }
      })
  }

  @Test(arguments: ["bert", "distilbert", "roberta"])
  func `IA3 and BitFit are applied on disk with LoRA, and removed in any order`(family: String) throws {
    let folder = try work.base(family)
    let original = try contents(folder)
    let files = [
      try work.write("ia3", IA3(.init()), on: folder), try work.write("bitfit", BitFit(.init()), on: folder),
      try work.write("lora", LoRA(.init()), on: folder),
    ]
    func apply(_ indices: [Int], to output: String) throws -> Float {
      try MergedFolder(base: PretrainedBase(folder, locator: locator), named: "tiny", methods: methods)
        .write(indices.map { try NamedAdapter(path: files[$0]) }, to: path(output)).largestLogitChange
    }
    #expect(try apply([0, 1, 2], to: "all") < 5e-5)
    #expect(try apply([0, 2], to: "two") < 5e-5 && apply([2], to: "lora") < 2e-5)
    #expect(try apply([0], to: "one") < 2e-5 && apply([1], to: "biases") < 2e-5)
    for folder in ["all", "one", "biases"] {
      _ = try RestoredFolder(path(folder), methods: methods).write(without: nil, to: path("\(folder) back"))
      #expect(try contents(path("\(folder) back")) == original)
    }
    _ = try RestoredFolder(path("all"), methods: methods).write(without: ["bitfit"], to: path("left"))
    #expect(try contents(path("left")) == contents(path("two")))
    _ = try RestoredFolder(path("left"), methods: methods).write(without: ["ia3"], to: path("last"))
    #expect(try contents(path("last")) == contents(path("lora")))
  }

  /// The fixtures are created by the toolkit's `Tests/Goldens/exchange_goldens.py`.
  @Test(arguments: ["bert", "distilbert", "roberta"])
  func `IA3 is imported from peft with the same logits, and exported to peft`(family: String) throws {
    struct Expected: Decodable { let sequences: [Int], logits: [[Float]] }
    struct Inputs: Decodable { let sequences: [[Int32]], types: [[Int32]] }
    let folder = try work.base(family)
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(family)-peft-ia3").path
    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: "\(golden)/expected.json")))
    let inputs = try JSONDecoder().decode(
      Inputs.self, from: Data(contentsOf: Workspace.bases.appendingPathComponent("\(family)/inputs.json")))
    func imported(_ from: String, as name: String) throws -> LoadedAdapter {
      _ = try AdapterImport(base: PretrainedBase(folder, locator: locator), methods: methods).run(from, to: path(name))
      return try LoadedAdapter(
        file: path(name), on: PretrainedBase(folder, locator: locator), as: "a", methods: methods)
    }
    func distance(_ adapter: LoadedAdapter) throws -> Float {
      let logits = try adapter.base.model.logits(
        of: expected.sequences.map { .init(ids: inputs.sequences[$0], typeIDs: inputs.types[$0], adapters: ["a"]) },
        workers: Workers(count: 1))
      return zip(logits.joined(), expected.logits.joined()).map { abs($0 - $1) }.max() ?? 1
    }
    let first = try imported(golden, as: "first")
    #expect(try distance(first) <= 1e-5)
    _ = try AdapterExport(first).write(.peft, to: path("exported"))
    #expect(try distance(imported(path("exported"), as: "second")) <= 1e-5)
  }
}

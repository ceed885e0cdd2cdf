import Foundation
import GraftAdapterFiles
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftSafetensors
import GraftTestSupport

/// The environment of the readers: the tests' tiny models with tokenizers, adapters for them, and in-memory folders for inputs.
struct Workspace {
  /// A folder in memory.
  let folder: String
  /// The available methods.
  let methods: MethodRegistry
  /// The bases by family.
  let bases: [String: PretrainedBase]
  /// The folder with adapters of other toolkits, one folder each.
  let exchange: String

  /// Creates the workspace in `place`.
  init(below place: String) throws {
    folder = place
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try methods.register(Houlsby.self)
    try methods.register(Prefix.self)
    try methods.register(FullFineTuning.self)
    try methods.register(HeadOnly.self)
    self.methods = methods
    let locator = BaseLocator(home: "\(place)/home")
    var bases: [String: PretrainedBase] = [:]
    for reference in ReferenceModel.all {
      let model = try ModelFolder.written(reference)
      let copy = "\(place)/bases/\(reference)"
      try Self.copy(model.folder.path, to: copy)
      bases[reference.description] = try PretrainedBase(copy, locator: locator)
    }
    self.bases = bases
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    exchange = tests.appendingPathComponent("MethodTests/Fixtures/exchange").path
  }

  /// Returns the base of a family.
  func base(_ family: String) throws -> PretrainedBase {
    guard let base = bases[family] else { throw CocoaError(.fileNoSuchFile) }
    return base
  }

  /// Copies a folder for a reader's inputs.
  func copy(_ source: String, as name: String) throws -> String {
    let place = "\(folder)/inputs/\(name)"
    try Self.copy(source, to: place)
    return place
  }

  /// Creates a folder with some files.
  func make(_ name: String, _ files: [String: [UInt8]] = [:]) throws -> String {
    let place = "\(folder)/inputs/\(name)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for (file, content) in files { try Data(content).write(to: URL(fileURLWithPath: "\(place)/\(file)")) }
    return place
  }

  private static func copy(_ source: String, to place: String) throws {
    let parent = URL(fileURLWithPath: place).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: source, toPath: place)
  }

  /// Returns a file's bytes.
  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// Returns a seed: a valid file in a folder.
  func seed(_ folder: String, _ file: String, _ kind: Seed.Kind) throws -> Seed {
    Seed(folder: folder, file: file, kind: kind, content: try Self.bytes("\(folder)/\(file)"))
  }
}

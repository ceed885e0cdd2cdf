import Foundation
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftSafetensors
import GraftTestSupport

/// What readers need around them: the tests' tiny models with tokenizers, adapters on them, and folders in memory for inputs.
struct Workspace {
  /// A folder in memory, gone with the object.
  let folder: String
  /// The methods that files may name.
  let methods: MethodRegistry
  /// The bases by family.
  let bases: [String: PretrainedBase]
  /// Adapters of other toolkits, a folder each.
  let exchange: String

  /// Makes it below `place`.
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

  /// A base that is there.
  func base(_ family: String) throws -> PretrainedBase {
    guard let base = bases[family] else { throw CocoaError(.fileNoSuchFile) }
    return base
  }

  /// A copy of a folder for a reader's inputs.
  func copy(_ source: String, as name: String) throws -> String {
    let place = "\(folder)/inputs/\(name)"
    try Self.copy(source, to: place)
    return place
  }

  /// A new folder with some files.
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

  /// A file's bytes.
  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// A valid input: a file in a folder.
  func seed(_ folder: String, _ file: String, _ kind: Seed.Kind) throws -> Seed {
    Seed(folder: folder, file: file, kind: kind, content: try Self.bytes("\(folder)/\(file)"))
  }
}

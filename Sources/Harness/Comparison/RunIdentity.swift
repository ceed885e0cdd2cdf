import Foundation
import GraftCore
import GraftSafetensors
import GraftSupport

/// What makes two trainings the same one: configuration, data, base, the adapter to start from, program and processor.
enum RunIdentity {
  /// The file that marks a finished training; it goes when another one begins in the folder.
  static let name = "identity.txt"

  /// The hash of everything that decides the result of a training. Files count by their content, whatever they are called
  /// and whenever they were written.
  ///
  /// - Parameter contents: Remembers the hashes of files between trainings.
  /// - Throws: `FileError` or ``TaskError`` when data, base, or the adapter to start from can't be read.
  static func of(_ experiment: ExperimentConfiguration, locator: BaseLocator, _ contents: ContentHashes) throws
    -> String
  {
    let checksum = Checksum()
    func add(_ role: String, _ path: String) throws {
      checksum.add("\(role) \(try contents.hash(of: path))\n")
    }
    var configuration = experiment
    configuration.output = ""
    checksum.add(try configurationText(configuration))
    // Another number of workers adds gradients in another order; other libraries and processors round differently.
    let program = RunEnvironment.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let machine = "\(Processor.level) \(experiment.training.workers.resolved)"
    checksum.add("\(program.joined(separator: ", ")) \(machine)\n")
    let task = try ExperimentData.resolve(experiment.task, experiment.data).0
    let source = try DataSource.find(task, path: experiment.data.path)
    for path in try source.contents(of: task) { try add("data \(splitName(path))", path) }
    let folder = try locator.folder(of: experiment.base)
    for name in try BaseFiles.present(in: folder) { try add("base \(name)", "\(folder)/\(name)") }
    if let start = experiment.initFrom { try add("start", isFolder(start) ? RunFolder.adapter(in: start) : start) }
    return checksum.digits()
  }

  /// A data file's own name: which split it is.
  private static func splitName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// Marks a run folder as finished.
  static func write(_ identity: String, to folder: String) throws {
    try writeAtomically(identity + "\n", to: "\(folder)/\(name)")
  }

  /// Whether a run folder was finished under this identity.
  static func matches(_ identity: String, in folder: String) -> Bool {
    (try? readFile("\(folder)/\(name)")) == Array("\(identity)\n".utf8)
  }
}

/// SHA-256 of files, each read once as long as it does not change: a comparison asks for the same base again and again.
final class ContentHashes {
  private var known: [FileIdentity: String] = [:]

  /// The hash of a file's content.
  ///
  /// - Throws: `FileError`.
  func hash(of path: String) throws -> String {
    let file = try MappedFile(path: path)
    if let hash = known[file.identity] { return hash }
    let hash = withExtendedLifetime(file) { sha256(file.bytes) }
    known[file.identity] = hash
    return hash
  }
}

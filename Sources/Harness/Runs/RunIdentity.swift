import Foundation
import GraftAdapterFiles
import GraftCore
import GraftSafetensors
import GraftSupport

/// The identity of a run: a hash of its configuration, data, base model, initial adapter, program, and processor.
enum RunIdentity {
  /// The name of the file that marks a finished run; it is removed when another run begins in the folder.
  static let name = "identity.txt"

  /// Returns the hash of everything that determines a run's result. Files are identified by content, regardless of their path
  /// and modification time.
  ///
  /// - Parameters:
  ///   - experiment: The run's configuration.
  ///   - locator: The locator of base models.
  ///   - contents: A cache of file hashes, shared between runs.
  /// - Throws: `FileError` or ``TaskError`` when the data, the base model, or the initial adapter cannot be read.
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
    // The number of workers determines the order in which gradients are summed; libraries and processors round differently.
    let program = RunEnvironment.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let machine = "\(Processor.level) \(experiment.training.workers.resolved)"
    checksum.add("\(program.joined(separator: ", ")) \(machine)\n")
    let files = try DeclaredTask(experiment).files
    let source = try DataSource.find(files, path: experiment.data.path)
    for file in try source.files(of: files) {
      let role = "data \(splitName(file.path))"
      if let content = file.content {
        checksum.add("\(role) \(content.withUnsafeBytes { sha256($0) })\n")
      } else {
        try add(role, file.path)
      }
    }
    let folder = try locator.folder(of: experiment.base)
    for name in try BaseFiles.present(in: folder) { try add("base \(name)", "\(folder)/\(name)") }
    if let start = experiment.initFrom {
      try add("start", isFolder(start) ? AdapterFile.path(inRunFolder: start) : start)
    }
    return checksum.digits()
  }

  /// Returns a data file's name, which identifies its split.
  private static func splitName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// Marks a run folder as finished.
  static func write(_ identity: String, to folder: String) throws {
    try writeAtomically(identity + "\n", to: "\(folder)/\(name)")
  }

  /// Whether the run in a folder finished with this identity.
  static func matches(_ identity: String, in folder: String) -> Bool {
    (try? readFile("\(folder)/\(name)")) == Array("\(identity)\n".utf8)
  }
}

/// A cache of SHA-256 hashes of files, because all runs of a comparison use the same base model. A file is hashed again only if
/// it has changed.
final class ContentHashes {
  private var cache: [FileIdentity: String] = [:]

  /// Returns the hash of a file's content.
  ///
  /// - Throws: `FileError`.
  func hash(of path: String) throws -> String {
    let file = try MappedFile(path: path)
    if let hash = cache[file.identity] { return hash }
    let hash = withExtendedLifetime(file) { sha256(file.bytes) }
    cache[file.identity] = hash
    return hash
  }
}

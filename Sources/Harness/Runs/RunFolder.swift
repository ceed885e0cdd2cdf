import Foundation
import GraftAdapterFiles
import GraftSupport
import GraftTensorBoard

/// The output folder of a run: `config.yaml`, `metrics.jsonl`, `summary.json`, `evaluation.json`, `adapter.safetensors.zst`, and
/// an event file for TensorBoard.
///
/// `EarlierRun` keeps the files of an earlier run, so that a failed run loses nothing and the files of two runs never mix.
public final class RunFolder: Sendable {
  /// The folder's path.
  public let path: String
  private let lock: FolderLock

  /// The path of the adapter file.
  public var adapterPath: String { "\(path)/\(Self.adapterName)" }
  /// The path of the profile's trace.
  var tracePath: String { "\(path)/\(Self.traceName)" }
  /// The path of the log.
  var metricsPath: String { "\(path)/metrics.jsonl" }

  /// The name of the adapter file.
  static let adapterName = AdapterFile.defaultName
  private static let traceName = "trace.json"
  /// The name of the file that marks a run as unfinished.
  static let unfinishedName = "unfinished"

  /// The names of a run's files, except its event files.
  static let names = [
    traceName, "config.yaml", "metrics.jsonl", "summary.json", "evaluation.json", adapterName, RunIdentity.name,
    unfinishedName,
  ]

  /// Creates the folder and checks that it is writable, before any work is done.
  ///
  /// - Throws: `FileError`, also while another run writes to the folder, or when something other than a regular file has the
  ///   name of a run's file.
  public init(path: String) throws {
    self.path = path
    try makeFolder(path, flushes: false)
    lock = try FolderLock(path)
    removeLeftovers(in: path)
    try EarlierRun(in: path)?.moveAside()
    _ = try AppendedFile(path: metricsPath)
    try AppendedFile(path: "\(path)/\(Self.unfinishedName)").append(
      Array("This run has not finished: it is still training, or it was interrupted, failed, or was killed.\n".utf8))
  }

  /// Returns the configuration of a finished or interrupted run; `nil` if the path is not a run folder.
  ///
  /// - Throws: ``ConfigurationError`` if the configuration cannot be read.
  public static func configuration(in path: String, registries: Registries = .builtIn) throws
    -> ExperimentConfiguration?
  {
    let file = "\(path)/config.yaml"
    guard isFolder(path), try fileExists(file) else { return nil }
    return try ConfigurationFile(path: file).decode(ExperimentConfiguration.self, registries: registries)
  }

  /// Returns the evaluation that a run has recorded; `nil` if there is none.
  package static func record(in path: String) -> EvaluationRecord? {
    let content = try? readFile("\(path)/evaluation.json")
    return content.flatMap { try? JSONDecoder().decode(EvaluationRecord.self, from: Data($0)) }
  }

  /// Checks that a run in a folder would not overwrite one of its input files.
  ///
  /// - Throws: `FileError` for the file that would be overwritten.
  static func requireApart(_ folder: String, from inputs: [String]) throws {
    for name in names {
      let path = "\(folder)/\(name)"
      guard inputs.contains(where: { isSameFile(path, $0) }) else { continue }
      throw FileError(
        "cannot write", path, reason: "this run reads it as an input; choose another output folder")
    }
  }

  /// Checks that a run in a folder would not overwrite its own configuration file. The configuration written by an earlier run
  /// is allowed, because it is kept with that run.
  ///
  /// - Throws: `FileError` if it would be overwritten.
  public static func requireApart(_ folder: String, fromConfiguration file: String) throws {
    let hasEarlierRun = [adapterName, unfinishedName].contains { FileIdentity(path: "\(folder)/\($0)") != nil }
    if !hasEarlierRun { try requireApart(folder, from: [file]) }
  }

  /// Writes the configuration with every resolved value.
  func write(_ configuration: ExperimentConfiguration) throws {
    try writeAtomically(configurationText(configuration), to: "\(path)/config.yaml")
  }

  /// Writes the kept checkpoint's outputs for every evaluation example.
  func write(_ record: EvaluationRecord) throws {
    try writeAtomically(try JSONEncoder().encode(record), to: "\(path)/evaluation.json")
  }

  /// Writes the summary.
  func write(_ summary: RunSummary) throws { try writeAtomically(summary.json() + "\n", to: "\(path)/summary.json") }

  /// Marks the run as finished; from now on it may replace the previous finished run.
  func finish() throws {
    let marker = "\(path)/\(Self.unfinishedName)"
    guard unlink(marker) == 0 else { throw FileError.fromErrno("cannot remove", marker) }
    try flushFolder(path)
    try flushFolder("\(path)/..")
  }
}

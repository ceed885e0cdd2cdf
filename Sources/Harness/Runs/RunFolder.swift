import Foundation
import GraftSupport
import GraftTensorBoard

/// The folder that one training leaves: `config.yaml`, `metrics.jsonl`, `summary.json`, `evaluation.json`, `adapter.safetensors.zst`,
/// and an event file for TensorBoard.
///
/// What an earlier run left there is kept by `EarlierRun`, so that a run that fails costs nothing and nothing is mixed.
public final class RunFolder: Sendable {
  /// Where it is.
  public let path: String
  private let lock: FolderLock

  /// The adapter's place.
  public var adapterPath: String { "\(path)/\(Self.adapterName)" }
  /// The profile's place.
  var tracePath: String { "\(path)/\(Self.traceName)" }
  /// The log's place.
  var metricsPath: String { "\(path)/metrics.jsonl" }

  /// What the adapter's file is called.
  static let adapterName = "adapter.safetensors.zst"
  private static let traceName = "trace.json"
  /// Says that the run has not come to its end, until it has.
  static let unfinishedName = "unfinished"

  /// What files of a run are called, besides its event files.
  static let names = [
    traceName, "config.yaml", "metrics.jsonl", "summary.json", "evaluation.json", adapterName, RunIdentity.name,
    unfinishedName,
  ]

  /// Makes the folder and proves that it can be written to, before any work is done.
  ///
  /// - Throws: `FileError`, also while another run is writing there, or when something that is not a file has the name of
  ///   one of a run's files.
  public init(path: String) throws {
    self.path = path
    try makeFolder(path, flushes: false)
    lock = try FolderLock(path)
    removeLeftovers(in: path)
    try EarlierRun(in: path)?.moveAside()
    _ = try AppendedFile(path: metricsPath)
    try AppendedFile(path: "\(path)/\(Self.unfinishedName)").append(
      Array("This run has not finished: it is training, or was interrupted, failed, or was killed.\n".utf8))
  }

  /// Refuses a folder in which a run would write over one of the files that it reads.
  ///
  /// - Throws: `FileError`.
  static func requireApart(_ folder: String, from inputs: [String]) throws {
    for name in names {
      let path = "\(folder)/\(name)"
      guard inputs.contains(where: { isSameFile(path, $0) }) else { continue }
      throw FileError(
        "cannot write", path, reason: "it is one of the files that this run reads; name another folder as the output")
    }
  }

  /// Refuses a folder in which a run would write over its configuration file, unless that is the one which an earlier run has
  /// left there, and which is kept with it.
  ///
  /// - Throws: `FileError`.
  public static func requireApart(_ folder: String, fromConfiguration file: String) throws {
    let isOfRun = [adapterName, unfinishedName].contains { FileIdentity(path: "\(folder)/\($0)") != nil }
    if !isOfRun { try requireApart(folder, from: [file]) }
  }

  /// The adapter's file in a run's folder.
  ///
  /// - Throws: ``AdapterFileError/noAdapter(folder:earlier:)`` that names an earlier run's adapter, or `FileError` when
  ///   it is there but can't be read.
  static func adapter(in folder: String) throws -> String {
    let path = "\(folder)/\(adapterName)"
    if try fileExists(path) { return path }
    let earlier = EarlierRun.places.map { "\(folder)/\($0)" }.first {
      FileIdentity(path: "\($0)/\(adapterName)") != nil
    }
    throw AdapterFileError.noAdapter(folder: folder, earlier: earlier)
  }

  /// Writes the configuration with every value in force.
  func write(_ configuration: ExperimentConfiguration) throws {
    try writeAtomically(configurationText(configuration), to: "\(path)/config.yaml")
  }

  /// Writes what the kept state said to each evaluation example.
  func write(_ record: EvaluationRecord) throws {
    try writeAtomically(try JSONEncoder().encode(record), to: "\(path)/evaluation.json")
  }

  /// Writes the summary.
  func write(_ summary: RunSummary) throws { try writeAtomically(summary.json() + "\n", to: "\(path)/summary.json") }

  /// Says that the run has come to its end: from now on it may take the place of the last finished run before it.
  func finish() throws {
    let mark = "\(path)/\(Self.unfinishedName)"
    guard unlink(mark) == 0 else { throw FileError.fromErrno("cannot remove", mark) }
    try flushFolder(path)
    try flushFolder("\(path)/..")
  }
}

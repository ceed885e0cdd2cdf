import Foundation
import GraftSupport
import GraftTensorBoard

/// The folder that one training leaves: `config.yaml`, `metrics.jsonl`, `summary.json`, `evaluation.json`, `adapter.safetensors.zst`,
/// and an event file for TensorBoard.
///
/// What the run before left there moves to the folder `previous` within, in place of what that held, so that a run that
/// fails costs nothing and nothing is mixed.
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
  private static let names = [
    traceName, "config.yaml", "metrics.jsonl", "summary.json", "evaluation.json", adapterName, RunIdentity.name,
  ]

  /// What an event file is called in `previous`, where TensorBoard must not take it for a run.
  private static let oldEventsName = "events.previous"

  /// Makes the folder and proves that it can be written to, before any work is done.
  ///
  /// - Throws: `FileError`, also while another run is writing there.
  public init(path: String) throws {
    self.path = path
    try makeFolder(path)
    lock = try FolderLock(path)
    let old = Self.left(in: path)
    if !old.isEmpty {
      let previous = "\(path)/previous"
      try makeFolder(previous)
      // All or nothing, and nowhere else.
      for place in old.map({ "\(path)/\($0)" }) where Self.kind(of: place) == S_IFDIR {
        throw FileError("cannot write", place, reason: "a folder of that name is there")
      }
      guard Self.kind(of: previous) == S_IFDIR else {
        throw FileError("cannot write", previous, reason: "it is a link, expected a folder")
      }
      for name in Self.names + [Self.oldEventsName] { unlink("\(previous)/\(name)") }
      for name in old {
        let newName = name.hasPrefix(EventFile.namePrefix) ? Self.oldEventsName : name
        guard rename("\(path)/\(name)", "\(previous)/\(newName)") == 0 else {
          throw FileError("cannot move to 'previous'", "\(path)/\(name)", reason: String(cString: strerror(errno)))
        }
      }
    }
    try writeAtomically("", to: metricsPath)
  }

  /// What a run has left in a folder.
  private static func left(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { names.contains($0) || $0.hasPrefix(EventFile.namePrefix) }
  }

  /// What kind of thing a path itself is; a link is a link.
  private static func kind(of path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
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
}

public import Foundation
import GraftCore
import GraftSupport

/// A text and its class.
public struct Example: Sendable, Equatable {
  /// The text.
  public let text: String
  /// The class, from 0.
  public let label: Int

  /// An example by its parts.
  public init(text: String, label: Int) { (self.text, self.label) = (text, label) }
}

/// Where a task's files were found.
public struct DataSource: Sendable, Equatable {
  /// The folder with `train.tsv` and `dev.tsv`.
  public let folder: String
  /// What every run says about it.
  public let description: String

  /// A source in a folder that is known.
  public init(folder: String, description: String) { (self.folder, self.description) = (folder, description) }

  /// Looks in the folder that is named, in `$GLUE_DIR`, and takes the bundled sample in the end.
  ///
  /// - Throws: `FileError` when the folder that is named, or `$GLUE_DIR`, lacks the task.
  public static func find(
    _ task: Task, path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DataSource {
    if let path {
      guard FileManager.default.fileExists(atPath: path) else {
        throw FileError(
          "cannot read", path, reason: "there is no such folder, expected one with train.tsv and dev.tsv")
      }
      return DataSource(folder: path, description: path)
    }
    if let glue = environment["GLUE_DIR"], !glue.isEmpty {
      let folder = "\(glue)/\(task.folder)"
      guard FileManager.default.fileExists(atPath: folder) else {
        throw FileError("cannot read", folder, reason: "GLUE_DIR is set, but has no folder \(task.folder)")
      }
      return DataSource(folder: folder, description: "\(task.title) in \(folder)")
    }
    guard let name = task.sample else {
      throw FileError("cannot read", task.folder, reason: "set GLUE_DIR to the folder that holds it, or data.path")
    }
    guard let sample = Bundle.module.path(forResource: name, ofType: nil) else {
      throw FileError("cannot read", name, reason: "the program's resources are not beside it")
    }
    return DataSource(
      folder: sample, description: "the bundled sample of reviews (not \(task.title) itself; set GLUE_DIR for that)")
  }

  /// Reads one split.
  ///
  /// - Throws: ``TaskError`` with file and line.
  public func read(_ split: String, of task: Task) throws -> [Example] {
    let path = "\(folder)/\(split).tsv"
    guard FileManager.default.fileExists(atPath: path) else { throw TaskError.unknownSplit(split, folder: folder) }
    let file = try TSVFile(path: path)
    let (text, label) = (try file.column(task.textColumn), try file.column(task.labelColumn))
    return try file.rows.map { line, fields in
      guard fields.count > max(text, label) else {
        throw TaskError.shortRow(file: path, line: line, fields: fields.count, expected: file.header.count)
      }
      guard let label = task.labels.firstIndex(of: String(fields[label])) else {
        throw TaskError.unknownLabel(file: path, line: line, label: String(fields[label]), expected: task.labels)
      }
      return Example(text: String(fields[text]), label: label)
    }
  }
}

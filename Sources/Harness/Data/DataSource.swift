public import Foundation
import GraftSupport

/// Where a task's examples were found: a folder with a file for each split, or one file.
public struct DataSource: Sendable, Equatable {
  /// The folder or file.
  public let path: String
  /// What every run says about it.
  public let description: String
  private let isFile: Bool

  /// A source whose place is known.
  public init(path: String, description: String) {
    (self.path, self.description) = (path, description)
    isFile = FileIdentity(path: path) != nil && !Self.isFolder(path)
  }

  /// Looks in the folder or file that is named, in `$GLUE_DIR`, in the cache, and takes the task's sample in the end.
  ///
  /// - Throws: `FileError` when what is named is not there, or `$GLUE_DIR` lacks the task; ``TaskError/needsData(task:)``
  ///   when nothing is named and the task has nothing of its own.
  public static func find(
    _ task: Task, path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DataSource {
    if let path {
      guard FileManager.default.fileExists(atPath: path) else {
        throw FileError(
          "cannot read", path,
          reason: "it is not there; data.path (or --data) names a file of examples or a folder with train and dev files"
        )
      }
      return DataSource(path: path, description: path)
    }
    guard let folderName = task.folder else { throw TaskError.needsData(task: task.name) }
    if let glue = environment["GLUE_DIR"], !glue.isEmpty {
      let folder = "\(glue)/\(folderName)"
      guard FileManager.default.fileExists(atPath: folder) else {
        throw FileError("cannot read", folder, reason: "GLUE_DIR is set, but has no folder \(folderName)")
      }
      return DataSource(path: folder, description: "\(task.title) in \(folder)")
    }
    let fetched = "\(BaseLocator(environment: environment).tasks)/\(folderName)"
    if FileManager.default.fileExists(atPath: fetched) {
      return DataSource(path: fetched, description: "\(task.title) in \(fetched)")
    }
    guard let name = task.sample else {
      throw FileError(
        "cannot read", folderName,
        reason: "it is nowhere; 'graft get task \(task.name)' fetches it, or set GLUE_DIR to the folder that holds it")
    }
    guard let sample = Bundle.module.path(forResource: name, ofType: nil) else {
      throw FileError("cannot read", name, reason: "the program's resources are not beside it")
    }
    return DataSource(
      path: sample,
      description:
        "the bundled sample of reviews (not \(task.title) itself; for that, 'graft get task \(task.name)' or GLUE_DIR)")
  }

  /// What the examples of one file are called in place of a split.
  static let wholeFile = "all"

  /// The files that a folder has for a split.
  private func files(_ split: String) -> [String] {
    ["tsv", "csv", "jsonl"].map { "\(split).\($0)" }.filter { FileIdentity(path: "\(path)/\($0)") != nil }
  }

  /// The files that a task is evaluated on, as far as they are there; none for a single file.
  func evaluationSplits(of task: Task) -> [String] {
    if isFile { return [] }
    let own = task.evaluationSplits.filter { !files($0).isEmpty }
    return own.isEmpty && !files(Self.development).isEmpty ? [Self.development] : own
  }

  /// The paths of all files that a training on a task reads.
  func contents(of task: Task) -> [String] {
    if isFile { return [path] }
    return (["train"] + evaluationSplits(of: task)).flatMap { files($0) }.map { "\(path)/\($0)" }
  }

  /// The split to evaluate on when none is named.
  func evaluationSplit(of task: Task) -> String {
    isFile ? Self.wholeFile : evaluationSplits(of: task).first ?? Self.development
  }

  /// Whether it has a file for each split.
  var isFolder: Bool { !isFile }

  /// What the file to evaluate on is usually called.
  static let development = "dev"

  /// The rows of a split.
  ///
  /// - Throws: ``TaskError/unknownSplit(_:folder:)``, or what reading throws.
  func table(_ split: String, of task: Task) throws -> Table {
    if isFile { return try Table(path: path) }
    let files = split.contains("/") ? [] : files(split)
    guard let file = files.first else { throw TaskError.unknownSplit(split, folder: path) }
    guard files.count == 1 else { throw TaskError.ambiguousSplit(split, folder: path, files: files) }
    let isTest = task.testSplits.contains { $0.split == split }
    return try Table(path: "\(path)/\(file)", header: file.hasSuffix(".tsv") && !isTest ? task.layout.header : nil)
  }

  /// Reads one split; `dev` stands for the task's first file to evaluate on.
  ///
  /// - Throws: ``TaskError`` with file and line.
  public func read(_ split: String, of task: Task) throws -> [Example] { try complete(split, of: task).examples }

  /// The same, and how many rows were left out.
  func complete(_ split: String, of task: Task) throws -> (examples: [Example], skipped: Int) {
    let named = split == Self.development ? evaluationSplit(of: task) : split
    return try table(named, of: task).examples(of: task)
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

extension Table {
  /// The rows as examples of a task, and how many were left out because they lack something.
  func examples(of task: Task) throws -> (examples: [Example], skipped: Int) {
    let (text, label) = (try column(task.columns.text), try column(task.columns.label))
    let pair = try task.columns.textPair.map { try column($0) }
    let classes = Dictionary(uniqueKeysWithValues: task.labels.enumerated().map { ($1, $0) })
    // Official files may have more fields than columns; in one's own that is a tab too many, which moves the label.
    if task.folder == nil, let long = rows.first(where: { $0.fields.count > columns.count }) {
      throw TaskError.longRow(file: path, line: long.line, fields: long.fields.count, expected: columns.count)
    }
    let rows = task.layout.skipsIncomplete ? rows.filter { isComplete($0, label: label) } : rows
    let examples = try rows.map { row in
      Example(
        text: try value(row, text), pair: try pair.map { try value(row, $0) },
        target: try target(row, label, of: task, classes))
    }
    return (examples, self.rows.count - rows.count)
  }

  /// Whether a row has all of its fields, and a label that people agreed on.
  private func isComplete(_ row: Row, label: Int) -> Bool {
    row.fields.count == columns.count && row.fields[label] != "-" && row.fields[label] != ""
  }

  private func target(_ row: Row, _ label: Int, of task: Task, _ classes: [String: Int]) throws -> Target {
    let written = try value(row, label)
    guard task.isRegression else {
      guard let known = classes[written] else {
        throw TaskError.unknownLabel(file: path, line: row.line, label: written, expected: task.labels)
      }
      return .label(known)
    }
    guard let number = Double(written), task.layout.numbers?.contains(number) ?? true else {
      throw TaskError.noNumber(file: path, line: row.line, text: written, range: task.layout.numbers)
    }
    return .value(Float(number))
  }

  /// The texts of every row.
  func texts(text: String, pair: String?) throws -> [(text: String, pair: String?)] {
    let first = try column(text)
    let second = try pair.map { try column($0) }
    return try rows.map { row in (try value(row, first), try second.map { try value(row, $0) }) }
  }

  /// The different values of a column, sorted: the labels of data of one's own.
  ///
  /// - Throws: ``TaskError/classes(file:column:count:limit:)`` for fewer than two, or more than a classifier should have.
  func labels(in name: String) throws -> [String] {
    let place = try column(name)
    if let long = rows.first(where: { $0.fields.count > columns.count }) {
      throw TaskError.longRow(file: path, line: long.line, fields: long.fields.count, expected: columns.count)
    }
    let labels = Set(
      try rows.map { row in
        let label = try value(row, place)
        guard !label.isEmpty else { throw TaskError.noValue(file: path, line: row.line, column: name) }
        return label
      }
    ).sorted()
    let limit = 1000
    guard (2...limit).contains(labels.count) else {
      throw TaskError.classes(file: path, column: name, count: labels.count, limit: limit)
    }
    return labels
  }
}

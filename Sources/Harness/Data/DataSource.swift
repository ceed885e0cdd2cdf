public import Foundation
import GraftSupport

/// Where a task's examples were found: a folder with a file for each split, or one file.
public struct DataSource: Sendable, Equatable {
  /// The folder or file.
  public let path: String
  /// What every run says about it.
  public let description: String
  /// Whether it has a file for each split.
  let isFolder: Bool
  /// Whether it is the bundled sample, whose other files need no note.
  private let isSample: Bool

  /// A source whose place is known.
  public init(path: String, description: String) {
    self.init(path: path, description: description, isSample: false)
  }

  private init(path: String, description: String, isSample: Bool) {
    self.path = path
    self.description = description
    self.isSample = isSample
    isFolder = GraftSupport.isFolder(path) || (try? fileExists(path)) == false
  }

  /// Looks in the folder or file that is named, in `$GLUE_DIR`, in the cache, and takes the task's sample in the end.
  ///
  /// - Throws: `FileError` when what is named is not there, or `$GLUE_DIR` lacks the task; ``TaskError/needsData(task:)``
  ///   when nothing is named and the task has nothing of its own.
  public static func find(
    _ task: TaskDefinition, path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DataSource {
    if let path {
      guard try fileExists(path) else {
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
      guard try fileExists(folder) else {
        throw FileError("cannot read", folder, reason: "GLUE_DIR is set, but has no folder \(folderName)")
      }
      return DataSource(path: folder, description: "\(task.title) in \(folder)")
    }
    let fetched = "\(BaseLocator(environment: environment).tasks)/\(folderName)"
    if try fileExists(fetched) {
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
        "the bundled sample of reviews (not \(task.title) itself; for that, 'graft get task \(task.name)' or GLUE_DIR)",
      isSample: true)
  }

  /// What the examples of one file are called in place of a split.
  static let wholeFile = "all"
  /// What the file to evaluate on is called when nothing else is said.
  static let development = "dev"

  /// The files that a task is evaluated on, as far as they are there; none for a single file.
  ///
  /// They are the task's own, or else the first of the folder that is usually called so. A test file counts for your own
  /// data only, where there is no other file and it has labels.
  ///
  /// - Returns: The splits, by the names of their files.
  /// - Throws: `FileError` when the folder cannot be read, or ``TaskError`` when a test file that might count cannot.
  func evaluationSplits(of task: TaskDefinition) throws -> [String] {
    guard isFolder else { return [] }
    let files = try SplitFiles(folder: path)
    let own = task.evaluationSplits.compactMap { files.name(for: $0) }
    if !own.isEmpty { return own }
    if let usual = files.name(for: Self.development) { return [usual] }
    guard task.folder == nil else { return [] }
    return try SplitFiles.test.filter { try isLabelled($0, of: task, files) }.prefix(1).map { $0 }
  }

  /// Whether a test file has labels: a column for them, and in it something else than what stands for a label that is kept
  /// secret, `-1` or nothing in every row. One that cannot be read is an error, not a file without labels.
  private func isLabelled(_ split: String, of task: TaskDefinition, _ files: SplitFiles) throws -> Bool {
    guard !files.files(of: split).isEmpty else { return false }
    do {
      var reader = try ExampleReader(file(split, of: task), task: task)
      while let row = try reader.next() {
        let label = row.values[1]
        if ![.missing, .null, .text(""), .text("-1")].contains(label) { return true }
      }
      return false
    } catch let error as TaskError {
      switch error {
      case .missingColumn(_, task.columns.label, _, _), .plainLines: return false
      default: throw error
      }
    }
  }

  /// The split to evaluate on when none is named.
  func evaluationSplit(of task: TaskDefinition) throws -> String {
    isFolder ? try evaluationSplits(of: task).first ?? Self.development : Self.wholeFile
  }

  /// The name of the file for a split, by the split's own name or another one that means the same.
  func name(of split: String, for task: TaskDefinition) throws -> String {
    guard isFolder else { return split }
    if split == Self.development { return try evaluationSplit(of: task) }
    return try SplitFiles(folder: path).name(for: split) ?? split
  }

  /// The file of a split, and how it is read; one file is every split.
  ///
  /// - Throws: ``TaskError/unknownSplit(_:folder:)``, ``TaskError/ambiguousSplit(_:folder:files:)``, or `FileError`.
  func file(_ split: String, of task: TaskDefinition) throws -> DataFile {
    guard isFolder else { return DataFile(path: path) }
    let name = try SplitFiles(folder: path).file(of: split)
    // Only the official files lack a header; the same data under other names came through other hands.
    let isOfficial = (["train"] + task.evaluationSplits).contains { name == "\($0).tsv" }
    return DataFile(path: "\(path)/\(name)", header: isOfficial ? task.layout.header : nil)
  }

  /// The paths of all files that a training on a task reads.
  func contents(of task: TaskDefinition) throws -> [String] {
    guard isFolder else { return [path] }
    return try (["train"] + evaluationSplits(of: task)).map { try file($0, of: task).path }
  }

  /// The names in the folder that nothing reads: neither these splits nor what the task is known to have besides.
  ///
  /// - Parameter splits: The splits that are read.
  /// - Throws: `FileError` when the folder cannot be read.
  func unusedFiles(of task: TaskDefinition, reading splits: [String]) throws -> [String] {
    guard isFolder, !isSample else { return [] }
    let files = try SplitFiles(folder: path)
    let known = Set((splits + task.testSplits.map(\.split)).flatMap { files.files(of: $0) })
    return files.names.filter { !known.contains($0) }
  }

  /// Reads one split; `dev` stands for the first file that the task is evaluated on.
  ///
  /// - Throws: ``TaskError`` with file and line.
  public func read(_ split: String, of task: TaskDefinition) throws -> [Example] {
    let file = try file(name(of: split, for: task), of: task)
    return try ExampleIndex(file, task: task).all.examples()
  }
}

/// A file of examples, and how it is read.
struct DataFile {
  /// Where it is.
  let path: String
  /// The columns, where the file has no header.
  var header: [String]?
}

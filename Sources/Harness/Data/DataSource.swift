public import Foundation
import GraftAdapterFiles
import GraftSampleData
import GraftSupport

/// The source of a task's examples: a folder with one file per split, or a single file.
public struct DataSource: Sendable, Equatable {
  /// The folder or file.
  public let path: String
  /// The description that every run prints.
  public let description: String
  /// The name of the data in titles: that of the task for its own files, or else that of the file or folder.
  public let title: String
  /// Whether the source is a folder with one file per split.
  let isFolder: Bool
  /// Whether the source is the bundled sample, which is in memory.
  private let isSample: Bool

  /// Creates a source from a known path.
  ///
  /// - Parameters:
  ///   - path: The folder or file.
  ///   - description: The description that every run prints.
  ///   - title: The name of the data in titles; `nil` uses that of the file or folder.
  public init(path: String, description: String, title: String? = nil) {
    self.init(path: path, description: description, title: title, isSample: false)
  }

  private init(path: String, description: String, title: String?, isSample: Bool) {
    self.path = path
    self.description = description
    self.title = title ?? URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    self.isSample = isSample
    isFolder = isSample || GraftSupport.isFolder(path) || (try? fileExists(path)) == false
  }

  /// Examples in memory.
  static let memory = DataSource(path: "", description: "examples in memory", title: "examples in memory")

  /// Finds a task's data: at the given path, or else in `$GLUE_DIR` (tasks of GLUE), then in the cache, then the bundled sample.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - path: A file, or a folder with train and dev files; `nil` searches the default locations.
  ///   - environment: The environment variables.
  /// - Throws: `FileError` when the path does not exist, `$GLUE_DIR` lacks the task, or no data is found;
  ///   ``TaskError/needsData(task:)`` when no path is given and the task has no default data.
  public static func find(
    _ task: TaskFiles, path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DataSource {
    if let path {
      guard try fileExists(path) else {
        throw FileError(
          "cannot read", path,
          reason:
            "it does not exist; set data.path (or --data) to a file of examples, or a folder with train and dev files"
        )
      }
      let source = DataSource(path: path, description: path)
      return source.title == task.folder ? DataSource(path: path, description: path, title: task.title) : source
    }
    guard let folderName = task.folder else { throw TaskError.needsData(task: task.name) }
    if task.isInGLUE, let glue = environment["GLUE_DIR"], !glue.isEmpty {
      let folder = "\(glue)/\(folderName)"
      guard try fileExists(folder) else {
        throw FileError(
          "cannot read", folder, reason: "GLUE_DIR is set, but it has no folder \(folderName); add it or unset GLUE_DIR"
        )
      }
      return DataSource(path: folder, description: "\(task.title) in \(folder)", title: task.title)
    }
    let cached = "\(BaseLocator(environment: environment).tasks)/\(folderName)"
    if try fileExists(cached) {
      return DataSource(path: cached, description: "\(task.title) in \(cached)", title: task.title)
    }
    guard let sample = task.sample else {
      throw FileError(
        "cannot read", folderName,
        reason: "the task's data was not found; download it with 'graft get task \(task.name)', "
          + (task.isInGLUE
            ? "or set GLUE_DIR to the folder that contains it" : "or name a file or folder (data.path, or --data)"))
    }
    return DataSource(
      path: sample,
      description:
        "the bundled sample of reviews (not \(task.title) itself; for that, run 'graft get task \(task.name)' or set GLUE_DIR)",
      title: "Sample of film reviews", isSample: true)
  }

  /// The split name of a single file.
  static let wholeFile = "all"
  /// The default name of the evaluation split.
  static let development = "dev"

  /// Returns the existing evaluation splits of a task; none for a single file.
  ///
  /// They are the splits that the task defines, or else the first file with a usual name, such as `validation`. A test file
  /// is used only for your own data, if there is no other file and it has labels.
  ///
  /// - Returns: The splits, named after their files.
  /// - Throws: `FileError` when the folder cannot be read, or ``TableError`` or ``TaskError`` when a candidate test file cannot.
  func evaluationSplits(of task: TaskFiles) throws -> [String] {
    guard isFolder else { return [] }
    let files = try splitFiles()
    let defined = task.evaluationSplits.compactMap { files.name(for: $0) }
    if !defined.isEmpty { return defined }
    if let development = files.name(for: Self.development) { return [development] }
    guard task.folder == nil else { return [] }
    return try SplitFiles.test.filter { try isLabeled($0, of: task, files) }.prefix(1).map { $0 }
  }

  /// Whether a test file has labels: a label column with values other than the placeholders for hidden labels, which are `-1`
  /// and empty values. A file that cannot be read is an error, not a file without labels.
  private func isLabeled(_ split: String, of task: TaskFiles, _ files: SplitFiles) throws -> Bool {
    guard !files.files(of: split).isEmpty else { return false }
    do {
      var reader = try ExampleReader(file(split, of: task), of: task)
      while let row = try reader.next() {
        let label = row.values[1]
        if ![.missing, .null, .text(""), .text("-1")].contains(label) { return true }
      }
      return false
    } catch TableError.missingColumn(_, task.columns.label, _, _) {
      return false
    } catch TaskError.plainLines {
      return false
    }
  }

  /// Returns the default evaluation split.
  func evaluationSplit(of task: TaskFiles) throws -> String {
    isFolder ? try evaluationSplits(of: task).first ?? Self.development : Self.wholeFile
  }

  /// Returns the name of a split's file, which is the split's own name or a synonym.
  func name(of split: String, for task: TaskFiles) throws -> String {
    guard isFolder else { return split }
    if split == Self.development { return try evaluationSplit(of: task) }
    return try splitFiles().name(for: split) ?? split
  }

  /// Returns the file of a split and how to read it. A single file serves as every split.
  ///
  /// - Throws: ``TaskError/unknownSplit(_:folder:)``, ``TaskError/ambiguousSplit(_:folder:files:)``, or `FileError`.
  func file(_ split: String, of task: TaskFiles) throws -> DataFile {
    guard isFolder else { return DataFile(path: path) }
    let name = try splitFiles().file(of: split)
    // Only the official files lack a header; files with other names may have been converted.
    let isOfficial = (["train"] + task.evaluationSplits).contains { name == "\($0).tsv" }
    return DataFile(
      path: "\(path)/\(name)", content: isSample ? SampleReviews.content(of: name) : nil,
      header: isOfficial ? task.header : nil)
  }

  private func splitFiles() throws -> SplitFiles {
    isSample ? SplitFiles(folder: path, names: SampleReviews.fileNames) : try SplitFiles(folder: path)
  }

  /// Returns all files that training on a task reads.
  func files(of task: TaskFiles) throws -> [DataFile] {
    guard isFolder else { return [DataFile(path: path)] }
    return try (["train"] + evaluationSplits(of: task)).map { try file($0, of: task) }
  }

  /// Returns the paths of the files on disk that training on a task reads.
  func paths(of task: TaskFiles) throws -> [String] {
    isSample || self == .memory ? [] : try files(of: task).map(\.path)
  }

  /// Returns the names of the folder's unused files: those that belong neither to `splits` nor to the task's test splits.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - splits: The splits that are read.
  /// - Throws: `FileError` when the folder cannot be read.
  func unusedFiles(of task: TaskFiles, reading splits: [String]) throws -> [String] {
    guard isFolder, !isSample else { return [] }
    let files = try splitFiles()
    let known = Set((splits + task.testSplits.map(\.split)).flatMap { files.files(of: $0) })
    return files.names.filter { !known.contains($0) }
  }

  /// Reads one split; `dev` means the task's first evaluation split.
  ///
  /// - Throws: ``TableError`` or ``TaskError`` with file and line.
  public func read(_ split: String, of task: TaskDefinition) throws -> [Example] {
    let file = try file(name(of: split, for: task.files), of: task.files)
    return try ExampleIndex(file, task: task).all.examples()
  }
}

/// A file of examples and how to read it.
struct DataFile {
  /// The file's path.
  let path: String
  /// The file's content, if it is in memory.
  var content: [UInt8]?
  /// The column names, if the file has no header.
  var header: [String]?
}

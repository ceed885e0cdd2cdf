import GraftObjectives
import GraftSupport
import GraftTokenizers

/// An ordered selection of examples: in memory, or as byte offsets of a file until they are read.
package struct ExampleSelection {
  private let storage: Storage
  let task: TaskDefinition
  /// The number of examples with each label.
  let labelCounts: [Int]

  private enum Storage {
    /// The rows at these byte offsets, and the file's version when it was indexed.
    case file(DataFile, FileVersion, offsets: [Int])
    case memory([Example])
  }

  /// Creates a selection of a file's rows.
  init(file: DataFile, version: FileVersion, task: TaskDefinition, offsets: [Int], labelCounts: [Int]) {
    storage = .file(file, version, offsets: offsets)
    self.task = task
    self.labelCounts = labelCounts
  }

  /// Creates a selection of examples in memory.
  init(_ examples: [Example], task: TaskDefinition) {
    storage = .memory(examples)
    self.task = task
    let targets = TargetIndex(examples.map(\.target), for: task.objective)
    labelCounts = targets.labelCounts(examples.indices, labels: task.objective.labels.count)
  }

  /// The number of examples.
  var count: Int {
    switch storage {
    case .file(_, _, let offsets): offsets.count
    case .memory(let examples): examples.count
    }
  }

  /// Reads the examples.
  package func examples() throws -> [Example] {
    var examples = [Example?](repeating: nil, count: count)
    try forEach { examples[$0] = $1 }
    return examples.compactMap { $0 }
  }

  /// Reads and tokenizes the examples one by one; longer ones are truncated to `maxLength` tokens.
  func encoded(_ tokenizer: any Tokenizer, maxLength: Int) throws -> EncodedExamples {
    var encoded = EncodedExamples(count: count)
    try forEach { encoded.set($0, to: $1, tokenizer: tokenizer, maxLength: maxLength) }
    return encoded
  }

  /// Calls `body` with every example and its index in the selection, in the order of the file.
  private func forEach(_ body: (Int, Example) throws -> Void) throws {
    switch storage {
    case .memory(let examples): for (index, example) in examples.enumerated() { try body(index, example) }
    case .file(let file, let version, let offsets): try forEachRow(of: file, version, offsets, body)
    }
  }

  private func forEachRow(
    of file: DataFile, _ version: FileVersion, _ offsets: [Int], _ body: (Int, Example) throws -> Void
  ) throws {
    guard !offsets.isEmpty else { return }
    do {
      var reader = try ExampleReader(file, of: task.files)
      for index in offsets.indices.sorted(by: { offsets[$0] < offsets[$1] }) {
        try reader.move(to: offsets[index])
        guard let row = try reader.next(), row.offset == offsets[index] else { throw version.changed }
        try body(index, reader.example(row, task.objective))
      }
    } catch {
      // A row that was valid before is invalid now, so the file may have changed.
      throw FileVersion(path: file.path) == version ? error : version.changed
    }
    guard FileVersion(path: file.path) == version else { throw version.changed }
  }
}

/// The identity of a file at one point in time, used to detect changes.
struct FileVersion: Equatable {
  private let path: String
  private let identity: FileIdentity?

  init(path: String) {
    self.path = path
    identity = FileIdentity(path: path)
  }

  /// The error for a file that has changed.
  var changed: FileError {
    FileError("cannot read", path, reason: "it changed while it was being read; run again when it is complete")
  }
}

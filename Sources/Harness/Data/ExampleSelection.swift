import GraftSupport
import GraftTokenizers

/// An ordered selection of a file's examples, stored as byte offsets until they are read.
package struct ExampleSelection {
  let file: DataFile
  /// The file's version when it was indexed.
  let version: FileVersion
  let task: TaskDefinition
  /// The byte offset of each example's row.
  let offsets: [Int]
  /// The number of examples of each class.
  let classCounts: [Int]

  /// The number of examples.
  var count: Int { offsets.count }

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
    guard count > 0 else { return }
    do {
      var reader = try ExampleReader(file, task: task)
      for index in offsets.indices.sorted(by: { offsets[$0] < offsets[$1] }) {
        try reader.move(to: offsets[index])
        guard let row = try reader.next(), row.offset == offsets[index] else { throw version.changed }
        try body(index, reader.example(row))
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

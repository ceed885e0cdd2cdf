import GraftSupport
import GraftTokenizers

/// Some examples of a file in an order of their own, known by their places until they are read.
package struct ExampleSelection {
  let file: DataFile
  /// The file when its rows were found.
  let version: FileVersion
  let task: TaskDefinition
  /// Where each example's row begins in the file.
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

  /// Reads the examples and tokenizes them one by one; longer ones are truncated to `maxLength` tokens.
  func encoded(_ tokenizer: any Tokenizer, maxLength: Int) throws -> EncodedExamples {
    var encoded = EncodedExamples(count: count)
    try forEach { encoded.set($0, to: $1, tokenizer: tokenizer, maxLength: maxLength) }
    return encoded
  }

  /// Calls `body` with every example and its place in the selection, in the order of the file.
  private func forEach(_ body: (Int, Example) throws -> Void) throws {
    guard count > 0 else { return }
    do {
      var reader = try ExampleReader(file, task: task)
      for place in offsets.indices.sorted(by: { offsets[$0] < offsets[$1] }) {
        try reader.move(to: offsets[place])
        guard let row = try reader.next(), row.offset == offsets[place] else { throw version.changed }
        try body(place, reader.example(row))
      }
    } catch {
      // A row that was good is bad now: the file is another one.
      throw FileVersion(path: file.path) == version ? error : version.changed
    }
    guard FileVersion(path: file.path) == version else { throw version.changed }
  }
}

/// A file as it was at some time.
struct FileVersion: Equatable {
  private let path: String
  private let identity: FileIdentity?

  init(path: String) {
    self.path = path
    identity = FileIdentity(path: path)
  }

  /// The error for a file that is not as it was.
  var changed: FileError {
    FileError("cannot read", path, reason: "it changed while it was being read; run again when it is complete")
  }
}

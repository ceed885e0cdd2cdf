import Foundation
import GraftSupport

/// The files of a data folder, by split.
struct SplitFiles {
  /// The folder, as the user named it.
  let folder: String
  /// The sorted names in the folder, without hidden files.
  let names: [String]

  /// Creates a list from known names.
  init(folder: String, names: [String]) {
    self.folder = folder
    self.names = names
  }

  /// Lists a folder.
  ///
  /// - Throws: `FileError` when it cannot be read.
  init(folder: String) throws {
    self.folder = folder
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw FileError(
        "cannot read", folder, reason: "the folder cannot be listed; check that it exists and that you may read it")
    }
  }

  /// The accepted names of a training file.
  static let training = ["train", "training"]
  /// The accepted names of an evaluation file; the first one present is used.
  static let evaluation = ["dev", "validation", "valid", "val", "eval", "evaluation"]
  /// The accepted names of a test file. If it has labels, it serves as the evaluation file when there is no other.
  static let test = ["test", "testing"]

  /// Returns the files of a split: those with its name, in upper or lower case, and a supported extension, and the parts
  /// of a sharded file, such as `train-00000-of-00001.csv`.
  func files(of split: String) -> [String] {
    let split = split.lowercased()
    return names.filter { name in
      guard let format = TableFormat.of(name), format != .txt, let dot = name.lastIndex(of: ".") else { return false }
      let stem = name[..<dot].lowercased()
      return stem == split || stem.hasPrefix(split) && Self.isPart(stem.dropFirst(split.count))
    }
  }

  /// Whether the end of a name marks a part of a sharded file.
  private static func isPart(_ end: Substring) -> Bool { parts(end) != nil }

  /// Returns the number of parts given at the end of a name; `nil` if it is not a part.
  private static func parts(_ end: Substring) -> Int? {
    end.wholeMatch(of: /.*-[0-9]{5}-of-([0-9]{5})/).flatMap { Int($0.1) }
  }

  /// Returns the name of a split or a synonym for which there is a file, trying the split's own name first; `nil` if none
  /// exists.
  ///
  /// - Parameter split: A split such as `dev`, or `dev_matched`, whose synonyms include `validation_matched`.
  func name(for split: String) -> String? {
    var names = [split]
    for group in [Self.training, Self.evaluation, Self.test] {
      for name in group where split == name || split.hasPrefix("\(name)_") {
        names += group.map { $0 + split.dropFirst(name.count) }
      }
    }
    return names.first { !files(of: $0).isEmpty }
  }

  /// Returns the single file of a split.
  ///
  /// - Throws: ``TaskError/ambiguousSplit(_:folder:files:)`` for several files, or an error that describes what the folder
  ///   has instead.
  func file(of split: String) throws -> String {
    // A split is a file name, never a path.
    let files = split.contains("/") ? [] : files(of: name(for: split) ?? split)
    guard let file = files.first else { throw missing(split) }
    // A single part must not be mistaken for the whole file.
    for file in files {
      guard let parts = file.lastIndex(of: ".").flatMap({ Self.parts(file[..<$0]) }), parts > 1 else { continue }
      throw TaskError.part(file: "\(folder)/\(file)", parts: parts)
    }
    guard files.count == 1 else { throw TaskError.ambiguousSplit(split, folder: folder, files: files) }
    return file
  }

  /// Returns the error for a split without a file, which may exist in an unsupported format.
  private func missing(_ split: String) -> any Error {
    let stems = Self.training.contains(split) ? Self.training : [split]
    let other = names.first { name in
      guard let dot = name.firstIndex(of: ".") else { return false }
      let stem = name[..<dot].lowercased()
      return stems.contains { stem == $0 || stem.hasPrefix($0) && Self.isPart(stem.dropFirst($0.count)) }
    }
    if let other, TableFormat.of(other) == .txt { return TaskError.plainLines(file: "\(folder)/\(other)") }
    if let other, let kind = ForeignFormat.of(other) {
      return TableError.foreignFormat(file: "\(folder)/\(other)", kind)
    }
    if split == "train" { return TaskError.noTrainingFile(folder: folder, found: names) }
    return TaskError.unknownSplit(split, folder: folder)
  }
}

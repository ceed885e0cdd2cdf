import Foundation
import GraftSupport

/// The files of a data folder, and which split each of them is.
struct SplitFiles {
  /// The folder, as the user named it.
  let folder: String
  /// The names of what is in it, sorted; those that begin with a dot are not for people.
  let names: [String]

  /// Lists a folder.
  ///
  /// - Throws: `FileError` when it cannot be read.
  init(folder: String) throws {
    self.folder = folder
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw FileError("cannot read", folder, reason: "the folder cannot be listed; is it there, and may you read it?")
    }
  }

  /// What a training file is called.
  static let training = ["train", "training"]
  /// What a file to evaluate on is called; of several in one folder, the first is used.
  static let evaluation = ["dev", "validation", "valid", "val", "eval", "evaluation"]
  /// What a test file is called; one with labels is evaluated on where there is no other file for that.
  static let test = ["test", "testing"]

  /// The files of a split: named as it is, with any ending that is read, in small or capital letters, or as a part of a file in
  /// parts, `train-00000-of-00001.csv`.
  func files(of split: String) -> [String] {
    let split = split.lowercased()
    return names.filter { name in
      guard let format = TableFormat.of(name), format != .txt, let dot = name.lastIndex(of: ".") else { return false }
      let stem = name[..<dot].lowercased()
      return stem == split || stem.hasPrefix(split) && Self.isPart(stem.dropFirst(split.count))
    }
  }

  /// Whether the end of a name is that of a file in parts.
  private static func isPart(_ end: Substring) -> Bool { parts(end) != nil }

  /// How many parts the end of a name says that there are.
  private static func parts(_ end: Substring) -> Int? {
    end.wholeMatch(of: /.*-[0-9]{5}-of-([0-9]{5})/).flatMap { Int($0.1) }
  }

  /// The name among those that mean the same as a split under which there is a file: the split's own name first.
  ///
  /// - Parameter split: Such as `dev`, or `dev_matched`, which is called `validation_matched` elsewhere.
  func name(for split: String) -> String? {
    var names = [split]
    for group in [Self.training, Self.evaluation, Self.test] {
      for name in group where split == name || split.hasPrefix("\(name)_") {
        names += group.map { $0 + split.dropFirst(name.count) }
      }
    }
    return names.first { !files(of: $0).isEmpty }
  }

  /// The one file of a split.
  ///
  /// - Throws: ``TaskError/ambiguousSplit(_:folder:files:)`` for several, or an error that says what is there instead.
  func file(of split: String) throws -> String {
    // A split is a file's name, never a path.
    let files = split.contains("/") ? [] : files(of: name(for: split) ?? split)
    guard let file = files.first else { throw missing(split) }
    // One of several would be taken for all of them.
    for file in files {
      guard let parts = file.lastIndex(of: ".").flatMap({ Self.parts(file[..<$0]) }), parts > 1 else { continue }
      throw TaskError.part(file: "\(folder)/\(file)", parts: parts)
    }
    guard files.count == 1 else { throw TaskError.ambiguousSplit(split, folder: folder, files: files) }
    return file
  }

  /// The error for a split without a file: there may be one of a kind that is not read.
  private func missing(_ split: String) -> any Error {
    let wanted = Self.training.contains(split) ? Self.training : [split]
    let other = names.first { name in
      guard let dot = name.firstIndex(of: ".") else { return false }
      let stem = name[..<dot].lowercased()
      return wanted.contains { stem == $0 || stem.hasPrefix($0) && Self.isPart(stem.dropFirst($0.count)) }
    }
    if let other, TableFormat.of(other) == .txt { return TaskError.plainLines(file: "\(folder)/\(other)") }
    if let other, let kind = ForeignFormat.of(other) {
      return TaskError.foreignFormat(file: "\(folder)/\(other)", kind)
    }
    if split == "train" { return TaskError.noTrainingFile(folder: folder, found: names) }
    return TaskError.unknownSplit(split, folder: folder)
  }
}

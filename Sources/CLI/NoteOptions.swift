import ArgumentParser
import GraftHarness

/// Which notes are shown about how a base's files were read.
struct NoteOptions: ParsableArguments {
  @Flag(help: "List the keys of the base's files that are not known.")
  var verbose = false

  /// Shows on stderr where files of the base disagree, and with `--verbose` the keys that nothing reads.
  func show(_ base: PretrainedBase) { show(base.notes, unknownKeys: base.unknownKeys) }

  /// Shows notes and, with `--verbose`, keys that are not known.
  func show(_ notes: [String], unknownKeys: [String]) {
    for note in notes { Console.tell("graft: note: \(note)") }
    guard verbose else { return }
    Console.tell("graft: unknown keys: \(unknownKeys.isEmpty ? "none" : unknownKeys.joined(separator: ", "))")
  }
}

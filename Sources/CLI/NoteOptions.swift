import ArgumentParser
import GraftAdapterFiles
import GraftHarness

/// `--verbose`, for commands that read a base and print notes about its files.
struct NoteOptions: ParsableArguments {
  @Flag(help: "List unrecognized keys in the base's files.")
  var verbose = false

  /// Prints to stderr where the base's files disagree and, with `--verbose`, their unrecognized keys.
  func show(_ base: PretrainedBase) { show(base.notes, unknownKeys: base.unknownKeys) }

  /// Prints notes to stderr and, with `--verbose`, unrecognized keys.
  func show(_ notes: [String], unknownKeys: [String]) {
    for note in notes { Console.printToStandardError("graft: note: \(note)") }
    guard verbose else { return }
    let keys = unknownKeys.isEmpty ? "none" : unknownKeys.joined(separator: ", ")
    Console.printToStandardError("graft: unrecognized keys: \(keys)")
  }
}

import ArgumentParser
import Foundation
import GraftHarness

/// Where texts come from, for the commands that take some.
struct InputOptions: ParsableArguments {
  @Option(help: "A file of texts; else what comes through a pipe.")
  var input: String?

  @Option(help: "How to read it: tsv, csv, jsonl, json or txt; else by its name, and a pipe as plain lines.")
  var format: String?

  @Option(
    name: .customLong("text-column"),
    help: "The column with the text; else what the adapter was trained on, or text, or sentence.")
  var textColumn: String?

  @Option(name: .customLong("pair-column"), help: "The column with the second text of a pair.")
  var pairColumn: String?

  /// One text, or a file, or else what comes through a pipe.
  func validate(text: String?) throws {
    let isNamed = input != nil || format != nil || textColumn != nil || pairColumn != nil
    guard text == nil || !isNamed else { throw ValidationError("give either a TEXT or --input FILE with its options") }
    guard text != nil || input != nil || isatty(STDIN_FILENO) == 0 else {
      throw ValidationError("give a TEXT, --input FILE, or texts through a pipe")
    }
  }

  /// Opens the file or pipe.
  func open(columns: TaskDefinition.Columns? = nil) throws -> TextInput {
    try TextInput(path: input ?? "-", format: format, text: textColumn, textPair: pairColumn, columns: columns)
  }
}

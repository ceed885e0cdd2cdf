import ArgumentParser
import GraftHarness

/// Where texts come from, for the commands that take some.
struct InputOptions: ParsableArguments {
  @Option(help: "A file of texts, or - for the pipe.")
  var input: String?

  @Option(help: "How to read it: tsv, csv, jsonl or txt; else by its name, and a pipe as plain lines.")
  var format: String?

  @Option(name: .customLong("text-column"), help: "The column with the text; else the adapter's, or the only one.")
  var textColumn: String?

  @Option(name: .customLong("pair-column"), help: "The column with the second text of a pair.")
  var pairColumn: String?

  func read(columns: Task.Columns? = nil) throws -> [(text: String, pair: String?)] {
    try TextInput(path: input ?? "-", format: format, text: textColumn, textPair: pairColumn, columns: columns).texts
  }
}

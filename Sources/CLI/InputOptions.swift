import ArgumentParser
import Foundation
import GraftHarness

/// `TEXT`, `--input`, and how to read it, for commands that process texts.
struct InputOptions: ParsableArguments {
  @Argument(help: "A single text.")
  var text: String?

  @Option(help: "A file of texts; by default texts are read from a pipe.", completion: .file())
  var input: String?

  @Option(help: "The format of the input; by default determined by the file's name, and plain lines for a pipe.")
  var format: OptionChoice<TableFormat>?

  @Option(
    name: .customLong("text-column"),
    help: "The column with the text; by default the one that the adapter was trained on, or text, or sentence.")
  var textColumn: String?

  @Option(name: .customLong("pair-column"), help: "The column with the second text of a pair.")
  var pairColumn: String?

  /// The files that are read.
  var files: [String] { [input].compactMap { $0 }.filter { $0 != "-" } }

  /// Checks that there is exactly one source of texts: an argument, a file, or a pipe.
  ///
  /// - Throws: `ValidationError` when there is none, or a text is combined with options for a file.
  func requireOneSource() throws {
    let hasInputOptions = input != nil || format != nil || textColumn != nil || pairColumn != nil
    guard text == nil || !hasInputOptions else {
      throw ValidationError("give either a TEXT or --input FILE with its options")
    }
    guard text != nil || input != nil || isatty(STDIN_FILENO) == 0 else {
      throw ValidationError("give a TEXT, --input FILE, or texts through a pipe")
    }
  }

  /// Opens the file or pipe.
  ///
  /// - Parameter columns: The columns that the adapter was trained on.
  func open(columns: TaskDefinition.Columns? = nil) throws -> TextInput {
    try TextInput(path: input ?? "-", format: format?.value, text: textColumn, textPair: pairColumn, columns: columns)
  }
}

import ArgumentParser
import GraftCore
import GraftHarness

/// `graft predict --adapter FILE`
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Classify text with an adapter.",
    discussion: """
      Takes one text as an argument, or a file, or what comes through a pipe: TSV and CSV with a header, JSONL, or plain \
      lines. Prints label, probability and text, or with --json one object a line. Texts are answered as they come, in \
      their order, \(TextInput.lookAhead) at most at a time; a line or record has at most \(TextInput.longestRecord >> 20) MiB.
      """)

  @Option(help: "The adapter file.")
  var adapter: String

  @Option(help: "Where to look for the base, in place of the name in the file.")
  var base: String?

  @Argument(help: "A text.")
  var text: String?

  @Option(help: "The second text of a pair.")
  var pair: String?

  @OptionGroup var source: InputOptions

  @Option(help: "Answer the task's test files in GLUE's format, into this folder, in place of texts.")
  var submission: String?

  @Option(help: "The folder with the test files, for --submission; else $GLUE_DIR, else the cache.")
  var data: String?

  @OptionGroup var length: LengthOption

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object a line: index, text, label, logits, probabilities.")
  var json = false

  func validate() throws {
    guard submission == nil || (text == nil && source.input == nil) else {
      throw ValidationError("give either texts or --submission FOLDER")
    }
    guard data == nil || submission != nil else { throw ValidationError("--data goes with --submission FOLDER") }
    if submission == nil { try source.validate(text: text) }
    guard pair == nil || text != nil else { throw ValidationError("--pair goes with a TEXT") }
  }

  func run() throws {
    let loaded = try length.applied(to: LoadedAdapter(file: adapter, base: base, methods: Graft.methods()))
    notes.show(loaded.base)
    if let submission {
      for path in try loaded.writeSubmission(data: data, to: submission) { Console.print(path) }
      return
    }
    if let text { return try show(loaded.predict(text, pair: pair)) }
    var input = try source.open(columns: loaded.file.metadata.columns)
    try loaded.predict(&input) { predictions in
      for prediction in predictions { try show(prediction) }
      return !Console.readerHasLeft
    }
  }

  private func show(_ prediction: LoadedAdapter.Prediction) throws {
    if json { return Console.printJSON(try prediction.json()) }
    let shown = onOneLine([prediction.text, prediction.textPair].compactMap { $0 }.joined(separator: " | "))
    let probability = prediction.probability.map { "\(fixed($0, 4))\t" } ?? ""
    Console.print("\(onOneLine(prediction.label))\t\(probability)\(shown)")
  }
}

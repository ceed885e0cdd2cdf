import ArgumentParser
import GraftCore
import GraftHarness
import GraftInference
import GraftSupport

/// `graft predict --adapter FILE`
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Predict labels or numbers for texts with an adapter.",
    discussion: Help.discussion(
      """
      Reads a single text from the argument, or texts from a file or pipe: TSV and CSV with a header, JSONL, or plain lines. \
      Prints the answer, its probability (for classification), and the text, or with --json one object per \
      line. Predictions are printed in order as the texts \
      arrive, for at most \(TextInput.lookAhead) texts at a time. A line or record has at most \
      \(TextInput.longestRecord >> 20) MiB.
      """, examples: #"graft predict --adapter runs/tickets "where is my parcel""#,
      "graft predict --adapter runs/tickets --input new.csv --output labels.csv",
      "cat lines.txt | graft predict --adapter runs/tickets --json",
      #"graft predict --adapter runs/mnli "it rains" --pair "it is wet""#))

  @OptionGroup var adapter: AdapterOptions

  @OptionGroup var source: InputOptions

  @Option(help: "The second text of a pair, with TEXT as the first.")
  var pair: String?

  @Option(
    help: "Instead of texts, read the task's test files, and write the predictions in GLUE's format to this folder.",
    completion: .directory)
  var submission: String?

  @Option(
    help: "The folder with the test files, for --submission; by default in $GLUE_DIR or the cache.",
    completion: .directory)
  var data: String?

  @Option(
    help: """
      Write the predictions to this file instead: .csv or .tsv with a header, or .jsonl. Labels in the input appear in the \
      column gold.
      """, completion: .file())
  var output: String?

  @Flag(help: "Print one JSON object per line: index, text, label (for multi_label: labels), logits, probabilities.")
  var json = false

  func validate() throws {
    guard submission == nil || (source.text == nil && source.input == nil) else {
      throw ValidationError("give either texts or --submission FOLDER")
    }
    guard data == nil || submission != nil else { throw ValidationError("--data requires --submission FOLDER") }
    if submission == nil { try source.requireOneSource() }
    guard output == nil || (submission == nil && source.text == nil && !json) else {
      throw ValidationError(
        "--output requires --input FILE or a pipe, and cannot be combined with --json or --submission")
    }
    guard pair == nil || source.text != nil else { throw ValidationError("--pair requires a TEXT") }
  }

  func run() throws {
    let file = try output.map { try PredictionFile($0, apartFrom: source.files + [adapter.file]) }
    let loaded = try adapter.load()
    if let submission {
      for path in try loaded.writeSubmission(
        data: data, to: submission, tasks: Graft.registries().tasks)
      { Console.print(path) }
      return
    }
    if let text = source.text { return try show(loaded.predict(text, pair: pair)) }
    var input = try source.open(columns: loaded.file.metadata.columns)
    let tasks = Graft.registries().tasks
    if let file, let output {
      let count = try file.write(loaded, &input, tasks: tasks)
      return Console.print("Wrote \(grouped(count)) predictions to \(visible(output))")
    }
    try loaded.predict(&input, tasks: tasks) { predictions in
      for prediction in predictions { try show(prediction) }
      return !Console.isOutputClosed
    }
  }

  private func show(_ prediction: LoadedAdapter.Prediction) throws {
    if json { return Console.printJSON(try prediction.json()) }
    let text = onOneLine([prediction.text, prediction.textPair].compactMap { $0 }.joined(separator: " | "))
    let probability = prediction.probability.map { "\(fixed($0, 4))\t" } ?? ""
    Console.print("\(onOneLine(prediction.label))\t\(probability)\(text)")
  }
}

import ArgumentParser
import GraftAdapterFiles
import GraftHarness
import GraftSupport
import GraftTokenizers

/// `graft tokenize --base B`
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show the tokens and ids that a base's tokenizer produces.",
    discussion: Help.discussion(
      examples: #"graft tokenize --base all-MiniLM-L6-v2 "an unexpectedly moving film""#,
      "graft tokenize --base all-MiniLM-L6-v2 --input lines.txt --json"))

  @Option(help: "The base: a name in the cache or a folder.", completion: .directory)
  var base: String

  @OptionGroup var source: InputOptions

  @Option(help: "The maximum sequence length in tokens; longer sequences are truncated.")
  var maxLength = 512

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object per line: index, ids, type_ids, tokens.")
  var json = false

  /// One line of the JSON output; the property names are its keys.
  private struct Line: Encodable {
    let index: Int
    let ids: [Int32]
    let typeIds: [Int32]
    let tokens: [String]
  }

  func validate() throws {
    try source.requireOneSource()
    guard (3...65536).contains(maxLength) else {
      throw ValidationError("--max-length: expected a number from 3 to 65536, got \(maxLength)")
    }
  }

  func run() throws {
    let folder = try TokenizerFolder(
      ofModel: try BaseLocator().folder(of: base), families: Graft.registries().families)
    notes.show(folder.notes, unknownKeys: folder.unknownKeys)
    let tokenizer = folder.tokenizer
    if let text = source.text { return try show(text, pair: nil, index: 0, tokenizer) }
    var input = try source.open()
    var count = 0
    while !Console.isOutputClosed, let texts = try input.next() {
      for (text, pair) in texts {
        try show(text, pair: pair, index: count, tokenizer)
        count += 1
      }
    }
  }

  private func show(_ text: String, pair: String?, index: Int, _ tokenizer: any Tokenizer) throws {
    let encoding = tokenizer.encode(text, pair: pair, maxLength: maxLength)
    let tokens = encoding.ids.map { tokenizer.token(of: $0) ?? "?" }
    if json {
      let line = Line(index: index, ids: encoding.ids, typeIds: encoding.typeIDs, tokens: tokens)
      Console.printJSON(try snakeCaseJSON(line, pretty: false))
    } else {
      Console.print(zip(tokens, encoding.ids).map { "\($0) \($1)" }.joined(separator: "  "))
    }
  }
}

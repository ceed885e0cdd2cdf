import ArgumentParser
import GraftHarness
import GraftInference

/// `--adapter`, `--base`, `--max-length`, and `--verbose`, for commands that run an adapter on texts.
struct AdapterOptions: ParsableArguments {
  @Option(name: .customLong("adapter"), help: "The adapter file or run folder.", completion: .file())
  var file: String

  @OptionGroup var base: BaseOption

  @Option(
    name: .customLong("max-length"),
    help: "Truncate texts after this many tokens; overrides the length stored in the adapter file.")
  var maxLength: Int?

  @OptionGroup var notes: NoteOptions

  /// Loads the adapter onto its base. Reports notes about the base, and a maximum length other than the adapter file's.
  func load() throws -> LoadedAdapter {
    var adapter = try Graft.adapter(file, base: base.location)
    if let maxLength {
      adapter = try adapter.truncating(to: maxLength)
      Console.printToStandardError(
        "graft: texts are truncated after \(maxLength) tokens (--max-length); "
          + "the adapter file specifies \(adapter.file.metadata.maxLength)")
    }
    notes.show(adapter.base)
    return adapter
  }
}

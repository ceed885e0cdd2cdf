import ArgumentParser
import GraftHarness
import GraftInference

/// `FILE` and `--base`, for commands that load the adapter file given as an argument.
struct AdapterFileArguments: ParsableArguments {
  @Argument(help: "The adapter file or run folder.", completion: .file())
  var file: String

  @OptionGroup var base: BaseOption

  /// Loads the adapter onto its base.
  func load() throws -> LoadedAdapter {
    try Graft.adapter(file, base: base.location)
  }
}

import ArgumentParser
import GraftHarness

/// `--set` and `--output`, for commands that train as a configuration file describes.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: "Override one value of the configuration, such as --set training.epochs=3. Can be repeated.")
  var changes: [String] = []

  @Option(help: "The output folder; overrides the one in the configuration.", completion: .directory)
  var output: String?

  /// Applies the overrides of `--set`.
  func apply(to file: inout ConfigurationFile) throws {
    for change in changes { try file.set(change) }
  }

  /// Checks that the output folder has a name.
  func requireOutputName() throws {
    guard output?.isEmpty != true else {
      throw ValidationError("--output: expected the name of a folder, got an empty value")
    }
  }

  /// The kind of file that a configuration is, for shell completions.
  static let fileCompletion = CompletionKind.file(extensions: ["yaml", "yml", "json"])
}

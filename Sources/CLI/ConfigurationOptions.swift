import ArgumentParser
import GraftHarness

/// `CONFIG`, `--set`, and `--output`, for commands that train as a configuration file describes.
struct ConfigurationOptions: ParsableArguments {
  @Argument(help: "The configuration file, in YAML.", completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String

  @Option(
    name: .customLong("set"),
    help: "Override one value of the configuration, such as --set training.epochs=3. Can be repeated.")
  var changes: [String] = []

  @Option(help: "The output folder; overrides the one in the configuration.", completion: .directory)
  var output: String?

  /// Reads the configuration file and applies the overrides.
  func load() throws -> ConfigurationFile {
    var file = try ConfigurationFile(path: config)
    for change in changes { try file.set(change) }
    return file
  }
}

import ArgumentParser

/// `--base`, for commands that read the base's name from an adapter file.
struct BaseOption: ParsableArguments {
  @Option(
    name: .customLong("base"),
    help: "Where to find the base: a name in the cache or a folder; overrides the name stored in the adapter file.",
    completion: .directory)
  var location: String?
}

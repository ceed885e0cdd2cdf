import ArgumentParser
import GraftHarness

/// `--max-length`, for the commands that ask an adapter.
struct LengthOption: ParsableArguments {
  @Option(
    name: .customLong("max-length"), help: "Cut texts after so many tokens, in place of the length in the adapter file."
  )
  var maxLength: Int?

  /// The adapter with that length, which is reported.
  func applied(to adapter: LoadedAdapter) throws -> LoadedAdapter {
    guard let maxLength else { return adapter }
    let changed = try adapter.truncating(to: maxLength)
    Console.note(
      "graft: texts are cut after \(maxLength) tokens (--max-length); the adapter file says \(adapter.file.metadata.maxLength)\n"
    )
    return changed
  }
}

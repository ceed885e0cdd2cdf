import ArgumentParser
import GraftCore
import GraftHarness

/// `graft verify FILE`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove that an adapter belongs to a base, answers as saved, and comes off cleanly."
  )

  @Argument(help: "The adapter file.")
  var file: String

  @Option(help: "Where to look for the base, in place of the name in the file.")
  var base: String?

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let loaded = try LoadedAdapter(file: file, base: base, methods: Graft.methods())
    notes.show(loaded.base)
    let verification = try loaded.verify()
    if json {
      Console.printJSON(try verification.json())
    } else {
      Console.print(
        "Base: \(verification.base), the one that the adapter was trained on (SHA-256 \(verification.baseIdentity)).")
      Console.print(
        "Probe: largest difference to the stored logits \(verification.probeDifference), allowed \(verification.tolerance)."
      )
      Console.print("Removed: the base answers \(verification.answersRestored ? "exactly as before" : "DIFFERENTLY").")
      Console.print("Base: \(verification.baseUntouched ? "not a bit has changed" : "CHANGED").")
    }
    guard verification.answersRestored, verification.baseUntouched else { throw BaseChanged() }
  }
}

/// What must never happen: an adapter left a trace in its base.
private struct BaseChanged: Error, CustomStringConvertible {
  let description = "the base is not what it was before the adapter came; please report this"
}

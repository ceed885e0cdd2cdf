import ArgumentParser
import GraftCore
import GraftHarness

/// `graft verify FILE`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Check that an adapter belongs to its base, reproduces its stored logits, and leaves no trace when removed.",
    discussion: Help.discussion(
      examples: "graft verify runs/tickets", "graft verify adapter.safetensors.zst --base all-MiniLM-L6-v2 --json"))

  @OptionGroup var adapter: AdapterFileArguments

  @OptionGroup var notes: NoteOptions

  @OptionGroup var json: JSONFlag

  func run() throws {
    let loaded = try adapter.load()
    notes.show(loaded.base)
    let verification = try loaded.verify()
    if json.isRequested {
      Console.printJSON(try verification.json())
    } else {
      Console.print(
        "Base: \(verification.base), the base that the adapter was trained on (SHA-256 \(verification.baseIdentity)).")
      Console.print(
        "Probe: the largest difference from the stored logits is \(verification.probeDifference) "
          + "(allowed: \(verification.tolerance)).")
      Console.print(
        "Removal: the base's logits are \(verification.answersRestored ? "exactly as before" : "DIFFERENT").")
      Console.print("Weights: the base is \(verification.baseUntouched ? "unchanged, bit for bit" : "CHANGED").")
    }
    guard verification.answersRestored, verification.baseUntouched else { throw BaseChanged() }
  }
}

/// The internal error for an adapter that left a trace in its base, which must never happen.
private struct BaseChanged: Error, CustomStringConvertible {
  let description = "attaching and removing the adapter changed the base; please report this"
}

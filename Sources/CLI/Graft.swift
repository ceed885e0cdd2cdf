import ArgumentParser
import GraftAdapterFiles
import GraftHarness
import GraftInference

/// The root command.
struct Graft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graft",
    abstract: "Parameter-efficient fine-tuning of text encoders on ordinary CPUs.",
    discussion: Help.discussion(
      examples: "graft init tickets.jsonl", "graft train tickets.yaml",
      #"graft predict --adapter runs/tickets "where is my parcel""#),
    version: RunEnvironment.description,
    subcommands: [
      InitCommand.self, TrainCommand.self, CompareCommand.self, EvaluateCommand.self, PredictCommand.self,
      VerifyCommand.self,
      PackCommand.self, DiffCommand.self, ApplyCommand.self, RemoveCommand.self,
      ImportCommand.self, ExportCommand.self,
      TokenizeCommand.self, InspectCommand.self, MethodsCommand.self, TasksCommand.self, GetCommand.self,
    ])

  /// Returns what this program can use by name.
  static func registries() -> Registries { GraftProgram.registries.withLock { $0 } }
}

extension Graft {
  /// Loads a base of any family that this program supports.
  static func base(_ name: String) throws -> PretrainedBase {
    try PretrainedBase(name, families: registries().families)
  }

  /// Loads an adapter file onto its base.
  static func adapter(_ file: String, base: String?) throws -> LoadedAdapter {
    let registries = registries()
    return try LoadedAdapter(
      file: file, base: base, methods: registries.methods, objectives: registries.objectives,
      families: registries.families)
  }
}

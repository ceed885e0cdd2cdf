import ArgumentParser
import GraftCore
import GraftHarness

/// The root command.
struct Graft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graft",
    abstract: "Parameter-efficient fine-tuning of text encoders on ordinary CPUs.",
    version: RunEnvironment.description,
    subcommands: [
      TrainCommand.self, CompareCommand.self, EvaluateCommand.self, PredictCommand.self, VerifyCommand.self,
      PackCommand.self, DiffCommand.self, ApplyCommand.self, RemoveCommand.self,
      ImportCommand.self, ExportCommand.self,
      TokenizeCommand.self, InspectCommand.self, MethodsCommand.self, TasksCommand.self, GetCommand.self,
    ])

  /// Returns the methods that this program supports.
  static func methods() -> MethodRegistry { GraftProgram.methods.withLock { $0 } }
}

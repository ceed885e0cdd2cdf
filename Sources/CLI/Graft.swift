import ArgumentParser
import Foundation
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftSupport

/// The program: its commands, and the one place that lists which methods are built in.
@main
struct Graft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graft",
    abstract: "Parameter-efficient fine-tuning of text encoders on ordinary CPUs.",
    version: RunEnvironment.description,
    subcommands: [
      TrainCommand.self, CompareCommand.self, EvaluateCommand.self, PredictCommand.self, VerifyCommand.self,
      TokenizeCommand.self,
      InspectCommand.self, MethodsCommand.self,
      TasksCommand.self, GetCommand.self,
    ])

  /// The methods that this program knows.
  static func methods() throws -> MethodRegistry {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try methods.register(Houlsby.self)
    try methods.register(Prefix.self)
    try methods.register(FullFineTuning.self)
    try methods.register(HeadOnly.self)
    return methods
  }

  /// The parser's own message about a misspelt command does not name the nearest.
  private static func refuseUnknownCommand(_ arguments: [String], of parent: CommandConfiguration, called path: String)
    throws
  {
    guard let name = arguments.first, !name.hasPrefix("-"), !parent.subcommands.isEmpty else { return }
    let commands = parent.subcommands.compactMap { $0.configuration.commandName }
    if let command = parent.subcommands.first(where: { $0.configuration.commandName == name }) {
      return try refuseUnknownCommand(
        Array(arguments.dropFirst()), of: command.configuration, called: "\(path) \(name)")
    }
    guard name != "help" else {
      return try refuseUnknownCommand(Array(arguments.dropFirst()), of: parent, called: path)
    }
    throw UnknownCommand(name: name, path: path, known: commands)
  }

  /// Runs one command. A user's mistake ends with one line on stderr and exit code 2, a fault of ours with 1.
  static func main() {
    Console.prepare()
    do {
      try refuseUnknownCommand(Array(CommandLine.arguments.dropFirst()), of: configuration, called: "graft")
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any UserError {
      Console.fail("\(error)", code: 2)
    } catch {
      switch exitCode(for: error) {
      case .success: exit(withError: error)  // --help and --version
      case ExitCode(Interruption.exitCode): Foundation.exit(Interruption.exitCode)
      case .validationFailure:
        let reason = message(for: error).split(separator: "\n").first ?? "the arguments are not understood"
        Console.fail("\(reason); see 'graft --help'", code: 2)
      default: Console.fail("internal error: \(error)", code: 1)
      }
    }
  }
}

/// A command that there is not.
private struct UnknownCommand: UserError {
  let name: String
  let path: String
  let known: [String]

  var description: String {
    "no command '\(path) \(name)'\(didYouMean(name, in: known)); commands are \(known.joined(separator: ", "))"
  }
}

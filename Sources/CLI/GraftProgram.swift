import ArgumentParser
import Foundation
public import GraftHarness
import GraftSupport
import Synchronization

/// The command-line program, which any package can run with its own methods, encoders, objectives, and tasks.
public enum GraftProgram {
  /// Runs the command given by this process's arguments.
  ///
  /// A user's mistake ends the program with one line on stderr and exit code 2, an internal error with exit code 1.
  ///
  /// - Parameter registries: Returns what configurations and files can name.
  public static func main(registries: () throws -> Registries) {
    Console.prepare()
    do {
      let named = try registries()
      self.registries.withLock { $0 = named }
      try refuseUnknownCommand(
        Array(CommandLine.arguments.dropFirst()), of: Graft.configuration, called: "graft")
      var command = try Graft.parseAsRoot()
      try command.run()
    } catch let error as any UserError {
      Console.fail("\(error)", code: 2)
    } catch {
      switch Graft.exitCode(for: error) {
      case .success: Console.printLines(Help.withExamplesLast(Graft.fullMessage(for: error)))  // --help, --version
      case ExitCode(Interruption.exitCode): Foundation.exit(Interruption.exitCode)
      case .validationFailure: Console.fail("\(parserMessage(error)); see '\(help(for: error))'", code: 2)
      default: Console.fail("internal error: \(error)", code: 1)
      }
    }
  }

  /// What this process can use by name. It is global because the argument parser creates the commands and cannot pass it on.
  static let registries = Mutex(Registries.builtIn)

  /// The argument parser's message about invalid arguments, on one line and without the period at its end.
  private static func parserMessage(_ error: any Error) -> String {
    let message = Graft.message(for: error).split(separator: "\n").joined(separator: " ")
    guard !message.isEmpty else { return "invalid arguments" }
    return message.hasSuffix(".") ? String(message.dropLast()) : message
  }

  /// The command line that prints the help of the command whose arguments are invalid, as the argument parser suggests it.
  private static func help(for error: any Error) -> String {
    let message = Graft.fullMessage(for: error)
    return message.firstMatch(of: /See '(graft[^'\n]* --help)'/).map { String($0.1) } ?? "graft --help"
  }

  /// Throws an error with the nearest command for a misspelled one, which the parser's own message lacks.
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
    throw UnknownCommand(name: name, path: path, commands: commands)
  }
}

/// The error for a command that does not exist.
private struct UnknownCommand: UserError {
  let name: String
  let path: String
  let commands: [String]

  var description: String {
    "unknown command '\(path) \(name)'\(didYouMean(name, in: commands)); the commands are "
      + commands.joined(separator: ", ")
  }
}

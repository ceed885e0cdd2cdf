import ArgumentParser
import Foundation
import GraftBaselines
public import GraftCore
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftSupport
import Synchronization

/// The program: what `graft` does with the methods that it is given.
public enum GraftProgram {
  /// The methods that are built in.
  public static func builtInMethods() throws -> MethodRegistry {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    try methods.register(Houlsby.self)
    try methods.register(Prefix.self)
    try methods.register(FullFineTuning.self)
    try methods.register(HeadOnly.self)
    return methods
  }

  /// Runs the command of this process's arguments. A user's mistake ends with one line on stderr and exit code 2, a fault of
  /// ours with 1.
  ///
  /// - Parameter methods: Makes the methods that configurations and files may name.
  public static func main(methods: () throws -> MethodRegistry) {
    Console.prepare()
    do {
      let known = try methods()
      self.methods.withLock { $0 = known }
      try refuseUnknownCommand(
        Array(CommandLine.arguments.dropFirst()), of: Graft.configuration, called: "graft")
      var command = try Graft.parseAsRoot()
      try command.run()
    } catch let error as any UserError {
      Console.fail("\(error)", code: 2)
    } catch {
      switch Graft.exitCode(for: error) {
      case .success: Graft.exit(withError: error)  // --help and --version
      case ExitCode(Interruption.exitCode): Foundation.exit(Interruption.exitCode)
      case .validationFailure:
        let reason = Graft.message(for: error).split(separator: "\n").first ?? "the arguments are not understood"
        Console.fail("\(reason); see 'graft --help'", code: 2)
      default: Console.fail("internal error: \(error)", code: 1)
      }
    }
  }

  /// The methods of this process; commands are made by the parser, which has nothing to hand on.
  static let methods = Mutex(MethodRegistry())

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

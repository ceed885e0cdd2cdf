import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft methods [NAME]`
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the methods, or one method's options and their defaults.",
    discussion: Help.discussion(examples: "graft methods", "graft methods lora"))

  @Argument(help: "The method's name.", completion: .list(Graft.registries().methods.descriptions.map(\.name)))
  var name: String?

  @OptionGroup var json: JSONFlag

  func run() throws {
    let registry = Graft.registries().methods
    let methods = try name.map { [try registry.description(of: $0)] } ?? registry.descriptions
    if json.isRequested {
      Console.printJSON(try snakeCaseJSON(["methods": methods]))
    } else if name == nil {
      for method in methods { Console.print("\(filled(method.name, 10)) \(method.title): \(method.summary)") }
    } else {
      for method in methods {
        Console.print("\(method.title): \(method.summary)")
        Console.print("")
        for option in method.options {
          Console.print("  \(option.name): \(option.fallback)")
          Console.print("      \(option.meaning) (\(option.type))")
        }
      }
    }
  }
}

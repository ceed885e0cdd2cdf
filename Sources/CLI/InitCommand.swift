import ArgumentParser
import Foundation
import GraftHarness
import GraftSupport

/// `graft init FILE`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Inspect your data and write a commented configuration for it.",
    discussion: Help.discussion(
      """
      Reads a CSV, TSV, JSON, or JSON Lines file, or a folder with train and dev files. Reports its columns, labels, lengths, \
      and duplicates, chooses the settings by the amount of data, and prints the command to continue with. Graft asks about \
      anything unclear in a terminal; elsewhere, options decide it.
      """, examples: "graft init tickets.jsonl",
      "graft init reviews.csv --label-column stars --objective regression",
      "graft init data --output first.yaml --method houlsby"))

  @Argument(help: "The data: a file, or a folder with train and dev files.", completion: .file())
  var path: String

  @OptionGroup var options: DataRoleOptions

  @Option(help: "The base: a name in the cache or a folder.")
  var base = "all-MiniLM-L6-v2"

  @Option(help: "The method; 'graft methods' lists them.")
  var method = "lora"

  @Option(help: "The configuration file to write; by default NAME.yaml for the data NAME.csv.", completion: .file())
  var output: String?

  @OptionGroup var json: JSONFlag

  func validate() throws {
    guard output.map({ $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }) != false else {
      throw ValidationError("--output: expected a name that ends in .yaml or .yml, got \(quoted(output ?? ""))")
    }
  }

  func run() throws {
    let inspection = try DataInspection(path: path)
    let file = output ?? "\(inspection.name).yaml"
    guard try !fileExists(file) else {
      throw FileError(
        "cannot write", file, reason: "it already exists; remove it, or name another file with --output")
    }
    let output = try OutputFile(file, apartFrom: [path])
    let starter = try Starter(inspection, roles: roles(of: inspection), base: base, method: method)
    let report = InitReport(starter, file: file)
    if !json.isRequested { report.showData() }
    try starter.checkData()
    try output.write(Array(starter.configuration.text.utf8))
    if json.isRequested { Console.printJSON(try report.json()) } else { report.showNext() }
  }

  /// Decides the roles of the columns; asks the user about unclear ones if there is a terminal.
  private func roles(of inspection: DataInspection) throws -> DataRoles {
    var choices = options.choices
    let isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 && !json.isRequested
    while true {
      do {
        return try inspection.roles(choices, objectives: Graft.registries().objectives)
      } catch let question as DataRoles.Question where isInteractive {
        let answer = try ask(question)
        switch question.choice {
        case .text: choices.text = answer
        case .label: choices.label = answer
        case .objective: choices.objective = answer
        }
      }
    }
  }

  /// Asks on the terminal until the answer is one of the options, by number or by name.
  private func ask(_ question: DataRoles.Question) throws -> String {
    Console.printToStandardError("\(question.text.prefix(1).uppercased())\(question.text.dropFirst())?")
    for (index, option) in question.options.enumerated() {
      Console.printToStandardError("  \(index + 1)  \(visible(option))")
    }
    while true {
      Console.writeToStandardError("Number or name [1]: ")
      guard let line = readLine() else { throw question }
      let answer = line.trimmingCharacters(in: .whitespaces)
      if answer.isEmpty { return question.options[0] }
      if let number = Int(answer), question.options.indices.contains(number - 1) { return question.options[number - 1] }
      if question.options.contains(answer) { return answer }
    }
  }
}

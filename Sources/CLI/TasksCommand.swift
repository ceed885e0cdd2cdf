import ArgumentParser
import GraftHarness
import GraftObjectives
import GraftSupport

/// `graft tasks [NAME]`
struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks", abstract: "List the tasks, or one task's files, labels, and metrics.",
    discussion: Help.discussion(examples: "graft tasks", "graft tasks sst2"))

  @Argument(help: "The task's name.", completion: .list(Graft.registries().tasks.tasks.map(\.name)))
  var name: String?

  @OptionGroup var json: JSONFlag

  func run() throws {
    let registry = Graft.registries().tasks
    let width = registry.names.map(\.count).max() ?? 0
    let isCustom = name == TaskDefinition.customName
    let customLine =
      "\(filled(TaskDefinition.customName, width)) your own data: labels and columns are those of your files "
      + "(objective, data.text, data.label)"
    if isCustom, !json.isRequested { return Console.print(customLine) }
    let tasks = isCustom ? [] : try name.map { [try registry.task(named: $0)] } ?? registry.tasks
    if json.isRequested {
      Console.printJSON(try snakeCaseJSON(["tasks": tasks]))
      return
    }
    for task in tasks {
      Console.print("\(filled(task.name, width)) \(task.title): \(task.summary)")
      guard name != nil else { continue }
      let files = (["train"] + task.files.evaluationSplits).joined(separator: ",")
      let columns = [task.columns.text, task.columns.textPair, task.columns.label].compactMap { $0 }
      Console.print(
        "  files:   \(task.files.folder ?? "DATA")/{\(files)}.tsv, columns \(columns.joined(separator: ", "))")
      let labels = zip(task.objective.labels, task.objective.labelNames).map { $0 == $1 ? $0 : "\($0) \($1)" }
      Console.print("  labels:  \(labels.isEmpty ? task.objective.summary : labels.joined(separator: ", "))")
      Console.print("  metrics: \(task.objective.metrics.map(\.title).joined(separator: ", "))")
    }
    if name == nil { Console.print(customLine) }
  }
}

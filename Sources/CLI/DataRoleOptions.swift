import ArgumentParser
import GraftHarness

/// `--text-column`, `--pair-column`, `--label-column`, and `--objective`, for commands that train on the user's own data.
struct DataRoleOptions: ParsableArguments {
  @Option(name: .customLong("text-column"), help: "The column with the text (data.text).")
  var text: String?

  @Option(name: .customLong("pair-column"), help: "The column with the second text of a pair (data.text_pair).")
  var textPair: String?

  @Option(name: .customLong("label-column"), help: "The column with the label (data.label).")
  var label: String?

  @Option(help: "What is learned from your own data: classification, regression, or multi_label (objective).")
  var objective: String?

  /// What the options decide.
  var choices: DataRoles.Choices {
    DataRoles.Choices(text: text, textPair: textPair, label: label, objective: objective)
  }
}

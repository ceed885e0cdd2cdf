import ArgumentParser
import GraftHarness

/// Options for the common keys of a configuration; `--set` reaches all others.
struct CommonKeyOptions: ParsableArguments {
  @Option(help: "The base: a name in the cache or a folder (base).")
  var base: String?

  @Option(help: "The task, or custom for your own data (task).")
  var task: String?

  @Option(help: "The data: a file, or a folder with train and dev files (data.path).", completion: .file())
  var data: String?

  @OptionGroup var roles: DataRoleOptions

  @Option(name: .customLong("train-limit"), help: "The number of training examples to use (data.train_limit).")
  var trainLimit: String?

  @Option(help: "The method (method.name); the options of another method in the file are dropped.")
  var method: String?

  @Option(help: "The rank (method.rank).")
  var rank: String?

  @Option(help: "The scale of LoRA's update (method.alpha).")
  var alpha: String?

  @Option(help: "The selectors of the target modules (method.targets).")
  var targets: String?

  @Option(help: "Passes over the training examples (training.epochs).")
  var epochs: String?

  @Option(name: .customLong("batch-size"), help: "Sequences per training step (training.batch_size).")
  var batchSize: String?

  @Option(name: .customLong("learning-rate"), help: "The peak learning rate (training.learning_rate).")
  var learningRate: String?

  @Option(name: .customLong("max-length"), help: "The maximum length in tokens (training.max_length).")
  var maxLength: String?

  @Option(help: "The seed of all random numbers (training.seed).")
  var seed: String?

  /// Whether the options describe a run without a configuration file.
  var describesRun: Bool { data != nil || task != nil || method != nil }

  /// Returns the configuration that the options start from if there is no file: for the user's own data, the one that `graft init`
  /// would write, and otherwise LoRA with its defaults.
  func defaultFile() throws -> ConfigurationFile {
    guard let data, task == nil || task == TaskDefinition.customName else {
      return try ConfigurationFile(text: "method: {name: lora}", path: "command line")
    }
    let inspection = try DataInspection(path: data)
    let roles = try inspection.roles(self.roles.choices, objectives: Graft.registries().objectives)
    let starter = try Starter(inspection, roles: roles, base: base, method: method)
    return try ConfigurationFile(text: starter.configuration.text, path: data)
  }

  /// Applies the options to a configuration.
  ///
  /// - Throws: `ConfigurationError` that names the option.
  func apply(to file: inout ConfigurationFile) throws {
    if let method { try file.setMethod(method, option: "--method") }
    let texts: [(String, String, String?)] = [
      ("--base", "base", base), ("--task", "task", task), ("--objective", "objective", roles.objective),
      ("--data", "data.path", data), ("--text-column", "data.text", roles.text),
      ("--pair-column", "data.text_pair", roles.textPair),
      ("--label-column", "data.label", roles.label), ("--targets", "method.targets", targets),
    ]
    for case (let option, let key, let value?) in texts {
      try file.set(key, to: value, isText: true, option: option)
    }
    let numbers: [(String, String, String?)] = [
      ("--train-limit", "data.train_limit", trainLimit), ("--rank", "method.rank", rank),
      ("--alpha", "method.alpha", alpha),
      ("--epochs", "training.epochs", epochs), ("--batch-size", "training.batch_size", batchSize),
      ("--learning-rate", "training.learning_rate", learningRate), ("--max-length", "training.max_length", maxLength),
      ("--seed", "training.seed", seed),
    ]
    for case (let option, let key, let value?) in numbers {
      try file.set(key, to: value, isText: false, option: option)
    }
  }
}

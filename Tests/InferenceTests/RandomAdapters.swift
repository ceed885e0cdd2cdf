import GraftInference
import GraftLoRA
import GraftTestSupport

/// A small base model, and adapter files for it with random values.
struct RandomAdapters {
  let task: TinyTask
  let work: TemporaryFolder
  let locator: BaseLocator

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  /// Loads the base model.
  func base() throws -> PretrainedBase { try PretrainedBase(task.base.folder.path, seed: 1, locator: locator) }

  /// Writes a LoRA adapter with random values and a head for the given number of classes.
  ///
  /// - Returns: The path of the file.
  func write(_ name: String, classes: Int = 2, targets: TargetModules = .roles(.query, .value)) throws -> String {
    let base = try base()
    var configuration = LoRAConfiguration()
    configuration.targets = targets
    let adapter = try base.model.inject(LoRA(configuration), as: "new", seed: 1, classes: classes)
    for parameter in adapter.parameters {
      var random = RandomStream(seed: 1, purpose: name + parameter.name)
      for i in parameter.values.indices { parameter.values[i] = Float(random.uniform() - 0.5) * 0.4 }
    }
    let path = work.file(name)
    try AdapterFile.write(
      adapter, on: base,
      task: AdapterTask(labels: (0..<classes).map { "\(name)\($0)" }, columns: .init(text: "text", label: "label")),
      maxLength: 64, seed: 1, workers: Workers(count: 1), to: path)
    return path
  }
}

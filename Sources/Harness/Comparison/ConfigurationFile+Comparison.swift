public import GraftCore
import GraftSupport
import Yams

extension ConfigurationFile {
  /// A comparison of more trainings is a mistake.
  private static let mostTrainings = 10_000

  /// Decodes the file as a comparison: `tasks`, `seeds` and `methods` in place of one `task`, `training.seed` and `method`.
  ///
  /// Each entry of `methods` may have a `label` and a `training` of its own, which overrides the common one key by key.
  ///
  /// - Parameters:
  ///   - methods: The methods that entries may name.
  ///   - named: The folder for all of it, in place of the configuration's.
  /// - Throws: ``ConfigurationError`` with file, line and key.
  public func comparison(methods: MethodRegistry, output named: String? = nil) throws -> ComparisonConfiguration {
    let known = ["base", "tasks", "seeds", "data", "methods", "training", "compute", "init_from", "output"]
    for (key, value) in root.mapping ?? [:] {
      guard let name = key.string, !known.contains(name), !["task", "method"].contains(name) else { continue }
      throw error(
        at: key.mark == nil ? value : key, name,
        "unknown key \(quoted(name))\(didYouMean(name, in: known)); known keys are \(known.joined(separator: ", "))")
    }
    let entries = try list("methods", example: "methods: [{name: lora}, {name: full}]")
    let tasks = try texts("tasks", fallback: ["sst2"])
    let seeds = try texts("seeds", fallback: ["42"]).map { text in
      guard let seed = UInt64(text), "\(seed)" == text else {
        throw error(at: value("seeds"), "seeds", "\(quoted(text)) is not a whole number from 0")
      }
      return seed
    }
    guard value("task") == nil, value("method") == nil else {
      throw error(
        at: value("task") ?? value("method"), nil, "a comparison has 'tasks' and 'methods', not 'task' and 'method'")
    }
    let output = named ?? value("output")?.string ?? "runs/compare"
    let labels = try labels(of: entries)
    let (pairs, overflow) = tasks.count.multipliedReportingOverflow(by: seeds.count)
    let (count, overflows) = pairs.multipliedReportingOverflow(by: entries.count)
    guard !overflow, !overflows, count <= Self.mostTrainings else {
      throw error(
        at: root, nil,
        "\(tasks.count) tasks, \(entries.count) methods and \(seeds.count) seeds make more than \(Self.mostTrainings) trainings"
      )
    }
    var experiments: [ExperimentConfiguration] = []
    for task in tasks {
      for (entry, label) in zip(entries, labels) {
        for seed in seeds {
          let folder = ComparisonConfiguration.folder(output, task: task, label: label, seed: seed)
          let one = try experiment(entry, label: label, task: task, seed: seed, output: folder)
          experiments.append(try one.decode(ExperimentConfiguration.self, methods: methods))
        }
      }
    }
    let sharing = Dictionary(grouping: labels) { ComparisonConfiguration.folder("", task: "", label: $0, seed: 0) }
    if let same = sharing.values.filter({ $0.count > 1 }).min(by: { $0[0] < $1[0] }) {
      throw error(
        at: value("methods"), "methods",
        "the labels \(same.map(quoted).joined(separator: " and ")) give one folder; "
          + "let them differ in letters and digits")
    }
    return ComparisonConfiguration(
      labels: labels, tasks: tasks, seeds: seeds, output: output, experiments: experiments)
  }

  /// A configuration of one training: the common keys, one entry's method, and what differs. Nodes keep their lines.
  private func experiment(
    _ entry: Node, label: String, task: String, seed: UInt64, output: String
  ) throws -> ConfigurationFile {
    guard var method = entry.mapping, var all = root.mapping else {
      throw error(at: entry, "methods", "expected an entry such as {name: lora, rank: 8}")
    }
    var training = value("training")?.mapping ?? Node.Mapping([])
    if let own = method["training"] {
      guard let own = own.mapping else { throw error(at: own, "methods.training", "expected keys and values") }
      for (key, value) in own { training[key] = value }
    }
    guard training["seed"] == nil else {
      throw error(at: training["seed"], "training.seed", "a comparison has 'seeds' for all of its trainings")
    }
    training["seed"] = Node("\(seed)")
    for key in ["label", "training"] { method[Node(key)] = nil }
    for key in ["tasks", "seeds", "methods"] { all[Node(key)] = nil }
    all["method"] = .mapping(method)
    all["training"] = .mapping(training)
    let written = value("tasks").flatMap { node in node.sequence?.first { $0.string == task } ?? node }
    all["task"] = .scalar(.init(task, Tag(.str), .any, written?.mark))
    all["label"] = Node(label, Tag(.str))
    all["output"] = Node(output, Tag(.str))
    return replacingRoot(with: .mapping(all))
  }

  private func labels(of entries: [Node]) throws -> [String] {
    var seen: Set<String> = []
    return try entries.map { entry in
      guard let label = entry.mapping?["label"]?.string ?? entry.mapping?["name"]?.string, !label.isEmpty else {
        throw error(at: entry, "methods", "expected an entry with a name, such as {name: lora, rank: 8}")
      }
      guard isLabel(label) else {
        throw error(at: entry, "methods", "a label holds a line end or another control character, expected one line")
      }
      guard seen.insert(label).inserted else {
        throw error(at: entry, "methods", "two entries are labelled \(quoted(label)); give one another 'label'")
      }
      return label
    }
  }

  private func value(_ key: String) -> Node? { root.mapping?[Node(key)] }

  private func list(_ key: String, example: String) throws -> [Node] {
    guard let node = value(key) else { throw error(at: root, nil, "'\(key)' is missing; add \(example)") }
    guard let list = node.sequence, !list.isEmpty else {
      throw error(at: node, key, "expected a list with at least one entry, \(example)")
    }
    return Array(list)
  }

  /// A list of single values that differ, or one of them.
  private func texts(_ key: String, fallback: [String]) throws -> [String] {
    guard let node = value(key) else { return fallback }
    let items = node.sequence.map(Array.init) ?? [node]
    let texts = items.compactMap(\.string)
    guard !texts.isEmpty, texts.count == items.count else {
      throw error(at: node, key, "expected a list with at least one value")
    }
    guard Set(texts).count == texts.count else { throw error(at: node, key, "a value is there twice") }
    return texts
  }

  private func error(at node: Node?, _ key: String?, _ reason: String) -> ConfigurationError {
    ConfigurationError(file: path, line: node?.mark?.line, key: key, reason: reason)
  }
}

import GraftSupport
import Yams

extension ConfigurationFile {
  /// The maximum number of runs; a comparison with more is assumed to be a mistake.
  private static let maximumRuns = 10_000

  /// Decodes the file as a comparison, which has `tasks`, `seeds`, and `methods` instead of `task`, `training.seed`, and
  /// `method`.
  ///
  /// Each entry of `methods` may have its own `label`, and a `training` mapping that overrides the common one key by key.
  ///
  /// - Parameters:
  ///   - registries: What the file can name.
  ///   - override: The folder of the comparison, overriding the configuration's.
  /// - Throws: ``ConfigurationError`` with file, line and key.
  public func comparison(registries: Registries = .builtIn, output override: String? = nil) throws
    -> ComparisonConfiguration
  {
    let known = [
      "base", "tasks", "objective", "seeds", "data", "methods", "training", "compute", "init_from", "output",
    ]
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
        throw error(at: value("seeds"), "seeds", "expected a whole number of at least 0, got \(quoted(text))")
      }
      return seed
    }
    guard value("task") == nil, value("method") == nil else {
      throw error(
        at: value("task") ?? value("method"), nil,
        "expected the keys 'tasks' and 'methods' in a comparison, got 'task' or 'method'")
    }
    let output = override ?? value("output")?.string ?? "runs/compare"
    let labels = try labels(of: entries)
    let (pairs, overflow) = tasks.count.multipliedReportingOverflow(by: seeds.count)
    let (count, overflows) = pairs.multipliedReportingOverflow(by: entries.count)
    guard !overflow, !overflows, count <= Self.maximumRuns else {
      throw error(
        at: root, nil,
        "\(tasks.count) tasks, \(entries.count) methods and \(seeds.count) seeds make more than \(Self.maximumRuns) runs, "
          + "the maximum; split the comparison")
    }
    var experiments: [ExperimentConfiguration] = []
    for task in tasks {
      for (entry, label) in zip(entries, labels) {
        for seed in seeds {
          let folder = ComparisonConfiguration.folder(output, task: task, label: label, seed: seed)
          let file = try experiment(entry, label: label, task: task, seed: seed, output: folder)
          experiments.append(try file.decode(ExperimentConfiguration.self, registries: registries))
        }
      }
    }
    let groups = Dictionary(grouping: labels) { ComparisonConfiguration.folder("", task: "", label: $0, seed: 0) }
    if let conflicting = groups.values.filter({ $0.count > 1 }).min(by: { $0[0] < $1[0] }) {
      throw error(
        at: value("methods"), "methods",
        "the labels \(conflicting.map(quoted).joined(separator: " and ")) map to the same folder; "
          + "make them differ in letters or digits")
    }
    return ComparisonConfiguration(
      labels: labels, tasks: tasks, seeds: seeds, output: output, experiments: experiments)
  }

  /// Returns the configuration of one run: the common keys, one entry's method, and the run's own values. Nodes keep their
  /// line numbers.
  private func experiment(
    _ entry: Node, label: String, task: String, seed: UInt64, output: String
  ) throws -> ConfigurationFile {
    guard var method = entry.mapping, var all = root.mapping else {
      throw error(at: entry, "methods", "expected an entry such as {name: lora, rank: 8}")
    }
    var training = value("training")?.mapping ?? Node.Mapping([])
    if let overrides = method["training"] {
      guard let mapping = overrides.mapping else {
        throw error(at: overrides, "methods.training", "expected keys and values")
      }
      for (key, value) in mapping { training[key] = value }
    }
    guard training["seed"] == nil else {
      throw error(at: training["seed"], "training.seed", "a comparison sets its seeds with 'seeds'; remove this key")
    }
    training["seed"] = Node("\(seed)")
    for key in ["label", "training"] { method[Node(key)] = nil }
    for key in ["tasks", "seeds", "methods"] { all[Node(key)] = nil }
    all["method"] = .mapping(method)
    all["training"] = .mapping(training)
    let original = value("tasks").flatMap { node in node.sequence?.first { $0.string == task } ?? node }
    all["task"] = .scalar(.init(task, Tag(.str), .any, original?.mark))
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
        throw error(at: entry, "methods", "expected a label on one line, got a line end or another control character")
      }
      guard seen.insert(label).inserted else {
        throw error(
          at: entry, "methods", "two entries have the label \(quoted(label)); set a different 'label' for one of them")
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

  /// Returns a list of distinct scalars; a single scalar counts as a list.
  private func texts(_ key: String, fallback: [String]) throws -> [String] {
    guard let node = value(key) else { return fallback }
    let items = node.sequence.map(Array.init) ?? [node]
    let texts = items.compactMap(\.string)
    guard !texts.isEmpty, texts.count == items.count else {
      throw error(at: node, key, "expected a list with at least one value")
    }
    guard Set(texts).count == texts.count else {
      throw error(at: node, key, "expected distinct values, got a duplicate")
    }
    return texts
  }

  private func error(at node: Node?, _ key: String?, _ reason: String) -> ConfigurationError {
    ConfigurationError(file: path, line: node?.mark?.line, key: key, reason: reason)
  }
}

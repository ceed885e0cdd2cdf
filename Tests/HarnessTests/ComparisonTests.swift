import Foundation
import GraftCore
import GraftHarness
import GraftLoRA
import GraftTestSupport
import Testing

struct ComparisonTests {
  let task: TinyTask
  let work: TemporaryFolder
  let methods: MethodRegistry

  init() throws {
    (task, work) = (try TinyTask(), try TemporaryFolder())
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    self.methods = methods
  }

  private func text(_ entries: String, seeds: String = "[2, 3]", more: String = "") -> String {
    """
    base: \(task.base.folder.path)
    tasks: [sst2]
    seeds: \(seeds)
    data: {path: \(task.data.path)}
    training: {epochs: 25, batch_size: 8, eval_every: 50}
    methods:
    \(entries)
    output: \(work.path)/compare
    \(more)
    """
  }

  private let two = """
      - {name: lora, rank: 2, training: {learning_rate: 2.0e-2}}
      - {label: "still, <b>\\"one\\"</b>", name: lora, rank: 1, training: {learning_rate: 1.0e-9}}
    """

  private func run(_ text: String, isStopped: () -> Bool = { false }) throws -> (
    results: ComparisonResults, events: [Comparison.Event]
  ) {
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").comparison(methods: methods)
    var events: [Comparison.Event] = []
    let results = try Comparison(configuration, locator: BaseLocator(home: work.file("home"))).run(
      isStopped: isStopped, report: { events.append($0) })
    return (results, events)
  }

  private func trainings(_ events: [Comparison.Event]) -> [Bool] {
    events.compactMap { if case .ends(_, let wasThere) = $0 { wasThere } else { nil } }
  }

  @Test func `methods are told against each other, and nothing is trained twice`() throws {
    let (results, events) = try run(text(two))
    #expect(trainings(events) == [false, false, false, false] && results.isComplete)
    let rows = try #require(results.tasks.first).methods
    #expect(rows.map(\.label) == ["lora", "still, <b>\"one\"</b>"] && rows.allSatisfy { $0.runs == 2 })
    let accuracies = rows.map { ($0.metrics["accuracy"] ?? nil)?.mean ?? 0 }
    #expect(accuracies[0] > 0.9 && accuracies[0] > accuracies[1])
    let findings = ComparisonResults.findings(results.tasks[0])
    #expect(findings.first?.hasPrefix("lora is better than still") == true, "\(findings)")

    let again = try run(text(two))
    #expect(trainings(again.events) == [true, true, true, true])
    #expect(again.results.tasks[0].methods.map(\.adapterBytes) == rows.map(\.adapterBytes))
    // Another value in force, another row of data: another training.
    #expect(trainings(try run(text(two.replacing("rank: 2", with: "rank: 3"))).events) == [false, false, true, true])
    try task.data.write(task.data.read("train.tsv") + "good good\t1\n", to: "train.tsv")
    #expect(trainings(try run(text(two)).events) == [false, false, false, false])
  }

  @Test func `an interrupted comparison goes on where it stopped`() throws {
    var steps = 0
    let (partial, events) = try run(text(two)) {
      steps += 1
      return steps > 450
    }
    #expect(!partial.isComplete && trainings(events).count < 4 && !trainings(events).isEmpty)
    let (whole, rest) = try run(text(two))
    #expect(whole.isComplete && trainings(rest).prefix(trainings(events).count).allSatisfy { $0 })
    #expect(trainings(rest).contains(false))
  }

  @Test func `an interrupted training is never taken for the one that was there before`() throws {
    _ = try run(text(two, seeds: "[1]"))
    var steps = 0
    _ = try run(text(two.replacing("rank: 2", with: "rank: 3"), seeds: "[1]")) {
      steps += 1
      return steps > 5
    }
    #expect(trainings(try run(text(two, seeds: "[1]")).events) == [false, true])
  }

  @Test func `a training that fails takes no other down`() throws {
    let entries = """
        - {label: wild, name: lora, rank: 2, training: {learning_rate: 1.0e+30, max_grad_norm: 0}}
        - {name: lora, rank: 2, training: {learning_rate: 2.0e-2}}
      """
    let (results, _) = try run(text(entries, seeds: "[1]"))
    #expect(results.failures.map(\.label) == ["wild"] && results.failures[0].reason.contains("diverged"))
    #expect(results.tasks[0].methods.map(\.label) == ["lora"] && !results.isComplete)
  }

  @Test func `what is wrong with a task is said before anything is written`() throws {
    let error = #expect(throws: TaskError.self) {
      try run(
        text(two).replacing("tasks: [sst2]", with: "tasks: [custom]").replacing("{path: \(task.data.path)}", with: "{}")
      )
    }
    #expect(error?.description.contains("is over data of your own") == true)
    #expect(!FileManager.default.fileExists(atPath: work.file("compare")))
    try FileManager.default.removeItem(atPath: task.data.file("dev.tsv"))
    #expect(throws: TaskError.unknownSplit("dev", folder: task.data.path)) { try run(text(two)) }
  }

  @Test func `labels of dots stay in their own folders`() throws {
    let entries = """
        - {label: .., name: lora, rank: 2, training: {max_steps: 1}}
        - {label: ., name: lora, rank: 1, training: {max_steps: 1}}
      """
    let (results, _) = try run(text(entries, seeds: "[1]"))
    #expect(results.isComplete)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: work.file("compare/runs/sst2")).sorted() == ["_", "__"])
  }

  @Test func `the reports hold what was found, and names do no harm`() throws {
    _ = try run(text(two))
    let folder = try FileManager.default.contentsOfDirectory(atPath: work.file("compare")).sorted()
    #expect(folder == ["report.html", "report.md", "results.csv", "results.json", "runs"])
    let html = try work.read("compare/report.html")
    #expect(html.contains("still, &lt;b&gt;&quot;one&quot;&lt;/b&gt;") && !html.contains("<b>\"one\""))
    #expect(!html.contains("http") && html.components(separatedBy: "<svg").count == 5)
    let csv = try work.read("compare/results.csv").split(separator: "\n")
    #expect(csv.count == 3 && csv[0].hasPrefix("task,label,method,runs,") && csv[2].contains("\"still, <b>"))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(try work.bytes("compare/results.json"))) as? [String: Any])
    let tasks = try #require(json["tasks"] as? [[String: Any]])
    let rows = try #require(tasks[0]["methods"] as? [[String: Any]])
    let accuracy = try #require((rows[0]["metrics"] as? [String: [String: Double]])?["accuracy"])
    #expect(accuracy["mean"] ?? 0 > 0.9 && accuracy["deviation"] != nil)
    #expect(try work.read("compare/report.md").contains("| lora |"))
  }

  @Test(arguments: [
    ("  - {name: lora}\n  - {name: lora, rank: 2}", "c.yaml:8: methods: two entries are labelled 'lora'"),
    ("  - {rank: 2}", "c.yaml:7: methods: expected an entry with a name"),
    ("  - {name: lroa}", "c.yaml:7: method.name: no method named 'lroa', did you mean 'lora'?"),
    ("  - {name: lora, rnak: 2}", "c.yaml:7: method.rnak: unknown key 'rnak', did you mean 'rank'?"),
    ("  - {name: lora, training: {seed: 3}}", "c.yaml:7: training.seed: a comparison has 'seeds'"),
    ("  - {name: lora, training: {epoch: 3}}", "c.yaml:7: training.epoch: unknown key 'epoch', did you mean 'epochs'?"),
    (#"  - {label: "a\nb", name: lora}"#, "c.yaml:7: methods: a label holds a line end"),
    (
      "  - {label: a b, name: lora}\n  - {label: a_b, name: lora}",
      "c.yaml:7: methods: the labels 'a b' and 'a_b' give one folder"
    ),
  ])
  func `mistakes are named with their line`(entries: String, expected: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationFile(text: text(entries), path: "c.yaml").comparison(methods: methods)
    }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `other mistakes of a comparison`() throws {
    for (more, expected) in [
      ("task: sst2", "a comparison has 'tasks' and 'methods'"), ("sedes: [1]", "unknown key 'sedes'"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try ConfigurationFile(text: text(two, more: more), path: "c.yaml").comparison(methods: methods)
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
    for (seeds, expected) in [("[1, 1]", "a value stands there twice"), ("[x]", "'x' is no whole number from 0")] {
      let error = #expect(throws: ConfigurationError.self) {
        try ConfigurationFile(text: text(two, seeds: seeds), path: "c.yaml").comparison(methods: methods)
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
  }
}

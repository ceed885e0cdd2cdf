import Foundation
import GraftAdapterFiles
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
    task = try TinyTask()
    work = try TemporaryFolder()
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
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").comparison(
      registries: Registries(methods: methods))
    var events: [Comparison.Event] = []
    let results = try Comparison(configuration, locator: BaseLocator(home: work.file("home"))).run(
      isStopped: isStopped, report: { events.append($0) })
    return (results, events)
  }

  private func trainings(_ events: [Comparison.Event]) -> [Bool] {
    events.compactMap { if case .ends(_, let isReused) = $0 { isReused } else { nil } }
  }

  @Test func `methods are compared, and no run is trained twice`() throws {
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
    // A changed option, or an additional row of data, requires a new run.
    #expect(trainings(try run(text(two.replacing("rank: 2", with: "rank: 3"))).events) == [false, false, true, true])
    try task.data.write(task.data.read("train.tsv") + "good good\t1\n", to: "train.tsv")
    #expect(trainings(try run(text(two)).events) == [false, false, false, false])
  }

  @Test func `an interrupted comparison continues where it stopped`() throws {
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

  @Test func `an interrupted run is never mistaken for an earlier finished one`() throws {
    _ = try run(text(two, seeds: "[1]"))
    var steps = 0
    _ = try run(text(two.replacing("rank: 2", with: "rank: 3"), seeds: "[1]")) {
      steps += 1
      return steps > 5
    }
    #expect(trainings(try run(text(two, seeds: "[1]")).events) == [false, true])
  }

  @Test func `a failed run does not affect the others`() throws {
    let entries = """
        - {label: wild, name: lora, rank: 2, training: {learning_rate: 1.0e+30, max_grad_norm: 0}}
        - {name: lora, rank: 2, training: {learning_rate: 2.0e-2}}
      """
    let (results, _) = try run(text(entries, seeds: "[1]"))
    #expect(results.failures.map(\.label) == ["wild"] && results.failures[0].reason.contains("diverged"))
    #expect(results.tasks[0].methods.map(\.label) == ["lora"] && !results.isComplete)
  }

  @Test func `an error in a task is reported before anything is written`() throws {
    let error = #expect(throws: TaskError.self) {
      try run(
        text(two).replacing("tasks: [sst2]", with: "tasks: [custom]").replacing("{path: \(task.data.path)}", with: "{}")
      )
    }
    #expect(error?.description.contains("needs your own data") == true)
    #expect(!FileManager.default.fileExists(atPath: work.file("compare")))
    try FileManager.default.removeItem(atPath: task.data.file("dev.tsv"))
    #expect(throws: TaskError.unknownSplit("dev", folder: task.data.path)) { try run(text(two)) }
  }

  @Test func `a changed base model or initial adapter causes a new run, but rewriting the same content does not`()
    throws
  {
    let entries = "    - {name: lora, rank: 2, training: {max_steps: 1}}"
    let start = work.file("start.zst")
    _ = try run(text(entries, seeds: "[1]"))
    let adapter = work.file("compare/runs/sst2/lora/seed-1/adapter.safetensors.zst")
    try FileManager.default.copyItem(atPath: adapter, toPath: start)
    _ = try run(text(entries.replacing("max_steps: 1", with: "max_steps: 9"), seeds: "[1]"))
    let other = try work.bytes("compare/runs/sst2/lora/seed-1/adapter.safetensors.zst")
    let whole = text(entries, seeds: "[1]", more: "init_from: \(start)")
    #expect(trainings(try run(whole).events) == [false])
    #expect(trainings(try run(whole).events) == [true])

    let bytes = try work.bytes("start.zst")
    try work.write(bytes, to: "start.zst")
    try task.base.folder.write(task.base.folder.bytes("vocab.txt"), to: "vocab.txt")
    #expect(trainings(try run(whole).events) == [true], "the same content, rewritten")
    try work.write(other, to: "start.zst")
    #expect(trainings(try run(whole).events) == [false], "another initial adapter")
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      try task.base.folder.write("{}", to: name)
      #expect(trainings(try run(whole).events) == [false], "\(name) was added")
      try task.base.folder.write("{ }", to: name)
      #expect(trainings(try run(whole).events) == [false], "\(name) has changed")
      #expect(trainings(try run(whole).events) == [true])
    }
    try FileManager.default.removeItem(atPath: adapter)
    #expect(trainings(try run(whole).events) == [false], "its adapter was deleted")
  }

  @Test func `a changed merges file or shard counts as another base model`() throws {
    let roberta = try TinyTask(.roBERTa)
    let entries = "    - {name: lora, rank: 2, training: {max_steps: 1}}"
    let whole = text(entries, seeds: "[1]").replacing(task.base.folder.path, with: roberta.base.folder.path)
    #expect(trainings(try run(whole).events) == [false])
    try roberta.base.folder.write("#version: 0.2\ng o\n", to: "merges.txt")
    #expect(trainings(try run(whole).events) == [false])
    #expect(trainings(try run(whole).events) == [true])

    _ = try task.base.writeShards()
    try FileManager.default.removeItem(atPath: task.base.folder.file("model.safetensors"))
    let sharded = text(entries, seeds: "[1]")
    #expect(trainings(try run(sharded).events) == [false])
    let shard = "model-00002-of-00002.safetensors"
    var bytes = try task.base.folder.bytes(shard)
    bytes[bytes.count - 1] ^= 0x01
    try task.base.folder.write(bytes, to: shard)
    #expect(trainings(try run(sharded).events) == [false])
    #expect(trainings(try run(sharded).events) == [true])
  }

  @Test(arguments: [
    ("evaluation.json", #"{"outputs":[[1]],"labels":[5,6]}"#), ("evaluation.json", #"{"outputs":[],"labels":[]}"#),
    ("summary.json", "{}"), ("evaluation.json", "not JSON"),
  ])
  func `a finished run with damaged files is trained again`(name: String, content: String) throws {
    let whole = text("    - {name: lora, rank: 2, training: {max_steps: 1}}", seeds: "[1]")
    _ = try run(whole)
    try work.write(content, to: "compare/runs/sst2/lora/seed-1/\(name)")
    #expect(trainings(try run(whole).events) == [false])
  }

  @Test func `labels are inert in a browser, a spreadsheet and Markdown`() throws {
    let labels = [
      "=HYPERLINK(1)", "@SUM(1)", "+1", "-1", " =1", "<img src=x onerror=alert(1)>", "a' onload='alert(1)",
      "[click](javascript:alert(1))", "a|b", "https://evil.example", "www.evil.example", "c\u{202E}d", "`x` *y* _z_ #1",
    ]
    let entries = labels.map {
      "    - {label: \"\($0.replacing("\u{202E}", with: "\\u202e"))\", name: lora, rank: 1, training: {max_steps: 1}}"
    }
    let (results, _) = try run(text(entries.joined(separator: "\n"), seeds: "[1]"))
    #expect(results.tasks[0].methods.map(\.label) == labels)

    let csv = try work.read("compare/results.csv")
    for cell in ["'=HYPERLINK(1)", "'@SUM(1)", "'+1", "'-1", "' =1"] {
      #expect(csv.contains(",\"\(cell)\",lora,"), "\(cell)")
    }
    #expect(!csv.contains(",=") && !csv.contains(",@") && !csv.contains(",+") && csv.contains(#"c\u{202e}d"#))
    let html = try work.read("compare/report.html")
    for text in ["<img", "' onload='", "\u{202E}"] { #expect(!html.contains(text), "\(text)") }
    #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;") && html.contains("a&#39; onload=&#39;alert(1)"))
    let rows = try work.read("compare/report.md").split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == labels.count + 2)
    for row in rows.dropFirst(2) {
      #expect(row.replacing("\\|", with: "").count { $0 == "|" } == rows[0].count { $0 == "|" }, "\(row)")
    }
    let markdown = rows.joined(separator: "\n")
    for text in ["<img", "](", "https:/", "www.", "\u{202E}", " *y*"] { #expect(!markdown.contains(text), "\(text)") }
    #expect(markdown.contains("\\[click\\]\\(javascript:alert\\(1\\)\\)"))
  }

  @Test func `labels made of dots stay in their own folders`() throws {
    let entries = """
        - {label: .., name: lora, rank: 2, training: {max_steps: 1}}
        - {label: ., name: lora, rank: 1, training: {max_steps: 1}}
      """
    let (results, _) = try run(text(entries, seeds: "[1]"))
    #expect(results.isComplete)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: work.file("compare/runs/sst2")).sorted() == ["_", "__"])
  }

  @Test func `the reports contain the results, and labels are escaped`() throws {
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
    ("  - {name: lora}\n  - {name: lora, rank: 2}", "c.yaml:8: methods: two entries have the label 'lora'"),
    ("  - {rank: 2}", "c.yaml:7: methods: expected an entry with a name"),
    ("  - {name: lroa}", "c.yaml:7: method.name: no method named 'lroa', did you mean 'lora'?"),
    ("  - {name: lora, rnak: 2}", "c.yaml:7: method.rnak: unknown key 'rnak', did you mean 'rank'?"),
    ("  - {name: lora, training: {seed: 3}}", "c.yaml:7: training.seed: a comparison sets its seeds with 'seeds'"),
    ("  - {name: lora, training: {epoch: 3}}", "c.yaml:7: training.epoch: unknown key 'epoch', did you mean 'epochs'?"),
    (#"  - {label: "a\nb", name: lora}"#, "c.yaml:7: methods: expected a label on one line"),
    (
      "  - {label: a b, name: lora}\n  - {label: a_b, name: lora}",
      "c.yaml:7: methods: the labels 'a b' and 'a_b' map to the same folder"
    ),
  ])
  func `errors in entries are reported with their line`(entries: String, expected: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationFile(text: text(entries), path: "c.yaml").comparison(registries: Registries(methods: methods))
    }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `other errors in a comparison are reported`() throws {
    for (more, expected) in [
      ("task: sst2", "expected the keys 'tasks' and 'methods' in a comparison"), ("sedes: [1]", "unknown key 'sedes'"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try ConfigurationFile(text: text(two, more: more), path: "c.yaml").comparison(
          registries: Registries(methods: methods))
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
    for (seeds, expected) in [
      ("[1, 1]", "expected distinct values, got a duplicate"),
      ("[x]", "expected a whole number of at least 0, got 'x'"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try ConfigurationFile(text: text(two, seeds: seeds), path: "c.yaml").comparison(
          registries: Registries(methods: methods))
      }
      #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
  }
}

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

    let again = try run(text(two))
    #expect(trainings(again.events) == [true, true, true, true])
    #expect(again.results.tasks[0].methods.map(\.adapterBytes) == rows.map(\.adapterBytes))
    // A changed option, or an additional row of data, requires a new run.
    #expect(trainings(try run(text(two.replacing("rank: 2", with: "rank: 3"))).events) == [false, false, true, true])
    try task.data.write(task.data.read("train.tsv") + "good good\t1\n", to: "train.tsv")
    #expect(trainings(try run(text(two)).events) == [false, false, false, false])
  }

  @Test func `differences are tested from five seeds on`() throws {
    func differences(_ seeds: String) throws -> (findings: [String], json: [String: Any]) {
      let task = try run(text(two, seeds: seeds)).results.tasks[0]
      let json = try #require(
        JSONSerialization.jsonObject(with: Data(try work.bytes("compare/results.json"))) as? [String: Any])
      let tasks = try #require(json["tasks"] as? [[String: Any]])
      return (ComparisonResults.findings(task), tasks[0])
    }
    let few = try differences("[2, 3, 4, 5]")
    #expect(few.findings == ["Differences are tested from five seeds on; this comparison has 4, so 1 more is needed."])
    #expect(few.json["missing_seeds"] as? Int == 1)
    let pair = try #require((few.json["differences"] as? [[String: Any]])?.first)
    #expect(pair["probability"] == nil && pair["difference"] as? Double ?? 0 > 0.3)
    #expect(try #require(pair["low"] as? Double) <= #require(pair["high"] as? Double))
    for name in ["report.md", "report.html"] {
      let text = try work.read("compare/\(name)").replacing("\\", with: "")
      #expect(text.contains(few.findings[0]) && !text.contains("better") && !text.contains("significant"))
    }

    let enough = try differences("[2, 3, 4, 5, 6]")
    #expect(enough.findings.first?.hasPrefix("lora is better than still") == true, "\(enough.findings)")
    #expect(enough.json["missing_seeds"] as? Int == 0)
    #expect((enough.json["differences"] as? [[String: Any]])?.first?["probability"] as? Double ?? 1 < 0.05)
  }

  @Test func `methods are compared if every seed holds out other examples`() throws {
    let rows = (0..<60).map { "the film is \($0 % 2 == 0 ? "good" : "bad")\t\($0 % 2)" }
    try work.write("sentence\tlabel\n" + rows.joined(separator: "\n") + "\n", to: "rows.tsv")
    let whole = text(two).replacing(task.data.path, with: work.file("rows.tsv"))
    let results = try run(whole).results.tasks[0]
    #expect(results.title == "rows.tsv" && results.methods.allSatisfy { $0.runs == 2 })
    #expect(ComparisonResults.findings(results)[0].contains("this comparison has 2, so 3 more are needed"))
  }

  @Test func `every comparison has a row for the answer that needs no training`() throws {
    try task.data.write("sentence\tlabel\na\t1\nb\t0\nc\t1\nd\t1\n", to: "train.tsv")
    try task.data.write("sentence\tlabel\na\t0\nb\t0\nc\t1\nd\t0\n", to: "dev.tsv")
    let entries = "    - {name: lora, rank: 2, training: {max_steps: 1}}"
    let results = try run(text(entries)).results
    let baseline = results.tasks[0].baseline
    #expect(baseline.label == "majority" && (baseline.metrics["accuracy"] ?? nil)?.mean == 0.25)
    // Of the four training examples, three have the class 1; half an example is added to each class.
    let expected = -(3 * log(1.5 / 5) + log(3.5 / 5)) / 4
    #expect(abs(baseline.loss.mean - expected) < 1e-6 && baseline.loss.deviation == 0)
    let table = ComparisonResults.table(results.tasks[0])
    #expect(table[0].prefix(2) == ["method", "accuracy"] && table[1][0] == "lora")
    let loss = String(format: "%.4f ± 0.0000", expected)
    #expect(table[2] == ["majority", "0.2500 ± 0.0000", "0", "–", "–", loss, "–", "–", "–", "–"])
    let csv = try work.read("compare/results.csv").split(separator: "\n")
    #expect(csv.last?.hasPrefix("sst2,majority,baseline,,0,,,0.25,0.0,0.") == true && csv[2].hasSuffix(",,,,"))
    #expect(csv[0].count { $0 == "," } == csv[2].count { $0 == "," })
    #expect(try work.read("compare/results.json").contains("\"label\" : \"majority\""))
    #expect(try work.read("compare/report.md").contains("| majority | 0.2500 ± 0.0000 | 0 | – |"))
    let html = try work.read("compare/report.html")
    #expect(html.contains("<tfoot><tr><th scope=\"row\">majority</th><td>0.2500 ± 0.0000</td><td>0</td><td>–</td>"))
    #expect(html.contains("it always predicts the most frequent class of the training examples."))
  }

  @Test func `a finished run of a version without a baseline is trained again`() throws {
    let whole = text("    - {name: lora, rank: 2, training: {max_steps: 1}}", seeds: "[1]")
    _ = try run(whole)
    let path = "compare/runs/sst2/lora/seed-1/summary.json"
    var summary = try #require(JSONSerialization.jsonObject(with: Data(try work.bytes(path))) as? [String: Any])
    #expect(summary.removeValue(forKey: "baseline") != nil)
    try work.write([UInt8](JSONSerialization.data(withJSONObject: summary)), to: path)
    #expect(trainings(try run(whole).events) == [false])
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

  @Test func `the t-test has the quantiles of tables`() {
    // The two-sided 5 % points for 1 to 10 degrees of freedom, and the 0.1 % point for 4.
    let points = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281]
    for (index, point) in points.enumerated() {
      #expect(abs(PairedTTest.tail(point, degreesOfFreedom: index + 1) - 0.05) < 1e-5)
    }
    #expect(abs(PairedTTest.tail(8.6103, degreesOfFreedom: 4) - 0.001) < 1e-6)
    #expect(
      abs(PairedTTest.probability([1, 2, 3, 4, 5]) - PairedTTest.tail(18.0.squareRoot(), degreesOfFreedom: 4)) < 1e-12)
    #expect(PairedTTest.probability([]) == 1 && PairedTTest.probability([0, 0, 0]) == 1)
    #expect(PairedTTest.probability([0.5, 0.5, 0.5]) == 0)
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
    let names = try #require(html.range(of: "data-name=\"[^\"]*\"", options: .regularExpression))
    #expect(html[names] == "data-name=\"Accuracy by trainable parameters\"")
    #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;") && html.contains("a&#39; onload=&#39;alert(1)"))
    let rows = try work.read("compare/report.md").split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == labels.count + 3)
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
    #expect(!html.contains("http"))
    for chart in [
      "Accuracy during training", "Training loss", "Validation loss", "Accuracy by trainable parameters",
      "Accuracy by file size", "Accuracy by training time",
    ] {
      #expect(html.contains("<figcaption>\(chart)</figcaption>"), "\(chart)")
    }
    let csv = try work.read("compare/results.csv").split(separator: "\n")
    #expect(csv.count == 4 && csv[0].hasPrefix("task,label,method,runs,") && csv[2].contains("\"still, <b>"))
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

import Foundation
import GraftTestSupport
import Testing

/// All commands with the objective `multi_label`.
struct MultiLabelTests {
  private let task: TinyTask
  private let folder: TemporaryFolder

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(Self.lines(0..<80), to: "data/train.jsonl")
    try folder.write(Self.lines(80..<110), to: "data/dev.jsonl")
    try folder.write(
      """
      base: \(task.base.folder.path)
      task: custom
      objective: multi_label
      data: {path: data}
      method: {name: lora, rank: 8}
      training: {epochs: 60, batch_size: 8, learning_rate: 1.0e-2, base_dropout: 0}
      output: run
      """, to: "c.yaml")
  }

  /// A text has the label `is good` if it contains the word good, and the others for other words.
  private static func lines(_ numbers: Range<Int>) -> String {
    numbers.map { number in
      let present = ["good", "bad", "very"].indices.filter { (number >> $0 & 1) == 1 }
      let words = present.map { ["good", "bad", "very"][$0] }.joined(separator: " ")
      let labels = present.map { "\"\(["is good", "b,ad", "very"][$0])\"" }.joined(separator: ", ")
      let letter = Character(Unicode.Scalar(UInt8(97 + number * 7 % 26)))
      return "{\"text\": \"the \(letter) \(words)\", \"label\": [\(labels)]}\n"
    }.joined()
  }

  private func graft(_ arguments: String...) throws -> Program {
    let program = try Program(arguments: arguments, in: folder)
    #expect(program.code == 0, "\(arguments) \(program.errors)")
    return program
  }

  @Test func `train, evaluate, predict, export, import, and apply know the objective`() throws {
    let trained = try graft("train", "c.yaml")
    #expect(trained.output.contains("3 labels, any number of them per text: 'b,ad' 40"), "\(trained.output)")
    #expect(trained.output.contains("micro F1") && trained.output.contains("macro F1"))
    let evaluation = try graft("evaluate", "--adapter", "run", "--data", "data", "--json").object()
    let metrics = try #require(evaluation["metrics"] as? [String: Double])
    #expect(evaluation["main_metric"] as? String == "micro_f1")
    #expect(try #require(metrics["micro_f1"]) > 0.9)
    #expect(metrics.keys.sorted() == ["macro_f1", "micro_f1"])

    let prediction = try graft("predict", "--adapter", "run", "--json", "the x good very").object()
    #expect(prediction.keys.sorted() == ["index", "labels", "logits", "probabilities", "text"])
    #expect(prediction["labels"] as? [String] == ["is good", "very"])
    let probabilities = try #require(prediction["probabilities"] as? [Double])
    #expect(probabilities.count == 3 && probabilities.reduce(0, +) > 1)
    #expect(try graft("predict", "--adapter", "run", "the x good bad").output == "'b,ad', 'is good'\tthe x good bad\n")
    #expect(try graft("predict", "--adapter", "run", "the x").output == "(no label)\tthe x\n")

    let inspected = try graft("inspect", "run", "--json").object()
    #expect(inspected["objective"] as? String == "multi_label")
    #expect(try graft("verify", "run", "--base", task.base.folder.path).code == 0)

    let exported = try graft("export", "run", "--format", "peft", "--output", "peft")
    #expect(exported.errors.contains("problem_type='multi_label_classification'"))
    let imported = try graft(
      "import", "peft", "--base", task.base.folder.path, "--output", "b.zst", "--objective", "multi_label", "--labels",
      #"["b,ad", "is good", "very"]"#, "--max-length", "40", "--json"
    ).object()
    #expect(imported["objective"] as? String == "multi_label")
    let again = try graft("predict", "--adapter", "b.zst", "--json", "the x good very").object()
    #expect(again["logits"] as? [Double] == prediction["logits"] as? [Double])
    #expect(again["labels"] as? [String] == ["is good", "very"])
    // Without the option, the head is assumed to be one of classification.
    _ = try graft("import", "peft", "--base", task.base.folder.path, "--output", "c.zst")
    #expect(try graft("inspect", "c.zst", "--json").object()["objective"] as? String == "classification")
    let mismatch = try Program(
      "evaluate", "--adapter", "c.zst", "--task", "sst2", "--data", task.data.path, in: folder)
    #expect(mismatch.code == 2)

    _ = try graft("apply", "--base", task.base.folder.path, "--adapter", "run", "--output", "merged")
    let config = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.bytes("merged/config.json"))) as? [String: Any])
    #expect(config["problem_type"] as? String == "multi_label_classification" && config["num_labels"] as? Int == 3)
    _ = try graft("remove", "merged", "--output", "restored")
    #expect(
      try folder.bytes("restored/model.safetensors") == task.base.folder.bytes("model.safetensors"))

    _ = try graft("pack", "run", "--dtype", "int8", "--output", "small.zst")
    #expect(try graft("inspect", "small.zst", "--json").object()["objective"] as? String == "multi_label")
    let other = try Program(
      "train", "c.yaml", "--set", "init_from=run", "--set", "objective=classification", in: folder)
    #expect(other.code == 2 && other.errors.contains("train.jsonl:1: got a list of labels"))
  }

  @Test func `methods are compared by micro F1`() throws {
    try folder.write(
      """
      base: \(task.base.folder.path)
      tasks: [custom]
      objective: multi_label
      seeds: [1, 2]
      data: {path: data}
      methods: [{name: lora, rank: 4, training: {learning_rate: 2.0e-2}}, {name: head}]
      training: {epochs: 12, batch_size: 8}
      output: compare
      """, to: "compare.yaml")
    let results = try graft("compare", "compare.yaml", "--json").object()
    let rows = try #require(results["tasks"] as? [[String: Any]])
    #expect(rows[0]["metrics"] as? [String] == ["micro_f1", "macro_f1"])
    #expect((rows[0]["differences"] as? [Any])?.count == 1)
    #expect((rows[0]["baseline"] as? [String: Any])?["label"] as? String == "majority")
    #expect(try folder.read("compare/report.md").contains("micro F1"))
    // A second comparison reuses the runs, whose targets are read from evaluation.json.
    let again = try graft("compare", "compare.yaml", "--json").object()
    #expect(again["seconds"] as? Double == results["seconds"] as? Double)
  }

  @Test func `lists in tables are collected in JSON and Python notation`() throws {
    let rows = [#"["caf\u00e9", "a"]"#, #"['a', 'b c']"#, "[]", "a", #"["b c", true]"#, "[1, 2]"]
    let table = (0..<36).map { "text \($0 % 26)\t\(rows[$0 % rows.count])\n" }.joined()
    try folder.write("text\tlabel\n" + table, to: "table.tsv")
    let run = try graft(
      "train", "c.yaml", "--set", "data.path=table.tsv", "--set", "training.max_steps=1", "--set", "output=table")
    #expect(run.output.contains("6 labels"), "\(run.output)")
    #expect(
      try graft("inspect", "table", "--json").object()["labels"] as? [String] == ["1", "2", "a", "b c", "café", "true"])
    for text in ["['a' 'b']", "[a, b]", #"["a", null]"#] {
      try folder.write("text\tlabel\nx\t\(text)\n", to: "bad.tsv")
      let program = try Program("train", "c.yaml", "--set", "data.path=bad.tsv", in: folder)
      #expect(program.code == 2 && program.errors.contains("bad.tsv:2: '"), "\(program.errors)")
      #expect(program.errors.contains("is not a list in JSON or Python notation"))
    }
  }

  @Test func `mistakes in labels are reported with the line`() throws {
    for (line, message) in [
      (#"{"text": "a", "label": ["x", "x"]}"#, "train.jsonl:81: got the label 'x' twice"),
      (#"{"text": "a", "label": [""]}"#, "train.jsonl:81: got an empty label; write [] for a text without labels"),
      (
        #"{"text": "a", "label": [["x"]]}"#,
        "train.jsonl:81: the list in 'label' contains a list"
      ),
      (#"{"text": "a", "label": null}"#, "train.jsonl:81: the column 'label' has no value"),
    ] {
      try folder.write(Self.lines(0..<80) + line + "\n", to: "data/train.jsonl")
      let program = try Program("train", "c.yaml", in: folder)
      #expect(program.code == 2 && program.errors.contains(message), "\(program.errors)")
    }
    try folder.write(Self.lines(0..<80), to: "data/train.jsonl")
    try folder.write(#"{"text": "a", "label": ["new"]}"# + "\n", to: "data/dev.jsonl")
    let program = try Program("train", "c.yaml", in: folder)
    #expect(program.errors.contains("dev.jsonl:1: unknown label 'new'; expected some of 'b,ad', 'is good', 'very'"))
    for (change, message) in [
      (
        "objective=multilabel",
        "objective: expected one of the objectives classification, regression, multi_label, did you mean 'multi_label'?"
      ),
      ("data.regression=true", "data.regression: true contradicts objective: multi_label"),
      ("task=sst2", "require task: custom"),
    ] {
      let program = try Program("train", "c.yaml", "--set", change, in: folder)
      #expect(program.code == 2 && program.errors.contains(message), "\(program.errors)")
    }
  }
}

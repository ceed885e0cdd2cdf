import Foundation
import GraftTestSupport
import Testing

/// `graft import`, and `--max-length` of `predict` and `evaluate`.
struct ExchangeCommandTests {
  let task: TinyTask
  let folder: TemporaryFolder

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(task.configuration(output: "run"), to: "tiny.yaml")
    try Program("train", "tiny.yaml", in: folder)
    try Program("export", "run", "--format", "peft", "--output", "peft", in: folder)
  }

  private func importing(_ arguments: String...) throws -> Program {
    try Program(
      arguments: ["import", "peft", "--base", task.base.folder.path, "--output", "a.zst"] + arguments, in: folder)
  }

  @Test func `import reports an assumed maximum length, and stores the one that is given`() throws {
    let assumed = try importing()
    #expect(
      assumed.code == 0 && assumed.errors.contains("--max-length N") && assumed.errors.contains("assumed 40 tokens"))
    #expect(assumed.output.contains("Maximum length: 40 tokens (assumed)"))
    let given = try importing("--max-length", "8", "--json")
    let report = try given.object()
    #expect(given.errors.isEmpty && report["max_length"] as? Int == 8)
    #expect(report["max_length_assumed"] as? Bool == false)
    #expect(try Program("inspect", "a.zst", "--json", in: folder).object()["max_length"] as? Int == 8)
    let wrong = try importing("--max-length", "41")
    #expect(wrong.code == 2 && wrong.errors.contains("--max-length: 41 is out of range"))
  }

  @Test func `predict and evaluate report a maximum length other than the file's`() throws {
    let text = "the film xyz is not very good and not bad"
    let plain = try Program("predict", "--adapter", "run", "--json", text, in: folder)
    let truncated = try Program("predict", "--adapter", "run", "--json", "--max-length", "5", text, in: folder)
    #expect(plain.errors.isEmpty && truncated.errors.contains("texts are truncated after 5 tokens (--max-length)"))
    #expect(try plain.object()["logits"] as? [Double] != truncated.object()["logits"] as? [Double])
    let evaluation = try Program(
      "evaluate", "--adapter", "run", "--data", task.data.path, "--max-length", "5", "--json", in: folder)
    #expect(evaluation.errors.contains("--max-length"))
    #expect(try evaluation.object()["max_length"] as? Int == 5)
    for command in [["predict", text], ["evaluate", "--data", task.data.path]] {
      let wrong = try Program(
        arguments: [command[0], "--adapter", "run", "--max-length", "2"] + command.dropFirst(), in: folder)
      #expect(wrong.code == 2 && wrong.errors.contains("--max-length: 2 is out of range"))
    }
  }

  @Test func `class names can contain commas`() throws {
    let quoted = try importing("--labels", #""billing, refunds",bugs"#)
    #expect(quoted.code == 0 && quoted.output.contains("Labels: 'billing, refunds', 'bugs'"))
    let list = try importing("--labels", #"["billing, refunds", "bugs"]"#, "--json")
    #expect(try list.object()["labels"] as? [String] == ["billing, refunds", "bugs"])
    try folder.write("billing, refunds\nbugs\n", to: "labels.txt")
    let file = try importing("--labels-file", "labels.txt", "--json")
    #expect(try file.object()["labels"] as? [String] == ["billing, refunds", "bugs"])
    let prediction = try Program("predict", "--adapter", "a.zst", "the film is good", in: folder)
    #expect(prediction.output.hasPrefix("billing, refunds\t") || prediction.output.hasPrefix("bugs\t"))

    #expect(try importing("--labels", "a,b,c").errors.contains("expected 2 different names"))
    #expect(try importing("--labels", #""a,b"#).errors.contains("is not closed"))
    let both = try importing("--labels", "a,b", "--labels-file", "labels.txt")
    #expect(both.code == 2 && both.errors.contains("cannot be combined"))
  }
}

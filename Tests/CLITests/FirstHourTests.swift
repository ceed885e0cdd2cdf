import Foundation
import GraftTestSupport
import Testing

/// What a new user does: `graft init`, flags instead of keys, evaluating a run, predictions in a file, and help.
struct FirstHourTests {
  let task: TinyTask
  let folder: TemporaryFolder

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(task.configuration(output: "run"), to: "tiny.yaml")
    let rows = (0..<60).map {
      "\"the film \($0), as seen, is \($0 % 2 == 0 ? "good" : "bad")\",\($0 % 2 == 0 ? "pos" : "neg")\n"
    }
    try folder.write("body,verdict\n" + rows.joined(), to: "films.csv")
  }

  @Test func `init, train, evaluate, and predict work one after another`() throws {
    let start = try Program("init", "films.csv", "--base", task.base.folder.path, in: folder)
    #expect(start.code == 0, "\(start.errors)")
    for expected in [
      "films.csv: 60 rows", "Text:   body, 7.0 words on average, 7 at most",
      "Label:  verdict, classification: neg 30 (50 %), pos 30 (50 %)", "Wrote films.yaml",
      "Next:   graft train films.yaml",
    ] {
      #expect(start.output.contains(expected), "\(expected) in \(start.output)")
    }
    let run = try Program("train", "films.yaml", "--max-length", "32", "--learning-rate", "1e-2", "--json", in: folder)
    let summary = try run.object()
    #expect(summary["task"] as? String == "custom", "\(run.errors)")

    let evaluation = try Program("evaluate", "runs/films", "--json", in: folder).object()
    #expect(evaluation["metrics"] as? [String: Double] == summary["metrics"] as? [String: Double])
    #expect(evaluation["examples"] as? Int == 6 && evaluation["loss"] as? Double == summary["eval_loss"] as? Double)
    #expect(evaluation["split"] as? String == "held out from the training file")
    #expect(evaluation["warning"] == nil)
    let sorted = try folder.read("films.csv").split(separator: "\n")
    try folder.write("body,verdict\n" + sorted.dropFirst().reversed().joined(separator: "\n") + "\n", to: "films.csv")
    let changed = try Program("evaluate", "runs/films", in: folder)
    #expect(changed.code == 0 && changed.errors.contains("the data or the adapter has changed since the run"))
    let all = try Program("evaluate", "--adapter", "runs/films", "--data", "films.csv", "--json", in: folder).object()
    #expect(all["examples"] as? Int == 60)
  }

  @Test func `init does not overwrite a file, and reports what is unclear with the option that decides it`() throws {
    try folder.write("mine", to: "films.yaml")
    let refused = try Program("init", "films.csv", in: folder)
    #expect(refused.code == 2 && refused.errors.contains("films.yaml: it already exists"))
    #expect(try folder.read("films.yaml") == "mine")
    try folder.write(
      "one,two,label\n" + (0..<9).map { "a text of \($0),another text of \($0),\($0 % 2)\n" }.joined(), to: "two.csv")
    let unclear = try Program("init", "two.csv", in: folder)
    #expect(
      unclear.code == 2 && unclear.errors.contains("which column has the text: 'one', 'two'; choose with --text-column")
    )
    #expect(try !folder.contents.contains("two.yaml"))
    let json = try Program("init", "two.csv", "--text-column", "two", "--output", "second.yaml", "--json", in: folder)
      .object()
    #expect(json["text"] as? String == "two" && json["configuration"] as? String == "second.yaml")
    #expect(json["next"] as? [String] == ["graft get base all-MiniLM-L6-v2", "graft train second.yaml"])
  }

  @Test(arguments: [
    ("text,label\n" + (0..<9).map { "a text of \($0),same\n" }.joined(), "1 different label, expected 2"),
    ("text,label\n" + (0..<9).map { "a text of \($0),\($0 == 4 ? "" : "l\($0 % 2)")\n" }.joined(), "data.csv:6"),
  ])
  func `init fails with the error that training would have, after showing the data`(table: String, expected: String)
    throws
  {
    try folder.write(table, to: "data.csv")
    let run = try Program("init", "data.csv", in: folder)
    #expect(run.code == 2 && run.errors.contains(expected), "\(run.errors)")
    #expect(run.output.contains("Label:  label") && !run.output.contains("Next:"))
    #expect(try !folder.contents.contains("data.yaml"))
  }

  @Test func `init asks in a terminal`() throws {
    try folder.write(
      "one,two,label\n" + (0..<9).map { "a text of \($0),another text of \($0),\($0 % 2)\n" }.joined(), to: "two.csv")
    let graft = try Program.executable("graft").path
    let script = """
      import os, pty, sys
      pid, terminal = pty.fork()
      if pid == 0:
          os.execv(sys.argv[1], [sys.argv[1], "init", "two.csv"])
      shown = b""
      while b"Number or name" not in shown:
          shown += os.read(terminal, 1000)
      os.write(terminal, b"2\\n")
      try:
          while True:
              more = os.read(terminal, 1000)
              if not more:
                  break
              shown += more
      except OSError:
          pass
      print(shown.decode())
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """
    try folder.write(script, to: "ask.py")
    let run = try Program(shell: "python3 ask.py \(graft)", in: folder)
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("Which column has the text?") && run.output.contains("Text:   two"))
    #expect(try folder.read("two.yaml").contains("\n  text: two"))
  }

  @Test func `flags are the same as --set`() throws {
    let flags = try Program(
      "train", "tiny.yaml", "--epochs", "1", "--rank", "4", "--seed", "7", "--batch-size", "4", "--output", "a",
      in: folder)
    #expect(flags.code == 0, "\(flags.errors)")
    _ = try Program(
      "train", "tiny.yaml", "--set", "training.epochs=1", "--set", "method.rank=4", "--set", "training.seed=7", "--set",
      "training.batch_size=4", "--output", "b", in: folder)
    #expect(try folder.bytes("a/adapter.safetensors.zst") == folder.bytes("b/adapter.safetensors.zst"))
    let other = try Program("train", "tiny.yaml", "--method", "prefix", "--output", "c", "--json", in: folder).object()
    #expect(other["method"] as? String == "prefix", "the options of LoRA are dropped")
    let plain = try Program(
      "train", "--base", task.base.folder.path, "--data", "films.csv", "--text-column", "body", "--label-column",
      "verdict",
      "--epochs", "1", "--output", "d", "--json", in: folder
    ).object()
    #expect(plain["method"] as? String == "lora" && plain["task"] as? String == "custom")
  }

  @Test(arguments: [
    (["--epochs", "many"], "--epochs many: training.epochs: expected a number, got 'many'"),
    (["--epochs", "-1"], "Missing value for '--epochs <epochs>'; see 'graft train --help'"),
    (["--rank", "0"], "--rank 0: method.rank: expected a whole number"),
    (["--method", "laura"], "--method laura"),
    (["--data", "0o17"], "cannot read 0o17: it does not exist"),
    (["--bogus"], "Unknown option '--bogus'; see 'graft train --help'"),
  ])
  func `an error in a flag names the flag`(arguments: [String], expected: String) throws {
    let run = try Program(arguments: ["train", "tiny.yaml"] + arguments, in: folder)
    #expect(run.code == 2 && run.errors.contains(expected), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `predictions are written to a file with a header and the gold labels`() throws {
    _ = try Program("train", "tiny.yaml", "--epochs", "40", in: folder)
    try folder.write(
      "{\"sentence\": \"the film is good, \\\"really\\\"\", \"label\": 1}\n{\"sentence\": \"it is bad\"}\n",
      to: "in.jsonl")
    let predict = ["predict", "--adapter", "run", "--input", "in.jsonl", "--output"]
    let run = try Program(arguments: predict + ["out.csv"], in: folder)
    #expect(run.output == "Wrote 2 predictions to out.csv\n", "\(run.errors)")
    let lines = try folder.read("out.csv").split(separator: "\n")
    #expect(lines[0] == "index,text,gold,label,probability")
    #expect(lines[1].hasPrefix("0,\"the film is good, \"\"really\"\"\",positive,"))
    #expect(lines[2].hasPrefix("1,it is bad,,negative,0.") && lines.count == 3)
    _ = try Program(arguments: predict + ["out.tsv"], in: folder)
    #expect(
      try folder.read("out.tsv").hasPrefix(
        "index\ttext\tgold\tlabel\tprobability\n0\tthe film is good, \"really\"\tpositive\t"))
    _ = try Program(arguments: predict + ["out.jsonl"], in: folder)
    let first = try #require(try folder.read("out.jsonl").split(separator: "\n").first)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
    #expect(object["gold"] as? String == "positive" && object["logits"] is [Double])

    // Without labels there is no such column; the file is read again as input.
    try folder.write("the film is good\n", to: "lines.txt")
    _ = try Program("predict", "--adapter", "run", "--input", "lines.txt", "--output", "plain.csv", in: folder)
    #expect(try folder.read("plain.csv").hasPrefix("index,text,label,probability\n0,the film is good,positive,0."))
    // A comma or a quotation mark before a combining accent is still one for other programs.
    try folder.write("{\"sentence\": \"a,\u{301} b \\\"\u{301}\"}\n", to: "accents.jsonl")
    _ = try Program("predict", "--adapter", "run", "--input", "accents.jsonl", "--output", "accents.csv", in: folder)
    let accents = Array(try folder.read("accents.csv").split(separator: "\n")[1].unicodeScalars)
    #expect(accents.starts(with: "0,\"a,\u{301} b \"\"\u{301}\",".unicodeScalars))
    for (path, expected) in [
      ("out.txt", "expected one that ends in .csv, .tsv, or .jsonl"), ("in.jsonl", "one of the files"),
    ] {
      let refused = try Program(arguments: predict + [path], in: folder)
      #expect(refused.code == 2 && refused.errors.contains(expected), "\(refused.errors)")
    }
    try folder.write("{\"sentence\": \"good\"}\n{\"sentence\": 1", to: "broken.jsonl")
    let broken = try Program(
      "predict", "--adapter", "run", "--input", "broken.jsonl", "--output", "never.csv", in: folder)
    #expect(broken.code == 2 && !FileManager.default.fileExists(atPath: folder.file("never.csv")))
  }

  @Test func `a configuration can be JSON, and TOML is refused by name`() throws {
    let json = """
      {
      \t"base": "\(task.base.folder.path)", "data": {"path": "\(task.data.path)"},
      \t"method": {"name": "lora", "rank": 2}, "label": "\\ud83d\\ude00 \\\\ud83d",
      \t"training": {"epochs": 1}, "output": "json-run"
      }
      """
    try folder.write(json, to: "run.json")
    let run = try Program("train", "run.json", "--json", in: folder)
    #expect(try run.object()["label"] as? String == "😀 \\ud83d", "\(run.errors)")
    let toml = "base = \"x\"\n\n[method]\nname = \"lora\"\n"
    for name in ["run.toml", "run.yaml"] {
      try folder.write(toml, to: name)
      let refused = try Program("train", name, in: folder)
      #expect(refused.code == 2 && refused.errors.contains("TOML is not supported"), "\(refused.errors)")
    }
  }

  @Test func `every help ends with examples, whose options exist`() throws {
    let root = try Program("--help", in: folder).output
    let commands = root.matches(of: /(?m)^  ([a-z]+)  +[A-Z]/).map { String($0.1) }.filter { $0 != "help" }
    #expect(commands.count >= 17)
    for arguments in [[], ["get", "base"], ["get", "task"]] + commands.map({ [$0] }) {
      let help = try Program(arguments: arguments + ["--help"], in: folder)
      let examples = try #require(help.output.components(separatedBy: "EXAMPLES:\n").last)
      #expect(help.code == 0 && examples.hasPrefix("  "), "\(arguments)")
      for line in examples.split(separator: "\n") {
        #expect(line.hasPrefix("  ") && line.contains("graft "), "\(arguments): \(line)")
        for option in line.matches(of: /(?:^| )(--[a-z-]+)/) where !arguments.isEmpty && arguments != ["get"] {
          #expect(help.output.contains("  \(option.1)"), "\(arguments): \(option.1)")
        }
      }
    }
  }
}

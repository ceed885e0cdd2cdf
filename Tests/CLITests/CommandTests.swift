import Foundation
import GraftHarness
import GraftTestSupport
import Testing

/// The commands with valid input: their output, their files, and their JSON.
struct CommandTests {
  let task: TinyTask
  let folder: TemporaryFolder

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(task.configuration(output: "run", training: "eval_every: 6"), to: "tiny.yaml")
  }

  @Test func `train prints a header, rows, and a summary, and writes the run folder`() throws {
    let run = try Program("train", "tiny.yaml", in: folder)
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    for expected in [
      "Wrapped 6 modules with LoRA.", "Trainable params: 834 / ", "48 training, 20 evaluation examples",
      "step  training loss  validation loss  accuracy", "Adapter: run/adapter.safetensors.zst", "samples/s",
    ] {
      #expect(run.output.contains(expected), "\(expected)")
    }
    #expect(!run.output.contains("\u{1B}"), "no terminal, no control codes")
    #expect(try folder.contents.contains("run"))
  }

  @Test func `train --verbose lists unused tensors and newly initialized parameters`() throws {
    let run = try Program("train", "tiny.yaml", "--verbose", in: folder)
    #expect(run.output.contains("Unused tensors of the base: none"))
    #expect(run.output.contains("Initialized from the seed: classifier.weight, classifier.bias"))
  }

  @Test func `train honors the options --set, --output, and --json`() throws {
    let run = try Program(
      "train", "tiny.yaml", "--set", "training.seed=5", "--set", "training.max_steps=3", "--output", "other", "--json",
      in: folder)
    let summary = try run.object()
    #expect(summary["seed"] as? Int == 5 && summary["steps"] as? Int == 3)
    #expect(try folder.contents.contains("other") && !folder.contents.contains("run"))
    let stored = try JSONSerialization.jsonObject(with: Data(try folder.bytes("other/summary.json")))
    #expect(try #require(stored as? NSDictionary) == summary as NSDictionary)
    #expect(run.errors.contains("Wrapped 6 modules"), "with --json, progress goes to stderr")
  }

  @Test func `evaluate, verify, and inspect work on the adapter that train wrote`() throws {
    let summary = try Program("train", "tiny.yaml", "--json", in: folder).object()
    let adapter = "run/adapter.safetensors.zst"
    let evaluation = try Program("evaluate", "--adapter", adapter, "--data", task.data.path, "--json", in: folder)
    let result = try evaluation.object()
    #expect(
      Set(result.keys).isSuperset(of: [
        "task", "split", "examples", "loss", "metrics", "seconds", "samples_per_second",
      ]))
    #expect(result["metrics"] as? [String: Double] == summary["metrics"] as? [String: Double])
    let train = try Program(
      "evaluate", "--adapter", adapter, "--data", task.data.path, "--split", "train", in: folder)
    #expect(train.output.contains("train, 48 examples"))

    let verification = try Program("verify", adapter, "--base", task.base.folder.path, "--json", in: folder).object()
    #expect(verification["answers_restored"] as? Bool == true && verification["base_untouched"] as? Bool == true)
    #expect(try Program("verify", adapter, in: folder).output.contains("the base's logits are exactly as before"))

    let file = try Program("inspect", adapter, "--json", in: folder).object()
    #expect(file["parameters"] as? Int == 834 && file["task"] as? String == "sst2")
    #expect(try Program("inspect", adapter, in: folder).output.contains("classifier.weight [2, 32]"))
  }

  @Test func `predict reads an argument, a file, or a pipe, and prints its predictions`() throws {
    _ = try Program("train", "tiny.yaml", "--set", "training.epochs=40", in: folder)
    let adapter = ["predict", "--adapter", "run/adapter.safetensors.zst"]
    let one = try Program(arguments: adapter + ["the film is good"], in: folder)
    #expect(one.code == 0 && one.output.hasPrefix("positive\t0.9") && one.output.hasSuffix("\tthe film is good\n"))

    try folder.write("sentence\tx\nthe film is bad\t1\nthe film is good\t2\n", to: "texts.tsv")
    let file = try Program(arguments: adapter + ["--input", "texts.tsv", "--json"], in: folder)
    let lines = try file.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["label"] as? String } == ["negative", "positive"])
    #expect(lines.map { $0["index"] as? Int } == [0, 1])
    #expect(Set(lines[0].keys) == ["index", "text", "label", "logits", "probabilities"])

    let pipe = try Program(arguments: adapter, input: "the film is bad\n\ngood\n", in: folder)
    let labels = pipe.output.split(separator: "\n").map { $0.prefix(8) }
    #expect(labels.count == 3 && labels[0] == "negative" && labels[2] == "positive")
  }

  @Test func `control characters in texts and labels neither break the JSON nor reach the terminal`() throws {
    let characters = [
      "\u{2028}", "\u{2029}", "\u{85}", "\u{9B}", "\u{7F}", "\u{1B}", "\u{202E}", "\u{200B}", "\u{FEFF}", "\n",
    ]
    let rows = (0..<30).map { "the film is good\tgood\u{202E}x\u{2028}y \u{9B}\nthe film is bad\tbad \($0 % 1)\n" }
    try folder.write("sentence\tlabel\n" + rows.joined(), to: "own/train.tsv")
    let training = try Program(
      "train", "tiny.yaml", "--set", "task=custom", "--set", "data.path=own", "--set", "data.text=sentence", in: folder)
    #expect(training.code == 0, "\(training.errors)")
    let lines = characters.map { "{\"text\": \"a\($0 == "\n" ? "\\n" : $0 == "\u{1B}" ? "\\u001b" : $0)b\"}" }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "texts.jsonl")

    let isSafe = { (output: String) in
      output.unicodeScalars.allSatisfy {
        $0 == "\n" || $0 == "\t"
          || ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
      }
    }
    #expect(isSafe(training.output) && training.output.contains(#"good\u{202e}x\u{2028}y"#))
    let predict = ["predict", "--adapter", "run", "--input", "texts.jsonl"]
    let tokenize = ["tokenize", "--base", task.base.folder.path, "--input", "texts.jsonl"]
    for arguments in [predict, tokenize] {
      let plain = try Program(arguments: arguments, in: folder)
      #expect(isSafe(plain.output) && plain.output.split(separator: "\n").count == characters.count, "\(plain.output)")
      let json = try Program(arguments: arguments + ["--json"], in: folder)
      #expect(isSafe(json.output))
      let objects = try json.output.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(objects.count == characters.count)
      if arguments == predict { #expect(objects.compactMap { $0["text"] as? String } == characters.map { "a\($0)b" }) }
    }
    for arguments in [["inspect", "run"], ["diff", "run", "run"]] {
      let plain = try Program(arguments: arguments, in: folder)
      #expect(plain.code == 0 && isSafe(plain.output), "\(plain.output)")
      let json = try Program(arguments: arguments + ["--json"], in: folder)
      #expect(isSafe(json.output))
      _ = try json.object()
    }
  }

  @Test func `a killed training run leaves the last good adapter, and the next run cleans up`() throws {
    _ = try Program("train", "tiny.yaml", in: folder)
    let good = try folder.bytes("run/adapter.safetensors.zst")
    for _ in 0..<2 {
      let started = ContinuousClock.now
      let run = try Program(
        arguments: ["train", "tiny.yaml", "--set", "training.max_steps=1000000", "--set", "training.log_every=1"],
        interruptedWhen: {
          let isTraining = (try? folder.read("run/metrics.jsonl").isEmpty == false) == true
          let hasMoved = (try? folder.bytes("run/adapter.safetensors.zst")) == nil
          return isTraining && hasMoved || started.duration(to: .now) > .seconds(60)
        }, by: SIGKILL, in: folder)
      #expect(run.code == -SIGKILL)
      #expect(try folder.bytes("run/previous/adapter.safetensors.zst") == good)
    }
    let line = try Program("verify", "run", in: folder).errors
    #expect(line.contains("the adapter of an earlier run is in run/previous"))
    #expect(try Program("verify", "run/previous", in: folder).code == 0)
  }

  @Test func `tokenize shows tokens and ids`() throws {
    let base = task.base.folder.path
    let plain = try Program("tokenize", "--base", base, "good filmx", in: folder)
    #expect(plain.output == "[CLS] 2  good 62  film 61  ##x 57  [SEP] 3\n")
    let object = try Program("tokenize", "--base", base, "good", "--json", in: folder).object()
    #expect(object["tokens"] as? [String] == ["[CLS]", "good", "[SEP]"])
    #expect((object["type_ids"] as? [Int]) == [0, 0, 0])
  }

  @Test func `inspect shows a base's modules and which ones a selector matches`() throws {
    let base = task.base.folder.path
    let run = try Program("inspect", "--base", base, "--select", "*.query|value", in: folder)
    #expect(run.output.contains("matches the 6 modules marked *"))
    // Rank 8 x (32 + 32) for each of them, and a new head of 2 x 32 + 2.
    #expect(run.output.contains("lora with its defaults trains \(6 * 512 + 66) parameters there"))
    #expect(run.output.contains("encoder.layer.0.attention.self.query role:query  weight [32, 32], bias [32]"))
    let object = try Program("inspect", "--base", base, "--select", "role:key", "--json", in: folder).object()
    #expect(object["selected"] as? Int == 3)
  }

  @Test func `train --quiet prints nothing, --version lists the libraries, and shells get completion scripts`() throws {
    let run = try Program("train", "tiny.yaml", "--quiet", in: folder)
    #expect(run.code == 0 && run.output.isEmpty && run.errors.isEmpty)
    let version = try Program("--version", in: folder).output
    #expect(
      version.hasPrefix("\(RunEnvironment.version) (OpenBLAS ") && version.contains("zstd 1.")
        && version.contains("kernels for "))
    for shell in ["bash", "zsh", "fish"] {
      #expect(try Program("--generate-completion-script", shell, in: folder).output.contains("evaluate"))
    }
  }

  @Test func `the example trains and classifies through the library`() throws {
    try folder.write(task.configuration(output: "one") + "\n", to: "one.yaml")
    try folder.write(task.configuration(output: "two") + "\n", to: "two.yaml")
    let run = try Program(
      arguments: ["one.yaml", "two.yaml", "the film is good"], of: "classify-example", in: folder)
    let lines = run.output.split(separator: "\n")
    #expect(run.code == 0 && lines.count == 4, "\(run.errors)")
    #expect(lines.first == "one: 834 parameters, 12 steps")
    #expect(lines.last?.hasPrefix("two/adapter.safetensors.zst: ") == true)
  }

  @Test func `the library example trains on examples in memory and predicts from several tasks`() throws {
    let run = try Program(arguments: [task.base.folder.path, "runs"], of: "library-example", in: folder)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(run.code == 0 && lines.count == 10, "\(run.output)\(run.errors)")
    #expect(lines.contains("finished after 6 steps") && lines.contains("stopped early: true"))
    #expect(lines.contains("4 answers with runs/urgency"))
    #expect(lines.last?.hasPrefix("error: the model has no adapter named ") == true)
  }

  @Test func `methods and tasks are listed with their options and defaults`() throws {
    #expect(try Program("methods", in: folder).output.contains("lora"))
    let lora = try Program("methods", "lora", in: folder).output
    #expect(lora.contains("rank: 8") && lora.contains("role:query|value"))
    #expect(try Program("methods", "--json", in: folder).object()["methods"] as? [Any] != nil)
    #expect(try Program("tasks", "sst2", in: folder).output.contains("columns sentence, label"))
    #expect(try Program("tasks", "--json", in: folder).object()["tasks"] as? [Any] != nil)
  }

  @Test(arguments: ["train", "evaluate", "verify", "inspect", "methods", "tasks"])
  func `every command has help`(command: String) throws {
    let run = try Program(command, "--help", in: folder)
    #expect(run.code == 0 && run.output.contains("USAGE: graft \(command)") && run.errors.isEmpty)
  }

  @Test func `Ctrl-C stops after a step with a complete run folder`() async throws {
    let run = try Program(
      arguments: ["train", "tiny.yaml", "--set", "training.max_steps=1000000", "--set", "training.log_every=1"],
      interruptedWhen: { try? folder.read("run/metrics.jsonl").isEmpty == false }, in: folder)
    #expect(run.code == 130 && run.errors.contains("graft: interrupted after step "))
    let summary = try JSONSerialization.jsonObject(with: Data(try folder.bytes("run/summary.json"))) as? [String: Any]
    let steps = try #require(summary?["steps"] as? Int)
    #expect(steps < 1_000_000)
    #expect(try Program("verify", "run/adapter.safetensors.zst", in: folder).code == 0)
  }

  @Test func `two runs with the same configuration write the same bytes`() throws {
    _ = try Program("train", "tiny.yaml", "--output", "a", in: folder)
    _ = try Program("train", "tiny.yaml", "--output", "b", in: folder)
    #expect(try folder.bytes("a/adapter.safetensors.zst") == folder.bytes("b/adapter.safetensors.zst"))
  }

  @Test func `the header names the source of the data, which is the bundled sample, GLUE_DIR, or the cache`() throws {
    try folder.write(
      "base: \(task.base.folder.path)\nmethod: {name: lora}\ntraining: {max_steps: 1}\noutput: run\n"
        + "data: {train_limit: 32, eval_limit: 8}\n", to: "plain.yaml")
    let sample = try Program("train", "plain.yaml", in: folder)
    #expect(
      sample.output.contains(
        "Data: the bundled sample of reviews (not SST-2 itself; for that, run 'graft get task sst2' or set GLUE_DIR)"))
    for name in ["train.tsv", "dev.tsv"] { try folder.write(task.data.bytes(name), to: "glue/SST-2/\(name)") }
    let glue = try Program("train", "plain.yaml", environment: ["GLUE_DIR": folder.file("glue")], in: folder)
    #expect(glue.output.contains("Data: SST-2 in \(folder.file("glue"))/SST-2"))
    for name in ["train.tsv", "dev.tsv"] { try folder.write(task.data.bytes(name), to: "home/tasks/SST-2/\(name)") }
    let fetched = try Program("train", "plain.yaml", in: folder)
    #expect(fetched.output.contains("Data: SST-2 in \(folder.file("home"))/tasks/SST-2"))
  }
}

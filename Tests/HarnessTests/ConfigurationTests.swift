import Foundation
import GraftCore
import GraftHarness
import GraftLoRA
import GraftTestSupport
import Testing

struct ConfigurationTests {
  private func decode(_ text: String, _ changes: String...) throws -> ExperimentConfiguration {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(text: text, path: "x.yaml")
    for change in changes { try file.set(change) }
    return try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
  }

  private func message(_ text: String, _ changes: String...) throws -> String {
    let error = #expect(throws: ConfigurationError.self) {
      var methods = MethodRegistry()
      try methods.register(LoRA.self)
      var file = try ConfigurationFile(text: text, path: "x.yaml")
      for change in changes { try file.set(change) }
      _ = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    }
    let message = try #require(error).description
    #expect(!message.contains("\n"))
    return message
  }

  @Test func `only the method's name is required, and everything else has defaults`() throws {
    let configuration = try decode("method: {name: lora}")
    #expect(configuration.base == "all-MiniLM-L6-v2" && configuration.task == "sst2")
    #expect(configuration.label == "lora" && configuration.output == "runs/sst2-lora")
    #expect(configuration.training == TrainingConfiguration())
    #expect(configuration.training.learningRate == 2e-4 && configuration.training.maxLength == 256)
  }

  @Test(arguments: [
    ("? [rank, seed]\n: 3\nmethod: {name: lora}", "expected text as the key, got a list"),
    ("method: {name: lora, ? {a: b} : 1}", "expected text as the key, got a mapping"),
    ("task: sst2\n---\nmethod: {name: lora}", "a second document begins here"),
    ("method: {name: lora}\n...\n---\nx: 1", "a second document begins here"),
    ("method: {name: lora, rank: !!python/int 3}", "tags (!name) are not supported"),
    ("method: !mine {name: lora}", "tags (!name) are not supported"),
    ("label: !!str x\nmethod: {name: lora}", "x.yaml:1: tags"),
    ("method: {name: lora, <<: {alpha: 5}}", "merge keys (<<) are not supported"),
  ])
  func `content that a decoder would ignore is rejected`(text: String, expected: String) throws {
    #expect(try message(text).contains(expected))
  }

  @Test func `changes on the command line follow the same rules`() throws {
    #expect(try message("method: {name: lora}", "training={? [a]: 1}").contains("as the key, got a list"))
  }

  @Test func `every character of a column name survives a round trip`() throws {
    let column = "!a\u{7f}\u{85}\u{9b}\u{feff}\u{fffe}\u{ffff}\u{2028}\u{1f600}"
    var configuration = try decode("task: custom\ndata: {path: x}\nmethod: {name: lora}")
    configuration.data.text = column
    #expect(try decode(configurationText(configuration)).data.text == column)
  }

  @Test func `lists have a maximum length`() throws {
    let many = Array(repeating: "\"*.query\"", count: 2001).joined(separator: ", ")
    #expect(try message("method: {name: lora, targets: [\(many)]}").contains("at most 2000 selectors"))
    #expect(try message("method: {name: lora, targets: {include: [\(many)]}}").contains("at most 2000 selectors"))
    let long = String(repeating: "a|", count: 3000) + "b"
    #expect(try message("method: {name: lora, targets: \"\(long)\"}").contains("more than 4096 bytes"))
    let some = Array(repeating: "\"*.query\"", count: 1900).joined(separator: ", ")
    let overrides = Array(repeating: "{targets: [\(some)], rank: 2}", count: 3).joined(separator: ", ")
    #expect(try message("method: {name: lora, overrides: [\(overrides)]}").contains("at most 5000 selectors together"))
    #expect(throws: Never.self) { try decode("method: {name: lora, targets: [\(some)]}") }
  }

  @Test func `every key is read`() throws {
    let configuration = try decode(
      """
      base: b
      task: sst2
      label: mine
      data: {path: p, train_limit: 5, eval_limit: 6, shuffle: false}
      method: {name: lora, rank: 2, targets: "*.attention.q_lin|v_lin"}
      training:
        {epochs: 1.5, max_steps: 7, batch_size: 3, eval_batch_size: 4, learning_rate: 1.0e-3, weight_decay: 0.1,
         betas: [0.8, 0.9], epsilon: 1.0e-6, schedule: constant, warmup_ratio: 0.1, max_grad_norm: 0, eval_every: 8,
         log_every: 9, seed: 10, base_dropout: 0.2, max_length: 11, workers: 3, keep: best}
      compute: {precision: float32}
      init_from: f
      output: o
      """)
    let training = configuration.training
    #expect((configuration.label, configuration.initFrom, configuration.output) == ("mine", "f", "o"))
    #expect(configuration.data.path == "p" && configuration.data.trainLimit == 5)
    #expect(configuration.data.evalLimit == 6 && !configuration.data.shuffle)
    #expect(training.epochs == 1.5 && training.maxSteps == 7 && training.batchSize == 3 && training.evalBatchSize == 4)
    #expect(training.learningRate == 1e-3 && training.weightDecay == 0.1 && training.betas == [0.8, 0.9])
    #expect(training.epsilon == 1e-6 && training.schedule == .constant && training.warmupRatio == 0.1)
    #expect(training.maxGradNorm == 0 && training.evalEvery == 8 && training.logEvery == 9 && training.seed == 10)
    #expect(training.baseDropout == 0.2 && training.maxLength == 11 && training.workers == .fixed(3))
    #expect(training.keep == .best)
  }

  @Test func `set changes existing values and adds missing ones`() throws {
    let configuration = try decode(
      "method: {name: lora}\ntraining: {seed: 1}", "training.seed=2", "data.train_limit=10",
      "method.targets=\"*.query\"")
    #expect(configuration.training.seed == 2 && configuration.data.trainLimit == 10)
    let cleared = try decode("method: {name: lora}\ntraining: {max_steps: 5}", "training.max_steps=", "data.path=null")
    #expect(cleared.training.maxSteps == nil && cleared.data.path == nil)
  }

  @Test func `an error names the file, the line, the key and the expected value`() throws {
    #expect(
      try message("task: sst2\nmethod: {name: lora}\ntraining:\n  epochs: 2\n  lerning_rate: 1\n").hasPrefix(
        "x.yaml:5: training.lerning_rate: unknown key 'lerning_rate', did you mean 'learning_rate'?; known keys are"))
    #expect(
      try message("method: {name: lora}\ntraining: {epochs: many}")
        == "x.yaml:2: training.epochs: expected a number, got 'many'")
    #expect(
      try message("method: {name: lora}\ntraining: {batch_size: 2.5}")
        == "x.yaml:2: training.batch_size: expected a whole number, got '2.5'")
    #expect(
      try message("method: {name: lora}\ntraining: {betas: 3}")
        == "x.yaml:2: training.betas: expected a list, got '3'")
    #expect(
      try message("method: {name: lora}\ntraining: 5")
        == "x.yaml:2: training: expected keys and values, got '5'")
  }

  @Test func `a configuration can be created in code or decoded from any format`() throws {
    var created = ExperimentConfiguration(method: LoRA(LoRAConfiguration()), task: "cola")
    #expect(created.label == "lora" && created.output == "runs/cola-lora" && created.training.batchSize == 16)
    created.training.maxSteps = 3
    let text = #"{"method": {"name": "lora"}, "task": "cola", "training": {"max_steps": 3}}"#
    let decoder = JSONDecoder()
    let error = #expect(throws: DecodingError.self) {
      try decoder.decode(ExperimentConfiguration.self, from: Data(text.utf8))
    }
    #expect("\(try #require(error))".contains("userInfo[.methodRegistry]"))
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    decoder.userInfo[.methodRegistry] = methods
    let decoded = try decoder.decode(ExperimentConfiguration.self, from: Data(text.utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(decoded) == encoder.encode(created))
  }

  @Test(arguments: [
    ("method: {name: lroa}", "x.yaml:1: method.name: no method named 'lroa', did you mean 'lora'?; methods are lora"),
    ("task: sst2", "x.yaml:1: 'method' is missing; add method: {name: lora}"),
    ("method: {rank: 8}", "x.yaml:1: method: 'name' is missing"),
    ("method: {name: lora, rank: 0}", "x.yaml:1: method.rank: expected a whole number from 1 to 16384, got 0"),
    ("method: {name: lora}\ntraining: {schedule: cosine}", "expected linear or constant, got 'cosine'"),
    (
      "method: {name: lora}\ntraining: {epochs: 0}",
      "training.epochs: expected a number above 0, at most 1000000, got 0.0"
    ),
    ("method: {name: lora}\ntraining: {max_steps: 010}", "training.max_steps: expected a whole number, got '010'"),
    ("method: {name: lora}\ntraining: {max_steps: 1:30}", "training.max_steps: expected a whole number, got '1:30'"),
    ("method: {name: lora}\ntraining: {max_steps: 0x1F}", "training.max_steps: expected a whole number, got '0x1F'"),
    ("method: {name: lora}\ntraining: {learning_rate: 010}", "training.learning_rate: expected a number, got '010'"),
    ("method: {name: lora}\ntraining: {learning_rate: .inf}", "a number above 0, from 1.4e-45 to 3.4e38, got inf"),
    (
      "method: {name: lora}\ntraining: {weight_decay: 1e39}",
      "training.weight_decay: expected a number from 0 to 3.4e38"
    ),
    ("method: {name: lora}\ntraining: {epsilon: 1e-60}", "training.epsilon: expected a number above 0, from 1.4e-45"),
    ("method: {name: lora}\ntraining: {betas: [0.9, 0.99999999999]}", "expected two numbers from 0 to below 1"),
    ("method: {name: lora, alpha: 1e39}", "method.alpha: expected a number that a 32-bit float can hold"),
    ("method: {name: lora, dropout: 0.99999999999}", "method.dropout: expected a probability from 0 to below 1"),
    ("method: {name: lora}\ntraining: {max_length: 2}", "expected a whole number from 3 to 65536, got 2"),
    ("method: {name: lora}\ntraining: {workers: 0}", "expected auto or a whole number from 1 to 256"),
    ("method: {name: lora}\ntraining: {betas: [0.9]}", "expected two numbers from 0 to below 1"),
    ("method: {name: lora}\ndata: {train_limit: 0}", "expected a whole number from 1 to 1000000000, got 0"),
    ("method: {name: lora}\ncompute: {precision: float8}", "expected float32 or bfloat16, got 'float8'"),
    (
      "method: {name: lora}\ncompute: {frozen_products: mkl}",
      "compute.frozen_products: expected auto or graft or onednn or openblas, got 'mkl'"
    ),
    ("- a\n- b", "x.yaml:1: expected keys and values, such as 'task: sst2'"),
    ("method: {name: lora", "x.yaml:1: not valid YAML: did not find expected ',' or '}'"),
    ("method: {name: lora}\nmethod: {name: lora}", "duplicate key 'method'; keep one of them"),
    ("method: {name: lora}\ntraining: {seed: -1}", "training.seed: expected a whole number"),
  ])
  func `invalid values are rejected`(text: String, expected: String) throws {
    #expect(try message(text).contains(expected))
  }

  @Test(arguments: [
    "method: {name: lora, targets: *.query}", "method:\n  name: lora\n  targets: *.attention.q_lin|v_lin",
    "method:\n  name: lora\n  targets:\n    - *.query", "method: {name: lora, targets: [*.query]}",
  ])
  func `an unquoted star is explained`(text: String) throws {
    let expected = "a value that begins with * must be quoted, such as \"*.attention.q_lin|v_lin\""
    #expect(try message(text).contains(expected))
  }

  @Test func `anchors are rejected before they can expand`() throws {
    let bomb = (1..<30).reduce("a: &a0 [x]\n") { "\($0)a\($1): &a\($1) [*a\($1 - 1), *a\($1 - 1)]\n" }
    #expect(try message(bomb) == "x.yaml:1: anchors (&name) are not supported; write out the value wherever it is used")
    #expect(try decode("method: {name: lora}  # this &that\nlabel: \"R &D\"").label == "R &D")
  }

  @Test func `a set argument that is not an assignment or not YAML is rejected`() throws {
    #expect(try message("method: {name: lora}", "training.seed").hasPrefix("--set training.seed: expected KEY=VALUE"))
    #expect(try message("method: {name: lora}", "=3").contains("expected KEY=VALUE"))
    #expect(try message("method: {name: lora}", "method.targets=*.query").contains("must be quoted"))
    let misspelled = try message("method: {name: lora}", "training.sed=3")
    #expect(misspelled.hasPrefix("--set training.sed=3: training.sed: unknown key 'sed', did you mean 'seed'?"))
    let wrong = try message(
      "method: {name: lora}", "method.overrides=[{targets: \"*.query\", rank: 1}, {targets: 3, rank: 0}]")
    #expect(wrong.contains("method.overrides[1].rank: expected a whole number from 1 to 16384, got 0"))
  }

  @Test func `a file that is not UTF-8 or does not exist is named`() throws {
    let folder = try TemporaryFolder()
    try folder.write([0x61, 0xFF], to: "c.yaml")
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: folder.file("c.yaml")) }
    #expect(error?.description == "\(folder.file("c.yaml")): expected UTF-8 text; convert the file to UTF-8")
    #expect(throws: (any Error).self) { try ConfigurationFile(path: folder.file("d.yaml")) }
  }
}

import Foundation
import GraftSafetensors
import GraftTestSupport
import Testing

/// A user's mistake: one line on stderr, exit code 2, and no files left over.
struct MistakeTests {
  let task: TinyTask
  let folder: TemporaryFolder

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(task.configuration(output: "run"), to: "tiny.yaml")
  }

  /// Runs a command that must fail: checks its exit code, its output, and that it leaves no files, and returns the error line.
  private func refused(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
    let before = try folder.contents
    let run = try Program(arguments: arguments, environment: environment, in: folder)
    #expect(run.code == 2 && run.output.isEmpty, "\(arguments): code \(run.code), \(run.output)")
    #expect(run.errors.hasPrefix("graft: ") && run.errors.hasSuffix("\n"))
    let line = String(run.errors.dropFirst("graft: ".count).dropLast())
    #expect(!line.contains("\n"))
    #expect(try folder.contents.filter { $0 != "home" } == before.filter { $0 != "home" }, "files were left over")
    return line.replacing(task.base.folder.path, with: "BASE").replacing(task.data.path, with: "DATA")
  }

  /// Runs a training run that must fail, on the base in its current state.
  private func refusedTraining(_ change: String? = nil) throws -> String {
    if let change { try refused("train", "tiny.yaml", "--set", change) } else { try refused("train", "tiny.yaml") }
  }

  private func weights() throws -> [UInt8] { try task.base.folder.bytes("model.safetensors") }

  private func replaceWeights(_ bytes: [UInt8]) throws { try task.base.folder.write(bytes, to: "model.safetensors") }

  private func file(header: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + Array(repeating: 0, count: data)
  }

  // MARK: the base

  @Test func `a base without weights is an error`() throws {
    try FileManager.default.removeItem(atPath: task.base.folder.file("model.safetensors"))
    #expect(try refusedTraining().contains("BASE: no weights, expected model.safetensors"))
  }

  @Test func `truncated weights are an error`() throws {
    try replaceWeights(Array(try weights().dropLast(100)))
    #expect(try refusedTraining().contains("the file is incomplete or damaged, fetch it again"))
  }

  @Test func `a header longer than the file is an error`() throws {
    var bytes = try weights()
    bytes.replaceSubrange(0..<8, with: [0, 0, 0, 1, 0, 0, 0, 0])
    try replaceWeights(bytes)
    #expect(try refusedTraining().contains("the header length is 16777216 bytes, but the file has only"))
    bytes.replaceSubrange(0..<8, with: Array(repeating: 0xFF, count: 8))
    try replaceWeights(bytes)
    #expect(
      try refusedTraining().contains("the header length is 18446744073709551615 bytes, expected at most 100000000"))
  }

  @Test func `overlapping tensors are an error`() throws {
    let header =
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
    try replaceWeights(file(header: header, data: 12))
    #expect(try refusedTraining().contains("the tensors overlap"))
  }

  @Test func `a tensor with the wrong shape is an error`() throws {
    var copy = task.base
    copy.tensors["bert.pooler.dense.bias"]?.shape = [4, 8]
    try copy.write()
    #expect(
      try refusedTraining()
        == "BASE: tensor bert.pooler.dense.bias has shape [4, 8], expected [32] by config.json")
  }

  @Test func `a base that does not exist is an error`() throws {
    let line = try refusedTraining("base=all-MiniLM-L6-v3")
    #expect(
      line.contains("no base named 'all-MiniLM-L6-v3' in") && line.contains("fetch one with 'graft get base NAME'"))
  }

  // MARK: the configuration

  @Test func `an unknown key, a wrong type, and a missing file are errors`() throws {
    #expect(try refusedTraining("training.sed=1").contains("unknown key 'sed', did you mean 'seed'?"))
    #expect(
      try refusedTraining("training.seed=x").contains("training.seed: expected a whole number of at least 0, got 'x'"))
    #expect(try refused("train", "none.yaml") == "cannot read none.yaml: No such file or directory")
    #expect(try refused("train", ".").contains("it is not a regular file"))
  }

  @Test func `a selector that matches nothing, or a layer norm, is an error`() throws {
    let line = try refusedTraining("method.targets=\"*.attention.q_lin|v_lin\"")
    #expect(line.contains("matches no module; the nearest are encoder.layer.*.attention.self."))
    #expect(try refusedTraining("method.targets=\"*.LayerNorm\"").contains("which is a layer norm, but the method"))
  }

  @Test func `an unquoted star is an error`() throws {
    try folder.write("method:\n  name: lora\n  targets: *.query\n", to: "star.yaml")
    #expect(try refused("train", "star.yaml").hasPrefix("star.yaml:3: a value that begins with * must be quoted"))
  }

  // MARK: the data

  @Test(arguments: [
    ("sentence\tlabel\na\t2\n", "DATA/dev.tsv:2: unknown label '2'; expected one of 0, 1"),
    ("", "DATA/dev.tsv: the file has no examples; expected at least one, after a header in TSV and CSV files"),
    ("sentence\tlabel\na 1\n", "DATA/dev.tsv:2: the row has 1 field, expected 2"),
  ])
  func `invalid rows are errors with file and line`(text: String, expected: String) throws {
    try task.data.write(text, to: "dev.tsv")
    #expect(try refusedTraining() == expected)
  }

  @Test func `data that is not UTF-8 is an error`() throws {
    try task.data.write(Array("sentence\tlabel\n".utf8) + [0xFF, 0x09, 0x31], to: "train.tsv")
    #expect(
      try refusedTraining() == "DATA/train.tsv:2: the line is not valid UTF-8; convert the file to UTF-8 "
        + "(from Excel or Windows: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW)")
  }

  @Test func `a GLUE_DIR without the task is an error`() throws {
    try folder.write("base: \(task.base.folder.path)\nmethod: {name: lora}\n", to: "plain.yaml")
    #expect(
      try refused("train", "plain.yaml", environment: ["GLUE_DIR": "/nowhere"])
        == "cannot read /nowhere/SST-2: GLUE_DIR is set, but it has no folder SST-2; add it or unset GLUE_DIR")
  }

  // MARK: training

  @Test func `a loss that is NaN or infinite stops the run, and the last good state is kept`() throws {
    let run = try Program(
      "train", "tiny.yaml", "--set", "training.learning_rate=1.0e+30", "--set", "training.max_grad_norm=0", in: folder)
    #expect(run.code == 2 && run.errors.hasPrefix("graft: training diverged at step"))
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    let verification = try Program("verify", "run/adapter.safetensors.zst", "--json", in: folder)
    #expect(verification.code == 0)
  }

  @Test func `a base whose first loss is NaN stops the run before an adapter is written`() throws {
    try task.overflowBase()
    let run = try Program("train", "tiny.yaml", in: folder)
    #expect(run.code == 2 && run.errors.hasPrefix("graft: nothing was trained: before any update, the loss is nan"))
    #expect(try !folder.contents.contains("run") || !folder.bytes("run/config.yaml").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.file("run/adapter.safetensors.zst")))
  }

  @Test func `line breaks in names are escaped in messages`() throws {
    #expect(try refusedTraining("base=\"a\\nb\"").contains("no base named 'a\\u{a}b'"))
    #expect(try refused("train", "a\nb.yaml").contains("a\\u{a}b.yaml"))
  }

  @Test func `an output that cannot be written is an error`() throws {
    try folder.write("x", to: "file")
    #expect(
      try refusedTraining("output=file/run").hasPrefix("cannot create the folder file: a file with that name exists"))
    #expect(try refusedTraining("output=/proc/run").hasPrefix("cannot create the folder /proc/run: "))
  }

  @Test func `an output that is not a file, or already exists, is refused before any work`() throws {
    _ = try Program("train", "tiny.yaml", in: folder)
    let adapter = "run/adapter.safetensors.zst"
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(symlink("pipe", folder.file("link")) == 0)
    #expect(symlink("nowhere", folder.file("dangling")) == 0)
    for (output, reason) in [
      ("pipe", "it is a pipe"), ("link", "it is a pipe"), ("/dev/null", "it is a device"), ("run", "it is a folder"),
      ("dangling", "it is a link without a target"), ("/dev/stdout", "cannot write /dev/stdout: it is"),
    ] {
      #expect(try refused("pack", adapter, "--dtype", "f16", "--output", output).contains(reason))
      #expect(try refused("import", "x", "--base", "y", "--output", output).contains(reason))
    }
    for output in ["pipe", "link", "dangling", "run"] {
      let reason = "it already exists"
      #expect(try refused("apply", "--adapter", adapter, "--output", output).contains(reason))
      #expect(try refused("remove", "x", "--output", output).contains(reason))
      #expect(try refused("export", adapter, "--format", "peft", "--output", output).contains(reason))
    }
    var status = stat()
    #expect(lstat(folder.file("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try refusedTraining("output=pipe").hasPrefix("cannot create the folder pipe: a file with that name exists"))
  }

  @Test func `a run folder without an adapter is an error`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("run"), withIntermediateDirectories: false)
    for arguments in [
      ["predict", "--adapter", "run", "x"], ["verify", "run"], ["inspect", "run"], ["evaluate", "--adapter", "run"],
    ] {
      let run = try Program(arguments: arguments, in: folder)
      #expect(
        run.code == 2 && run.errors.hasPrefix("graft: run: the folder has no adapter.safetensors.zst"), "\(run.errors)")
    }
  }

  @Test func `a password in an endpoint never appears in a message`() throws {
    let line = try refused("get", "base", "org/x", environment: ["HF_ENDPOINT": "http://me:hunter2@127.0.0.1:1"])
    #expect(line.hasPrefix("HF_ENDPOINT contains a user name or a password") && !line.contains("hunter2"))
  }

  // MARK: adapters

  @Test func `an adapter for another base, or with a flipped bit, is an error`() throws {
    _ = try Program("train", "tiny.yaml", in: folder)
    let other = try TinyTask(.distilBERT)
    let adapter = "run/adapter.safetensors.zst"
    #expect(try refused("verify", adapter, "--base", other.base.folder.path).contains("is another base"))

    var bytes = try folder.bytes(adapter)
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, to: "flipped.zst")
    #expect(try refused("evaluate", "--adapter", "flipped.zst").contains("flipped.zst: zstd reports"))
    #expect(try refused("inspect", "tiny.yaml").contains("tiny.yaml: not compressed with zstd"))
  }

  // MARK: arguments

  @Test func `invalid arguments are errors with suggestions`() throws {
    #expect(
      try refused("trian", "tiny.yaml").hasPrefix(
        "unknown command 'graft trian', did you mean 'train'?; the commands are"))
    #expect(try refused("train").contains("give a configuration file, such as one that 'graft init FILE' writes"))
    #expect(try refused("train", "tiny.yaml", "--sets", "x=1").contains("--sets"))
    #expect(try refused("inspect").contains("give either an adapter FILE or --base B"))
    #expect(try refused("methods", "lroa").contains("no method named 'lroa', did you mean 'lora'?"))
    #expect(try refused("tasks", "sst").contains("no task named 'sst', did you mean 'sst2'?"))
  }

  @Test func `an invalid option value is an error that lists the valid ones`() throws {
    let dtype = try refused("pack", "a", "--dtype", "f61", "--output", "b")
    #expect(dtype.contains("'f61'") && dtype.contains("'f32', 'f16', 'bf16' or 'int8'; see"), "\(dtype)")
    let toolkit = try refused("export", "a", "--format", "pfet", "--output", "b")
    #expect(toolkit.contains("'pfet'") && toolkit.contains("'peft'") && toolkit.contains("'adapterhub'"), "\(toolkit)")
    for arguments in [["predict", "--adapter", "a"], ["tokenize", "--base", "b"]] {
      let run = try Program(arguments: arguments + ["--input", "c", "--format", "a\nb"], in: folder)
      #expect(run.code == 2 && run.errors.contains("'tsv', 'csv', 'jsonl', 'json' or 'txt'"), "\(run.errors)")
      #expect(run.errors.filter { $0 == "\n" }.count == 1)
    }
    #expect(try refused("pack", "a", "--dtype", "f32").contains("--dtype requires --output"))
    #expect(try refused("pack", "a", "--output", "b").contains("--output requires --dtype or --tolerance"))
  }
}

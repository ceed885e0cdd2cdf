import Foundation
import GraftTestSupport
import Testing

/// Commands within a pipeline: they process texts as they arrive, in constant memory.
struct StreamingTests {
  let task: TinyTask
  let folder: TemporaryFolder
  private let adapter = ["predict", "--adapter", "run/adapter.safetensors.zst"]

  init() throws {
    task = try TinyTask()
    folder = try TemporaryFolder()
    try folder.write(task.configuration(output: "run"), to: "tiny.yaml")
    #expect(try Program("train", "tiny.yaml", "--quiet", in: folder).code == 0)
  }

  /// A running process with pipes to its standard input and output.
  private final class Conversation {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    init(_ arguments: [String], in folder: TemporaryFolder) throws {
      process.executableURL = try Program.executable("graft")
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      process.standardInput = input
      process.standardOutput = output
      try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    /// Writes text to standard input.
    func send(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    /// Waits for the next lines of output and returns them.
    func lines(_ count: Int) -> [String] {
      var lines: [String] = []
      while lines.count < count {
        if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
          lines.append(String(decoding: unread[..<end], as: UTF8.self))
          unread = Data(unread[unread.index(after: end)...])
        } else {
          let more = output.fileHandleForReading.availableData
          guard !more.isEmpty else { return lines }
          unread += more
        }
      }
      return lines
    }

    /// The peak memory so far, in bytes.
    func peakMemory() throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(Int(line.split(separator: " ", omittingEmptySubsequences: true)[1])) << 10
    }

    /// Closes standard input, waits for the end of the process, and returns the exit code.
    func end() throws -> Int32 {
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      return process.terminationStatus
    }

    /// Closes standard output.
    func stopListening() throws { try output.fileHandleForReading.close() }
  }

  @Test func `each text is classified before the next one arrives`() throws {
    let predict = try Conversation(adapter, in: folder)
    for text in ["the film is good", "", "the film is bad"] {
      try predict.send("\(text)\n")
      #expect(predict.lines(1).first?.hasSuffix("\t\(text)") == true)
    }
    // An incomplete line does not delay the complete one before it.
    try predict.send("good\nba")
    #expect(predict.lines(1).first?.hasSuffix("\tgood") == true)
    try predict.send("d")
    #expect(try predict.end() == 0)
    #expect(predict.lines(2).map { $0.hasSuffix("\tbad") } == [true])
  }

  @Test(arguments: ["csv", "tsv", "jsonl"])
  func `each record is classified before the next one arrives`(format: String) throws {
    let predict = try Conversation(adapter + ["--json", "--format", format], in: folder)
    let texts = ["good", "bad, \"very\"", "is"]
    if format != "jsonl" { try predict.send("sentence\n") }
    for (index, text) in texts.enumerated() {
      let escaped = text.replacing("\"", with: "\"\"")
      switch format {
      case "csv": try predict.send("\"\(escaped)\"\n")
      case "tsv": try predict.send("\(text)\n")
      default: try predict.send("{\"sentence\": \"\(text.replacing("\"", with: "\\\""))\"}\n")
      }
      let line = try #require(predict.lines(1).first)
      let prediction = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(prediction["text"] as? String == text && prediction["index"] as? Int == index)
    }
    #expect(try predict.end() == 0)
  }

  @Test func `tokenize also works line by line`() throws {
    let tokenize = try Conversation(["tokenize", "--base", task.base.folder.path], in: folder)
    try tokenize.send("good\n")
    #expect(tokenize.lines(1) == ["[CLS] 2  good 62  [SEP] 3"])
    #expect(try tokenize.end() == 0)
  }

  #if os(Linux)
  @Test func `ten times as many texts need no more memory and get the same predictions`() throws {
    let predict = try Conversation(adapter, in: folder)
    func predictions(_ count: Int) throws -> Set<String> {
      var lines = Set<String>()
      for _ in 0..<count / 500 {
        try predict.send(String(repeating: "the film is good\n", count: 500))
        lines.formUnion(predict.lines(500))
      }
      return lines
    }
    let first = try predictions(2000)
    let before = try predict.peakMemory()
    let later = try predictions(20_000)
    #expect(try predict.peakMemory() - before < 8 << 20)
    // Equal texts get the same prediction, independent of the batch they are in.
    #expect(first.count == 1 && later == first)
    #expect(try predict.end() == 0)
  }
  #endif

  @Test func `predictions are bit-identical, independent of how texts are batched`() throws {
    let texts = (0..<40).map { i in
      (0...i % 17).map { ["good", "bad", "film", "x"][($0 * 7 + i) % 4] }.joined(separator: " ")
    }
    try folder.write(texts.joined(separator: "\n") + "\n", to: "texts.txt")
    let file = try Program(arguments: adapter + ["--json", "--input", "texts.txt"], in: folder).output
    let predict = try Conversation(adapter + ["--json"], in: folder)
    var lines: [String] = []
    for text in texts {
      try predict.send("\(text)\n")
      lines += predict.lines(1)
    }
    #expect(try predict.end() == 0)
    #expect(file.split(separator: "\n").map(String.init) == lines)
  }

  @Test func `texts before an invalid one are classified`() throws {
    try folder.write("sentence\tx\ngood\t1\nbad\t2\nfilm\n\tx\n\n", to: "texts.tsv")
    let run = try Program(
      arguments: adapter + ["--input", "texts.tsv", "--text-column", "x"], in: folder)
    #expect(run.code == 2 && run.output.split(separator: "\n").count == 2)
    #expect(run.errors == "graft: texts.tsv:4: the row has 1 field, expected 2\n")
    let pipe = try Program(
      arguments: adapter, input: "good\n\(String(repeating: "a", count: 1 << 20 + 1))\nbad\n", in: folder)
    #expect(pipe.code == 2 && pipe.output.hasSuffix("\tgood\n"))
    #expect(
      pipe.errors == "graft: standard input:2: the line or record has more than 1048576 bytes, the maximum; "
        + "split or shorten it\n")
  }

  @Test func `the program ends when the reader closes the pipe`() throws {
    let line = "yes good | graft predict --adapter run/adapter.safetensors.zst | head -n 2"
    let run = try Program(shell: line, in: folder)
    #expect(run.code == 0 && run.output.split(separator: "\n").count == 2 && run.errors.isEmpty)
  }

  @Test func `memory for a large table depends on the examples used, not on the table's size`() throws {
    func peak(rows: Int) throws -> Int {
      let table = "text\tlabel\n" + (0..<rows).map { "good film \($0)\t\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
      try folder.write(table, to: "table.tsv")
      let summary = try Program(
        "train", "tiny.yaml", "--json", "--set", "task=custom", "--set", "data.path=table.tsv", "--set",
        "data.train_limit=40", "--set", "data.eval_limit=10", "--output", "large", in: folder
      ).object()
      #expect((summary["data"] as? [String: Any])?["train_examples"] as? Int == 40)
      return try #require(summary["peak_memory_bytes"] as? Int)
    }
    // The positions and classes of 150,000 rows need about 4 MB; their texts would need 40 MB.
    #expect(try peak(rows: 150_000) - peak(rows: 1000) < 16 << 20)
  }
}

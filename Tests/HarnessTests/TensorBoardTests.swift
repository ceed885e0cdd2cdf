import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftLoRA
import GraftSupport
import GraftTestSupport
import Testing

/// Tests the event files that a run writes for TensorBoard.
struct TensorBoardTests {
  private let task: TinyTask
  private let runs: TemporaryFolder

  init() throws {
    task = try TinyTask()
    runs = try TemporaryFolder()
  }

  private struct Summary: Decodable {
    let metrics: [String: Double]
    let trainable_parameters: Int
  }

  private func train(_ output: String, _ changes: String..., isStopped: () -> Bool = { false }) throws {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(
      text: task.configuration(output: runs.file(output), training: "eval_every: 6, log_every: 4"), path: "tiny.yaml")
    for change in changes { try file.set(change) }
    let configuration = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    _ = try Experiment(configuration, locator: BaseLocator(home: runs.file("home"))).run(isStopped: isStopped)
  }

  private func eventFiles(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: runs.file(folder)).filter { $0.contains("tfevents") }
  }

  @Test func `a folder contains one event file, and the previous one moves to 'previous'`() throws {
    try train("a")
    let first = try runs.bytes("a/\(try #require(try eventFiles("a").first))")
    try train("a")
    try train("a")
    #expect(try eventFiles("a").count == 1)
    #expect(try eventFiles("a/previous") == [], "TensorBoard must not show it as a run")
    #expect(try runs.bytes("a/previous/events.previous").count == first.count)
    // Both describe the same run and differ only in their timestamps, which have a fixed size.
    #expect(try runs.bytes("a/\(try #require(try eventFiles("a").first))").count == first.count)
  }

  private struct Shown: Decodable {
    let curves: [String: [String: [[Double]]]]
    let hparams: [[String: Value]]
    let statuses: [String: String]

    enum Value: Decodable, Equatable {
      case flag(Bool), number(Double), text(String)
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
          self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }
  }

  @Test(.enabled(if: Python.has("tensorboard"), "\(Python.missing("tensorboard"))"))
  func `the real TensorBoard shows curves, hyperparameters and the status of each run`() throws {
    try train("compared/good")
    try train("compared/other", "training.seed=7", "method.rank=3")
    #expect(throws: TrainingError.self) { try train("compared/lost", "training.learning_rate=1e30") }
    try train("compared/stopped", isStopped: { true })
    try train("compared/good")
    let script = "\(Bundle.module.bundlePath)/Fixtures/read_events.py"
    let output = try Python.run(script: script, runs.file("compared"), with: "tensorboard")
    let shown = try JSONDecoder().decode(Shown.self, from: Data(output.utf8))

    #expect(
      Set(shown.curves.keys) == ["good", "other", "stopped"], "the diverged run stopped before the first log line")
    for run in ["good", "other"] {
      let curves = try #require(shown.curves[run])
      for line in try runs.read("compared/\(run)/metrics.jsonl").split(separator: "\n") {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let step = try #require(object["step"] as? Int)
        func check(_ tag: String, _ value: Any?) throws {
          let point = try #require(curves[tag]?.first { $0[0] == Double(step) }, "\(tag) at \(step)")
          #expect(abs(point[1] - (try #require(value as? Double))) <= 1e-6 * max(1, abs(point[1])), "\(tag) at \(step)")
        }
        let isTraining = object["event"] as? String == "train"
        try check(isTraining ? "train/loss" : "eval/loss", object["loss"])
        if isTraining {
          try check("train/learning_rate", object["learning_rate"])
          try check("train/grad_norm", object["grad_norm"])
        } else {
          try check("eval/accuracy", (object["metrics"] as? [String: Any])?["accuracy"])
        }
      }
      #expect(curves["train/loss"]?.map { $0[0] } == [4, 8, 12] && curves["eval/accuracy"]?.map { $0[0] } == [6, 12])
      let summary = try JSONDecoder().decode(
        Summary.self, from: Data(try runs.read("compared/\(run)/summary.json").utf8))
      #expect(curves["final/accuracy"].map { Float($0[0][1]) } == Float(summary.metrics["accuracy"] ?? -1))
      #expect(curves["final/trainable_parameters"]?.map { $0[1] } == [Double(summary.trainable_parameters)])
    }
    #expect(
      shown.statuses == [
        "good": "STATUS_SUCCESS", "other": "STATUS_SUCCESS", "lost": "STATUS_FAILURE", "stopped": "STATUS_UNKNOWN",
      ])
    let other = try #require(shown.hparams.first { $0["method.rank"] == .number(3) })
    #expect(other["method.name"] == .text("lora") && other["training.seed"] == .number(7))
    #expect(other["data.shuffle"] == .flag(true) && other["output"] == nil)
    #expect(other["training.betas"] == .text("[0.9, 0.999]"))
  }
}

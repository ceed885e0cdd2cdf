import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftLoRA
import GraftObjectives
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Synchronization
import Testing

/// Training continues from a saved state, and is shared by several processes, with the bytes of one uninterrupted run.
struct ResumeTests {
  private let task: TinyTask
  private let work: TemporaryFolder
  private let objective = Classification(labels: ["0", "1"])

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
  }

  /// A base with an adapter, as a new process would load them.
  private struct Process {
    let base: PretrainedBase
    let adapter: Adapter
    let train: EncodedExamples
    let evaluation: EncodedExamples
  }

  private func process() throws -> Process {
    let base = try PretrainedBase(
      task.base.folder.path, seed: 1, locator: BaseLocator(home: work.file("home")))
    var lora = LoRAConfiguration()
    lora.dropout = 0.2
    let adapter = try base.model.inject(LoRA(lora), as: "a", seed: 7, classes: 2)
    let source = DataSource(path: task.data.path, description: "tiny")
    func examples(_ split: String) throws -> EncodedExamples {
      EncodedExamples(try source.read(split, of: .sst2), tokenizer: base.tokenizer, maxLength: 32)
    }
    return Process(base: base, adapter: adapter, train: try examples("train"), evaluation: try examples("dev"))
  }

  private func configuration(workers: Int, keep: TrainingConfiguration.Keep = .last) -> TrainingConfiguration {
    var training = TrainingConfiguration()
    training.maxSteps = 40
    training.batchSize = 7
    training.learningRate = 2e-2
    training.weightDecay = 0.1
    training.warmupRatio = 0.1
    training.evalEvery = 8
    training.logEvery = 3
    training.workers = .fixed(workers)
    training.keep = keep
    return training
  }

  private func trainer(
    _ process: Process, _ training: TrainingConfiguration, workers: Int,
    processes: any GradientReducer = SingleProcess()
  ) -> Trainer {
    Trainer(
      model: process.base.model, adapter: process.adapter, configuration: training, objective: objective,
      shuffles: true,
      workers: Workers(count: workers), processes: processes)
  }

  private func bits(_ adapter: Adapter) -> [[UInt32]] { adapter.parameters.map { $0.values.map(\.bitPattern) } }

  /// The events without times.
  private func text(_ event: TrainingEvent) -> String? {
    switch event {
    case .step(let step): "step \(step.step) of \(step.totalSteps), \(step.samples)"
    case .log(let line): "\(line)"
    case .evaluation(let report): "\(report.step) \(report.trainingLoss) \(report.result.loss) \(report.result.metrics)"
    }
  }

  @Test(arguments: [1, 2], [TrainingConfiguration.Keep.last, .best])
  func `twenty steps, a saved state, and twenty more steps equal forty`(workers: Int, keep: TrainingConfiguration.Keep)
    throws
  {
    let training = configuration(workers: workers, keep: keep)
    let whole = try process()
    var expected: [String] = []
    let outcome = try trainer(whole, training, workers: workers).train(
      on: whole.train, evaluatingOn: whole.evaluation
    ) { expected.append(text($0) ?? "") }

    let first = try process()
    var content: [UInt8] = []
    var events: [String] = []
    var steps = 0
    let saving = Trainer.Saving(interval: 20) { content = try $0.encoded(for: first.adapter) }
    _ = try trainer(first, training, workers: workers).train(
      from: nil, on: first.train, evaluatingOn: first.evaluation, isStopped: { steps == 19 }, saving: saving
    ) { event in
      if case .step(let step) = event { steps = step.step }
      events.append(text(event) ?? "")
    }
    #expect(steps == 20)
    // A stopped run ends with an additional line of the log and an additional evaluation.
    events.removeLast(2)

    let second = try process()
    #expect(bits(second.adapter) != bits(whole.adapter))
    let state = try TrainingState(content, name: "state", for: second.adapter)
    #expect(state.step == 20)
    #expect(try state.encoded(for: second.adapter) == content)
    let resumed = try trainer(second, training, workers: workers).train(
      from: state, on: second.train, evaluatingOn: second.evaluation, saving: nil
    ) { events.append(text($0) ?? "") }
    #expect(events == expected)
    #expect(bits(second.adapter) == bits(whole.adapter))
    #expect(resumed.steps == 40 && resumed.samples == outcome.samples)
    #expect(resumed.best.step == outcome.best.step && resumed.final.result.loss == outcome.final.result.loss)
  }

  @Test func `a damaged state is refused by name`() throws {
    let process = try process()
    var content: [UInt8] = []
    let saving = Trainer.Saving(interval: 8) { content = try $0.encoded(for: process.adapter) }
    var steps = 0
    _ = try trainer(process, configuration(workers: 1), workers: 1).train(
      from: nil, on: process.train, evaluatingOn: process.evaluation, isStopped: { steps == 7 }, saving: saving
    ) { if case .step(let step) = $0 { steps = step.step } }
    func refusal(_ bytes: [UInt8], _ adapter: Adapter) throws -> String {
      let error = #expect(throws: (any Error).self) { try TrainingState(bytes, name: "s", for: adapter) }
      return "\(try #require(error))"
    }
    var lora = LoRAConfiguration()
    lora.rank = 3
    let other = try process.base.model.inject(LoRA(lora), as: "b", seed: 1, classes: 2)
    let name = try #require(other.parameters.first).name
    #expect(
      try refusal(content, other).contains("the tensor 'parameters/\(name)' is missing, or does not have the shape"))
    #expect(try refusal(Array(content.dropLast(8)), process.adapter).hasPrefix("s: "))
    #expect(
      try refusal(SafetensorsWriter().encoded(), process.adapter).contains("it is not the state of a training run"))
  }

  @Test(arguments: [0, 8])
  func `a state of the last step has the result of the whole run`(evalEvery: Int) throws {
    var training = configuration(workers: 1, keep: .best)
    training.evalEvery = evalEvery
    let first = try process()
    var content: [UInt8] = []
    let saving = Trainer.Saving(interval: 40) { content = try $0.encoded(for: first.adapter) }
    let outcome = try trainer(first, training, workers: 1).train(
      from: nil, on: first.train, evaluatingOn: first.evaluation, saving: saving
    ) { _ in }
    let second = try process()
    let state = try TrainingState(content, name: "state", for: second.adapter)
    let resumed = try trainer(second, training, workers: 1).train(
      from: state, on: second.train, evaluatingOn: second.evaluation, saving: nil
    ) { _ in }
    #expect(resumed.steps == 40 && bits(second.adapter) == bits(first.adapter))
    #expect(resumed.best.step == outcome.best.step && resumed.final.result.metrics == outcome.final.result.metrics)
  }

  /// With a batch size of 3, the last of four processes has no sequence.
  @Test(arguments: [(2, 7), (4, 3)])
  func `processes with one worker each equal one process with as many workers`(count: Int, batchSize: Int) throws {
    var training = configuration(workers: count)
    training.batchSize = batchSize
    let alone = try process()
    _ = try trainer(alone, training, workers: count).train(on: alone.train, evaluatingOn: alone.evaluation) { _ in }
    let shared = SharedSums(processCount: count)
    let ranks = try (0..<count).map { _ in try process() }
    nonisolated(unsafe) let trainers = ranks.enumerated().map { rank, process in
      trainer(process, training, workers: 1, processes: SharedSums.Rank(rank: rank, shared: shared))
    }
    let failures = Mutex<[String]>([])
    // Threads, because each process waits for the others.
    let threads = (0..<count).map { rank in
      Thread {
        do {
          _ = try trainers[rank].train(on: ranks[rank].train, evaluatingOn: ranks[rank].evaluation) { _ in }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.start() }
    while threads.contains(where: { !$0.isFinished }) { usleep(1000) }
    #expect(failures.withLock { $0 } == [])
    for process in ranks { #expect(bits(process.adapter) == bits(alone.adapter)) }
  }
}

/// Sums of the numbers of several threads that play processes, in the order of their ranks.
private final class SharedSums: Sendable {
  private struct State {
    var values: [Int: [Double]] = [:]
    var round = 0
    var sums: [Double] = []
  }
  private let state = Mutex(State())
  private let count: Int

  init(processCount: Int) { count = processCount }

  /// Waits until all processes have given their numbers, and returns the sums in single or double precision.
  func sum(_ values: [Double], of rank: Int, add: (Double, Double) -> Double) -> [Double] {
    let round = state.withLock { state in
      state.values[rank] = values
      let round = state.round
      if state.values.count == count {
        let ranks = (0..<count).compactMap { state.values[$0] }
        state.sums = ranks.dropFirst().reduce(ranks[0]) { zip($0, $1).map(add) }
        state.values = [:]
        state.round += 1
      }
      return round
    }
    while state.withLock({ $0.round == round }) { usleep(50) }
    return state.withLock { $0.sums }
  }

  struct Rank: GradientReducer {
    let rank: Int
    let shared: SharedSums
    var processCount: Int { shared.count }

    func sum(_ values: UnsafeMutableBufferPointer<Float>) {
      let sums = shared.sum(values.map(Double.init), of: rank) { Double(Float($0) + Float($1)) }
      for (index, sum) in sums.enumerated() { values[index] = Float(sum) }
    }

    func sum(_ value: Double) -> Double { shared.sum([value], of: rank, add: +)[0] }
  }
}

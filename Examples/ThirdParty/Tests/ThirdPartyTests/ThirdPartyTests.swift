import Foundation
import Graft
import Testing
import ThirdParty

/// The methods from another package meet the guarantees of every method.
struct ThirdPartyTests {
  /// The toolkit's small reference models.
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Tests/TestSupport/Fixtures").path

  static let methods: [any ParameterEfficientMethod] = {
    var everywhere = VeRAConfiguration()
    everywhere.rank = 7
    everywhere.targets = .roles(.key, .attentionOutput, .feedForwardIn, .feedForwardOut)
    everywhere.projectionSeed = 3
    return [IA3(.init()), BitFit(.init()), VeRA(.init()), VeRA(everywhere)]
  }()

  private func logits(_ model: SequenceClassifier) -> [Float] {
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: model.adaptable.bindings())
    return model.logits(in: pass).toArray()
  }

  private var batch: PackedBatch {
    var batch = PackedBatch()
    for length in [5, 1, 17] {
      batch.append(ids: (0..<length).map { Int32($0 * 7 % 96) }, typeIDs: Array(repeating: 0, count: length))
    }
    return batch
  }

  @Test(arguments: ["bert", "distilbert", "roberta"], [0, 1, 2, 3])
  func `a custom method starts like the base, trains, merges, and is removed`(family: String, index: Int) throws {
    let method = Self.methods[index]
    let model = try SequenceClassifier(folder: "\(Self.fixtures)/\(family)", classes: 3, seed: 0)
    let before = logits(model)
    let hash = BaseIdentity.hash(of: model)
    let adapter = try model.adaptable.inject(method, as: "a", seed: 1)
    #expect(zip(logits(model), before).allSatisfy { abs($0 - $1) < 1e-5 })

    let bindings = model.adaptable.bindings(training: adapter)
    let pass = Pass()
    pass.begin(batch, mode: .training(nil), bindings: bindings)
    _ = pass.crossEntropy(model.logits(in: pass), labels: [0, 1, 2], weight: 1 / 3)
    pass.runBackwardPass()
    let gradients = Array(pass.parameterGradients)
    #expect(gradients.count == adapter.parameterCount && gradients.contains { $0 != 0 })
    // A step against the gradient reduces the loss by about the predicted amount.
    func loss() -> Double {
      let pass = Pass()
      pass.begin(batch, mode: .inference, bindings: model.adaptable.bindings())
      return pass.crossEntropy(model.logits(in: pass), labels: [0, 1, 2], weight: 1 / 3)
    }
    let start = loss()
    let squares = gradients.reduce(0) { $0 + Double($1) * Double($1) }
    let rate = 1e-3 / squares.squareRoot()
    var offset = 0
    let frozen = adapter.frozenParameters.map { Array($0.values) }
    for parameter in adapter.parameters {
      for i in parameter.values.indices { parameter.values[i] -= Float(rate) * gradients[offset + i] }
      offset += parameter.count
    }
    #expect(adapter.frozenParameters.map { Array($0.values) } == frozen)
    let decrease = start - loss()
    let expected = rate * squares
    #expect(abs(decrease - expected) < 0.05 * expected, "\(decrease), expected \(expected)")

    for parameter in adapter.parameters {
      for i in parameter.values.indices { parameter.values[i] += Float((i * 7 + parameter.count) % 11 - 5) * 0.02 }
    }
    let attached = logits(model)
    try model.adaptable.merge("a")
    #expect(zip(logits(model), attached).allSatisfy { abs($0 - $1) < 2e-5 })
    try model.adaptable.unmerge("a")
    #expect(logits(model) == attached && attached != before)
    try model.adaptable.remove("a")
    #expect(logits(model) == before && BaseIdentity.hash(of: model) == hash)
  }

  @Test func `if both selectors of IA3 match a projection, its input is multiplied`() throws {
    var configuration = IA3.Configuration()
    configuration.targets = .roles(.attentionOutput, .feedForwardOut)
    let model = try SequenceClassifier(folder: "\(Self.fixtures)/bert", classes: 3, seed: 0)
    let adapter = try model.adaptable.inject(IA3(configuration), as: "a", seed: 1)
    let widths = adapter.parameters.filter { $0.name.hasSuffix("output.dense.ia3_l") }.map(\.count)
    // In each of the three blocks, the output of the attention (32) and the input of the feed-forward (64).
    #expect(widths.sorted() == [32, 32, 32, 64, 64, 64])
  }

  /// The goldens are created by the toolkit's `Tests/Goldens/method_goldens.py`.
  @Test(arguments: ["bert", "distilbert", "roberta"])
  func `the logits and gradients of IA3 match peft's`(family: String) throws {
    struct Inputs: Decodable {
      let sequences: [[Int32]], types: [[Int32]], labels: [Int]
    }
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("ia3-\(family).json")
    let golden = try JSONDecoder().decode([String: [Float]].self, from: Data(contentsOf: file))
    let inputs = try JSONDecoder().decode(
      Inputs.self, from: Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/\(family)/inputs.json")))
    let model = try SequenceClassifier(folder: "\(Self.fixtures)/\(family)", classes: 3, seed: 0)
    let adapter = try model.adaptable.inject(IA3(.init()), as: "a", seed: 1)
    for parameter in adapter.parameters {
      let values = try #require(golden["values/\(parameter.name)"], "\(parameter.name)")
      try #require(values.count == parameter.count)
      for i in values.indices { parameter.values[i] = values[i] }
    }
    #expect(golden.count == 2 * adapter.parameters.count + 1)
    var batch = PackedBatch()
    for (ids, types) in zip(inputs.sequences, inputs.types) { batch.append(ids: ids, typeIDs: types) }
    let pass = Pass()
    pass.begin(batch, mode: .training(nil), bindings: model.adaptable.bindings(training: adapter))
    let logits = model.logits(in: pass)
    #expect(zip(logits.toArray(), golden["logits"] ?? []).allSatisfy { abs($0 - $1) <= 1e-5 })
    _ = pass.crossEntropy(logits, labels: inputs.labels, weight: 1 / Float(inputs.labels.count))
    pass.runBackwardPass()
    var offset = 0
    for parameter in adapter.parameters {
      let actual = pass.parameterGradients[offset..<offset + parameter.count]
      let expected = try #require(golden["gradients/\(parameter.name)"])
      let (error, size) = zip(actual, expected).reduce((0.0, 0.0)) { sums, pair in
        (sums.0 + pow(Double(pair.0 - pair.1), 2), sums.1 + pow(Double(pair.1), 2))
      }
      #expect((error / size).squareRoot() <= 1e-5, "\(parameter.name)")
      offset += parameter.count
    }
  }

  @Test func `the program of this package lists the methods`() throws {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/",
      !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("graft-plus").path)
    {
      folder.deleteLastPathComponent()
    }
    let process = Process()
    process.executableURL = folder.appendingPathComponent("graft-plus")
    process.arguments = ["methods"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(
      text.contains("ia3") && text.contains("bitfit") && text.contains("vera") && text.contains("lora")
        && process.terminationStatus == 0)
  }
}

import Foundation
public import GraftSafetensors

/// A small random model of one family, and what transformers and peft make of it.
///
/// Written by `Tests/Goldens/model_goldens.py`, which says what each file holds.
public struct ReferenceModel: Sendable, CustomStringConvertible {
  /// The family: `bert`, `distilbert` or `roberta`.
  public let description: String

  /// Every family.
  public static let all = ["bert", "distilbert", "roberta"].map(ReferenceModel.init)
  /// The one with token types and a pooler.
  public static let bert = all[0]
  /// The one without.
  public static let distilBERT = all[1]
  /// The one whose positions begin at two, and whose whole head trains.
  public static let roBERTa = all[2]

  /// A folder in Hugging Face layout, without a tokenizer.
  public var folder: String { "\(Bundle.module.bundlePath)/Fixtures/\(description)" }

  /// The sequences that everything was asked of.
  public struct Inputs: Decodable, Sendable {
    /// Token ids.
    public let sequences: [[Int32]]
    /// Token types.
    public let types: [[Int32]]
    /// Classes.
    public let labels: [Int]
  }

  /// How the first adapter was trained for twenty steps.
  public struct Trajectory: Decodable, Sendable {
    /// The options.
    public let steps: Int, batchSize: Int, learningRate: Double, warmupSteps: Int, beta1: Double, beta2: Double
    /// The options of AdamW and clipping.
    public let epsilon: Double, weightDecay: Double, maxGradientNorm: Double
    /// What was found in each step.
    public let losses: [Double], gradientNorms: [Double], learningRates: [Double]
  }

  /// Numbers beside the tensors.
  public struct Numbers: Decodable, Sendable {
    /// The mean cross-entropy of all sequences under the first adapter.
    public let loss: Double
    /// The training.
    public let trajectory: Trajectory
  }

  /// The inputs.
  public func inputs() throws -> Inputs { try decode("inputs.json") }
  /// The numbers.
  public func numbers() throws -> Numbers { try decode("numbers.json") }
  /// One of the safetensors files: `logits`, `lora`, `patterns`, `gradients`, `final`.
  public func tensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: "\(folder)/\(name).safetensors")
  }

  private func decode<Value: Decodable>(_ name: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }
}

extension SafetensorsFile {
  /// A tensor's elements, converted to floats.
  public func values(_ name: String) throws -> [Float] {
    let entry = try entry(named: name)
    return try [Float](unsafeUninitializedCapacity: entry.elementCount) { buffer, count in
      try convertFloats(of: entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.elementCount]))
      count = entry.elementCount
    }
  }
}

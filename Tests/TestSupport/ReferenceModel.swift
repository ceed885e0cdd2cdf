import Foundation
public import GraftSafetensors

/// A small random model of one family, with reference results of transformers and peft.
///
/// Written by `Tests/Goldens/model_goldens.py`, which describes the content of each file.
public struct ReferenceModel: Sendable, CustomStringConvertible {
  /// The family: `bert`, `distilbert`, `roberta`, or `mpnet`.
  public let description: String

  /// The families with adapters of every method and toolkit.
  public static let all = ["bert", "distilbert", "roberta"].map(ReferenceModel.init)
  /// The model with token types and a pooler.
  public static let bert = all[0]
  /// The model without token types and pooler.
  public static let distilBERT = all[1]
  /// The model whose positions begin at two, and whose whole head is trained.
  public static let roBERTa = all[2]

  /// The model with a bias by relative position.
  public static let mpNet = ReferenceModel(description: "mpnet")
  /// A model that is not of a built-in family: with fused and gated projections, rotary positions, and windows.
  public static let modernBERT = ReferenceModel(description: "modernbert")
  /// A model that is not of a built-in family: with narrow embeddings, and one block for all layers.
  public static let albert = ReferenceModel(description: "albert")
  /// The models whose families are assembled by tests from the built-in parts.
  public static let assembled = [modernBERT, albert]
  /// Whether queries, keys, and values have one projection.
  public var isFused: Bool { self.description == "modernbert" }
  /// Every family.
  public static let families = all + [mpNet]

  /// A folder in Hugging Face layout, without a tokenizer.
  public var folder: String { "\(Bundle.module.bundlePath)/Fixtures/\(description)" }

  /// The inputs of all reference results.
  public struct Inputs: Decodable, Sendable {
    /// Token ids.
    public let sequences: [[Int32]]
    /// Token types.
    public let types: [[Int32]]
    /// Classes.
    public let labels: [Int]
  }

  /// The training of the first adapter for twenty steps.
  public struct Trajectory: Decodable, Sendable {
    /// The options of the schedule and AdamW.
    public let steps: Int, batchSize: Int, learningRate: Double, warmupSteps: Int, beta1: Double, beta2: Double
    /// More options of AdamW, and the clipping norm.
    public let epsilon: Double, weightDecay: Double, maxGradientNorm: Double
    /// The results of each step.
    public let losses: [Double], gradientNorms: [Double], learningRates: [Double]
  }

  /// Results that are not tensors.
  public struct Numbers: Decodable, Sendable {
    /// The mean cross-entropy of all sequences under the first adapter.
    public let loss: Double
    /// The training run.
    public let trajectory: Trajectory
  }

  /// Reads the inputs.
  public func inputs() throws -> Inputs { try decode("inputs.json") }
  /// Reads the numbers.
  public func numbers() throws -> Numbers { try decode("numbers.json") }
  /// Opens one of the safetensors files: `logits`, `lora`, `patterns`, `gradients`, `final`.
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
  /// Returns a tensor's elements, converted to floats.
  public func values(_ name: String) throws -> [Float] {
    let entry = try entry(named: name)
    return try [Float](unsafeUninitializedCapacity: entry.elementCount) { buffer, count in
      try convertFloats(of: entry, into: UnsafeMutableBufferPointer(rebasing: buffer[..<entry.elementCount]))
      count = entry.elementCount
    }
  }
}

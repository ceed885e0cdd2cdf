import GraftCore
import Testing

/// Compares an op with a reference implementation in double precision: its values directly, and its gradients with central
/// differences.
///
/// The upstream gradient is random, so that a swapped row or a missing factor is detected.
struct GradientCheck {
  /// The op's inputs as parameters with random values, so that all of them train.
  let inputs: [Parameter]
  let batch: PackedBatch
  var key: DropoutKey?
  private let tolerance = 1e-5
  private var stride = 1

  init(_ shapes: [[Int]], batch: PackedBatch = PackedBatch(), key: DropoutKey? = nil, scale: Float = 1) {
    inputs = shapes.enumerated().map { index, shape in
      let parameter = Parameter(name: "input \(index)", shape: shape)
      Initializer.normal(deviation: scale).fill(parameter, seed: 7)
      return parameter
    }
    self.batch = batch
    self.key = key
  }

  /// Checks the gradients of only every nth element, if checking all of them would take long.
  func sampled(every stride: Int) -> GradientCheck {
    var copy = self
    copy.stride = stride
    return copy
  }

  /// - Parameters:
  ///   - op: The op under test, on tensors with gradients.
  ///   - reference: The reference implementation in double precision, from the inputs to the output in row-major order.
  func run(
    _ op: (Pass, [Tensor]) -> Tensor, reference: ([[Double]]) -> [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let values = inputs.map { $0.values.map(Double.init) }  // copied before an in-place op changes them
    let pass = Pass()
    pass.begin(batch, mode: .training(key), bindings: ParameterBindings(trained: inputs))
    let y = op(pass, inputs.map(pass.tensor))
    var random = RandomStream(seed: 1, purpose: "upstream")
    let upstream = (0..<y.count).map { _ in random.uniform() * 2 - 1 }
    guard let gradient = y.gradient else {
      Issue.record("the op's output has no gradient", sourceLocation: sourceLocation)
      return
    }
    for (index, value) in upstream.enumerated() { gradient[index] += Float(value) }

    let expected = reference(values)
    let distance = relativeDistance(y.toArray().map(Double.init), expected)
    #expect(distance <= tolerance, "values", sourceLocation: sourceLocation)

    pass.runBackwardPass()
    let gradients = pass.parameterGradients.map(Double.init)
    var offset = 0
    for (index, input) in values.enumerated() {
      let elements = Array(Swift.stride(from: 0, to: input.count, by: stride))
      let numeric = elements.map { element in
        var (low, high) = (values, values)
        let step = 1e-5
        low[index][element] -= step
        high[index][element] += step
        let change = zip(reference(high), reference(low)).map { $0 - $1 }
        return zip(change, upstream).reduce(0) { $0 + $1.0 * $1.1 } / (2 * step)
      }
      let distance = relativeDistance(elements.map { gradients[offset + $0] }, numeric)
      #expect(distance <= tolerance, "gradient of input \(index)", sourceLocation: sourceLocation)
      offset += input.count
    }
  }
}

/// `||a - b|| / ||b||`
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  func norm(_ x: some Sequence<Double>) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  return norm(zip(a, b).map { $0 - $1 }) / max(norm(b), 1e-30)
}

/// Returns a batch of sequences with these lengths, with arbitrary ids below 11 and both types.
func someBatch(_ lengths: [Int]) -> PackedBatch {
  var batch = PackedBatch()
  for (index, length) in lengths.enumerated() {
    batch.append(
      ids: (0..<length).map { Int32(($0 * 3 + index) % 11) }, typeIDs: (0..<length).map { Int32($0 * 2 / length) })
  }
  return batch
}

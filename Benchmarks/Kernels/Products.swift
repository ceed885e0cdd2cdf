import CPlain
import Foundation
import GraftCore

/// Measures `x W^T`, in GFLOP/s, by shape, library, and precision, and the largest absolute error of an element.
func benchmarkProducts(peak: Double) {
  let variants = FrozenProducts.Library.allCases.filter(\.isAvailable).flatMap { library in
    FrozenProducts.Precision.allCases.map { FrozenProducts($0, by: library) }
  }
  print("Products, GFLOP/s (largest error); each shape over 64 MB of weights")
  print("rows  depth  width" + variants.map { "\($0.library.rawValue) \($0.precision.rawValue)".right(24) }.joined())
  for (depth, width) in [(384, 384), (384, 1536), (1536, 384), (768, 3072)] {
    for rows in [8, 54, 108, 256] {
      let x = numbers(rows * depth, "x")
      let cells = variants.map { variant in
        let (rate, error) = product(rows: rows, depth: depth, width: width, x, variant)
        return "\(Int(rate / 1e9)) (\(String(format: "%.1e", error)))".right(24)
      }
      print("\(rows)".right(4) + "\(depth)".right(7) + "\(width)".right(7) + cells.joined())
    }
  }
  print("")
}

private func product(
  rows: Int, depth: Int, width: Int, _ x: [Float], _ products: FrozenProducts
) -> (rate: Double, error: Float) {
  let count = max(1, (64 << 20) / (4 * depth * width))
  let values = numbers(width * depth, "w")
  let layers = (0..<count).map { index in
    let weight = Parameter(name: "w\(index)", shape: [width, depth])
    _ = weight.values.update(from: values)
    return Linear(weight: weight, bias: Parameter(name: "b", shape: [width]), products: products)
  }
  let pass = Pass()
  var x = x
  var first: [Float] = []
  let seconds = x.withUnsafeMutableBufferPointer { memory -> Double in
    guard let start = memory.baseAddress else { return .infinity }
    return medianSeconds(7) {
      pass.begin(PackedBatch(), mode: .inference, bindings: ParameterBindings())
      let input = Tensor(rows: rows, columns: depth, values: start)
      let outputs = layers.map { pass.linear(input, $0) }
      if first.isEmpty { first = outputs[0].toArray() }
    }
  }
  var expected = [Float](repeating: 0, count: rows * width)
  plain_product(x, values, &expected, rows, depth, width)
  return (2 * Double(rows * depth * width * count) / seconds, largestError(first, expected))
}

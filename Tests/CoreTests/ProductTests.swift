import CKernels
import GraftCore
import Testing

/// Compares products with frozen weights to reference sums in double precision.
struct ProductTests {
  static let libraries = FrozenProducts.Library.allCases.filter(\.isAvailable)

  private func random(_ name: String, _ shape: [Int]) -> Parameter {
    let parameter = Parameter(name: name, shape: shape)
    Initializer.normal(deviation: 1).fill(parameter, seed: 5)
    return parameter
  }

  /// The values of a parameter, rounded to the precision.
  private func rounded(_ parameter: Parameter, _ precision: FrozenProducts.Precision) -> [Double] {
    parameter.values.map { precision == .float32 ? Double($0) : Double(Self.nearestBFloat16($0)) }
  }

  /// By definition, the nearer of the two adjacent values, and the even one if they are equally near.
  private static func nearestBFloat16(_ x: Float) -> Float {
    let low = Float(bitPattern: x.bitPattern & 0xffff_0000)
    let high = Float(bitPattern: (x.bitPattern & 0xffff_0000) &+ 0x1_0000)
    // The value after the largest finite one would be 2^128.
    let next = high.isInfinite ? (x < 0 ? -0x1p128 : 0x1p128) : Double(high)
    let below = abs(Double(x) - Double(low))
    let above = abs(next - Double(x))
    if below == above { return low.bitPattern >> 16 & 1 == 0 ? low : high }
    return below < above ? low : high
  }

  /// Full and partial tiles and panels, one row, one column, and more rows than one chunk of oneDNN.
  static let shapes = [
    (1, 1, 1), (3, 7, 5), (8, 48, 48), (6, 16, 16), (13, 33, 47), (7, 48, 49), (17, 20, 97), (64, 96, 32),
    (130, 48, 64),
  ]

  @Test(arguments: libraries, shapes)
  func `products with a frozen weight are correct in both passes`(
    library: FrozenProducts.Library, shape: (Int, Int, Int)
  ) throws {
    let (rows, input, output) = shape
    for precision in FrozenProducts.Precision.allCases {
      let (x, dy) = (random("x", [rows, input]), random("dy", [rows, output]))
      let layer = Linear(
        weight: random("w", [output, input]), bias: random("b", [output]),
        products: FrozenProducts(precision, by: library))
      let (xs, dys, ws) = (rounded(x, precision), rounded(dy, precision), rounded(layer.weight, precision))
      let tolerance = 1e-5 * Double(max(input, output)).squareRoot()

      for addsBias in [true, false] {
        let pass = Pass()
        pass.begin(PackedBatch(), mode: .training(nil), bindings: ParameterBindings(trained: [x]))
        let y = pass.linear(pass.tensor(x), layer, addsBias: addsBias)
        for row in 0..<rows {
          for column in 0..<output {
            var sum = addsBias ? Double(layer.bias?.values[column] ?? .nan) : 0
            for k in 0..<input { sum += xs[row * input + k] * ws[column * input + k] }
            #expect(abs(Double(y.values[row * output + column]) - sum) < tolerance)
          }
        }
        let gradient = try #require(y.gradient)
        for i in 0..<y.count { gradient[i] = dy.values[i] }
        pass.runBackwardPass()
        for row in 0..<rows {
          for column in 0..<input {
            var sum = 0.0
            for k in 0..<output { sum += dys[row * output + k] * ws[k * input + column] }
            #expect(abs(Double(pass.parameterGradients[row * input + column]) - sum) < tolerance)
          }
        }
      }
    }
  }

  @Test func `a packed product writes only to its own rows`() {
    let (rows, depth, width) = (11, 9, 50)
    let (a, b) = (random("a", [rows, depth]), random("b", [depth, width]))
    var packed = [Float](repeating: 0, count: graft_panel_count(width) * graft_panel_size(depth) + 16)
    packed.withUnsafeMutableBufferPointer { packed in
      let misaligned = Int(bitPattern: packed.baseAddress) % 64 / 4
      guard let start = packed.baseAddress.map({ $0 + (misaligned == 0 ? 0 : 16 - misaligned) }) else { return }
      for panel in 0..<graft_panel_count(width) {
        graft_pack_panel(
          b.values.baseAddress, depth, width, width, 1, panel, start + panel * graft_panel_size(depth))
      }
      var c = [Float](repeating: 7, count: (rows + 2) * width)
      c.withUnsafeMutableBufferPointer {
        graft_packed_product(
          a.values.baseAddress, rows, depth, start, width, nil, false, 0, graft_panel_count(width), nil, 0,
          $0.baseAddress.map { $0 + width })
      }
      #expect(c[..<width].allSatisfy { $0 == 7 } && c[((rows + 1) * width)...].allSatisfy { $0 == 7 })
      #expect(!c[width..<(rows + 1) * width].contains(7))
    }
  }

  @Test func `a row's product does not depend on other rows`() {
    let layer = Linear(
      weight: random("w", [96, 48]), bias: random("b", [96]), products: FrozenProducts(.float32, by: .graft))
    let x = random("x", [19, 48])
    func rows(_ range: Range<Int>) -> [Float] {
      let pass = Pass()
      pass.begin(PackedBatch(), mode: .inference, bindings: ParameterBindings())
      return pass.linear(pass.tensor(x)[range], layer).toArray()
    }
    let whole = rows(0..<19)
    for range in [0..<1, 3..<8, 8..<19] {
      #expect(rows(range) == Array(whole[range.lowerBound * 96..<range.upperBound * 96]))
    }
  }

  @Test func `a product shared among threads is bit-identical`() {
    let layer = Linear(
      weight: random("w", [1000, 130]), bias: random("b", [1000]), products: FrozenProducts(.float32, by: .graft))
    let x = random("x", [37, 130])
    func product(threads: Int) -> [Float] {
      var batch = PackedBatch()
      batch.append(ids: [Int32](repeating: 0, count: 37), typeIDs: [Int32](repeating: 0, count: 37))
      return Workers(count: threads).run(batch, mode: .inference, bindings: ParameterBindings()) { pass, _ in
        pass.linear(pass.tensor(x), layer).toArray()
      }[0]
    }
    let one = product(threads: 1)
    for threads in 2...5 { #expect(product(threads: threads) == one) }
  }

  @Test func `values are rounded to the nearest bfloat16, ties to even`() {
    var x: [Float] = [
      0, -0.0, 1, 1.00390625, 1.01171875, 1.0039063, -1.00390625, 3.4e38, .infinity, -.infinity,
      Float(bitPattern: 0x1_1234),
    ]
    var random = RandomStream(seed: 3, purpose: "bits")
    x += (0..<2000).map { _ in Float(random.uniform() - 0.5) * 1e6 }
    var (floats, halves) = (x, [UInt16](repeating: 0, count: x.count))
    graft_round_to_bfloat16(x, &floats, x.count)
    graft_to_bfloat16(x, &halves, x.count)
    for (index, value) in x.enumerated() {
      let expected = value.isInfinite ? value : Self.nearestBFloat16(value)
      #expect(floats[index].bitPattern == expected.bitPattern, "\(value)")
      #expect(UInt32(halves[index]) << 16 == expected.bitPattern, "\(value)")
    }
    var nan: [Float] = [.nan, -.nan, Float(bitPattern: 0x7f80_0001)]
    graft_round_to_bfloat16(nan, &nan, 3)
    #expect(nan.allSatisfy { $0.isNaN })
  }

  @Test func `trained weights, and all weights in an exact pass, are multiplied without rounding`() throws {
    let weight = random("w", [32, 16])
    let layer = Linear(weight: weight, bias: random("b", [32]), products: FrozenProducts(.bfloat16))
    let x = random("x", [4, 16])
    func output(_ mode: Pass.Mode, _ bindings: ParameterBindings) -> [Float] {
      let pass = Pass()
      pass.begin(PackedBatch(), mode: mode, bindings: bindings)
      return pass.linear(pass.tensor(x), layer).toArray()
    }
    let copy = weight.copy()
    let exact = output(.exactInference, ParameterBindings())
    #expect(output(.inference, ParameterBindings()) != exact)
    #expect(output(.inference, ParameterBindings(replacements: [(weight, copy)])) == exact)
    #expect(output(.training(nil), ParameterBindings(replacements: [(weight, copy)], trained: [copy])) == exact)
  }
}

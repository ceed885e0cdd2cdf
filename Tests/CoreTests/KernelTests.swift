import CKernels
import Foundation
import GraftCore
import Testing

@Suite struct KernelTests {
  /// The known-answer vectors of Salmon et al. for Philox 4x32-10 (Random123, kat_vectors).
  @Test(
    arguments: [
      ([0, 0, 0, 0], 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], 0xffff_ffff_ffff_ffff,
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], 0x299f_31d0_a409_3822,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], UInt64, [UInt32])])
  func `Philox returns the known answers`(counter: [UInt32], key: UInt64, expected: [UInt32]) {
    var block: [UInt32] = [0, 0, 0, 0]
    graft_philox_block(counter, key, &block)
    #expect(block == expected)
  }

  @Test func `exp is within two units in the last place of the C library's`() {
    let x = Array(stride(from: Float(-87), through: 88, by: 0.00113))
    var y = x
    graft_exp(x, &y, x.count)
    let worst = zip(x, y).map { abs(Double($1) / exp(Double($0)) - 1) }.max() ?? 1
    #expect(worst < 2.4e-7)
    var ends: [Float] = [-.infinity, -1000, 0]
    graft_exp(ends, &ends, 3)
    #expect(ends == [0, 0, 1])
  }

  @Test func `tanh is close to the C library's`() {
    let x = Array(stride(from: Float(-9), through: 9, by: 0.000171))
    var y = x
    graft_tanh(x, &y, x.count)
    #expect((zip(x, y).map { abs(Double($1) - tanh(Double($0))) }.max() ?? 1) < 2e-7)
  }

  @Test func `GELU is within its documented error`() {
    let x = Array(stride(from: Float(-12), through: 12, by: 0.00031))
    let ones = [Float](repeating: 1, count: x.count)
    var (y, slope) = (x, x)
    graft_gelu(x, &y, x.count)
    graft_gelu_backward(x, ones, &slope, x.count, false)
    func distribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
    let worst = zip(x, y).map { x, y in
      abs(Double(y) - Double(x) * distribution(Double(x))) / Double(max(abs(x), 1e-30))
    }
    #expect((worst.max() ?? 1) < 3e-7)
    let worstSlope = zip(x, slope).map { x, slope in
      let x = Double(x)
      return abs(Double(slope) - distribution(x) - x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
    }
    #expect((worstSlope.max() ?? 1) < 5e-7)
    var ends: [Float] = [-1e30, -6, 0, 6, 1e30], slopes = ends
    graft_gelu_backward(ends, ones, &slopes, 5, false)
    graft_gelu(ends, &ends, 5)
    #expect(ends == [0, 0, 0, 6, 1e30] && slopes == [0, 0, 0.5, 1, 1])
  }

  @Test func `every element is dropped according to its own Philox word`() {
    let width = 300, row: UInt32 = 0x8123_4567
    let dropout = graft_dropout(key: 0xfedc_ba98_7654_3210, step: 7, site: 0x9000_0003, threshold: 20000, scale: 1)
    let x = [Float](repeating: 1, count: width)
    var y = x
    graft_dropout_apply(x, &y, 1, width, row, dropout)
    let expected = (0..<width).map { column -> Float in
      var block = [UInt32](repeating: 0, count: 4)
      graft_philox_block(
        [UInt32(column / 128 * 16 + column % 16), row, dropout.site, dropout.step], dropout.key, &block)
      let word = block[column % 128 / 32]
      return (column / 16 % 2 == 0 ? word & 0xffff : word >> 16) >= dropout.threshold ? 1 : 0
    }
    #expect(y == expected && y.contains(0) && y.contains(1))
  }

  @Test(arguments: [1, 15, 16, 17, 127, 128, 129, 300])
  func `kernels write nothing beyond the end of a buffer`(count: Int) {
    var x = [Float](repeating: 1, count: count + 20)
    let y = [Float](repeating: 2, count: count + 20)
    graft_accumulate(&x, y, count, 3)
    #expect(x == [Float](repeating: 7, count: count) + [Float](repeating: 1, count: 20))
    let dropout = graft_dropout(key: 1, step: 1, site: 1, threshold: 1, scale: 1)
    var z = [Float](repeating: 5, count: count + 20)
    graft_dropout_apply(y, &z, 1, count, 0, dropout)
    #expect(Array(z[count...]) == [Float](repeating: 5, count: 20))
  }

  @Test func `NaN stays NaN`() {
    let x: [Float] = [.nan, 1, .infinity, -.infinity] + [Float](repeating: 0, count: 15)
    func first(_ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void) -> Bool {
      var y = [Float](repeating: 5, count: x.count)
      kernel(x, &y, x.count)
      return y[0].isNaN && y[1].isFinite
    }
    #expect(first(graft_exp) && first(graft_gelu) && first(graft_gelu_new) && first(graft_tanh) && first(graft_relu))
    let ones = [Float](repeating: 1, count: x.count)
    #expect(
      first { graft_gelu_backward($0, ones, $1, $2, false) } && first { graft_gelu_backward(ones, $0, $1, $2, true) })
    #expect(first { graft_gelu_new_backward($0, ones, $1, $2, false) })
  }

  @Test func `NaN in a query appears in its context`() {
    let query = Parameter(name: "q", shape: [3, 4])
    query.values[0] = .nan
    let pass = Pass()
    pass.begin(someBatch([3]), mode: .inference, bindings: ParameterBindings())
    let q = pass.tensor(query)
    let context = pass.attention(query: q, key: q, value: q, heads: 1, dropout: 0).toArray()
    #expect(context.contains { $0.isNaN })
  }

  @Test func `a sum of squares keeps small addends`() {
    var x = [Float](repeating: 1e-4, count: 100_000)
    x[0] = 1e4
    // In single precision, all of them would be lost.
    #expect(abs(graft_sum_of_squares(x, x.count) - (1e8 + 99_999e-8)) < 1e-4)
  }

  /// Undo records rely on this: the result is bit-identical on every processor.
  @Test(arguments: [(1, 1, 1), (3, 17, 2), (16, 384, 8), (5, 1000, 33)])
  func `low-rank updates are fused multiply-adds in order`(rows: Int, columns: Int, rank: Int) {
    var random = RandomStream(seed: 1, purpose: "low rank")
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.uniform()) - 0.5 } }
    let (b, a, scales) = (draw(rows * rank), draw(rank * columns), draw(rows))
    let start = draw(rows * columns)
    for scaled in [false, true] {
      var (c, scratch) = (start, [Float](repeating: .nan, count: columns))
      graft_add_low_rank(&c, b, a, rows, columns, rank, 1.7, scaled ? scales : nil, &scratch)
      for row in 0..<rows {
        let factor: Float = scaled ? 1.7 * scales[row] : 1.7
        for column in 0..<columns {
          var sum: Float = 0
          for k in 0..<rank { sum.addProduct(b[row * rank + k], a[k * columns + column]) }
          let expected = start[row * columns + column].addingProduct(factor, sum)
          #expect(c[row * columns + column].bitPattern == expected.bitPattern)
        }
      }
    }
  }
}

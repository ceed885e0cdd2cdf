import Foundation
import GraftCore
import Testing

@Suite struct AttentionTests {
  @Test(arguments: [[4, 1, 7], [18], [70, 33]])
  func `attention stays within each sequence`(lengths: [Int]) {
    let batch = someBatch(lengths)
    let (tokens, width, heads) = (batch.tokenCount, 12, 3)
    // With long sequences, central differences in double precision are slow: checking fewer elements keeps the test fast.
    GradientCheck(Array(repeating: [tokens, width], count: 3), batch: batch).sampled(every: tokens > 20 ? 97 : 1).run {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], heads: heads, dropout: 0)
    } reference: {
      attention($0, batch, width, heads)
    }
  }

  @Test func `attention can be computed for the first tokens only`() {
    let batch = someBatch([4, 1, 7])
    GradientCheck([[3, 16], [12, 16], [12, 16]], batch: batch).run {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], heads: 2, dropout: 0)
    } reference: {
      attention($0, batch, 16, 2, firstTokenOnly: true)
    }
  }

  @Test func `the first tokens' context is the same as in full attention`() {
    let batch = someBatch([4, 1, 7])
    let inputs = GradientCheck(Array(repeating: [12, 16], count: 3), batch: batch).inputs
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: ParameterBindings())
    let (q, k, v) = (pass.tensor(inputs[0]), pass.tensor(inputs[1]), pass.tensor(inputs[2]))
    let whole = pass.firstTokens(of: pass.attention(query: q, key: k, value: v, heads: 4, dropout: 0))
    let first = pass.attention(query: pass.firstTokens(of: q), key: k, value: v, heads: 4, dropout: 0)
    #expect(relativeDistance(first.toArray().map(Double.init), whole.toArray().map(Double.init)) < 1e-6)
  }

  @Test func `the dropout mask of probabilities is the same in both passes`() {
    // With values of one for a single key, the context shows which probabilities were kept.
    let batch = someBatch([30])
    let key = DropoutKey(seed: 2, step: 9)
    let check = GradientCheck(Array(repeating: [30, 32], count: 3), batch: batch, key: key)
    let masks = (0..<2).map { head in probabilityMask(check, batch, head: head, key: key) }
    #expect(Set(masks[0]).count == 2 && masks[0] != masks[1], "each head draws its own mask")
    check.sampled(every: 37).run {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], heads: 2, dropout: 0.25)
    } reference: {
      attention($0, batch, 32, 2, masks: masks)
    }
  }

  @Test(arguments: [([4, 1, 7], 0), ([18], 3), ([33, 20], 0)])
  func `a bias by head and distance is added to the scores`(lengths: [Int], prefix: Int) {
    let batch = someBatch(lengths)
    let (queries, keys, heads) = (batch.tokenCount, batch.tokenCount + prefix * lengths.count, 2)
    // More distances than the longest sequence has.
    let distances = 2 * (lengths.max() ?? 0) + 5
    GradientCheck([[queries, 8], [keys, 8], [keys, 8], [heads, distances]], batch: batch)
      .sampled(every: queries > 20 ? 13 : 1).run {
        $0.attention(query: $1[0], key: $1[1], value: $1[2], prefix: prefix, heads: heads, bias: $1[3], dropout: 0)
      } reference: { inputs in
        attention(inputs, batch, 8, heads, prefix: prefix) { head, distance in
          inputs[3][head * distances + distances / 2 + distance]
        }
      }
  }

  @Test(arguments: [(0, 0), (1, 0), (3, 2), (40, 0)])
  func `a query sees only keys within the window, and the prefix`(window: Int, prefix: Int) {
    let batch = someBatch([6, 1, 19])
    let keys = batch.tokenCount + prefix * batch.sequenceCount
    GradientCheck([[26, 6], [keys, 6], [keys, 6]], batch: batch).sampled(every: 3).run {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], prefix: prefix, heads: 1, window: window, dropout: 0)
    } reference: {
      attention($0, batch, 6, 1, prefix: prefix) { abs($1) <= window ? 0 : -.infinity }
    }
  }

  @Test func `the first tokens see only keys within the window`() {
    let batch = someBatch([6, 1, 9])
    GradientCheck([[3, 4], [16, 4], [16, 4], [2, 17]], batch: batch).run {
      $0.attention(query: $1[0], key: $1[1], value: $1[2], heads: 2, bias: $1[3], window: 2, dropout: 0)
    } reference: { inputs in
      attention(inputs, batch, 4, 2, firstTokenOnly: true) {
        abs($1) <= 2 ? inputs[3][$0 * 17 + 8 + $1] : -.infinity
      }
    }
  }

  @Test func `attention stays finite for huge scores`() {
    let batch = someBatch([3])
    let inputs = GradientCheck(Array(repeating: [3, 8], count: 3), batch: batch, scale: 1000).inputs
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: ParameterBindings())
    let context = pass.attention(
      query: pass.tensor(inputs[0]), key: pass.tensor(inputs[1]), value: pass.tensor(inputs[2]), heads: 1, dropout: 0)
    #expect(context.toArray().allSatisfy { $0.isFinite })
  }
}

/// Returns the mask [30, 30] of one head, column by column. With a value of one for a single key, the context is the key's
/// probability after dropout; without dropout, it is the probability itself.
private func probabilityMask(_ check: GradientCheck, _ batch: PackedBatch, head: Int, key: DropoutKey) -> [Double] {
  func column(_ index: Int, dropout: Float) -> [Double] {
    let pass = Pass()
    pass.begin(batch, mode: .training(key), bindings: ParameterBindings())
    let value = Parameter(name: "one", shape: [30, 32])
    for feature in 0..<32 { value.values[index * 32 + feature] = 1 }
    let context = pass.attention(
      query: pass.tensor(check.inputs[0]), key: pass.tensor(check.inputs[1]), value: pass.tensor(value), heads: 2,
      dropout: dropout
    ).toArray()
    return (0..<30).map { Double(context[$0 * 32 + head * 16]) }
  }
  let columns = (0..<30).map { index in
    zip(column(index, dropout: 0.25), column(index, dropout: 0)).map { dropped, full in
      dropped == 0 ? 0 : (dropped / full * 1000).rounded() / 1000
    }
  }
  return (0..<30).flatMap { row in columns.map { $0[row] == 0 ? 0 : 4.0 / 3.0 } }
}

private func attention(
  _ inputs: [[Double]], _ batch: PackedBatch, _ width: Int, _ heads: Int, prefix: Int = 0, firstTokenOnly: Bool = false,
  masks: [[Double]]? = nil, bias: (_ head: Int, _ distance: Int) -> Double = { _, _ in 0 }
) -> [Double] {
  let size = width / heads
  var context = [Double](repeating: 0, count: inputs[0].count)
  for sequence in 0..<batch.sequenceCount {
    let tokens = batch.offsets[sequence]..<batch.offsets[sequence + 1]
    let keys = Array(tokens.lowerBound + sequence * prefix..<tokens.upperBound + (sequence + 1) * prefix)
    let queries = firstTokenOnly ? [sequence] : Array(tokens)
    for head in 0..<heads {
      for (row, query) in queries.enumerated() {
        let scores = keys.enumerated().map { column, key in
          let product = (0..<size).reduce(0) {
            $0 + inputs[0][query * width + head * size + $1] * inputs[1][key * width + head * size + $1]
          }
          return product / Double(size).squareRoot() + (column < prefix ? 0 : bias(head, column - prefix - row))
        }
        let highest = scores.max() ?? 0
        let exponents = scores.map { exp($0 - highest) }
        let sum = exponents.reduce(0, +)
        for (column, key) in keys.enumerated() {
          let weight = exponents[column] / sum * (masks?[head][row * keys.count + column] ?? 1)
          for feature in 0..<size {
            context[query * width + head * size + feature] += weight * inputs[2][key * width + head * size + feature]
          }
        }
      }
    }
  }
  return context
}

import Foundation
import GraftCore
import Testing

@Suite struct LinearTests {
  @Test func `a projection and its gradients follow the formula`() {
    GradientCheck([[5, 7], [3, 7], [3]]).run {
      pass, inputs in
      pass.linear(inputs[0], weight: inputs[1], bias: inputs[2])
    } reference: {
      affine($0[0], 5, $0[1], 3, 7, $0[2])
    }
  }

  @Test func `a projection works without a bias`() {
    GradientCheck([[4, 20], [33, 20]]).run {
      pass, inputs in
      pass.linear(inputs[0], weight: inputs[1], bias: nil)
    } reference: {
      affine($0[0], 4, $0[1], 33, 20, nil)
    }
  }

  @Test func `a scaled product is added in place`() {
    GradientCheck([[5, 4], [3, 4], [5, 3]]).run {
      pass, inputs in
      pass.addLinear(inputs[0], weight: inputs[1], scale: 2.5, to: inputs[2])
    } reference: { inputs in
      zip(inputs[2], affine(inputs[0], 5, inputs[1], 3, 4, nil)).map { $0 + 2.5 * $1 }
    }
  }

  @Test func `a frozen output gets a gradient when a trained product is added`() {
    let weight = Parameter(name: "w", shape: [2, 2])
    let pass = Pass()
    pass.begin(someBatch([2]), mode: .training(nil), bindings: ParameterBindings(trained: [weight]))
    let x = pass.makeTensor(rows: 2, columns: 2, trains: false, firstRow: 0)
    let y = pass.makeTensor(rows: 2, columns: 2, trains: false, firstRow: 0)
    #expect(!y.trains)
    #expect(pass.addLinear(x, weight: pass.tensor(weight), scale: 1, to: y).trains)
  }
}

@Suite struct ActivationTests {
  @Test func `GELU uses the error function`() {
    GradientCheck([[6, 19]], scale: 2).run {
      $0.activate($1[0], .gelu)
    } reference: { inputs in
      inputs[0].map { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }
    }
  }

  @Test func `the new GELU uses the hyperbolic tangent`() {
    GradientCheck([[6, 19]], scale: 2).run {
      $0.activate($1[0], .geluNew)
    } reference: { inputs in
      inputs[0].map { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
    }
  }

  @Test func `tanh and ReLU follow their formulas`() {
    GradientCheck([[6, 19]]).run {
      $0.activate($1[0], .tanh)
    } reference: {
      $0[0].map(tanh)
    }
    GradientCheck([[6, 19]]).run {
      $0.activate($1[0], .relu)
    } reference: {
      $0[0].map { max(0, $0) }
    }
  }

  @Test func `swish follows its formula`() {
    GradientCheck([[6, 19]], scale: 2).run {
      $0.activate($1[0], .swish)
    } reference: {
      $0[0].map { $0 / (1 + exp(-$0)) }
    }
  }
}

@Suite struct AddTests {
  @Test func `a scaled tensor is added to another`() {
    GradientCheck([[4, 19], [4, 19]]).run {
      $0.add($1[0], $1[1], scale: -1.5)
    } reference: { inputs in
      zip(inputs[0], inputs[1]).map { $0 - 1.5 * $1 }
    }
  }
}

@Suite struct PrependTests {
  /// Prepends two prefixes: in every sequence, the second prefix comes after the first.
  @Test func `rows are inserted at the beginning of every sequence`() {
    let lengths = [3, 1, 4]
    GradientCheck([[2, 5], [3, 5], [8, 5]], batch: someBatch(lengths)).run { pass, inputs in
      pass.prepend(inputs[1], to: pass.prepend(inputs[0], to: inputs[2], after: 0), after: 2)
    } reference: { inputs in
      var (result, row) = ([Double](), 0)
      for length in lengths {
        result += inputs[0] + inputs[1] + inputs[2][row * 5..<(row + length) * 5]
        row += length
      }
      return result
    }
  }
}

@Suite struct ScaleColumnsTests {
  @Test func `each column is multiplied by a factor`() {
    GradientCheck([[5, 19], [19]]).run {
      $0.scaleColumns($1[0], by: $1[1])
    } reference: { inputs in
      inputs[0].indices.map { inputs[0][$0] * inputs[1][$0 % 19] }
    }
  }

  /// As in DoRA, the norms are constants without gradients.
  @Test func `columns are divided by the norms of weight rows`() {
    let (rows, columns, rank) = (7, 6, 2)
    let weights = [[rows, columns], [rows, rank], [rank, columns]].enumerated().map { index, shape in
      let parameter = Parameter(name: "weight \(index)", shape: shape)
      Initializer.normal(deviation: 1).fill(parameter, seed: 9)
      return parameter
    }
    let (w, b, a) = (weights[0].values, weights[1].values, weights[2].values)
    let norms = (0..<rows).map { row in
      (0..<columns).reduce(0.0) { sum, column in
        let product = (0..<rank).reduce(0.0) { $0 + Double(b[row * rank + $1]) * Double(a[$1 * columns + column]) }
        let entry = Double(w[row * columns + column]) + 0.5 * product
        return sum + entry * entry
      }.squareRoot()
    }
    GradientCheck([[5, rows], [rows]]).run { pass, inputs in
      let constants = weights.map(pass.tensor)
      let divisors = pass.rowNorms(of: constants[0], adding: constants[1], constants[2], scale: 0.5)
      return pass.scaleColumns(inputs[0], by: inputs[1], over: divisors)
    } reference: { inputs in
      inputs[0].indices.map { inputs[0][$0] * inputs[1][$0 % rows] / norms[$0 % rows] }
    }
  }
}

@Suite struct SquaredErrorTests {
  @Test func `the squared error is a weighted sum and starts the backward pass`() {
    let outputs = Parameter(name: "outputs", shape: [3, 1])
    Initializer.normal(deviation: 2).fill(outputs, seed: 1)
    let targets: [Float] = [0.5, -1, 3]
    let pass = Pass()
    pass.begin(someBatch([1, 1, 1]), mode: .training(nil), bindings: ParameterBindings(trained: [outputs]))
    let loss = pass.squaredError(pass.tensor(outputs), targets: targets, weight: 0.25)
    let differences = zip(outputs.values, targets).map { Double($0) - Double($1) }
    #expect(abs(loss - differences.reduce(0) { $0 + $1 * $1 } / 4) < 1e-6)
    #expect(relativeDistance(pass.parameterGradients.map(Double.init), differences.map { $0 / 2 }) < 1e-6)
  }
}

@Suite struct ResidualNormTests {
  @Test func `the sum of residual and output is normalized`() {
    GradientCheck([[4, 21], [4, 21], [21], [21]]).run { pass, inputs in
      pass.residualNorm(inputs[0], adding: inputs[1], weight: inputs[2], bias: inputs[3], epsilon: 1e-3)
    } reference: { inputs in
      layerNorm(zip(inputs[0], inputs[1]).map(+), 4, 21, inputs[2], inputs[3], 1e-3)
    }
  }

  @Test func `a single tensor is normalized`() {
    GradientCheck([[4, 16], [16], [16]]).run { pass, inputs in
      pass.residualNorm(inputs[0], weight: inputs[1], bias: inputs[2], epsilon: 1e-12)
    } reference: {
      layerNorm($0[0], 4, 16, $0[1], $0[2], 1e-12)
    }
  }

  @Test func `a norm works without a bias`() {
    GradientCheck([[4, 19], [19]]).run {
      $0.residualNorm($1[0], weight: $1[1], bias: nil, epsilon: 1e-3)
    } reference: { inputs in
      layerNorm(inputs[0], 4, 19, inputs[1], Array(repeating: 0, count: 19), 1e-3)
    }
  }

  @Test func `dropout applies to the output but not to the residual`() {
    let key = DropoutKey(seed: 3, step: 4)
    let mask = dropoutMask(rows: 4, columns: 150, key: key, probability: 0.3)
    GradientCheck([[4, 150], [4, 150], [150], [150]], key: key).run { pass, inputs in
      pass.residualNorm(
        inputs[0], adding: inputs[1], weight: inputs[2], bias: inputs[3], epsilon: 1e-5, dropout: 0.3)
    } reference: { inputs in
      let sum = inputs[0].indices.map { inputs[0][$0] + inputs[1][$0] * mask[$0] }
      return layerNorm(sum, 4, 150, inputs[2], inputs[3], 1e-5)
    }
  }
}

@Suite struct DropoutTests {
  @Test func `the backward pass uses the mask of the forward pass`() {
    let key = DropoutKey(seed: 11, step: 2)
    let mask = dropoutMask(rows: 3, columns: 140, key: key, probability: 0.5)
    GradientCheck([[3, 140]], key: key).run {
      $0.dropout($1[0], probability: 0.5)
    } reference: { inputs in
      zip(inputs[0], mask).map(*)
    }
  }

  @Test func `dropout drops the given fraction and preserves the mean`() {
    let mask = dropoutMask(rows: 400, columns: 250, key: DropoutKey(seed: 5, step: 1), probability: 0.1)
    let dropped = mask.filter { $0 == 0 }.count
    #expect(abs(Double(dropped) / 100_000 - 0.1) < 0.004)  // four standard deviations
    #expect(abs(mask.reduce(0, +) / 100_000 - 1) < 0.005)
  }

  @Test func `a mask depends only on seed, step, site, and row`() {
    let key = DropoutKey(seed: 5, step: 1)
    let mask = dropoutMask(rows: 8, columns: 40, key: key, probability: 0.5)
    #expect(mask == dropoutMask(rows: 8, columns: 40, key: key, probability: 0.5))
    #expect(mask != dropoutMask(rows: 8, columns: 40, key: DropoutKey(seed: 6, step: 1), probability: 0.5))
    #expect(mask != dropoutMask(rows: 8, columns: 40, key: DropoutKey(seed: 5, step: 2), probability: 0.5))
    #expect(mask != dropoutMask(rows: 8, columns: 40, key: key, probability: 0.5, sitesBefore: 1))
    let lower = dropoutMask(rows: 4, columns: 40, key: key, probability: 0.5, firstRow: 4)
    #expect(Array(mask[160...]) == lower, "a worker that processes the last four rows drops the same elements")
  }

  @Test func `there is no dropout in inference`() {
    let pass = Pass()
    pass.begin(someBatch([3]), mode: .inference, bindings: ParameterBindings())
    let x = pass.makeTensor(rows: 3, columns: 4, trains: false, firstRow: 0)
    #expect(pass.dropout(x, probability: 0.9).values == x.values)
  }
}

@Suite struct EmbeddingTests {
  /// Padding tokens have the position before the first one and are not counted, as in RoBERTa.
  @Test func `padding within a text has the padding position`() {
    var batch = PackedBatch()
    batch.append(ids: [4, 1, 5, 1, 1, 6], typeIDs: [0, 0, 0, 0, 1, 1])
    batch.append(ids: [1, 7], typeIDs: [0, 0])
    let expected = [2, 1, 3, 1, 1, 4, 1, 2]
    GradientCheck([[11, 6], [7, 6], [2, 6]], batch: batch).run { pass, inputs in
      pass.embed(words: inputs[0], positions: inputs[1], types: inputs[2], firstPosition: 2, padding: 1)
    } reference: { inputs in
      expected.enumerated().flatMap { row, position in
        let word = Int(batch.ids[row]) * 6, type = Int(batch.typeIDs[row]) * 6
        return (0..<6).map { inputs[0][word + $0] + inputs[1][position * 6 + $0] + inputs[2][type + $0] }
      }
    }
  }

  @Test func `word, position, and type embeddings are added for every token`() {
    let batch = someBatch([3, 1, 5])
    GradientCheck([[11, 6], [5, 6], [2, 6]], batch: batch).run { pass, inputs in
      pass.embed(words: inputs[0], positions: inputs[1], types: inputs[2])
    } reference: { inputs in
      var sums: [Double] = []
      for sequence in 0..<batch.sequenceCount {
        for row in batch.offsets[sequence]..<batch.offsets[sequence + 1] {
          let word = Int(batch.ids[row]) * 6, type = Int(batch.typeIDs[row]) * 6
          let position = (row - batch.offsets[sequence]) * 6
          for column in 0..<6 {
            sums.append(inputs[0][word + column] + inputs[1][position + column] + inputs[2][type + column])
          }
        }
      }
      return sums
    }
  }
}

@Suite struct FirstTokensTests {
  @Test func `the row of each sequence's first token is copied`() {
    let batch = someBatch([3, 1, 5])
    GradientCheck([[9, 4]], batch: batch).run {
      $0.firstTokens(of: $1[0])
    } reference: { inputs in
      [0, 3, 4].flatMap { Array(inputs[0][$0 * 4..<$0 * 4 + 4]) }
    }
  }
}

@Suite struct CrossEntropyTests {
  @Test func `cross-entropy is the mean negative log-likelihood and starts the backward pass`() {
    let logits = Parameter(name: "logits", shape: [3, 4])
    Initializer.normal(deviation: 2).fill(logits, seed: 1)
    let labels = [2, 0, 3]
    let pass = Pass()
    pass.begin(someBatch([1, 1, 1]), mode: .training(nil), bindings: ParameterBindings(trained: [logits]))
    let loss = pass.crossEntropy(pass.tensor(logits), labels: labels, weight: 1 / 3)
    func reference(_ x: [Double]) -> Double {
      labels.enumerated().reduce(0) { sum, item in
        let row = x[item.offset * 4..<item.offset * 4 + 4]
        return sum + (log(row.reduce(0) { $0 + exp($1) }) - row[item.offset * 4 + item.element]) / 3
      }
    }
    let values = logits.values.map(Double.init)
    #expect(abs(loss - reference(values)) < 1e-6)
    let numeric = values.indices.map { index in
      var (low, high) = (values, values)
      low[index] -= 1e-5
      high[index] += 1e-5
      return (reference(high) - reference(low)) / 2e-5
    }
    #expect(relativeDistance(pass.parameterGradients.map(Double.init), numeric) < 1e-5)
  }

  @Test func `cross-entropy stays finite for huge logits`() {
    let logits = Parameter(name: "logits", shape: [1, 2])
    logits.values[0] = 1e4
    let pass = Pass()
    pass.begin(someBatch([1]), mode: .training(nil), bindings: ParameterBindings(trained: [logits]))
    #expect(pass.crossEntropy(pass.tensor(logits), labels: [1], weight: 1) == 1e4)
  }
}

/// `x W^T + b` in double precision.
func affine(_ x: [Double], _ rows: Int, _ w: [Double], _ out: Int, _ input: Int, _ b: [Double]?) -> [Double] {
  (0..<rows).flatMap { r in
    (0..<out).map { o in (0..<input).reduce(b?[o] ?? 0) { $0 + x[r * input + $1] * w[o * input + $1] } }
  }
}

func layerNorm(_ x: [Double], _ rows: Int, _ width: Int, _ weight: [Double], _ bias: [Double], _ epsilon: Double)
  -> [Double]
{
  (0..<rows).flatMap { r in
    let row = x[r * width..<(r + 1) * width]
    let mean = row.reduce(0, +) / Double(width)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
    return row.enumerated().map { ($1 - mean) / (variance + epsilon).squareRoot() * weight[$0] + bias[$0] }
  }
}

/// Returns the factors of the dropout at one site, by applying it to ones.
func dropoutMask(
  rows: Int, columns: Int, key: DropoutKey, probability: Float, firstRow: Int = 0, sitesBefore: Int = 0
) -> [Double] {
  let pass = Pass()
  pass.begin(someBatch([1]), mode: .training(key), bindings: ParameterBindings())
  let ones = pass.makeTensor(rows: rows, columns: columns, trains: false, firstRow: firstRow)
  ones.values.update(repeating: 1, count: ones.count)
  for _ in 0..<sitesBefore { _ = pass.dropout(ones, probability: probability) }
  return pass.dropout(ones, probability: probability).toArray().map(Double.init)
}

import CKernels
import CPlain
import Foundation
import GraftCore

/// Measures the memory-bound kernels and the textbook loops, in GB/s, at the sizes of half a batch of MiniLM.
func benchmarkKernels() {
  print("Kernels (bytes that must be read and written, divided by the time)")
  print("kernel".left(32) + "GB/s".right(8) + "plain C".right(9) + "times".right(7) + "error".right(10))
  let (rows, width) = (108, 384)

  let (h, dh) = (numbers(rows * 1536, "h").map { $0 * 4 }, numbers(rows * 1536, "dh"))
  compare(
    "gelu [108, 1536]", floats: 2 * h.count, h.count, { graft_gelu(h, $0, h.count) }, { plain_gelu(h, $0, h.count) })
  compare(
    "gelu backward [108, 1536]", floats: 3 * h.count, h.count, { graft_gelu_backward(h, dh, $0, h.count, false) },
    { plain_gelu_backward(h, dh, $0, h.count) })

  let (x, y) = (numbers(rows * width, "x"), numbers(rows * width, "y"))
  let (ones, zeros) = ([Float](repeating: 1, count: width), [Float](repeating: 0, count: width))
  compare(
    "residual norm [108, 384]", floats: 3 * x.count, x.count,
    { graft_residual_norm(x, y, ones, zeros, 1e-12, $0, nil, nil, rows, width, 0, graft_dropout()) },
    { plain_residual_norm(x, y, $0, rows, width, 1e-12) })

  for tokens in [13, 32, 64] {
    let (q, k, v) = (numbers(tokens * width, "q"), numbers(tokens * width, "k"), numbers(tokens * width, "v"))
    var probabilities = [Float](repeating: 0, count: tokens * graft_attention_probability_stride(tokens))
    var scratch = [Float](repeating: 0, count: graft_attention_scratch(tokens, tokens, 32))
    compare(
      "attention, 12 heads, \(tokens) tokens", floats: 4 * q.count, q.count,
      { y in
        for head in 0..<12 {
          let shape = graft_attention_shape(
            queries: tokens, keys: tokens, head_width: 32, stride: width, prefix: 0, window: .max, scale: 0.17677669,
            bias: nil, dropout_row: 0, dropout: graft_dropout())
          attend(shape, q, k, v, y, head * 32, &probabilities, &scratch)
        }
      },
      { y in
        for head in 0..<12 {
          plain(q, k, v, y, head * 32, tokens, width, &scratch)
        }
      })
  }

  let gradient = numbers(74_498, "g")
  var (first, second) = ([Float](repeating: 0, count: gradient.count), [Float](repeating: 0, count: gradient.count))
  var (plainFirst, plainSecond) = (first, second)
  let step = graft_adamw_step(
    learning_rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0, correction1: 0.1, correction2: 0.001,
    gradient_scale: 1)
  compare(
    "AdamW, 74,498 values", floats: 7 * gradient.count, gradient.count,
    { graft_adamw(step, $0, gradient, &first, &second, gradient.count) },
    { plain_adamw($0, gradient, &plainFirst, &plainSecond, gradient.count, 1e-3) })
}

private func attend(
  _ shape: graft_attention_shape, _ q: [Float], _ k: [Float], _ v: [Float], _ y: UnsafeMutablePointer<Float>,
  _ offset: Int, _ probabilities: inout [Float], _ scratch: inout [Float]
) {
  q.withUnsafeBufferPointer { q in
    k.withUnsafeBufferPointer { k in
      v.withUnsafeBufferPointer { v in
        guard let q = q.baseAddress, let k = k.baseAddress, let v = v.baseAddress else { return }
        graft_attention(shape, q + offset, k + offset, v + offset, y + offset, &probabilities, &scratch)
      }
    }
  }
}

private func plain(
  _ q: [Float], _ k: [Float], _ v: [Float], _ y: UnsafeMutablePointer<Float>, _ offset: Int, _ tokens: Int,
  _ width: Int, _ scores: inout [Float]
) {
  q.withUnsafeBufferPointer { q in
    k.withUnsafeBufferPointer { k in
      v.withUnsafeBufferPointer { v in
        guard let q = q.baseAddress, let k = k.baseAddress, let v = v.baseAddress else { return }
        plain_attention(q + offset, k + offset, v + offset, y + offset, tokens, 32, width, 0.17677669, &scores)
      }
    }
  }
}

/// Measures both and compares the results of one call.
private func compare(
  _ name: String, floats: Int, _ count: Int, _ kernel: (UnsafeMutablePointer<Float>) -> Void,
  _ plain: (UnsafeMutablePointer<Float>) -> Void
) {
  var (ours, theirs) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
  kernel(&ours)
  plain(&theirs)
  let error = largestError(ours, theirs)
  let seconds = medianSeconds { kernel(&ours) }
  let plainSeconds = medianSeconds { plain(&theirs) }
  let bytes = Double(4 * floats)
  print(
    name.left(32) + String(format: "%.1f", bytes / seconds / 1e9).right(8)
      + String(format: "%.1f", bytes / plainSeconds / 1e9).right(9)
      + String(format: "%.1f", plainSeconds / seconds).right(7) + String(format: "%.1e", error).right(10))
}

#if OneDNN
import CKernels
import COneDNN
import Synchronization

/// A weight packed for oneDNN, and its transpose for the backward pass. Packing is lazy.
final class OneDNNWeight: FrozenWeight, @unchecked Sendable {
  private let numbers: PackedMatrix.Numbers
  private let forwards = AtomicLazyReference<PackedMatrix>()
  private let backwards = AtomicLazyReference<PackedMatrix>()

  init(_ weight: Parameter, _ precision: FrozenProducts.Precision) {
    numbers = precision == .float32 ? .float32 : .bfloat16
    super.init(weight)
  }

  override func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    let packed = forwards.load() ?? forwards.storeIfNil(packed(isTransposed: true))
    multiply(x.values, rows: x.rows, packed, bias.map(OneDNNProduct.Start.bias) ?? .zero, into: y.values, with: kernels)
  }

  override func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool,
    with kernels: ProductKernels
  ) {
    let packed = backwards.load() ?? backwards.storeIfNil(packed(isTransposed: false))
    multiply(dy, rows: rows, packed, adds ? .sum : .zero, into: dx, with: kernels)
  }

  private func packed(isTransposed: Bool) -> PackedMatrix {
    defer { releaseOriginal() }
    return PackedMatrix(weight, isTransposed: isTransposed, numbers)
  }

  override func releaseOriginal() { weight.release() }

  private func multiply(
    _ x: UnsafePointer<Float>, rows: Int, _ matrix: PackedMatrix, _ start: OneDNNProduct.Start,
    into y: UnsafeMutablePointer<Float>, with kernels: ProductKernels
  ) {
    let mark = kernels.arena.mark
    defer { kernels.arena.rewind(to: mark) }
    let count = rows * matrix.depth
    let source: UnsafeRawPointer
    switch numbers {
    case .float32: source = UnsafeRawPointer(x)
    case .bfloat16:
      let rounded = kernels.arena.allocate(bytes: count * 2).assumingMemoryBound(to: UInt16.self)
      graft_to_bfloat16(x, rounded, count)
      source = UnsafeRawPointer(rounded)
    }
    // Each number of rows needs a separate product, which takes a fraction of a millisecond to compile. Chunks of at most 127
    // rows keep their number small.
    var row = 0
    while row < rows {
      let chunk = rows - row < 2 * Self.chunkRows ? rows - row : Self.chunkRows
      kernels.oneDNN.product(rows: chunk, matrix, start).run(
        source + row * matrix.depth * numbers.size, matrix, start, into: y + row * matrix.width, scratch: kernels.arena)
      row += chunk
    }
  }

  private static let chunkRows = 64
}

/// A matrix `[depth, width]` in the layout of oneDNN's kernels, which is the same for any number of rows to multiply with it.
final class PackedMatrix: @unchecked Sendable {
  /// The element type.
  enum Numbers {
    case float32
    case bfloat16

    var type: dnnl_data_type_t { self == .bfloat16 ? dnnl_bf16 : dnnl_f32 }
    /// The size of an element in bytes.
    var size: Int { self == .bfloat16 ? 2 : 4 }
  }

  let depth: Int
  let width: Int
  let numbers: Numbers
  let layout: dnnl_memory_desc_t
  let memory: dnnl_memory_t
  private let storage: UnsafeMutableRawPointer

  /// Packs `weight`, or its transpose.
  init(_ weight: Parameter, isTransposed: Bool, _ numbers: Numbers) {
    (depth, width) = isTransposed ? (weight.columns, weight.rows) : (weight.rows, weight.columns)
    self.numbers = numbers
    let product = OneDNNProduct(
      rows: 64, depth: depth, width: width, numbers, .zero,
      matrix: memoryDescription(depth, width, numbers.type, dnnl_format_tag_any))
    layout = product.matrixLayout
    storage = .allocate(byteCount: withUnsafePointer(to: layout) { dnnl_memory_desc_get_size($0) }, alignment: 64)
    memory = makeMemory(layout, storage)

    let plain = makeMemory(
      memoryDescription(depth, width, dnnl_f32, isTransposed ? dnnl_ba : dnnl_ab), weight.values.baseAddress)
    defer { dnnl_memory_destroy(plain) }
    reorder(plain, to: memory)
  }

  deinit {
    dnnl_memory_destroy(memory)
    storage.deallocate()
  }
}
#endif

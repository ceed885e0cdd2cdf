import CKernels
import COpenBLAS

#if OneDNN
import COneDNN
#endif

/// One worker's state for products with frozen weights: scratch memory, prefetching, helpers, and compiled oneDNN primitives.
///
/// Belongs to one thread at a time, like the pass that owns it.
final class ProductKernels {
  /// Scratch memory for rounded inputs. Each product frees what it has allocated.
  let arena: Arena
  /// Threads that share this worker's products when a batch has fewer sequences than there are workers.
  var helpers: ProductHelpers?
  /// The packed matrix of the last product.
  private var lastMatrix: PackedFloats?
  #if OneDNN
  let oneDNN = OneDNNProducts()
  #endif

  /// Kernels that take scratch memory from `arena`.
  init(arena: Arena) {
    self.arena = arena
    Self.useOneThreadPerProduct
  }

  /// Workers run in parallel, so each OpenBLAS product stays on its worker's thread. Set once per process, and only if needed:
  /// the call would wake OpenBLAS threads that have ended.
  private static let useOneThreadPerProduct: Void = {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }()

  /// Prepares the calling thread, which runs all products until the next call.
  func begin() {
    lastMatrix = nil
    #if OneDNN
    graft_onednn_use_one_thread()
    #endif
  }

  /// Notes that `matrix` is multiplied now, and returns the memory that the next product will probably read.
  func prefetchTarget(after matrix: PackedFloats) -> (start: UnsafeRawPointer?, bytes: Int) {
    lastMatrix?.isFollowed(by: matrix)
    lastMatrix = matrix
    return matrix.next
  }

  /// Calls `body` with ranges that make up `0..<count`: one range, or one per thread if helpers make the product faster.
  func share(_ count: Int, operations: Int, _ body: (Range<Int>) -> Void) {
    let threads = min(helpers?.threads ?? 1, count, operations / Self.operationsWorthSharing)
    guard let helpers, threads > 1 else { return body(0..<count) }
    helpers.share(threads) { body(count * $0 / threads..<count * ($0 + 1) / threads) }
  }

  /// The number of operations in the smallest share that is worth handing over, which takes a few microseconds.
  private static let operationsWorthSharing = 500_000

  /// Calls `body` with a copy of `x` that is rounded to bfloat16.
  func withRounded(_ x: UnsafePointer<Float>, count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    let mark = arena.mark
    let rounded = arena.allocate(count)
    graft_round_to_bfloat16(x, rounded, count)
    body(rounded)
    arena.rewind(to: mark)
  }
}

#if OneDNN
import COneDNN

/// A oneDNN product compiled for a fixed number of rows: x `[rows, depth]` times a packed matrix `[depth, width]`.
final class OneDNNProduct {
  /// The initial value to which the product is added.
  enum Start {
    case zero
    /// A bias row, `[width]`.
    case bias(UnsafePointer<Float>)
    /// The existing values of the destination.
    case sum
  }

  private let primitive: dnnl_primitive_t
  private let source: dnnl_memory_t, bias: dnnl_memory_t, destination: dnnl_memory_t, scratch: dnnl_memory_t
  private let scratchBytes: Int
  private let stream: dnnl_stream_t
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
  /// The required layout of the packed matrix.
  let matrixLayout: dnnl_memory_desc_t

  init(
    rows: Int, depth: Int, width: Int, _ numbers: PackedMatrix.Numbers, _ start: Start, matrix: dnnl_memory_desc_t
  ) {
    var (matrix, sourceLayout) = (matrix, memoryDescription(rows, depth, numbers.type, dnnl_ab))
    var (biasLayout, layout) = (
      memoryDescription(1, width, dnnl_f32, dnnl_ab), memoryDescription(rows, width, dnnl_f32, dnnl_ab)
    )
    var attributes: dnnl_primitive_attr_t?
    check(dnnl_primitive_attr_create(&attributes))
    defer { dnnl_primitive_attr_destroy(attributes) }
    check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
    var description = dnnl_matmul_desc_t()
    switch start {
    case .bias: check(dnnl_matmul_desc_init(&description, &sourceLayout, &matrix, &biasLayout, &layout))
    case .zero: check(dnnl_matmul_desc_init(&description, &sourceLayout, &matrix, nil, &layout))
    case .sum:
      var after: dnnl_post_ops_t?
      check(dnnl_post_ops_create(&after))
      check(dnnl_post_ops_append_sum(after, 1))
      check(dnnl_primitive_attr_set_post_ops(attributes, after))
      check(dnnl_post_ops_destroy(after))
      check(dnnl_matmul_desc_init(&description, &sourceLayout, &matrix, nil, &layout))
    }
    var plan: dnnl_primitive_desc_t?
    check(dnnl_primitive_desc_create(&plan, &description, attributes, oneDNNEngine, nil))
    defer { dnnl_primitive_desc_destroy(plan) }
    primitive = created { dnnl_primitive_create(&$0, plan) }
    matrixLayout = dnnl_primitive_desc_query_md(plan, dnnl_query_weights_md, 0).pointee
    let scratchLayout = dnnl_primitive_desc_query_md(plan, dnnl_query_scratchpad_md, 0)
    scratchBytes = dnnl_memory_desc_get_size(scratchLayout)
    stream = created { dnnl_stream_create(&$0, oneDNNEngine, dnnl_stream_default_flags.rawValue) }
    source = makeMemory(sourceLayout, nil)
    bias = makeMemory(biasLayout, nil)
    destination = makeMemory(layout, nil)
    scratch = makeMemory(scratchLayout?.pointee ?? dnnl_memory_desc_t(), nil)
    arguments = .allocate(capacity: 5)
    _ = arguments.initialize(from: [
      dnnl_exec_arg_t(arg: DNNL_ARG_SRC, memory: source), dnnl_exec_arg_t(arg: DNNL_ARG_DST, memory: destination),
      dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratch), dnnl_exec_arg_t(arg: DNNL_ARG_WEIGHTS, memory: nil),
      dnnl_exec_arg_t(arg: DNNL_ARG_BIAS, memory: bias),
    ])
  }

  deinit {
    for memory in [source, bias, destination, scratch] { dnnl_memory_destroy(memory) }
    dnnl_stream_destroy(stream)
    dnnl_primitive_destroy(primitive)
    arguments.deallocate()
  }

  /// Computes the product on the calling thread only.
  func run(
    _ x: UnsafeRawPointer, _ matrix: PackedMatrix, _ start: Start, into y: UnsafeMutablePointer<Float>,
    scratch arena: Arena
  ) {
    check(dnnl_memory_set_data_handle(source, UnsafeMutableRawPointer(mutating: x)))
    check(dnnl_memory_set_data_handle(destination, y))
    var count = arguments.count - 1
    if case .bias(let b) = start {
      check(dnnl_memory_set_data_handle(bias, UnsafeMutableRawPointer(mutating: b)))
      count += 1
    }
    if scratchBytes > 0 { check(dnnl_memory_set_data_handle(scratch, arena.allocate(bytes: scratchBytes))) }
    arguments[3].memory = matrix.memory
    check(dnnl_primitive_execute(primitive, stream, Int32(count), arguments.baseAddress))
  }
}

/// The compiled products of one worker, created on demand. There are few of them: see ``OneDNNWeight``.
final class OneDNNProducts {
  private struct Key: Hashable {
    let rows: Int, depth: Int, width: Int, start: UInt8, isBFloat16: Bool
  }
  private var products: [Key: OneDNNProduct] = [:]

  func product(rows: Int, _ matrix: PackedMatrix, _ start: OneDNNProduct.Start) -> OneDNNProduct {
    let startKey: UInt8 =
      switch start {
      case .zero: 0
      case .bias: 1
      case .sum: 2
      }
    let key = Key(
      rows: rows, depth: matrix.depth, width: matrix.width, start: startKey, isBFloat16: matrix.numbers == .bfloat16)
    if let product = products[key] { return product }
    let product = OneDNNProduct(
      rows: rows, depth: matrix.depth, width: matrix.width, matrix.numbers, start, matrix: matrix.layout)
    products[key] = product
    return product
  }
}

/// The oneDNN engine of the CPU.
private nonisolated(unsafe) let oneDNNEngine: dnnl_engine_t = created { dnnl_engine_create(&$0, dnnl_cpu, 0) }

/// Copies from one layout to another.
func reorder(_ source: dnnl_memory_t, to destination: dnnl_memory_t) {
  var (from, to): (UnsafePointer<dnnl_memory_desc_t>?, UnsafePointer<dnnl_memory_desc_t>?)
  check(dnnl_memory_get_memory_desc(source, &from))
  check(dnnl_memory_get_memory_desc(destination, &to))
  var plan: dnnl_primitive_desc_t?
  check(dnnl_reorder_primitive_desc_create(&plan, from, oneDNNEngine, to, oneDNNEngine, nil))
  let primitive: dnnl_primitive_t = created { dnnl_primitive_create(&$0, plan) }
  let stream: dnnl_stream_t = created { dnnl_stream_create(&$0, oneDNNEngine, dnnl_stream_default_flags.rawValue) }
  let arguments = [
    dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source), dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: destination),
  ]
  check(dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments))
  check(dnnl_stream_wait(stream))
  dnnl_stream_destroy(stream)
  dnnl_primitive_destroy(primitive)
  dnnl_primitive_desc_destroy(plan)
}

func memoryDescription(_ rows: Int, _ columns: Int, _ type: dnnl_data_type_t, _ tag: dnnl_format_tag_t)
  -> dnnl_memory_desc_t
{
  var description = dnnl_memory_desc_t()
  check(dnnl_memory_desc_init_by_tag(&description, 2, [dnnl_dim_t(rows), dnnl_dim_t(columns)], type, tag))
  return description
}

func makeMemory(_ description: dnnl_memory_desc_t, _ values: UnsafeMutableRawPointer?) -> dnnl_memory_t {
  withUnsafePointer(to: description) { description in
    created { dnnl_memory_create(&$0, description, oneDNNEngine, values) }
  }
}

private func created<Handle>(_ make: (inout Handle?) -> dnnl_status_t) -> Handle {
  var handle: Handle?
  check(make(&handle))
  guard let handle else { preconditionFailure("oneDNN returned no handle") }
  return handle
}

/// Traps on an error: oneDNN fails only on programming errors and when memory runs out.
private func check(_ status: dnnl_status_t) {
  precondition(status == dnnl_success, "oneDNN failed with status \(status.rawValue)")
}
#endif

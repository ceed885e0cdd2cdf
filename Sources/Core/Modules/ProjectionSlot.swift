/// A named projection of the encoder, with its frozen layer, or a range of a fused projection's outputs.
public final class ProjectionSlot: Slot<any ProjectionAttachment>, AnySlot, @unchecked Sendable {
  /// `projections`
  public static let kind = "projections"

  /// The frozen layer: weight `[out, in]`, bias `[out]`.
  public let frozen: Linear
  /// The fused projection of which this is a range, or `nil`.
  public let fused: ProjectionSlot?
  /// The range of the fused projection's outputs; all outputs of a whole projection.
  let outputs: Range<Int>

  /// Creates a slot from its place in the model and its layer.
  public init(path: ModulePath, role: Role, layer: Int, frozen: Linear) {
    self.frozen = frozen
    fused = nil
    outputs = 0..<frozen.weight.rows
    super.init(path: path, role: role, layer: layer)
  }

  /// Creates a slot for a range of a fused projection's outputs. It shares the weights of that projection.
  ///
  /// - Parameters:
  ///   - name: The last component of its path, such as `query`.
  ///   - role: Its role.
  ///   - outputs: The outputs, which are rows of the weight.
  ///   - fused: The fused projection.
  public init(_ name: String, role: Role, outputs: Range<Int>, of fused: ProjectionSlot) {
    let path = ModulePath("\(fused.path).\(name)")
    frozen = Linear(
      weight: Parameter(name: path.parameter("weight"), rows: outputs, of: fused.frozen.weight),
      bias: fused.frozen.bias.map { Parameter(name: path.parameter("bias"), rows: outputs, of: $0) },
      products: fused.frozen.products)
    self.fused = fused
    self.outputs = outputs
    super.init(path: path, role: role, layer: fused.layer)
  }

  /// The number of input features.
  public var inputWidth: Int { frozen.weight.columns }
  /// The number of output features.
  public var outputWidth: Int { frozen.weight.rows }

  /// Computes `y = x W^T + b`, and then applies each active attachment: x `[T, in]`, y `[T, out]`.
  public func forward(_ x: Tensor, in pass: Pass) -> Tensor {
    // When all groups of a mixed batch see the same weight, one product covers them all; attachments run per group.
    let shared = pass.isMixed && pass.groupsAgree(on: layer) ? pass.linear(x, layer(under: pass.bindings)) : nil
    return pass.byGroup { rows in
      let x = rows.of(x)
      let merged = merged(under: pass.bindings)
      return applyAttachments(
        to: shared.map(rows.of) ?? pass.linear(x, merged?.layer ?? frozen), input: x, merged: merged, in: pass)
    }
  }

  /// Returns this range of the outputs of its fused projection, and applies each active attachment: x `[T, in]`, y `[T, out]`.
  ///
  /// - Parameters:
  ///   - x: The input of the fused projection.
  ///   - y: Its output, from ``forward(_:in:)``.
  ///   - pass: The current pass.
  public func range(of y: Tensor, input x: Tensor, in pass: Pass) -> Tensor {
    pass.byGroup { rows in
      applyAttachments(
        to: pass.columns(outputs, of: rows.of(y)), input: rows.of(x), merged: fused?.merged(under: pass.bindings),
        in: pass)
    }
  }

  private func applyAttachments(to y: Tensor, input x: Tensor, merged: MergedLayer?, in pass: Pass) -> Tensor {
    var y = y
    forEachActive(in: pass) { adapter, layer in
      if merged?.adapters.contains(adapter) != true { y = layer.forward(x, output: y, in: pass) }
    }
    return y
  }

  /// The merged weights, if all adapters in them are active on the weights that they were merged into.
  private func merged(under bindings: ParameterBindings) -> MergedLayer? {
    guard let merged = bindings.attachments.merged(self), merged.adapters.allSatisfy(bindings.isActive),
      bindings.uses(merged.original, for: frozen)
    else { return nil }
    return merged
  }

  /// The layer that the projection uses: with merged weights, or its own.
  func layer(under bindings: ParameterBindings) -> Linear { merged(under: bindings)?.layer ?? frozen }
}

/// A method's addition to a projection.
///
/// All workers share one object: it holds parameters and constants, and must not change while a pass runs.
public protocol ProjectionAttachment: Sendable {
  /// Returns the projection's output with this attachment applied.
  ///
  /// - Parameters:
  ///   - x: The projection's input, `[rows, in]`.
  ///   - y: The output so far, `[rows, out]`; an op such as ``Pass/addLinear(_:weight:scale:to:)`` may change it in place.
  ///   - pass: The current pass.
  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor
}

/// An attachment that can be expressed as a change of the weight and bias.
public protocol MergeableAttachment: ProjectionAttachment {
  /// Returns the values of the unchanged layer that the change depends on, such as the row norms in DoRA; usually none. A merge
  /// on disk stores them, because the unchanged layer is not available afterwards.
  ///
  /// - Parameter layer: The layer without any adapter.
  func mergeConstants(of layer: Linear) -> [Float]

  /// Adds this attachment to a change that may already contain other adapters. The changed projection must return the same output
  /// as ``ProjectionAttachment/forward(_:output:in:)``.
  func apply(to change: inout LayerChange, mergeConstants: [Float])
}

extension MergeableAttachment {
  /// Returns no constants.
  public func mergeConstants(of layer: Linear) -> [Float] { [] }
}

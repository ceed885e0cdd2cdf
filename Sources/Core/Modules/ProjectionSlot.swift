/// A named projection of the encoder, with its frozen layer.
public final class ProjectionSlot: Slot<any ProjectionAttachment>, AnySlot, @unchecked Sendable {
  /// `projections`
  public static let kind = "projections"

  /// The frozen layer: weight `[out, in]`, bias `[out]`.
  public let frozen: Linear
  /// Creates a slot from its place in the model and its layer.
  public init(path: ModulePath, role: Role, layer: Int, frozen: Linear) {
    self.frozen = frozen
    super.init(path: path, role: role, layer: layer)
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
      var y = shared.map(rows.of) ?? pass.linear(x, merged?.layer ?? frozen)
      forEachActive(in: pass) { adapter, layer in
        if merged?.adapters.contains(adapter) != true { y = layer.forward(x, output: y, in: pass) }
      }
      return y
    }
  }

  /// The merged weights, if all adapters in them are active on the weights that they were merged into.
  private func merged(under bindings: ParameterBindings) -> MergedLayer? {
    guard let merged = bindings.attachments.merged(self), merged.adapters.allSatisfy(bindings.isActive),
      bindings.resolve(frozen.weight) === merged.original.weight, bindings.resolve(frozen.bias) === merged.original.bias
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

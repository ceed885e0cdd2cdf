/// A named projection of the encoder, with its frozen layer.
public final class ProjectionSlot: Slot<any ProjectionAttachment>, AnySlot, @unchecked Sendable {
  /// `projections`
  public static let kind = "projections"

  /// The frozen layer: weight `[out, in]`, bias `[out]`.
  public let frozen: Linear
  /// A projection without attachments.
  public init(path: ModulePath, role: Role, layer: Int, frozen: Linear) {
    self.frozen = frozen
    super.init(path: path, role: role, layer: layer)
  }

  /// The number of features that come in.
  public var inputWidth: Int { frozen.weight.columns }
  /// The number of features that go out.
  public var outputWidth: Int { frozen.weight.rows }

  /// `y = x W^T + b`, and then each attachment's part: x `[T, in]`, y `[T, out]`.
  public func forward(_ x: Tensor, in pass: Pass) -> Tensor {
    // One product for all of a mixed batch, where its groups see the same weight; the rest is each group's own.
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

/// What a method adds to a projection.
///
/// One object serves all workers at once: it holds parameters and numbers, and changes nothing while a pass runs.
public protocol ProjectionAttachment: Sendable {
  /// Takes the projection's input and its output so far and gives the output with this attachment's part.
  ///
  /// - Parameters:
  ///   - x: The projection's input, `[rows, in]`.
  ///   - y: Its output so far, `[rows, out]`; may be changed in place by an op such as ``Pass/addLinear(_:weight:scale:to:)``.
  ///   - pass: The worker's way through the model.
  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor
}

/// An attachment whose part is a change of weight and bias.
public protocol MergeableAttachment: ProjectionAttachment {
  /// What the change depends on besides the adapter's own values: a few numbers of the unchanged layer, such as the lengths of
  /// DoRA's rows. A merge on disk keeps them, because afterwards that layer is not there to be asked. Usually nothing.
  ///
  /// - Parameter layer: The layer without any adapter.
  func mergeConstants(of layer: Linear) -> [Float]

  /// Works its part into a change that may hold other adapters already, so that the projection gives what
  /// ``ProjectionAttachment/forward(_:output:in:)`` gives.
  func apply(to change: inout LayerChange, mergeConstants: [Float])
}

extension MergeableAttachment {
  /// Nothing.
  public func mergeConstants(of layer: Linear) -> [Float] { [] }
}

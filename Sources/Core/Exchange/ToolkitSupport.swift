/// What other toolkits support for a family of encoders.
public struct ToolkitSupport: Sendable, Equatable {
  /// The roles of the projections that peft adapts with LoRA by default; `nil` if its configuration must name them.
  public var peftTargets: Set<Role>?
  /// Whether prefix tuning in peft runs on the family.
  public var peftPrefixes: Bool
  /// How AdapterHub's adapters library treats the family; `nil` if it does not support it.
  public var adapterHub: AdapterHub?

  /// How AdapterHub's adapters library treats a family.
  public struct AdapterHub: Sendable, Equatable {
    /// Where the library stores bottlenecks.
    public var bottlenecks: Bottlenecks
    /// Whether flex heads have the encoder's dropout by default. The library looks it up under BERT's key.
    public var headsHaveDropout: Bool

    /// Creates a description; the defaults are those of BERT.
    public init(bottlenecks: Bottlenecks = .inDenseLayer, headsHaveDropout: Bool = true) {
      self.bottlenecks = bottlenecks
      self.headsHaveDropout = headsHaveDropout
    }
  }

  /// The places where AdapterHub's adapters library stores bottlenecks.
  public enum Bottlenecks: Sendable, Equatable {
    /// In the dense layer after a sub-layer.
    case inDenseLayer
    /// Next to the modules of the block.
    case inBlock
  }

  /// Creates a description; by default, no toolkit supports the family.
  public init(peftTargets: Set<Role>? = nil, peftPrefixes: Bool = false, adapterHub: AdapterHub? = nil) {
    self.peftTargets = peftTargets
    self.peftPrefixes = peftPrefixes
    self.adapterHub = adapterHub
  }
}

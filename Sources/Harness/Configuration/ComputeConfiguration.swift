import GraftCore

/// How to compute.
public struct ComputeConfiguration: Codable, Sendable, Equatable {
  /// The type that products are computed in.
  public enum Precision: String, Codable, Sendable, CaseIterable {
    /// 32-bit floating point.
    case float32
  }

  /// The type that products are computed in.
  public var precision = Precision.float32

  /// The defaults.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    precision = try options.choice("precision", default: precision, "type that products are computed in")
    try options.finish()
  }
}

import GraftCore
import GraftSupport

/// The version of the library that wrote an AdapterHub file, and how that version's files differ.
///
/// `adapters` writes versions such as `adapters.1.3.0`. Its predecessor adapter-transformers wrote a bare number such as `3.2.1`,
/// and its first versions wrote none.
struct AdapterHubVersion {
  /// Whether the file has no version.
  private let isMissing: Bool
  /// Whether LoRA was trained without its scale, as in `adapters` before 1.1.
  let ignoredLoRAScale: Bool

  init(_ text: String?, in config: ForeignConfig) throws {
    isMissing = text == nil
    guard let text, text.hasPrefix(Self.prefix) else {
      ignoredLoRAScale = false
      return
    }
    guard text.utf8.count <= 100, let isOld = Self.isBefore(text.dropFirst(Self.prefix.count), major: 1, minor: 1)
    else {
      throw config.error("version", "\(quoted(text)) is not a valid version, expected one such as adapters.1.3.0")
    }
    ignoredLoRAScale = isOld
  }

  private static let prefix = "adapters."

  /// Returns whether a version precedes a release, or `nil` if it is not a version. A pre-release such as `1.1.0.dev0` precedes
  /// its release.
  private static func isBefore(_ text: Substring, major: Int, minor: Int) -> Bool? {
    guard
      let match = text.wholeMatch(
        of: /v?([0-9]{1,6}(?:\.[0-9]{1,6})*)([-_.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-_.]?[0-9]*)?(.*)/),
      match.2 != nil || match.3.isEmpty || match.3.contains(/^(\.post|\+)/)
    else { return nil }
    var release = match.1.split(separator: ".").compactMap { Int($0) }
    while release.count > 2, release.last == 0 { release.removeLast() }
    while release.count < 2 { release.append(0) }
    let other = [major, minor]
    return release == other ? match.2 != nil : release.lexicographicallyPrecedes(other)
  }

  /// Returns the current name of an activation. In files without a version, `gelu` means today's `gelu_new`, and `gelu_orig`
  /// means the exact function.
  func currentName(ofActivation name: String) -> String {
    guard isMissing else { return name }
    return ["gelu": "gelu_new", "gelu_orig": "gelu"][name] ?? name
  }

  /// Returns the current name of a tensor. The first versions had separate names for task and language adapters.
  func currentName(ofTensor name: String) -> String {
    var name = name
    for place in ["attention", "layer"] {
      for kind in ["task", "lang"] { name = name.replacing("\(place)_text_\(kind)_adapters", with: "adapters") }
    }
    return name
  }
}

/// The activations that Graft supports, by AdapterHub's names.
let adapterHubActivations: [String: Activation] = [
  "relu": .relu, "gelu": .gelu, "gelu_new": .geluNew, "swish": .swish, "silu": .swish, "tanh": .tanh,
]

/// Reads the adapter's configuration: an object, or the name of one of the library's predefined configurations.
func adapterHubOptions(_ config: inout ForeignConfig) throws -> ForeignConfig {
  guard case .string(let name) = config.value("config") else { return try config.object("config") }
  func bottleneck(_ both: Bool, _ isParallel: Bool, _ activation: String, _ more: [JSONTree.Member] = [])
    -> [JSONTree.Member]
  {
    [
      .init("mh_adapter", .boolean(both)), .init("output_adapter", .boolean(true)),
      .init("is_parallel", .boolean(isParallel)), .init("original_ln_before", .boolean(!both && !isParallel)),
      .init("non_linearity", .string(activation)),
    ] + more
  }
  let known: [String: [JSONTree.Member]] = [
    "pfeiffer": bottleneck(false, false, "relu"), "seq_bn": bottleneck(false, false, "relu"),
    "houlsby": bottleneck(true, false, "swish"), "double_seq_bn": bottleneck(true, false, "swish"),
    "parallel": bottleneck(false, true, "relu", [.init("scaling", .number("4"))]),
    "par_bn": bottleneck(false, true, "relu", [.init("scaling", .number("4"))]),
    "scaled_parallel": bottleneck(false, true, "relu", [.init("scaling", .string("learned"))]),
    "scaled_par_bn": bottleneck(false, true, "relu", [.init("scaling", .string("learned"))]),
    "pfeiffer+inv": bottleneck(false, false, "relu", [.init("inv_adapter", .string("nice"))]),
    "seq_bn_inv": bottleneck(false, false, "relu", [.init("inv_adapter", .string("nice"))]),
    "houlsby+inv": bottleneck(true, false, "swish", [.init("inv_adapter", .string("nice"))]),
    "double_seq_bn_inv": bottleneck(true, false, "swish", [.init("inv_adapter", .string("nice"))]),
    "lora": [
      .init("architecture", .string("lora")), .init("r", .number("8")), .init("alpha", .number("8")),
    ],
  ]
  guard let members = known[name] else {
    throw config.error(
      "config",
      "\(quoted(name)) is not supported, expected one of \(known.keys.sorted().joined(separator: ", "))"
    )
  }
  return config.replacement(members, for: "config")
}

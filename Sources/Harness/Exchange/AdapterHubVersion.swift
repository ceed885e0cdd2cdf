import GraftCore
import GraftSupport

/// Which program wrote a file of AdapterHub's, and what it meant by it.
///
/// Files of `adapters` say `adapters.1.3.0`; those of adapter-transformers before it have a bare number such as `3.2.1`, and its
/// first versions wrote none.
struct AdapterHubVersion {
  /// Whether no version is there.
  private let isMissing: Bool
  /// LoRA of `adapters` before 1.1 was trained without its scale.
  let ignoredLoRAScale: Bool

  init(_ text: String?, in config: ForeignConfig) throws {
    isMissing = text == nil
    guard let text, text.hasPrefix(Self.prefix) else {
      ignoredLoRAScale = false
      return
    }
    guard text.utf8.count <= 100, let isOld = Self.isBefore(text.dropFirst(Self.prefix.count), major: 1, minor: 1)
    else {
      throw config.error("version", "\(quoted(text)) is not a version such as adapters.1.3.0")
    }
    ignoredLoRAScale = isOld
  }

  private static let prefix = "adapters."

  /// Whether a version comes before a release; a pre-release such as `1.1.0.dev0` comes before its own. `nil`: not a version.
  private static func isBefore(_ text: Substring, major: Int, minor: Int) -> Bool? {
    guard
      let match = text.wholeMatch(
        of: /v?([0-9]{1,6}(?:\.[0-9]{1,6})*)([-_.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-_.]?[0-9]*)?(.*)/),
      match.2 != nil || match.3.isEmpty || match.3.contains(/^(\.post|\+)/)
    else { return nil }
    var release = match.1.split(separator: ".").compactMap { Int($0) }
    while release.count > 2, release.last == 0 { release.removeLast() }
    while release.count < 2 { release.append(0) }
    let wanted = [major, minor]
    return release == wanted ? match.2 != nil : release.lexicographicallyPrecedes(wanted)
  }

  /// Without a version, `gelu` is what is called `gelu_new` since, and `gelu_orig` is the exact one.
  func currentName(ofActivation name: String) -> String {
    guard isMissing else { return name }
    return ["gelu": "gelu_new", "gelu_orig": "gelu"][name] ?? name
  }

  /// Tensors had names for tasks and languages in the first versions.
  func currentName(ofTensor name: String) -> String {
    var name = name
    for place in ["attention", "layer"] {
      for kind in ["task", "lang"] { name = name.replacing("\(place)_text_\(kind)_adapters", with: "adapters") }
    }
    return name
  }
}

/// The functions that both have, by AdapterHub's names.
let adapterHubActivations: [String: Activation] = [
  "relu": .relu, "gelu": .gelu, "gelu_new": .geluNew, "swish": .swish, "silu": .swish, "tanh": .tanh,
]

/// The adapter's configuration: an object, or the name of one that the library knows.
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
      "\(quoted(name)) names a configuration that can't be imported; known are \(known.keys.sorted().joined(separator: ", "))"
    )
  }
  return config.standIn(members, for: "config")
}

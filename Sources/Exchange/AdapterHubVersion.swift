import GraftCore
import GraftSupport

/// The version of the library that wrote an AdapterHub file, and how that version's files differ.
///
/// `adapters` writes versions such as `adapters.1.3.0`. Its predecessor adapter-transformers wrote a bare number such as `3.2.1`,
/// and its first versions wrote none.
struct AdapterHubVersion {
  /// Whether the file has no version.
  private let isMissing: Bool
  /// The components of a version of `adapters`, at least two; `nil` for adapter-transformers.
  private let release: [Int]?
  private let isPrerelease: Bool

  init(_ text: String?, in config: ForeignConfig) throws {
    isMissing = text == nil
    guard let text, text.hasPrefix(Self.prefix) else {
      release = nil
      isPrerelease = false
      return
    }
    guard text.utf8.count <= 100, let (release, isPrerelease) = Self.parsed(text.dropFirst(Self.prefix.count)) else {
      throw config.error("version", "\(quoted(text)) is not a valid version, expected one such as adapters.1.3.0")
    }
    self.release = release
    self.isPrerelease = isPrerelease
  }

  private static let prefix = "adapters."

  /// Returns the components of a version without zeros at the end, at least two, or `nil` if it is not a version.
  private static func parsed(_ text: Substring) -> (release: [Int], isPrerelease: Bool)? {
    guard
      let match = text.wholeMatch(
        of: /v?([0-9]{1,6}(?:\.[0-9]{1,6})*)([-_.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-_.]?[0-9]*)?(.*)/),
      match.2 != nil || match.3.isEmpty || match.3.contains(/^(\.post|\+)/)
    else { return nil }
    var release = match.1.split(separator: ".").compactMap { Int($0) }
    while release.count > 2, release.last == 0 { release.removeLast() }
    while release.count < 2 { release.append(0) }
    return (release, match.2 != nil)
  }

  /// Returns whether this is a version of `adapters` before the given one. A pre-release such as `1.1.0.dev0` precedes its release.
  func isBefore(major: Int, minor: Int) -> Bool {
    guard let release else { return false }
    let other = [major, minor]
    return release == other ? isPrerelease : release.lexicographicallyPrecedes(other)
  }

  /// Returns the current name of an activation. In files without a version, `gelu` means today's `gelu_new`, and `gelu_orig`
  /// means the exact function.
  func currentName(ofActivation name: String) -> String {
    guard isMissing else { return name }
    return ["gelu": "gelu_new", "gelu_orig": "gelu"][name] ?? name
  }
}

/// The activations that Graft supports, by AdapterHub's names.
let adapterHubActivations: [String: Activation] = [
  "relu": .relu, "gelu": .gelu, "gelu_new": .geluNew, "swish": .swish, "silu": .swish, "tanh": .tanh,
]

import GraftSupport

/// A pattern over module paths that selects the modules a method changes.
///
/// - `*` matches one or more components, `a|b` matches either name within a component, and `{0-2,5}` matches a set of indices:
///   `*.attention.q_lin|v_lin`, `encoder.layer.{0-2,5}.*.query`.
/// - `role:query|value` matches modules by their function, independent of the names that a model family uses.
public struct TargetSelector: Sendable, Hashable, CustomStringConvertible {
  /// The pattern as written.
  public let description: String
  private let pattern: Pattern

  /// The maximum length of a pattern in bytes.
  private static let maximumLength = 4096

  private enum Pattern: Sendable, Hashable {
    case roles(Set<Role>)
    case path([Component])
  }

  private enum Component: Sendable, Hashable {
    case any
    case names(Set<Substring>)
    case indices([ClosedRange<Int>])

    func accepts(_ part: Substring) -> Bool {
      switch self {
      case .any: true
      case .names(let names): names.contains(part)
      case .indices(let ranges): Int(part).map { index in ranges.contains { $0.contains(index) } } ?? false
      }
    }
  }

  /// Parses a pattern.
  ///
  /// - Throws: ``SelectorError`` that shows the part with the syntax error.
  public init(_ text: String) throws {
    guard text.utf8.count <= Self.maximumLength else {
      throw SelectorError.notUnderstood(
        selector: String(text.prefix(40)) + "…", part: "…", reason: "it has more than \(Self.maximumLength) bytes")
    }
    description = text
    if text.hasPrefix("role:") {
      pattern = .roles(try Self.roles(in: text))
    } else {
      pattern = .path(
        try text.split(separator: ".", omittingEmptySubsequences: false).map { try Self.component($0, text) })
    }
  }

  /// Creates a selector of roles.
  public init(roles: [Role]) {
    description = "role:" + roles.map(\.rawValue).joined(separator: "|")
    pattern = .roles(Set(roles))
  }

  /// Creates a selector of one module.
  public init(_ path: ModulePath) {
    description = path.description
    pattern = .path(path.components.map { .names([$0]) })
  }

  /// Whether the last component is `*`, so that the selector skips modules that the method cannot attach to.
  var endsOpen: Bool {
    guard case .path(let components) = pattern else { return false }
    return components.last == .any
  }

  /// Returns whether the pattern matches a module.
  public func matches(_ path: ModulePath, role: Role?) -> Bool {
    switch pattern {
    case .roles(let roles): role.map(roles.contains) ?? false
    case .path(let components): Self.match(components[...], path.components[...])
    }
  }

  private static func match(_ pattern: ArraySlice<Component>, _ path: ArraySlice<Substring>) -> Bool {
    guard let head = pattern.first else { return path.isEmpty }
    let rest = pattern.dropFirst()
    if case .any = head {
      // Each `*` matches at least one component, so at most one tail per component is tried; a trailing `*` matches the rest.
      if rest.isEmpty { return !path.isEmpty }
      return path.indices.dropLast().contains { match(rest, path[($0 + 1)...]) }
    }
    guard let first = path.first, head.accepts(first) else { return false }
    return match(rest, path.dropFirst())
  }

  private static func roles(in text: String) throws -> Set<Role> {
    let names = text.dropFirst("role:".count).split(separator: "|", omittingEmptySubsequences: false)
    return try Set(
      names.map { name in
        guard let role = Role(rawValue: String(name)) else {
          let known = Role.allCases.map(\.rawValue)
          throw SelectorError.notUnderstood(
            selector: text, part: String(name),
            reason: "no such role\(didYouMean(String(name), in: known)); roles are \(known.joined(separator: ", "))")
        }
        return role
      })
  }

  private static func component(_ part: Substring, _ text: String) throws -> Component {
    func syntaxError(_ reason: String) -> SelectorError {
      .notUnderstood(selector: text, part: String(part), reason: reason)
    }
    if part == "*" { return .any }
    if part.isEmpty { throw syntaxError("a component is empty; separate components with single dots") }
    if part.hasPrefix("{") {
      guard part.hasSuffix("}") else { throw syntaxError("expected an index set that ends with '}', such as {0-2,5}") }
      return .indices(
        try part.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).map { item in
          let bounds = item.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
          guard bounds.count <= 2, let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high else {
            throw syntaxError("expected an index set of indices and ranges, such as {0-2,5}")
          }
          return low...high
        })
    }
    let names = part.split(separator: "|", omittingEmptySubsequences: false)
    for name in names {
      if name.contains("*") { throw syntaxError("'*' matches whole components and can't be part of a name") }
      if name.isEmpty || name.contains(where: { "{},: \t".contains($0) }) {
        throw syntaxError("expected names separated by '|', such as q_lin|v_lin")
      }
    }
    return .names(Set(names))
  }
}

extension TargetSelector: Codable {
  /// Decodes the pattern from its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Encodes the pattern as its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension TargetSelector: DescribedOption {
  /// `a selector`
  public static var optionTypeName: String { "a selector" }
  /// The selector as written.
  public var optionText: String { description }
}

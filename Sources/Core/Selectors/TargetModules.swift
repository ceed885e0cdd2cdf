/// The modules that a method changes: all that any selector matches, except those that are excluded.
///
/// In a configuration, this is a selector, a list of selectors, or `{include: […], exclude: […]}`.
public struct TargetModules: Sendable, Hashable {
  /// The selectors of the modules to change; each must match at least one module.
  public let include: [TargetSelector]
  /// The selectors of the modules to leave out.
  public let exclude: [TargetSelector]

  /// Creates targets from selectors.
  public init(include: [TargetSelector], exclude: [TargetSelector] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Creates targets from the paths of single modules.
  public init(paths: [ModulePath]) { self.init(include: paths.map { TargetSelector($0) }) }

  /// Returns targets by role, in every layer.
  public static func roles(_ roles: Role...) -> TargetModules { TargetModules(include: [TargetSelector(roles: roles)]) }

  /// Returns whether the targets include a module, by its path and role.
  public func matches(_ path: ModulePath, role: Role?) -> Bool {
    include.contains { $0.matches(path, role: role) } && !exclude.contains { $0.matches(path, role: role) }
  }

  /// Returns the slots of one kind among `modules` that the targets match, in model order.
  ///
  /// - Throws: ``SelectorError`` when a selector matches nothing, or a module without such a slot.
  func slots<Slot: AnySlot>(_: Slot.Type, in modules: [Module]) throws -> [Slot] {
    var selected = Set<ModulePath>()
    for selector in include { selected.formUnion(try slots(Slot.self, selector, in: modules).map(\.path)) }
    for selector in exclude {
      let excluded = modules.filter { selector.matches($0.path, role: $0.role) }
      guard !excluded.isEmpty else {
        throw SelectorError.matchesNothing(
          selector: selector.description, nearest: nearestPaths(to: selector, in: modules))
      }
      selected.subtract(excluded.map(\.path))
    }
    guard !selected.isEmpty else {
      throw SelectorError.everythingExcluded(
        selectors: include.map(\.description), excluded: exclude.map(\.description))
    }
    return modules.compactMap { $0.slot(Slot.self) }.filter { selected.contains($0.path) }
  }

  private func slots<Slot: AnySlot>(_: Slot.Type, _ selector: TargetSelector, in modules: [Module]) throws -> [Slot] {
    let matching = modules.filter { selector.matches($0.path, role: $0.role) }
    let slots = matching.compactMap { $0.slot(Slot.self) }
    let possible = modules.filter { $0.slot(Slot.self) != nil }
    if let other = matching.first(where: { $0.slot(Slot.self) == nil }), !selector.endsOpen || slots.isEmpty {
      throw SelectorError.cannotAttach(
        selector: selector.description, path: other.path.description, kind: other.kind.name, needed: Slot.kind,
        nearest: nearestPaths(to: selector, in: possible))
    }
    guard !slots.isEmpty else {
      throw SelectorError.matchesNothing(
        selector: selector.description, nearest: nearestPaths(to: selector, in: possible))
    }
    return slots
  }
}

extension TargetModules: DescribedOption {
  /// `a selector or a list of selectors`
  public static var optionTypeName: String { "a selector or a list of selectors" }
  /// The selectors to include, separated by commas.
  public var optionText: String { include.map(\.description).joined(separator: ", ") }
}

extension TargetModules: Codable {
  private enum Key: String, CodingKey, CaseIterable { case include, exclude }

  /// Decodes a selector, a list of selectors, or a mapping with `include` and `exclude`.
  public init(from decoder: any Decoder) throws {
    if let single = try? decoder.singleValueContainer(), (try? single.decode(String.self)) != nil {
      self.init(include: [try TargetSelector(from: decoder)])
    } else if (try? decoder.unkeyedContainer()) != nil {
      self.init(include: try Self.list(from: decoder))
    } else {
      var options = try OptionReader(decoder)
      let include = try options.optional("include", of: SelectorList.self, "selectors of modules to change")
      let exclude = try options.optional("exclude", of: SelectorList.self, "selectors of modules to leave out")
      try options.finish()
      guard let include else { throw Self.empty(decoder) }
      self.init(include: include.selectors, exclude: exclude?.selectors ?? [])
    }
  }

  /// The largest number of selectors. Longer lists are not written by hand, and would take long to match.
  static let maximumSelectors = 2_000

  private static func list(from decoder: any Decoder) throws -> [TargetSelector] {
    var container = try decoder.unkeyedContainer()
    var selectors: [TargetSelector] = []
    while !container.isAtEnd {
      guard selectors.count < maximumSelectors else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "expected at most \(maximumSelectors) selectors"))
      }
      selectors.append(try container.decode(TargetSelector.self))
    }
    guard !selectors.isEmpty else { throw empty(decoder) }
    return selectors
  }

  /// A list of selectors within a mapping.
  private struct SelectorList: Decodable, Sendable {
    let selectors: [TargetSelector]
    init(from decoder: any Decoder) throws { selectors = try TargetModules.list(from: decoder) }
  }

  private static func empty(_ decoder: any Decoder) -> DecodingError {
    .dataCorrupted(
      .init(
        codingPath: decoder.codingPath, debugDescription: "expected at least one selector, such as \"*.query|value\""))
  }

  /// Encodes a list, or a mapping when modules are excluded.
  public func encode(to encoder: any Encoder) throws {
    if exclude.isEmpty {
      try include.encode(to: encoder)
    } else {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(include, forKey: .include)
      try container.encode(exclude, forKey: .exclude)
    }
  }
}

import GraftSupport

extension Randomness {
  /// Returns a JSON text with changed values, names, and structure, or with changed bytes.
  mutating func mutatedJSON(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    if chance(20) { return mutated(original, splicing: other) }
    let bytes = mutated(JSONTree(original)).bytes
    return chance(5) ? mutated(bytes) : bytes
  }

  /// Returns a tree with several changes.
  mutating func mutated(_ original: JSONTree) -> JSONTree {
    var tree = original
    for _ in 0..<few() { tree = change(tree) }
    return tree
  }

  /// Makes one change at a random position in the tree.
  private mutating func change(_ tree: JSONTree) -> JSONTree {
    switch tree {
    case .object(var members):
      guard !members.isEmpty else { return value(in: tree) }
      let place = below(members.count)
      guard chance(35) else {
        members[place].value = change(members[place].value)
        return .object(members)
      }
      switch below(8) {
      case 0: members.remove(at: place)
      case 1: members.insert(members[place], at: below(members.count + 1))
      case 2: members[place].key = pick(HostileValues.texts)
      case 3: members[place].key = members[below(members.count)].key
      case 4: members.append(.init(key: pick(HostileValues.texts), value: value(in: tree)))
      case 5: members.swapAt(place, below(members.count))
      case 6: members[place].value = members[below(members.count)].value
      default: members[place].value = value(in: members[place].value)
      }
      return .object(members)
    case .array(var items):
      guard !items.isEmpty else { return chance(50) ? .array([value(in: tree)]) : value(in: tree) }
      let place = below(items.count)
      guard chance(35) else {
        items[place] = change(items[place])
        return .array(items)
      }
      switch below(6) {
      case 0: items.remove(at: place)
      case 1: items.insert(items[place], at: below(items.count + 1))
      case 2: items += Array(repeating: items[place], count: pick([1, 10, 300]))
      case 3: items.swapAt(place, below(items.count))
      case 4: items = Array(items.prefix(place))
      default: items[place] = value(in: items[place])
      }
      return .array(items)
    case .text, .raw: return value(in: tree)
    }
  }

  /// Returns a replacement for a value, usually of the same kind.
  private mutating func value(in old: JSONTree) -> JSONTree {
    switch old {
    case .text(let text) where chance(60):
      return .text(
        pick([
          text + "x", String(text.dropLast()), text + text, text.uppercased(), " " + text, text + "\n",
          pick(HostileValues.texts),
          pick(HostileValues.texts) + text,
        ]))
    case .raw where chance(60): return .raw(pick(HostileValues.numbers))
    default:
      switch below(10) {
      case 0: return .raw(pick(["null", "true", "false", "", "x", "NaN"]))
      case 1: return .array([])
      case 2: return .object([])
      case 3: return .array(Array(repeating: .raw(pick(HostileValues.numbers)), count: pick([1, 2, 3, 1000])))
      case 4:
        return .object([.init(key: "a", value: .raw("1")), .init(key: pick(HostileValues.texts), value: .text("b"))])
      case 5: return nested()
      case 6, 7: return .raw(pick(HostileValues.numbers))
      default: return .text(pick(HostileValues.texts))
      }
    }
  }

  private mutating func nested() -> JSONTree {
    let depth = pick([5, 31, 32, 33, 40, 511, 513, 3000])
    return chance(50)
      ? .raw(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
      : .raw(String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth))
  }
}

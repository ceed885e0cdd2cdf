import GraftSupport

extension ForeignPattern {
  /// Reads the text of an expression.
  struct Parser {
    let scalars: [Unicode.Scalar]
    var position = 0

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard next == scalar else { return false }
      position += 1
      return true
    }

    mutating func choice(depth: Int) throws -> Node {
      guard depth < 100 else { throw Problem(reason: "its groups are too deep") }
      var nodes = [try sequence(depth: depth)]
      while take("|") { nodes.append(try sequence(depth: depth)) }
      return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence(depth: Int) throws -> Node {
      var nodes: [Node] = []
      while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repeated(atom(depth: depth))) }
      return .sequence(nodes)
    }

    private mutating func repeated(_ atom: Node) throws -> Node {
      guard let node = try repetition(of: atom) else { return atom }
      // Greedy or not makes no difference to whether the whole matches. `*+` and the like would.
      _ = take("?")
      guard try repetition(of: .empty) == nil else { throw Problem(reason: "a repetition is repeated") }
      return node
    }

    private mutating func repetition(of node: Node) throws -> Node? {
      if take("*") { return .loop(node, least: 0, most: nil) }
      if take("+") { return .loop(node, least: 1, most: nil) }
      if take("?") { return .loop(node, least: 0, most: 1) }
      guard next == "{", let (least, most) = try bounds() else { return nil }
      return .loop(node, least: least, most: most)
    }

    private mutating func bounds() throws -> (Int, Int?)? {
      guard let close = scalars[position...].prefix(12).firstIndex(of: "}") else { return nil }
      let text = String(String.UnicodeScalarView(scalars[position + 1..<close]))
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), !text.isEmpty, text != ",",
        let least = parts[0].isEmpty ? 0 : Int(parts[0])
      else {
        return nil
      }
      let most = parts.count == 1 ? least : Int(parts[1])
      guard parts.count == 1 || parts[1].isEmpty || most != nil else { return nil }
      guard (0...1000).contains(least), most.map({ (least...1000).contains($0) }) ?? true else {
        throw Problem(reason: "\(quoted("{\(text)}")) is out of bounds, which are 0 and 1000")
      }
      position = close + 1
      return (least, most)
    }

    private mutating func atom(depth: Int) throws -> Node {
      guard let scalar = next else { return .empty }
      position += 1
      switch scalar {
      case "(":
        if take("?"), !take(":") {
          throw Problem(reason: "groups with '(?' but '(?:' are not understood", mayBeValid: true)
        }
        let node = try choice(depth: depth + 1)
        guard take(")") else { throw Problem(reason: "a '(' has no ')'") }
        return node
      case "[": return .set(try brackets())
      case ".": return .set(CharacterSet(ranges: ["\n"..."\n"], isNegated: true))
      case "^": return .start
      case "$": return .end
      case "*", "+", "?": throw Problem(reason: "'\(scalar)' repeats nothing")
      case "\\": return try escaped()
      default: return .set(CharacterSet(ranges: [scalar...scalar]))
      }
    }

    private mutating func escaped() throws -> Node {
      guard let scalar = next else { throw Problem(reason: "it ends with '\\'") }
      position += 1
      if scalar == "A" { return .start }
      if scalar == "Z" { return .end }
      if let known = Self.classes[scalar] { return .set(known) }
      guard !scalar.properties.isAlphabetic, scalar.properties.numericType == nil else {
        throw Problem(reason: "\(quoted("\\\(scalar)")) is not understood", mayBeValid: true)
      }
      return .set(CharacterSet(ranges: [scalar...scalar]))
    }

    private static let classes: [Unicode.Scalar: CharacterSet] = [
      "d": CharacterSet(kinds: [.digit]), "D": CharacterSet(kinds: [.digit], isNegated: true),
      "w": CharacterSet(kinds: [.word]), "W": CharacterSet(kinds: [.word], isNegated: true),
      "s": CharacterSet(kinds: [.space]), "S": CharacterSet(kinds: [.space], isNegated: true),
    ]

    private mutating func brackets() throws -> CharacterSet {
      var set = CharacterSet(isNegated: take("^"))
      var isFirst = true
      while let scalar = next, isFirst || scalar != "]" {
        isFirst = false
        position += 1
        var low = scalar
        if scalar == "\\" {
          guard let escaped = next else { break }
          position += 1
          if let known = Self.classes[escaped] {
            guard !known.isNegated else {
              throw Problem(reason: "\(quoted("\\\(escaped)")) within [] is not understood", mayBeValid: true)
            }
            set.kinds += known.kinds
            continue
          }
          guard !escaped.properties.isAlphabetic, escaped.properties.numericType == nil else {
            throw Problem(reason: "\(quoted("\\\(escaped)")) within [] is not understood", mayBeValid: true)
          }
          low = escaped
        }
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
          set.ranges.append(low...low)
          continue
        }
        let high = scalars[position + 1]
        position += 2
        guard low <= high else { throw Problem(reason: "\(quoted("\(low)-\(high)")) within [] is turned around") }
        set.ranges.append(low...high)
      }
      guard take("]") else { throw Problem(reason: "a '[' has no ']'") }
      return set
    }
  }
}

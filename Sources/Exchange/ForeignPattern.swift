import GraftSupport

/// A regular expression from another toolkit's file. It supports the subset of Python's syntax that module names need.
///
/// It is compiled to a list of instructions, and all states are simulated at once (Thompson, 1968). The run time is therefore at
/// most proportional to the length of the text times the number of instructions, even for a malicious expression.
package struct ForeignPattern {
  /// The expression in the file.
  package let text: String
  private let program: [Instruction]

  private enum Instruction {
    case accept(CharacterSet)
    case split(Int, Int)
    case jump(Int)
    case atStart, atEnd
    case match
  }

  indirect enum Node {
    case empty
    case set(CharacterSet)
    case start, end
    case sequence([Node])
    case choice([Node])
    case loop(Node, minimum: Int, maximum: Int?)
  }

  struct CharacterSet {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var kinds: [Kind] = []
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      (ranges.contains { $0.contains(scalar) } || kinds.contains { $0.contains(scalar) }) != isNegated
    }
  }

  /// The classes `\d`, `\w`, and `\s`, which include all of Unicode in Python.
  enum Kind {
    case digit, word, space

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      let properties = scalar.properties
      switch self {
      case .digit: return properties.generalCategory == .decimalNumber
      case .space: return properties.isWhitespace
      case .word:
        let letters: [Unicode.GeneralCategory] = [
          .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        ]
        return scalar == "_" || letters.contains(properties.generalCategory) || properties.numericType != nil
      }
    }
  }

  /// The reason why an expression can't be compiled.
  package struct Problem: Error, Equatable {
    /// A short description.
    package let reason: String
    /// Whether the expression may nevertheless be valid in Python.
    var mayBeValid = false
  }

  /// The maximum number of compilation steps, which also bounds the number of instructions.
  package static let longest = 20_000
  /// The number of compilation steps that were used.
  let length: Int

  /// Compiles an expression.
  ///
  /// - Parameters:
  ///   - text: The expression.
  ///   - longest: The maximum number of compilation steps.
  /// - Throws: ``Problem`` if the expression is invalid, not supported, or too long.
  package init(_ text: String, longest: Int = longest) throws {
    self.text = text
    // A longer text would also exceed the number of steps, unless it consists of long character classes.
    guard text.utf8.count <= Self.longest else { throw Problem(reason: "it is too long") }
    var parser = Parser(scalars: Array(text.unicodeScalars))
    let node = try parser.choice(depth: 0)
    guard parser.position == parser.scalars.count else { throw Problem(reason: "a ')' has no '('") }
    var compiler = Compiler(stepsLeft: longest)
    try compiler.compile(node)
    length = longest - compiler.stepsLeft
    program = compiler.program + [.match]
  }

  /// Returns whether the expression matches the whole text, as with Python's `re.fullmatch`.
  package func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var states = States(count: program.count)
    add(0, to: &states, isStart: true, isEnd: scalars.isEmpty)
    for (index, scalar) in scalars.enumerated() {
      let current = states.list
      if current.isEmpty { return false }
      states.clear()
      for state in current {
        if case .accept(let set) = program[state], set.contains(scalar) {
          add(state + 1, to: &states, isStart: false, isEnd: index == scalars.count - 1)
        }
      }
    }
    return states.list.contains(program.count - 1)
  }

  /// The set of current instructions.
  private struct States {
    private(set) var list: [Int] = []
    private var rounds: [Int]
    private var round = 1

    init(count: Int) { rounds = Array(repeating: 0, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      guard rounds[state] != round else { return false }
      rounds[state] = round
      list.append(state)
      return true
    }

    mutating func clear() {
      list.removeAll(keepingCapacity: true)
      round += 1
    }
  }

  /// Adds a state and all states that can be reached from it without consuming a character.
  private func add(_ state: Int, to states: inout States, isStart: Bool, isEnd: Bool) {
    var pending = [state]
    while let state = pending.popLast() {
      guard states.insert(state) else { continue }
      switch program[state] {
      case .split(let first, let second): pending += [second, first]
      case .jump(let target): pending.append(target)
      case .atStart: if isStart { pending.append(state + 1) }
      case .atEnd: if isEnd { pending.append(state + 1) }
      case .accept, .match: break
      }
    }
  }

  private struct Compiler {
    var program: [Instruction] = []
    var stepsLeft: Int

    init(stepsLeft: Int) { self.stepsLeft = stepsLeft }

    mutating func compile(_ node: Node) throws {
      stepsLeft -= 1
      guard stepsLeft > 0 else { throw Problem(reason: "it is too long") }
      switch node {
      case .empty: break
      case .set(let set): program.append(.accept(set))
      case .start: program.append(.atStart)
      case .end: program.append(.atEnd)
      case .sequence(let nodes): for node in nodes { try compile(node) }
      case .choice(let nodes):
        var ends: [Int] = []
        for node in nodes.dropLast() {
          let split = program.count
          program.append(.split(split + 1, 0))
          try compile(node)
          ends.append(program.count)
          program.append(.jump(0))
          program[split] = .split(split + 1, program.count)
        }
        if let last = nodes.last { try compile(last) }
        for end in ends { program[end] = .jump(program.count) }
      case .loop(let node, let minimum, let maximum):
        for _ in 0..<minimum { try compile(node) }
        for _ in minimum..<(maximum ?? minimum + 1) {
          let split = program.count
          program.append(.split(split + 1, 0))
          try compile(node)
          if maximum == nil { program.append(.jump(split)) }
          program[split] = .split(split + 1, program.count)
        }
      }
    }
  }
}

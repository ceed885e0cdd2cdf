import ArgumentParser

/// The value of an option that accepts the raw values of an enumeration. Help and error messages list them.
///
/// A wrapper, because a public enumeration of another module could conform to `ExpressibleByArgument` only publicly.
struct OptionChoice<Value: CaseIterable & RawRepresentable & Sendable>: ExpressibleByArgument
where Value.RawValue == String {
  /// The chosen case.
  let value: Value

  init?(argument: String) {
    guard let value = Value(rawValue: argument) else { return nil }
    self.value = value
  }

  static var allValueStrings: [String] { Value.allCases.map { $0.rawValue } }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

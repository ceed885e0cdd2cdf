/// The contract of a plugin: one way of adapting a frozen model by training few parameters.
///
/// A method says what it would attach and thaw; ``AdaptableModel/inject(_:as:seed:head:carrying:planHead:)`` carries it out. See
/// `Docs/adding-a-method.md` for a whole one.
public protocol ParameterEfficientMethod: Sendable {
  /// Its options, validated while they are decoded: use an ``OptionReader``, which refuses unknown keys.
  associatedtype Configuration: Codable & Sendable

  /// The name in configurations and files, in lower case: `lora`.
  static var name: String { get }
  /// The name in texts: `LoRA`.
  static var title: String { get }
  /// One line on what it does, with its source.
  static var summary: String { get }

  /// The options of this instance.
  var configuration: Configuration { get }

  /// The method with these options.
  init(_ configuration: Configuration)

  /// Adds what the method needs to the plan. Nothing happens to the model here; a throw leaves it untouched.
  ///
  /// - Throws: ``SelectorError`` and other errors for people.
  func plan(_ plan: inout InjectionPlan) throws
}

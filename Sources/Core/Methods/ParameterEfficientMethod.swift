/// A method that adapts a frozen model by training few parameters; the protocol that plugins implement.
///
/// A method plans what to attach and thaw, and ``AdaptableModel/inject(_:as:seed:head:carrying:planHead:)`` executes the plan.
/// See `Docs/adding-a-method.md` for a complete example.
public protocol ParameterEfficientMethod: Sendable {
  /// The method's options. They are validated while decoding: use an ``OptionReader``, which rejects unknown keys.
  associatedtype Configuration: Codable & Sendable

  /// The name in configurations and files, in lower case: `lora`.
  static var name: String { get }
  /// The name in prose: `LoRA`.
  static var title: String { get }
  /// One line about what it does, with its source.
  static var summary: String { get }

  /// The options of this instance.
  var configuration: Configuration { get }

  /// Creates the method with its options.
  init(_ configuration: Configuration)

  /// Adds the method's attachments and thawed parameters to the plan. The model is not changed here.
  ///
  /// - Throws: ``SelectorError`` and other errors to show to the user.
  func plan(_ plan: inout InjectionPlan) throws
}

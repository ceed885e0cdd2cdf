public import GraftCore
public import GraftMethods
public import GraftObjectives
public import GraftTransformer

/// What a program can use by name. A program with its own parts registers them here, in one place.
public struct Registries: Sendable {
  /// The methods.
  public var methods: MethodRegistry
  /// The families of encoders.
  public var families: FamilyRegistry
  /// The objectives.
  public var objectives: ObjectiveRegistry
  /// The tasks.
  public var tasks: TaskRegistry

  /// Creates registries; those that are not given are built in.
  public init(
    methods: MethodRegistry = .builtIn, families: FamilyRegistry = .builtIn, objectives: ObjectiveRegistry = .builtIn,
    tasks: TaskRegistry = .builtIn
  ) {
    self.methods = methods
    self.families = families
    self.objectives = objectives
    self.tasks = tasks
  }

  /// The built-in parts.
  public static let builtIn = Registries()
}

extension CodingUserInfoKey {
  /// The key of the ``Registries`` with which a configuration is decoded.
  public static let registries: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "graft.registries") else {
      preconditionFailure("a key that is not empty is valid")
    }
    return key
  }()
}

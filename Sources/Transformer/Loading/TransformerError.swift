public import GraftSupport

/// An error in loading a base model or adding an adapter to it.
public enum TransformerError: UserError, Equatable {
  /// `config.json` is incomplete or invalid.
  case configuration(file: String, reason: String)
  /// The architecture is not supported.
  case unsupportedArchitecture(file: String, found: String, supported: [String])
  /// `config.json` has no `model_type`, and it can't be inferred from the other keys.
  case noModelType(file: String, architecture: String?, supported: [String])
  /// The checkpoint does not contain a required tensor.
  case missingTensor(folder: String, name: String, candidates: [String])
  /// The shape of a tensor does not match `config.json`.
  case shape(folder: String, name: String, expected: [Int], found: [Int])
  /// A method uses so many positions that there are not enough left for tokens.
  case noPositions(method: String, needed: Int, positions: Int)
  /// An adapter's head reads the pooled vector, but the base has no pooler.
  case noPooler(family: String)

  /// One line that describes the problem, the place, and what was expected.
  public var description: String {
    switch self {
    case .configuration(let file, let reason): "\(file): \(reason)"
    case .unsupportedArchitecture(let file, let found, let supported):
      "\(file): architecture \(quoted(found)) is not supported; "
        + "use a base of one of these: \(supported.joined(separator: ", "))"
    case .noModelType(let file, let architecture?, let supported):
      "\(file): there is no model_type, and the architecture \(quoted(architecture)) is not one of "
        + "\(supported.joined(separator: ", ")); if the model is one of these after all, add its model_type to the file"
    case .noModelType(let file, nil, let supported):
      "\(file): there is no model_type, and it can't be inferred from the other keys; "
        + "add \"model_type\": \"\(supported[0])\" to the file, or whichever of \(supported.joined(separator: ", ")) applies"
    case .missingTensor(let folder, let name, let candidates):
      "\(folder): the checkpoint has no tensor \(name) (looked for \(candidates.joined(separator: ", "))); "
        + "is it a complete model of the architecture in config.json?"
    case .shape(let folder, let name, let expected, let found):
      "\(folder): tensor \(name) has shape \(found), expected \(expected) by config.json"
    case .noPositions(let method, let needed, let positions):
      "method \(quoted(method)) uses \(needed) of the model's \(positions) positions, which leaves no room for text; "
        + "reduce its length"
    case .noPooler(let family):
      "the adapter's head reads the pooled vector of the first token, but this base (\(family)) has no pretrained pooler; "
        + "use the base on which the adapter was trained"
    }
  }
}

public import GraftSupport

/// Why a folder can't be read as a base model.
public enum TransformerError: UserError, Equatable {
  /// `config.json` is missing something or says something impossible.
  case configuration(file: String, reason: String)
  /// The architecture is not one of ours.
  case unsupportedArchitecture(file: String, found: String, supported: [String])
  /// `config.json` has no `model_type`, and its other keys do not tell it.
  case noModelType(file: String, architecture: String?, supported: [String])
  /// A needed tensor is not in the checkpoint.
  case missingTensor(folder: String, name: String, looked: [String])
  /// A tensor is there with another shape than `config.json` asks for.
  case shape(folder: String, name: String, expected: [Int], found: [Int])
  /// A method needs so many positions that hardly any are left for tokens.
  case noPositions(method: String, needed: Int, positions: Int)
  /// An adapter's head reads pooled vectors, and the base has none.
  case noPooler(family: String)

  /// One line: what is wrong, where, and what was expected.
  public var description: String {
    switch self {
    case .configuration(let file, let reason): "\(file): \(reason)"
    case .unsupportedArchitecture(let file, let found, let supported):
      "\(file): architecture \(quoted(found)) is not supported; take a base of one of these: \(supported.joined(separator: ", "))"
    case .noModelType(let file, let architecture?, let supported):
      "\(file): there is no model_type, and the architecture \(quoted(architecture)) is not one of \(supported.joined(separator: ", ")); "
        + "if the model is one of these all the same, add its model_type to the file"
    case .noModelType(let file, nil, let supported):
      "\(file): there is no model_type, and the other keys do not tell it; add \"model_type\": \"\(supported[0])\" to the file, or "
        + "the one of \(supported.joined(separator: ", ")) that it is"
    case .missingTensor(let folder, let name, let looked):
      "\(folder): the checkpoint has no tensor \(name) (looked for \(looked.joined(separator: ", "))); "
        + "is it a whole model of the architecture that config.json names?"
    case .shape(let folder, let name, let expected, let found):
      "\(folder): tensor \(name) has shape \(found), expected \(expected) by config.json"
    case .noPositions(let method, let needed, let positions):
      "method \(quoted(method)) takes \(needed) of the model's \(positions) positions for itself, which leaves no room for text; "
        + "shorten it"
    case .noPooler(let family):
      "the adapter's head reads the pooled vector of the first token, but this base (\(family)) has no pretrained pooler; "
        + "give the base that the adapter was trained on"
    }
  }
}

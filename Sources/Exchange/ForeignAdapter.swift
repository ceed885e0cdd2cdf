import GraftCore
import GraftTransformer

/// An adapter from another toolkit, converted to Graft's names.
struct ForeignAdapter {
  /// The toolkit's name.
  let toolkit: String
  /// The base's name in the toolkit's files.
  let baseName: String?
  /// The method with its options.
  let method: any ParameterEfficientMethod
  /// The values by Graft's parameter names.
  var values: [String: ForeignTensor]
  /// The names of the labels, if the toolkit stores them.
  var labels: [String]?
  /// The objectives that the head may be for; `nil` if the toolkit does not store it.
  var objectives: [String]?
  /// What the adapter contains besides the method's parameters and a head with the base's structure.
  var extras = AdapterExtras()
  /// The maximum sequence length in training, if the toolkit stores it.
  var maxLength: Int?
  /// Notes for the user: entries that have no effect, and values that the toolkit itself ignores.
  var notes: [String] = []
}

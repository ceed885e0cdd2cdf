import Foundation
import GraftCore
import GraftSupport
import GraftTransformer

/// The description of an adapter file that `graft inspect FILE` prints.
public struct AdapterDescription: Encodable, Sendable {
  let file: String
  let bytes: Int
  let method: JSONValue
  let task: String
  let labels: [String]
  let objective: String
  let base: AdapterMetadata.BaseReference
  let maxLength: Int
  /// The base's parameters outside the head for which the file contains values.
  let carried: [String]
  /// The structure of the head, if it differs from the base's.
  let head: StackedHead.Shape?
  let parameters: Int
  let tensors: [Tensor]
  private let methodText: String

  private enum CodingKeys: String, CodingKey {
    case file, bytes, method, task, objective, labels, base, maxLength, carried, head, parameters, tensors
  }

  struct Tensor: Encodable, Sendable {
    let name: String
    let shape: [Int]
    let dtype: String
  }

  /// Describes a file.
  public init(_ file: AdapterFile) {
    self.file = file.path
    bytes = file.bytes
    methodText = file.metadata.methodText
    method = (try? file.metadata.methodTree(file: file.path)).map(JSONValue.init) ?? .string(methodText)
    task = file.metadata.task
    labels = file.metadata.labels
    objective = file.metadata.objective.name
    base = file.metadata.base
    maxLength = file.metadata.maxLength
    carried = file.metadata.extras.carried
    head = file.metadata.extras.head
    tensors = file.tensors.map { Tensor(name: $0.name, shape: $0.shape, dtype: $0.type) }
    parameters = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// The description as text.
  public var text: String {
    let optional = [
      self.head.map { head in
        "head       \(head.layers) projections, \(head.activation?.rawValue ?? "no activation") between them"
          + (head.pooler ? ", on the pooled vector" : "")
      },
      carried.isEmpty ? nil : "carried    \(carried.count) of the base's parameters",
    ].compactMap { $0 }.map { "\n  \($0)" }.joined()
    let required = """
      \(visible(file)): \(bytes) bytes, \(parameters) parameters in \(tensors.count) tensors
        method     \(visible(methodText))
        task       \(visible(task)): \(LabelNames.text(labels))
        objective  \(visible(objective))
        base       \(visible(base.name)) (\(visible(base.architecture)))
          model      SHA-256 \(visible(base.identity.model))
          tokenizer  SHA-256 \(visible(base.identity.tokenizer))
        max length \(maxLength) tokens
      """
    return
      ([required + optional + "\n  tensors"]
      + tensors.map { "    \(visible($0.name)) \($0.shape)" + ($0.dtype == "F32" ? "" : " \($0.dtype)") }).joined(
        separator: "\n")
  }
}

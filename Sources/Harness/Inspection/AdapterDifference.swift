import Foundation
import GraftSupport

/// What `graft diff A B` shows: how two adapter files differ. The keys of its JSON are a promise.
public struct AdapterDifference: Encodable, Sendable {
  /// The files.
  public let files: [String]
  /// Whether they are the same to the last byte.
  public let identical: Bool
  /// What they say of themselves differently.
  public let metadata: [Metadata]
  /// Tensors that the first one alone has.
  public let onlyInFirst: [String]
  /// Tensors that the second one alone has.
  public let onlyInSecond: [String]
  /// The tensors that both have, by name; those that are equal in shape and values are not among them.
  public let tensors: [Tensor]
  /// How many are equal.
  public let equalTensors: Int

  /// A key of the metadata with other values.
  public struct Metadata: Encodable, Sendable {
    /// The key.
    public let key: String
    /// Its value in each file; `nil` where it is missing.
    public let values: [String?]
  }

  /// A tensor with other values, or of another shape.
  public struct Tensor: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// Its shape in each file.
    public let shapes: [[Int]]
    /// How many values differ; `nil` between unlike shapes.
    public let differing: Int?
    /// The largest difference; `nil` between unlike shapes, or where one is no number.
    public let largest: Float?
    /// The length of the difference as a share of the first one's; `nil` where that is zero.
    public let relative: Double?
  }

  /// Compares two files.
  ///
  /// - Throws: Errors for people when a tensor can't be read.
  public init(_ first: AdapterFile, _ second: AdapterFile) throws {
    files = [first.path, second.path]
    let keys = Set(first.strings.keys).union(second.strings.keys).sorted()
    metadata = keys.filter { first.strings[$0] != second.strings[$0] }.map {
      Metadata(key: $0, values: [first.strings[$0], second.strings[$0]])
    }
    let names = (Set(first.tensors.map(\.name)), Set(second.tensors.map(\.name)))
    onlyInFirst = names.0.subtracting(names.1).sorted()
    onlyInSecond = names.1.subtracting(names.0).sorted()
    let both = names.0.intersection(names.1).sorted()
    tensors = try both.compactMap { try Tensor($0, first.values(of: $0), second.values(of: $0)) }
    equalTensors = both.count - tensors.count
    identical = first.contentHash == second.contentHash
  }

  /// For people.
  public var text: String {
    if identical { return "The files are the same to the last byte." }
    var lines = metadata.map { change in
      "\(visible(change.key))\n"
        + zip(["<", ">"], change.values).map { "  \($0) \(visible($1 ?? "missing"))" }.joined(separator: "\n")
    }
    for (names, file) in [(onlyInFirst, files[0]), (onlyInSecond, files[1])] {
      lines += names.map { "\(visible($0)): only in \(visible(file))" }
    }
    lines += tensors.map { tensor in
      let name = visible(tensor.name)
      guard let differing = tensor.differing else {
        return "\(name): \(tensor.shapes[0]) and \(tensor.shapes[1])"
      }
      let relative = tensor.relative.map { String(format: ", %.3g %% of its length", 100 * $0) } ?? ""
      let largest = tensor.largest.map { "\($0)" } ?? "undefined"
      return
        "\(name): \(differing) of \(tensor.shapes[0].reduce(1, *)) values differ, by at most \(largest)\(relative)"
    }
    return (lines + ["\(equalTensors) tensors are equal."]).joined(separator: "\n")
  }
}

extension AdapterDifference.Tensor {
  /// `nil` when they are equal.
  fileprivate init?(_ name: String, _ first: (shape: [Int], values: [Float]), _ second: (shape: [Int], values: [Float]))
  {
    self.name = name
    shapes = [first.shape, second.shape]
    guard first.shape == second.shape else {
      differing = nil
      largest = nil
      relative = nil
      return
    }
    let pairs = zip(first.values, second.values)
    let count = pairs.count { $0.bitPattern != $1.bitPattern }
    guard count > 0 else { return nil }
    let distances = pairs.map { abs($0 - $1) }
    differing = count
    largest = distances.contains { $0.isNaN } ? nil : distances.max()
    func length(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
    let whole = length(first.values)
    relative = whole > 0 && whole.isFinite ? length(distances) / whole : nil
  }
}

import Foundation
import GraftSafetensors
import GraftSupport

/// What it takes to have a base's files back out of a merged folder, without base or adapters at hand: the folder `graft-undo` within
/// it. The layout is described in `Docs/adapter-format.md`.
///
/// It holds no copy of a weight: of each changed tensor only the bits by which the original differs from what undoing the merge in
/// floats gives. They are nearly all zero, and lie byte plane by byte plane so that they pack well.
struct UndoRecord: Codable {
  static let folder = "graft-undo"
  static let file = "\(folder)/record.json"
  static let bits = "\(folder)/bits.safetensors.zst"
  static let version = 1

  /// The layout's number.
  var format = version
  let base: Base
  /// The base's weights, in the order of their names.
  let files: [File]
  /// The merged folder's own files: weights, configuration, tokenizer.
  let merged: [File]
  /// What was applied, in this order.
  let adapters: [File]
  /// Each key of the base's checkpoint, and its key in the merged one.
  let keys: [String: String]
  /// Those keys whose values are others now, and the parameters that they are.
  let changed: [String: String]

  struct Base: Codable {
    let name: String
    let identity: BaseIdentity
  }

  struct File: Codable {
    let name: String
    let bytes: Int
    let sha256: String

    /// A file by its content.
    init(name: String, path: String) throws {
      let content = try MappedFile(path: path)
      self.name = name
      bytes = content.bytes.count
      sha256 = withExtendedLifetime(content) { GraftSupport.sha256(content.bytes) }
    }
  }

  /// Reads a merged folder's record and makes sure that its weights are what it was written for.
  init(folder: String) throws {
    let path = "\(folder)/\(Self.file)"
    guard try fileExists(path) else { throw PatchError.noRecord(folder: folder) }
    let content = try MappedFile(path: path)
    guard content.bytes.count <= 64 << 20 else { throw PatchError.badRecord(file: path, reason: "it is too long") }
    do {
      let decoder = JSONDecoder()
      let format = try decoder.decode(Format.self, from: Data(content.bytes)).format
      guard format == Self.version else {
        throw PatchError.newerRecord(file: path, version: format, known: Self.version)
      }
      self = try decoder.decode(UndoRecord.self, from: Data(content.bytes))
    } catch let error as DecodingError {
      throw PatchError.badRecord(file: path, reason: error.summary)
    }
    try check(file: path)
    for file in merged { try require(file, at: "\(folder)/\(file.name)", in: folder) }
  }

  /// Makes sure that a file of the merged folder is the one in the record.
  func require(_ file: File, at path: String, in folder: String) throws {
    guard try fileExists(path) else { throw PatchError.gone(file: path) }
    let got = try File(name: file.name, path: path)
    guard got.sha256 == file.sha256 else {
      throw PatchError.changed(file: path, expected: file.sha256, got: got.sha256)
    }
    guard got.bytes == file.bytes else {
      throw PatchError.badRecord(
        file: "\(folder)/\(Self.file)", reason: "\(quoted(file.name)) has \(got.bytes) bytes, not \(file.bytes)")
    }
  }

  private func check(file path: String) throws {
    for list in [files, merged, adapters] {
      let names = list.map(\.name)
      guard !names.isEmpty, Set(names).count == names.count, names.allSatisfy(NamedAdapter.isName) else {
        throw PatchError.badRecord(file: path, reason: "it lists no files, one twice, or names that no file can have")
      }
      guard list.allSatisfy({ $0.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil }) else {
        throw PatchError.badRecord(file: path, reason: "a SHA-256 in it is not 64 hexadecimal digits")
      }
    }
    let known = [BaseFiles.weights, BaseFiles.configuration] + BaseFiles.tokenizer
    if let other = merged.first(where: { !known.contains($0.name) }) {
      throw PatchError.badRecord(file: path, reason: "\(quoted(other.name)) is not a file that 'graft apply' writes")
    }
    guard merged.contains(where: { $0.name == BaseFiles.weights }) else {
      throw PatchError.badRecord(file: path, reason: "it does not list \(BaseFiles.weights)")
    }
    if let other = files.first(where: { !$0.name.hasSuffix(".safetensors") }) {
      throw PatchError.badRecord(file: path, reason: "\(quoted(other.name)) can't be a file of weights")
    }
    _ = try totalBytes(file: path)
  }

  /// The bytes of the base's weights together.
  ///
  /// Nothing that the base had is gone, so each file is at most as long as the merged one and its own header, and so are
  /// all of them together.
  ///
  /// - Throws: ``PatchError`` when the record claims anything else.
  func totalBytes(file path: String) throws -> Int {
    let impossible = PatchError.badRecord(file: path, reason: "its files have impossible sizes")
    let longestHeader = 100_000_008
    guard let weights = merged.first(where: { $0.name == BaseFiles.weights })?.bytes, (0...1 << 48).contains(weights)
    else { throw impossible }
    var total = 0
    for file in files {
      guard (0...weights + longestHeader).contains(file.bytes) else { throw impossible }
      // At most 2^48 bytes each, and fewer than 2^14 files.
      total += file.bytes
      guard total <= weights + min(files.count, 1 << 14) * longestHeader else { throw impossible }
    }
    return total
  }

  init(
    base: Base, files: [File], merged: [File], adapters: [File], keys: [String: String], changed: [String: String]
  ) {
    self.base = base
    self.files = files
    self.merged = merged
    self.adapters = adapters
    self.keys = keys
    self.changed = changed
  }

  private struct Format: Decodable { let format: Int }

  /// Writes the description into a merged folder.
  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try writeAtomically(try encoder.encode(self), to: "\(folder)/\(Self.file)")
  }

  /// The place of an applied adapter's file.
  static func adapterFile(_ name: String) -> String { "\(folder)/adapters/\(name).safetensors.zst" }
}

/// The bytes by which two contents differ, those of each place within an element together.
func differingPlanes(_ first: some Collection<UInt8>, _ second: some Collection<UInt8>, width: Int) -> [UInt8] {
  precondition(first.count == second.count, "as many bytes")
  let elements = first.count / width
  var planes = [UInt8](repeating: 0, count: first.count)
  for (i, (a, b)) in zip(first, second).enumerated() { planes[i % width * elements + i / width] = a ^ b }
  return planes
}

/// Changes a content by its differing planes, into the other one.
func applyPlanes(_ planes: UnsafeRawBufferPointer, to bytes: inout [UInt8], width: Int) {
  let elements = bytes.count / width
  for i in bytes.indices { bytes[i] ^= planes[i % width * elements + i / width] }
}

import GraftSupport

/// Recognizes a JSON file whose first object is not a row, because it contains the whole table.
enum JSONShape {
  private enum Kind {
    case scalar, list, objects, object
  }

  /// Returns the error for an object that holds a whole table; `nil` if it may be a row.
  ///
  /// - Parameters:
  ///   - bytes: The object, or the beginning of a long one.
  ///   - file: The file, for errors.
  static func tableError(_ bytes: UnsafeRawBufferPointer, file: String) -> TableError? {
    let members = members(bytes, file: file).members
    if let list = members.first(where: { $0.kind == .objects }) { return .wrappedRows(file: file, member: list.name) }
    guard !members.isEmpty, members.allSatisfy({ $0.kind == .list || $0.kind == .object }) else { return nil }
    return .wholeTable(file: file)
  }

  /// How much of an object a text contains.
  enum Extent {
    /// The whole object; more text may follow.
    case whole
    /// The beginning of an object; the text ends before its closing brace.
    case unfinished
    /// An object with a syntax error.
    case broken
  }

  /// Returns how much of an object is at the start of a text.
  static func extent(_ bytes: UnsafeRawBufferPointer, file: String) -> Extent { members(bytes, file: file).extent }

  /// Returns the members of an object, up to the end of the text or the first error.
  private static func members(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) -> (members: [(name: String, kind: Kind)], extent: Extent) {
    var reader = JSONReader(bytes, path: file)
    var members: [(name: String, kind: Kind)] = []
    do {
      try reader.object(names: .differInBytes) { reader, name in
        reader.skipSpace()
        switch reader.next {
        case UInt8(ascii: "{"): members.append((name, .object))
        case UInt8(ascii: "["):
          var elements = reader
          _ = elements.take(UInt8(ascii: "["))
          elements.skipSpace()
          members.append((name, elements.next == UInt8(ascii: "{") ? .objects : .list))
        default: members.append((name, .scalar))
        }
        guard members.count < TableReader.maximumColumns else { throw reader.unexpected("fewer members") }
        try reader.skipValue()
      }
      return (members, .whole)
    } catch {
      return (members, reader.next == nil ? .unfinished : .broken)
    }
  }
}

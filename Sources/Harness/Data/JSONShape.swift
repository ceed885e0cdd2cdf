import GraftSupport

/// What the first object of a JSON file is, when it is not a row: people have whole tables in one object.
enum JSONShape {
  private enum Kind {
    case scalar, list, objects, object
  }

  /// The error that names what an object is, or `nil` when it may be a row.
  ///
  /// - Parameter bytes: The object, or the beginning of a long one.
  static func mistake(_ bytes: UnsafeRawBufferPointer, file: String) -> TaskError? {
    let members = members(bytes, file: file).members
    if let list = members.first(where: { $0.kind == .objects }) { return .wrappedRows(file: file, member: list.name) }
    guard !members.isEmpty, members.allSatisfy({ $0.kind == .list || $0.kind == .object }) else { return nil }
    return .wholeTable(file: file)
  }

  /// How far an object goes.
  enum Extent {
    /// To its closing brace; something may follow.
    case whole
    /// To the end of the text, where it is not closed.
    case unfinished
    /// To a mistake.
    case broken
  }

  /// How far the object goes with which some text begins.
  static func extent(_ bytes: UnsafeRawBufferPointer, file: String) -> Extent { members(bytes, file: file).extent }

  /// The members of an object, as far as its text goes.
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
          var inside = reader
          _ = inside.take(UInt8(ascii: "["))
          inside.skipSpace()
          members.append((name, inside.next == UInt8(ascii: "{") ? .objects : .list))
        default: members.append((name, .scalar))
        }
        guard members.count < TableReader.mostColumns else { throw reader.unexpected("fewer members") }
        try reader.skipValue()
      }
      return (members, .whole)
    } catch {
      return (members, reader.next == nil ? .unfinished : .broken)
    }
  }
}

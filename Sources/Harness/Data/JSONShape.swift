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

  /// Whether some text is an object, or the beginning of one, as far as it goes.
  static func isObject(_ bytes: UnsafeRawBufferPointer, file: String) -> Bool {
    members(bytes, file: file).isSound
  }

  /// The members of an object, as far as its text goes.
  private static func members(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) -> (members: [(name: String, kind: Kind)], isSound: Bool) {
    var reader = JSONReader(bytes, path: file)
    var members: [(name: String, kind: Kind)] = []
    do {
      try reader.object { reader, name in
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
      return (members, true)
    } catch {
      return (members, reader.next == nil)
    }
  }
}

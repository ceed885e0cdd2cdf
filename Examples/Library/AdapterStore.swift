import Graft

/// The adapters of a server, by name. They can be replaced while requests are being answered.
actor AdapterStore {
  private let base: PretrainedBase
  private var adapters: [String: LoadedAdapter] = [:]
  private var installations = 0

  /// Creates a store without adapters. All of them will share the base.
  init(base: PretrainedBase) { self.base = base }

  /// Answers a text with the current adapter of this name. The store accepts other requests in the meantime.
  func predict(_ text: String, with name: String) async throws -> LoadedAdapter.Prediction {
    guard let adapter = adapters[name] else { throw UnknownAdapter(name: name) }
    return try await adapter.predict(text)
  }

  /// Loads an adapter and replaces the earlier one of this name. Predictions that have begun with the earlier one finish.
  /// Those that have not begun throw `AdapterError.unknown`; the caller can repeat them.
  func install(_ file: String, as name: String) throws {
    installations += 1
    let adapter = try LoadedAdapter(file: file, on: base, as: AdapterID("\(name) \(installations)"))
    try adapters.updateValue(adapter, forKey: name)?.remove()
  }
}

/// The error for a name without an adapter.
struct UnknownAdapter: Error {
  /// The name.
  let name: String
}

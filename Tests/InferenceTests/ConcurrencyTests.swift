import Foundation
import GraftInference
import GraftTestSupport
import Synchronization
import Testing

/// Adapters that are loaded, removed, merged, and used from many tasks at once. Run these tests with `--sanitize=thread`, too.
struct ConcurrencyTests {
  let files: RandomAdapters
  let texts: [(text: String, pair: String?)] = [("the film is good", nil), ("bad bad", nil), ("x", nil)]

  init() throws { files = try RandomAdapters() }

  @Test func `predictions do not change while other adapters are loaded and removed`() async throws {
    let base = try files.base()
    let hash = BaseIdentity.hash(of: base.model)
    let path = try files.write("kept")
    let others = try ["two", "three"].map { try files.write($0, targets: .roles(.key, .feedForwardIn)) }
    let kept = try LoadedAdapter(file: path, on: base)
    let expected = try logits(kept)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, path) in others.enumerated() {
        group.addTask {
          for round in 0..<12 {
            let id = AdapterID("other \(index)")
            let other = try LoadedAdapter(file: path, on: base, as: id)
            if round % 3 == 0 {
              try base.model.adaptable.merge(id)
              try base.model.adaptable.unmerge(id)
            }
            try other.remove()
          }
        }
      }
      for _ in 0..<3 {
        group.addTask { [texts] in
          for _ in 0..<20 {
            let logits = try await kept.predict(texts).map(\.logits)
            #expect(logits == expected)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(base.model.adaptable.adapters.map(\.id) == [kept.id])
    #expect(BaseIdentity.hash(of: base.model) == hash)
  }

  @Test func `one adapter is loaded under one name only once, however many tasks try`() async throws {
    let base = try files.base()
    let path = try files.write("a")
    let loaded = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { (try? LoadedAdapter(file: path, on: base, as: "a")) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(loaded == 1 && base.model.adaptable.adapters.count == 1)
  }

  @Test func `a removed adapter can't predict, even if another one has its name`() async throws {
    let base = try files.base()
    let path = try files.write("a")
    let removed = try LoadedAdapter(file: path, on: base, as: "a")
    try removed.remove()
    #expect(throws: AdapterError.unknown("a", known: [])) { try logits(removed) }
    let other = try LoadedAdapter(file: try files.write("b"), on: base, as: "a")
    #expect(throws: AdapterError.unknown("a", known: [])) { try logits(removed) }
    #expect(throws: AdapterError.unknown("a", known: [])) { try logits(removed, mixedWith: other) }
    #expect(throws: AdapterError.unknown("a", known: [])) { try removed.remove() }
    #expect(throws: AdapterError.unknown("a", known: [])) { try removed.verify() }
    await #expect(throws: AdapterError.unknown("a", known: [])) { try await removed.predict("x") }
    #expect(try logits(other).count == 3)
  }

  @Test func `adapters of different tasks predict in the same batches while others are loaded and removed`()
    async throws
  {
    let base = try files.base()
    let paths = try (0..<3).map { try files.write("mixed \($0)", classes: 2 + $0) }
    let kept = try paths.map { try LoadedAdapter(file: $0, on: base) }
    let mixed = texts.flatMap { text in kept.map { (adapter: $0, text: text.text, pair: text.pair) } }
    let expected = try await LoadedAdapter.predict(mixed).map(\.logits)
    let passing = try files.write("passing")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for index in 0..<12 { try LoadedAdapter(file: passing, on: base, as: AdapterID("passing \(index)")).remove() }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<12 {
            let logits = try await LoadedAdapter.predict(mixed).map(\.logits)
            #expect(logits == expected)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a cancelled prediction throws, and the adapter stays usable`() async throws {
    let adapter = try LoadedAdapter(file: try files.write("a"), on: files.base())
    let many = (0..<20_000).map { (text: "the film number \($0) is good", pair: String?.none) }
    let task = Task { try await adapter.predict(many).count }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try logits(adapter).count == 3)
  }

  @Test func `predictions have the same values with and without blocking`() async throws {
    let adapter = try LoadedAdapter(file: try files.write("a"), on: files.base())
    let expected = try logits(adapter)
    #expect(try await adapter.predict(texts).map(\.logits) == expected)
    // A single text is multiplied in a batch of a different size, which may round differently.
    let single = try await adapter.predict("the film is good").logits
    #expect(zip(single, expected[0]).allSatisfy { abs($0 - $1) <= 1e-6 })
    await #expect(throws: PredictionError.pairs(expected: false)) { try await adapter.predict("a", pair: "b") }
  }

  @Test func `an error's localized description is its one-line message`() {
    let error: any Error = PredictionError.pairs(expected: false)
    #expect(error.localizedDescription == "\(error)" && !error.localizedDescription.contains("\n"))
  }

  private func logits(_ adapter: LoadedAdapter) throws -> [[Float]] { try adapter.predict(texts).map(\.logits) }

  private func logits(_ adapter: LoadedAdapter, mixedWith other: LoadedAdapter) throws -> [[Float]] {
    try LoadedAdapter.predict([(other, "x", nil), (adapter, "y", nil)]).map(\.logits)
  }
}

import Foundation
import Synchronization

/// Threads that have no part of the batch themselves and compute shares of another worker's products instead.
///
/// They poll for work, because waking a thread takes longer than computing a share of a product with few rows. A helper that
/// finds no work for a few milliseconds returns.
final class ProductHelpers: @unchecked Sendable {  // `work` is written only while no thread can run a share of it
  /// The state of the current work in one word: its serial number, the number of shares, and the number of shares taken.
  private struct Ticket {
    var bits: UInt64
    static let closed = Ticket(bits: .max)

    var taken: Int { Int(bits & 0xffff) }
    var shares: Int { Int(bits >> 16 & 0xffff) }

    /// Returns the ticket of the next work. Its serial number prevents a late thread from taking a share with an old ticket.
    func next(shares: Int) -> Ticket { Ticket(bits: (bits >> 32 &+ 1) << 32 | UInt64(shares) << 16) }
  }

  private let ticket = Atomic<UInt64>(0)
  private let finished = Atomic(0)
  private var work: (Int) -> Void = { _ in }

  /// The number of threads, including the worker that is helped.
  let threads: Int

  init(threads: Int) { self.threads = threads }

  /// Calls `body` with every number below `shares`, on all threads, and returns when all calls are done.
  func share(_ shares: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      work = body
      finished.store(0, ordering: .relaxed)
      let last = Ticket(bits: ticket.load(ordering: .relaxed))
      ticket.store(last.next(shares: shares).bits, ordering: .releasing)
      while takeShare() {}
      // Helpers are still computing their last shares.
      var polls = 0
      while finished.load(ordering: .acquiring) < shares {
        polls += 1
        if polls % Self.pollsPerYield == 0 { sched_yield() }
      }
      work = { _ in }
    }
  }

  /// Runs the loop of a helper thread until ``close()``, or until there was no work for a few milliseconds.
  func help() {
    var idle = 0
    while idle < Self.maximumIdlePolls, ticket.load(ordering: .relaxed) != Ticket.closed.bits {
      idle = takeShare() ? 0 : idle + 1
      if idle % Self.pollsPerYield == Self.pollsPerYield - 1 { sched_yield() }
    }
  }

  /// The number of polls after which a thread yields, and the number of polls without work after which a helper returns, which
  /// take a few milliseconds.
  private static let pollsPerYield = 256, maximumIdlePolls = 1 << 20

  /// Ends the helpers.
  func close() { ticket.store(Ticket.closed.bits, ordering: .releasing) }

  private func takeShare() -> Bool {
    let seen = Ticket(bits: ticket.load(ordering: .acquiring))
    guard seen.taken < seen.shares,
      ticket.compareExchange(expected: seen.bits, desired: seen.bits + 1, ordering: .acquiringAndReleasing).exchanged
    else { return false }
    work(seen.taken)
    finished.wrappingAdd(1, ordering: .releasing)
    return true
  }
}

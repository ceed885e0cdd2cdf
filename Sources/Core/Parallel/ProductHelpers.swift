import Foundation
import Synchronization

/// Threads that have no part of a batch for themselves, and take shares of one pass's products instead.
///
/// They look for work in a loop: to wake a thread takes longer than what a product of few rows has to share out.
final class ProductHelpers: @unchecked Sendable {  // `work` is written while nobody can hold a piece of it
  /// The pieces still to be taken: a number for each piece of work, how many pieces it has, and how many are taken.
  private struct Ticket {
    var bits: UInt64
    static let closed = Ticket(bits: .max)

    var taken: Int { Int(bits & 0xffff) }
    var pieces: Int { Int(bits >> 16 & 0xffff) }

    /// The ticket of the next work; its number keeps a thread that is late from taking a piece by an old ticket.
    func next(pieces: Int) -> Ticket { Ticket(bits: (bits >> 32 &+ 1) << 32 | UInt64(pieces) << 16) }
  }

  private let ticket = Atomic<UInt64>(0)
  private let finished = Atomic(0)
  private var work: (Int) -> Void = { _ in }

  /// Threads that take part, with the one that has the work.
  let threads: Int

  init(threads: Int) { self.threads = threads }

  /// Calls `body` with every number below `pieces`, on all threads; returns when all are done. At most 65,535.
  func share(_ pieces: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      work = body
      finished.store(0, ordering: .relaxed)
      let last = Ticket(bits: ticket.load(ordering: .relaxed))
      ticket.store(last.next(pieces: pieces).bits, ordering: .releasing)
      while takePiece() {}
      wait { finished.load(ordering: .acquiring) == pieces }
      work = { _ in }
    }
  }

  /// What a helping thread does until ``close()``.
  func help() {
    wait {
      while takePiece() {}
      return ticket.load(ordering: .relaxed) == Ticket.closed.bits
    }
  }

  /// Sends the helpers home.
  func close() { ticket.store(Ticket.closed.bits, ordering: .releasing) }

  private func takePiece() -> Bool {
    let seen = Ticket(bits: ticket.load(ordering: .acquiring))
    guard seen.taken < seen.pieces,
      ticket.compareExchange(expected: seen.bits, desired: seen.bits + 1, ordering: .acquiringAndReleasing).exchanged
    else { return false }
    work(seen.taken)
    finished.wrappingAdd(1, ordering: .releasing)
    return true
  }

  private func wait(until condition: () -> Bool) {
    while true {
      for _ in 0..<256 where condition() { return }
      sched_yield()
    }
  }
}

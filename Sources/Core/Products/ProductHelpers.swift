import Foundation
import Synchronization

/// Threads that have no part of a batch for themselves, and take shares of one pass's products instead.
///
/// They look for work in a loop: to wake a thread takes longer than what a product of few rows has to share out. Who finds none
/// for some milliseconds goes home.
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

  /// Calls `body` with every number below `pieces`, on all threads; returns when all are done.
  func share(_ pieces: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      work = body
      finished.store(0, ordering: .relaxed)
      let last = Ticket(bits: ticket.load(ordering: .relaxed))
      ticket.store(last.next(pieces: pieces).bits, ordering: .releasing)
      while takePiece() {}
      // The others are at their last pieces.
      var looks = 0
      while finished.load(ordering: .acquiring) < pieces {
        looks += 1
        if looks % Self.looks == 0 { sched_yield() }
      }
      work = { _ in }
    }
  }

  /// What a helping thread does until ``close()``.
  func help() {
    var idle = 0
    while idle < Self.patience, ticket.load(ordering: .relaxed) != Ticket.closed.bits {
      idle = takePiece() ? 0 : idle + 1
      if idle % Self.looks == Self.looks - 1 { sched_yield() }
    }
  }

  /// Looks for work between which a helper lets other threads go first, and how many without success are enough: some
  /// milliseconds.
  private static let looks = 256, patience = 1 << 20

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
}

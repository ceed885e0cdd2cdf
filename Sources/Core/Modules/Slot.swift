/// A place in the model where adapters attach something, whatever kind of thing it takes.
public protocol AnySlot: AnyObject, Sendable {
  /// The module's place in the checkpoint.
  var path: ModulePath { get }
  /// What the module does.
  var role: Role { get }
  /// What methods attach to, in the plural, for messages: `projections`.
  static var kind: String { get }
  /// Drops what an adapter attached.
  func removeAttachments(of adapter: AdapterID)
}

/// A place where adapters attach things of one kind, kept in the order in which they came.
///
/// What stands at the place before is a constant, so there is nothing to put back: an adapter is removed by dropping what
/// it attached, in any order.
public class Slot<Attachment>: @unchecked Sendable {  // changed only by AdaptableModel, while no pass runs
  /// The module's place in the checkpoint.
  public let path: ModulePath
  /// What the module does.
  public let role: Role
  /// The block it belongs to, from 0.
  public let layer: Int
  /// What adapters added, in the order in which they came.
  package internal(set) var attachments: [(adapter: AdapterID, layer: Attachment)] = []

  /// A place without attachments.
  public init(path: ModulePath, role: Role, layer: Int) {
    self.path = path
    self.role = role
    self.layer = layer
  }

  /// Drops what an adapter attached.
  public func removeAttachments(of adapter: AdapterID) { attachments.removeAll { $0.adapter == adapter } }

  /// Whether something here takes part in a pass.
  func isUsed(in pass: Pass) -> Bool { attachments.contains { pass.bindings.isActive($0.adapter) } }

  /// Calls `body` with what takes part in a pass, in the pass's order.
  @inline(__always)
  func forEachActive(in pass: Pass, _ body: (_ adapter: AdapterID, _ layer: Attachment) -> Void) {
    guard let active = pass.bindings.active else {
      for (adapter, layer) in attachments { body(adapter, layer) }
      return
    }
    for id in active {
      for (adapter, layer) in attachments where adapter == id { body(adapter, layer) }
    }
  }
}

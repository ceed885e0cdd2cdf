/// A place in the model where adapters can attach, for any kind of attachment.
public protocol AnySlot: AnyObject, Sendable {
  /// The module's path in the checkpoint.
  var path: ModulePath { get }
  /// The module's role.
  var role: Role { get }
  /// The kind of slot in the plural, for messages: `projections`.
  static var kind: String { get }
  /// Removes the attachments of an adapter.
  func removeAttachments(of adapter: AdapterID)
}

/// A place where adapters can attach one kind of attachment.
///
/// The frozen part at this place never changes, so removal has nothing to restore: an adapter is removed by dropping its
/// attachments, in any order.
public class Slot<Attachment>: @unchecked Sendable {  // changed only by AdaptableModel, while no pass runs
  /// The module's path in the checkpoint.
  public let path: ModulePath
  /// The module's role.
  public let role: Role
  /// The index of the block that it belongs to, from 0.
  public let layer: Int
  /// The attachments in the order in which they were added.
  package internal(set) var attachments: [(adapter: AdapterID, layer: Attachment)] = []

  /// Creates a slot without attachments.
  public init(path: ModulePath, role: Role, layer: Int) {
    self.path = path
    self.role = role
    self.layer = layer
  }

  /// Removes the attachments of an adapter.
  public func removeAttachments(of adapter: AdapterID) { attachments.removeAll { $0.adapter == adapter } }

  /// Returns whether any attachment is active in a pass.
  func isUsed(in pass: Pass) -> Bool { attachments.contains { pass.bindings.isActive($0.adapter) } }

  /// Calls `body` with the attachments that are active in a pass, in the pass's order.
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

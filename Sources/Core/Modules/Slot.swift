/// A slot of any kind: a place in the model where adapters can attach layers.
public protocol AnySlot: AnyObject, Sendable {
  /// The module's path in the checkpoint.
  var path: ModulePath { get }
  /// The module's role.
  var role: Role { get }
  /// The kind of slot in the plural, for messages: `projections`.
  static var kind: String { get }
}

/// A place where adapters attach layers of one kind.
///
/// A slot is immutable: its attachments are part of the bindings that a pass begins with. Removing adapters therefore restores
/// the model exactly, in any order, and a pass that is running is not affected.
public class Slot<Attachment: Sendable>: @unchecked Sendable {  // subclasses add constants only
  /// The module's path in the checkpoint.
  public let path: ModulePath
  /// The module's role.
  public let role: Role
  /// The index of its block, from 0.
  public let layer: Int

  /// Creates a slot from its place in the model.
  public init(path: ModulePath, role: Role, layer: Int) {
    self.path = path
    self.role = role
    self.layer = layer
  }

  /// Returns all attachments in a pass, active or not, in the order in which they were attached.
  func attachments(in pass: Pass) -> [(adapter: AdapterID, layer: Attachment)] {
    pass.bindings.attachments.list(of: self)
  }

  /// Calls `body` with the active attachments, in the order of the pass.
  @inline(__always)
  func forEachActive(in pass: Pass, _ body: (_ adapter: AdapterID, _ layer: Attachment) -> Void) {
    let attachments = attachments(in: pass)
    guard !attachments.isEmpty else { return }
    guard let active = pass.bindings.active else {
      for (adapter, layer) in attachments { body(adapter, layer) }
      return
    }
    for id in active {
      for (adapter, layer) in attachments where adapter == id { body(adapter, layer) }
    }
  }
}

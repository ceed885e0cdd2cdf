import ArgumentParser

/// `--json`, for commands that print one result.
struct JSONFlag: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print the result as one JSON object.")
  var isRequested = false
}

import ArgumentParser

/// The formats of input texts that `--format` accepts.
enum InputFormat: String, CaseIterable, ExpressibleByArgument {
  case tsv
  case csv
  case jsonl
  case json
  case txt
}

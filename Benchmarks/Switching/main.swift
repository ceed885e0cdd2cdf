// The cost of many adapters on one base in memory:
//
//     swift run -c release switching-benchmark ADAPTER OTHER [COPIES]
//
// Switch: the time to switch adapters, until a pass can begin. Memory: per additional adapter, compared with its values.
import Foundation
import Graft

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count >= 2, let first = arguments.first, let second = arguments.dropFirst().first else {
  print("usage: switching-benchmark ADAPTER OTHER [COPIES]")
  exit(2)
}
let copies = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 40

let methods = MethodRegistry.builtIn

/// The resident size of this process, in bytes.
func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

let base = try PretrainedBase(AdapterFile(path: first).metadata.base.name)
let a = try LoadedAdapter(file: first, on: base, as: "a", methods: methods)
let b = try LoadedAdapter(file: second, on: base, as: "b", methods: methods)
_ = try (a.predict("warm up"), b.predict("warm up"))

let clock = ContinuousClock()
func microseconds(_ body: () throws -> Void) rethrows -> Double { try clock.measure(body) / .microseconds(1) }
let switches = (0..<2000).map { turn in
  microseconds { _ = try? base.model.adaptable.bindings(active: [turn % 2 == 0 ? a.id : b.id]) }
}
let same = try (0..<200).map { _ in try microseconds { _ = try a.predict("a film that is hard to forget") } }
let turns = try (0..<200).map { turn in
  try microseconds { _ = try (turn % 2 == 0 ? a : b).predict("a film that is hard to forget") }
}
print(String(format: "switch         %8.1f us (median of 2000)", median(switches)))
print(String(format: "predict, same  %8.1f us; alternating %.1f us (medians of 200)", median(same), median(turns)))

let values = base.model.adaptable.adapter(a.id)?.parameterCount ?? 0
let before = residentBytes()
let others = try (0..<copies).map {
  try LoadedAdapter(file: first, on: base, as: AdapterID("copy \($0)"), methods: methods)
}
let each = Double(residentBytes() - before) / Double(others.count)
print(
  String(
    format: "each additional adapter: %.0f bytes (mean of %d), %.2f times its values' %d bytes", each, others.count,
    each / Double(4 * values),
    4 * values))

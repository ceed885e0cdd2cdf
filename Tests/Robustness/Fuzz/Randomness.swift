/// Random numbers that depend only on the seed and the number of the input, so that every input can be reproduced separately.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, input: Int) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: input) &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  /// SplitMix64. (Steele, Lea and Flood, 2014.)
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// Returns a number from 0 to below `bound`; 0 if `bound` is not positive.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

  /// Returns true in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// Returns a random element.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// Returns the number of changes to make, usually one.
  mutating func few() -> Int { pick([1, 1, 1, 1, 2, 2, 3, 5, 8]) }
}

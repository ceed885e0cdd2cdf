// Philox on sixteen counters at once, and the dropout masks drawn from it.
#ifndef GRAFT_RANDOM_H
#define GRAFT_RANDOM_H

#include "vector.h"

/// Sixteen words in the lower halves of 64-bit lanes, split into even and odd ones; the upper halves are ignored. A product's
/// lower half is then already where the next round reads it.
typedef struct {
  u64vec even, odd;
} words;

#define LOWER_HALF 0xffffffffu
/// A shuffle instead of a shift: it runs in parallel with the multiplications, whereas a shift would wait for them.
#define UPPER(x) ((u64vec)__builtin_shufflevector((uvec)(x), (uvec)(x), 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15))
#define MIXED(high, low, key) (UPPER(high) ^ (low) ^ (key))

/// Ten rounds over the sixteen counters in c[0..3].
GRAFT_INLINE void philox_rounds(uvec c[4], uint64_t key) {
  words w[4];
  UNROLL for (int i = 0; i < 4; i++) w[i] = (words){(u64vec)c[i], (u64vec)c[i] >> 32};
  u64vec k0 = (u64vec){0} + (key & LOWER_HALF), k1 = (u64vec){0} + (key >> 32);
  UNROLL for (int round = 0; round < 10; round++) {
    const words p0 = {(w[0].even & LOWER_HALF) * 0xD2511F53u, (w[0].odd & LOWER_HALF) * 0xD2511F53u};
    const words p1 = {(w[2].even & LOWER_HALF) * 0xCD9E8D57u, (w[2].odd & LOWER_HALF) * 0xCD9E8D57u};
    w[0] = (words){MIXED(p1.even, w[1].even, k0), MIXED(p1.odd, w[1].odd, k0)};
    w[2] = (words){MIXED(p0.even, w[3].even, k1), MIXED(p0.odd, w[3].odd, k1)};
    w[1] = p1;
    w[3] = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  UNROLL for (int i = 0; i < 4; i++) c[i] = (uvec)((w[i].even & LOWER_HALF) | w[i].odd << 32);
}
#undef LOWER_HALF
#undef UPPER
#undef MIXED

enum { DROPOUT_CHUNK = 128 };

/// The multipliers (scale or 0) of 128 adjacent columns of one row. Column c of the row uses word (c mod 128) / 32 of the block
/// with counter (chunk x 16 + c mod 16, row, site, step): its lower half if (c / 16) is even, otherwise its upper half.
GRAFT_INLINE void dropout_chunk(graft_dropout d, uint32_t row, uint32_t chunk, vec multipliers[8]) {
  const uvec lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  uvec c[4] = {lane + chunk * LANES, (uvec){0} + row, (uvec){0} + d.site, (uvec){0} + d.step};
  philox_rounds(c, d.key);
  const vec scale = splat(d.scale), zero = splat(0);
  for (int word = 0; word < 4; word++) {
    multipliers[2 * word] = pick((ivec)((c[word] & 0xffffu) >= d.threshold), scale, zero);
    multipliers[2 * word + 1] = pick((ivec)((c[word] >> 16) >= d.threshold), scale, zero);
  }
}

/// Runs `statement` for every vector of one row: `i` is its first column, `n` its number of lanes, `m` its multipliers.
#define FOR_DROPOUT(d, row, width, ...)                                                   \
  do {                                                                                    \
    for (size_t chunk_start = 0; chunk_start < (width); chunk_start += DROPOUT_CHUNK) {   \
      vec multipliers[8];                                                                 \
      dropout_chunk(d, row, (uint32_t)(chunk_start / DROPOUT_CHUNK), multipliers);        \
      if (chunk_start + DROPOUT_CHUNK <= (width)) {                                       \
        UNROLL for (size_t slot = 0; slot < 8; slot++) {                                  \
          enum { n = LANES };                                                             \
          const size_t i = chunk_start + slot * LANES;                                    \
          const vec m = multipliers[slot];                                                \
          __VA_ARGS__;                                                                    \
        }                                                                                 \
      } else {                                                                            \
        for (size_t i = chunk_start, slot = 0; i < (width); i += LANES, slot++) {         \
          const size_t n = (width) - i < LANES ? (width) - i : LANES;                     \
          const vec m = multipliers[slot];                                                \
          __VA_ARGS__;                                                                    \
        }                                                                                 \
      }                                                                                   \
    }                                                                                     \
  } while (0)

#endif

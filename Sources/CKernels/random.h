// Philox on sixteen counters at once, and the dropout decisions drawn from it.
#ifndef GRAFT_RANDOM_H
#define GRAFT_RANDOM_H

#include "vector.h"

/// Upper and lower halves of the sixteen 64-bit products x * m.
GRAFT_INLINE void multiply_halves(const uvec *x, uint32_t m, uvec *high, uvec *low) {
  const u64vec even = ((u64vec)*x & 0xffffffffu) * (uint64_t)m, odd = ((u64vec)*x >> 32) * (uint64_t)m;
  *high = (uvec)((even >> 32) | (odd & 0xffffffff00000000u));
  *low = (uvec)((even & 0xffffffffu) | (odd << 32));
}

/// Ten rounds over the sixteen counters in c[0..3].
GRAFT_INLINE void philox_rounds(uvec c[4], uint64_t key) {
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uvec high0, low0, high1, low1;
    multiply_halves(&c[0], 0xD2511F53u, &high0, &low0);
    multiply_halves(&c[2], 0xCD9E8D57u, &high1, &low1);
    c[0] = high1 ^ c[1] ^ k0;
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ k1;
    c[3] = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

enum { DROPOUT_CHUNK = 128 };

/// The multipliers (scale or 0) of 128 neighbouring columns of one row. Column c of the row takes, of the block with
/// counter (chunk x 16 + c mod 16, row, site, step), word (c mod 128) / 32, its lower half when (c / 16) is even.
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

/// Runs `statement` for every vector of one row: `i` its first column, `n` its lanes, `m` its multipliers.
#define FOR_DROPOUT(d, row, width, ...)                                                    \
  do {                                                                                     \
    for (size_t chunk_start = 0; chunk_start < (width); chunk_start += DROPOUT_CHUNK) {     \
      vec multipliers[8];                                                                  \
      dropout_chunk(d, row, (uint32_t)(chunk_start / DROPOUT_CHUNK), multipliers);         \
      for (size_t slot = 0; slot < 8; slot++) {                                            \
        const size_t i = chunk_start + slot * LANES;                                       \
        if (i >= (width)) break;                                                           \
        const size_t n = (width) - i < LANES ? (width) - i : LANES;                        \
        const vec m = multipliers[slot];                                                   \
        __VA_ARGS__;                                                                       \
      }                                                                                    \
    }                                                                                      \
  } while (0)

#endif

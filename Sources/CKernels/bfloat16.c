#include "vector.h"

/// Rounds by adding half of the last kept bit, or slightly less if that bit is even; NaN stays NaN.
GRAFT_INLINE uint32_t rounded(uint32_t bits) {
  return (bits & 0x7fffffffu) > 0x7f800000u ? bits | 0x400000u : bits + 0x7fffu + (bits >> 16 & 1u);
}

GRAFT_DISPATCH
void graft_round_to_bfloat16(const float *x, float *y, size_t count) {
  const uint32_t *bits = (const uint32_t *)x;
  uint32_t *out = (uint32_t *)y;
  for (size_t i = 0; i < count; i++) out[i] = rounded(bits[i]) & 0xffff0000u;
}

GRAFT_DISPATCH
void graft_to_bfloat16(const float *x, uint16_t *y, size_t count) {
  const uint32_t *bits = (const uint32_t *)x;
  for (size_t i = 0; i < count; i++) y[i] = (uint16_t)(rounded(bits[i]) >> 16);
}

#include "vector.h"

// Fused multiply-adds by name and one element at a time in the order of k: neither the width of a vector nor what the compiler
// might fuse by itself can change a bit. An undo record relies on it.
GRAFT_DISPATCH
void graft_add_low_rank(
    float *c, const float *b, const float *a, size_t rows, size_t columns, size_t rank, float scale,
    const float *row_scales, float *scratch) {
  for (size_t row = 0; row < rows; row++, c += columns, b += rank) {
    memset(scratch, 0, columns * sizeof(float));
    for (size_t k = 0; k < rank; k++) {
      const float factor = b[k];
      const float *source = a + k * columns;
      for (size_t i = 0; i < columns; i++) scratch[i] = __builtin_fmaf(factor, source[i], scratch[i]);
    }
    const float factor = row_scales ? scale * row_scales[row] : scale;
    for (size_t i = 0; i < columns; i++) c[i] = __builtin_fmaf(factor, scratch[i], c[i]);
  }
}

#include "vector.h"

// Explicit fused multiply-adds, one element at a time in the order of k: neither the vector width nor automatic fusing by the
// compiler can change a bit of the result. Undo records rely on this.
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

#include "vector.h"

void graft_fill_rows(float *y, size_t rows, size_t width, const float *bias) {
  for (size_t r = 0; r < rows; r++) memcpy(y + r * width, bias, width * sizeof(float));
}

GRAFT_DISPATCH
void graft_accumulate(float *y, const float *x, size_t count, float scale) {
  FOR_VECTORS(count, STORE(y + i, LOAD(y + i) + LOAD(x + i) * scale));
}

GRAFT_DISPATCH
void graft_accumulate_column_sums(float *sums, const float *x, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, x += width) FOR_VECTORS(width, STORE(sums + i, LOAD(sums + i) + LOAD(x + i)));
}

GRAFT_DISPATCH
double graft_sum_of_squares(const float *x, size_t count) {
  dvec lanes = {0};
  FOR_VECTORS(count, {
    const dvec wide = __builtin_convertvector(LOAD(x + i), dvec);
    lanes += wide * wide;
  });
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
  return sum;
}

GRAFT_DISPATCH
void graft_scale_columns(const float *x, const float *factors, float *y, size_t rows, size_t width, int accumulates) {
  for (size_t r = 0; r < rows; r++, x += width, y += width) {
    if (accumulates) {
      FOR_VECTORS(width, STORE(y + i, LOAD(y + i) + LOAD(x + i) * LOAD(factors + i)));
    } else {
      FOR_VECTORS(width, STORE(y + i, LOAD(x + i) * LOAD(factors + i)));
    }
  }
}

GRAFT_DISPATCH
void graft_accumulate_product_sums(float *sums, const float *a, const float *b, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, a += width, b += width)
    FOR_VECTORS(width, STORE(sums + i, LOAD(sums + i) + LOAD(a + i) * LOAD(b + i)));
}

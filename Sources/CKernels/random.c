#include "random.h"

void graft_philox_block(const uint32_t counter[4], uint64_t key, uint32_t out[4]) {
  uvec c[4];
  for (int i = 0; i < 4; i++) c[i] = (uvec){0} + counter[i];
  philox_rounds(c, key);
  for (int i = 0; i < 4; i++) out[i] = c[i][0];
}

GRAFT_DISPATCH
void graft_dropout_apply(const float *x, float *y, size_t rows, size_t width, uint32_t first_row, graft_dropout d) {
  for (size_t r = 0; r < rows; r++, x += width, y += width)
    FOR_DROPOUT(d, first_row + (uint32_t)r, width, {
      FETCH(y + i);
      STORE(y + i, LOAD(x + i) * m);
    });
}

GRAFT_DISPATCH
void graft_dropout_accumulate(const float *x, float *y, size_t rows, size_t width, uint32_t first_row,
                              graft_dropout d) {
  for (size_t r = 0; r < rows; r++, x += width, y += width)
    FOR_DROPOUT(d, first_row + (uint32_t)r, width, STORE(y + i, LOAD(y + i) + LOAD(x + i) * m));
}

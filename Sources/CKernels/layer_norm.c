#include "random.h"

/// `z = x + dropout(h)` for one row; returns the sum of z.
GRAFT_INLINE float add_residual(const float *x, const float *h, float *z, size_t width, uint32_t row, graft_dropout d) {
  vec sum = splat(0);
  if (h && d.threshold > 0) {
    FOR_DROPOUT(d, row, width, {
      const vec v = LOAD(x + i) + LOAD(h + i) * m;
      STORE(z + i, v);
      sum += v;
    });
  } else if (h) {
    FOR_VECTORS(width, {
      const vec v = LOAD(x + i) + LOAD(h + i);
      STORE(z + i, v);
      sum += v;
    });
  } else {
    FOR_VECTORS(width, {
      const vec v = LOAD(x + i);
      STORE(z + i, v);
      sum += v;
    });
  }
  return sum_lanes(&sum);
}

GRAFT_DISPATCH
void graft_residual_norm(const float *x, const float *h, const float *weight, const float *bias, float epsilon, float *y,
                         float *centered, float *deviation, size_t rows, size_t width, uint32_t first_row,
                         graft_dropout d) {
  for (size_t r = 0; r < rows; r++) {
    float *z = centered ? centered + r * width : y + r * width, *out = y + r * width;
    const float mean = add_residual(x + r * width, h ? h + r * width : NULL, z, width, first_row + (uint32_t)r, d) / width;
    vec squares = splat(0);
    FOR_VECTORS(width, {
      const vec v = LOAD(z + i) - mean, square = v * v;
      squares += LOAD((const float *)&square);
    });
    const float inverse = 1.0f / sqrtf(sum_lanes(&squares) / width + epsilon);
#define NORMALIZE(y) \
  FOR_VECTORS(width, { \
    const vec v = (LOAD(z + i) - mean) * inverse; \
    if (centered) STORE(z + i, v); \
    STORE(out + i, y); \
    if (centered) FETCH(z + i); \
    FETCH(out + i); \
  })
    if (bias)
      NORMALIZE(v * LOAD(weight + i) + LOAD(bias + i));
    else
      NORMALIZE(v * LOAD(weight + i));
#undef NORMALIZE
    if (deviation) deviation[r] = inverse;
  }
}

// With n = (z - mean) / sd and g = dy * weight: dz = (g - mean(g) - n * mean(g n)) / sd.
GRAFT_DISPATCH
void graft_residual_norm_backward(const float *dy, const float *weight, const float *centered, const float *deviation,
                                  float *dx, bool adds_x, float *dh, bool adds_h, float *dweight, float *dbias, size_t rows,
                                  size_t width, uint32_t first_row, graft_dropout d) {
  for (size_t r = 0; r < rows; r++, dy += width, centered += width) {
    vec sum = splat(0), product = splat(0);
    FOR_VECTORS(width, {
      const vec g = LOAD(dy + i) * LOAD(weight + i);
      FETCH(centered + i);
      if (dx) FETCH(dx + i);
      if (dh) FETCH(dh + i);
      sum += g;
      product += g * LOAD(centered + i);
    });
    const float mean = sum_lanes(&sum) / width, slope = sum_lanes(&product) / width, inverse = deviation[r];
#define DZ ((LOAD(dy + i) * LOAD(weight + i) - mean - LOAD(centered + i) * slope) * inverse)
    if (dx) {
      FOR_VECTORS(width, STORE(dx + i, adds_x ? LOAD(dx + i) + DZ : DZ));
      dx += width;
    }
    if (dh) {
      if (d.threshold > 0)
        FOR_DROPOUT(d, first_row + (uint32_t)r, width, STORE(dh + i, adds_h ? LOAD(dh + i) + DZ * m : DZ * m));
      else
        FOR_VECTORS(width, STORE(dh + i, adds_h ? LOAD(dh + i) + DZ : DZ));
      dh += width;
    }
#undef DZ
    if (dweight) FOR_VECTORS(width, STORE(dweight + i, LOAD(dweight + i) + LOAD(dy + i) * LOAD(centered + i)));
    if (dbias) FOR_VECTORS(width, STORE(dbias + i, LOAD(dbias + i) + LOAD(dy + i)));
  }
}

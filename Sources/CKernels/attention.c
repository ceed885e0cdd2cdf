#include "random.h"

// Short sequences (13 to 64 tokens) make matrices too small for a BLAS call to pay: one register-blocked product serves
// all six of attention's.

/// C [rows, 16 x vectors - …] of one tile, held in registers: `rows` and `vectors` are constants at every call.
GRAFT_INLINE void tile(const int rows, const int vectors, size_t last, size_t depth, const float *a, size_t a_row,
                       size_t a_column, const float *b, size_t b_row, float *c, size_t c_row, bool accumulate) {
  vec sums[4][4];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *p = c + r * c_row + v * LANES;
      sums[r][v] = !accumulate ? splat(0) : v == vectors - 1 && last < LANES ? load_part(p, last) : load(p);
    }
  for (size_t k = 0; k < depth; k++) {
    vec row[4];
    UNROLL for (int v = 0; v < vectors; v++) {
      const float *p = b + k * b_row + v * LANES;
      row[v] = v == vectors - 1 && last < LANES ? load_part(p, last) : load(p);
    }
    UNROLL for (int r = 0; r < rows; r++) {
      const vec x = splat(a[r * a_row + k * a_column]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += x * row[v];
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) {
      float *p = c + r * c_row + v * LANES;
      if (v == vectors - 1 && last < LANES)
        store_part(p, sums[r][v], last);
      else
        store(p, sums[r][v]);
    }
}

/// A column of tiles, `vectors` wide.
GRAFT_INLINE void panel(const int vectors, size_t last, size_t rows, size_t depth, const float *a, size_t a_row,
                        size_t a_column, const float *b, size_t b_row, float *c, size_t c_row, bool accumulate) {
  size_t r = 0;
  for (; r + 4 <= rows; r += 4)
    tile(4, vectors, last, depth, a + r * a_row, a_row, a_column, b, b_row, c + r * c_row, c_row, accumulate);
  for (; r < rows; r++)
    tile(1, vectors, last, depth, a + r * a_row, a_row, a_column, b, b_row, c + r * c_row, c_row, accumulate);
}

/// `c [rows, columns] (+)= a [rows, depth] b [depth, columns]`; `a` may be read transposed by its two strides.
GRAFT_INLINE void product(size_t rows, size_t columns, size_t depth, const float *a, size_t a_row, size_t a_column,
                          const float *b, size_t b_row, float *c, size_t c_row, bool accumulate) {
  for (size_t j = 0; j < columns; j += 4 * LANES) {
    const size_t left = columns - j < 4 * LANES ? columns - j : 4 * LANES;
    const size_t last = left % LANES == 0 ? LANES : left % LANES;
#define PANEL(vectors, last) \
  panel(vectors, last, rows, depth, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulate)
#define PANEL_OF_WIDTH(vectors) \
  if (left > (vectors - 1) * LANES) { \
    if (last == LANES) PANEL(vectors, LANES); \
    else PANEL(vectors, last); \
    continue; \
  }
    PANEL_OF_WIDTH(4)
    PANEL_OF_WIDTH(3)
    PANEL_OF_WIDTH(2)
    PANEL_OF_WIDTH(1)
#undef PANEL_OF_WIDTH
#undef PANEL
  }
}

/// `out [columns, stride] = x [rows, columns]` transposed, the columns from `rows` to `stride` zero.
GRAFT_INLINE void transpose(size_t rows, size_t columns, const float *x, size_t x_row, float *out, size_t stride) {
  for (size_t c = 0; c < columns; c++) {
    for (size_t r = 0; r < rows; r++) out[c * stride + r] = x[r * x_row + c];
    for (size_t r = rows; r < stride; r++) out[c * stride + r] = 0;
  }
}

size_t graft_attention_probability_stride(size_t keys) { return (keys + LANES - 1) / LANES * LANES; }

size_t graft_attention_scratch(size_t queries, size_t keys, size_t head_width) {
  const size_t stride = graft_attention_probability_stride(keys);
  return head_width * stride + 2 * queries * stride;
}

/// `y = dropout(p)`, [queries, stride], its elements numbered along the whole matrix.
GRAFT_INLINE void drop(graft_attention_shape s, const float *p, float *y, size_t stride) {
  FOR_DROPOUT(s.dropout, s.dropout_row, s.queries * stride, STORE(y + i, LOAD(p + i) * m));
}

GRAFT_DISPATCH
void graft_attention(graft_attention_shape s, const float *q, const float *k, const float *v, float *context, float *p,
                     float *scratch) {
  const size_t stride = graft_attention_probability_stride(s.keys);
  float *transposed = scratch, *dropped = scratch + s.head_width * stride;
  transpose(s.keys, s.head_width, k, s.stride, transposed, stride);
  product(s.queries, stride, s.head_width, q, s.stride, 1, transposed, stride, p, stride, false);
  for (size_t r = 0; r < s.queries; r++) {
    float *row = p + r * stride;
    for (size_t c = s.keys; c < stride; c++) row[c] = -INFINITY;
    vec highest = splat(-INFINITY), sum = splat(0);
    for (size_t c = 0; c < stride; c += LANES) highest = vmax(highest, load(row + c));
    const float top = max_lanes(&highest) * s.scale;
    for (size_t c = 0; c < stride; c += LANES) {
      const vec e = vexp(load(row + c) * s.scale - top);
      store(row + c, e);
      sum += e;
    }
    const float inverse = 1.0f / sum_lanes(&sum);
    for (size_t c = 0; c < stride; c += LANES) store(row + c, load(row + c) * inverse);
  }
  const float *weights = p;
  if (s.dropout.threshold > 0) {
    drop(s, p, dropped, stride);
    weights = dropped;
  }
  product(s.queries, s.head_width, s.keys, weights, stride, 1, v, s.stride, context, s.stride, false);
}

// dV = P'^T dC; dP = dropout(dC V^T); dS = P (dP - sum_k dP P) * scale; dQ = dS K; dK = dS^T Q; P' is P after dropout.
GRAFT_DISPATCH
void graft_attention_backward(graft_attention_shape s, const float *q, const float *k, const float *v, const float *p,
                              const float *dcontext, float *dq, bool adds_q, float *dk, bool adds_k, float *dv,
                              bool adds_v, float *scratch) {
  const size_t stride = graft_attention_probability_stride(s.keys);
  float *transposed = scratch, *dropped = scratch + s.head_width * stride, *ds = dropped + s.queries * stride;
  if (dv) {
    const float *weights = p;
    if (s.dropout.threshold > 0) {
      drop(s, p, dropped, stride);
      weights = dropped;
    }
    product(s.keys, s.head_width, s.queries, weights, 1, stride, dcontext, s.stride, dv, s.stride, adds_v);
  }
  if (!dq && !dk) return;
  transpose(s.keys, s.head_width, v, s.stride, transposed, stride);
  product(s.queries, stride, s.head_width, dcontext, s.stride, 1, transposed, stride, ds, stride, false);
  if (s.dropout.threshold > 0) drop(s, ds, ds, stride);
  for (size_t r = 0; r < s.queries; r++) {
    float *row = ds + r * stride;
    const float *probability = p + r * stride;
    vec sum = splat(0);
    for (size_t c = 0; c < stride; c += LANES) sum += load(row + c) * load(probability + c);
    const float mean = sum_lanes(&sum);
    for (size_t c = 0; c < stride; c += LANES) store(row + c, load(probability + c) * (load(row + c) - mean) * s.scale);
  }
  if (dq) product(s.queries, s.head_width, s.keys, ds, stride, 1, k, s.stride, dq, s.stride, adds_q);
  if (dk) product(s.keys, s.head_width, s.queries, ds, 1, stride, q, s.stride, dk, s.stride, adds_k);
}

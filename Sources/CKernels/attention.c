#include "random.h"

// With short sequences (13 to 64 tokens), the matrices are too small for a BLAS call to pay off: one register-blocked product
// computes all six products of attention.

/// `c [rows, columns] (+)= a [rows, depth] b [depth, columns]`; with its two strides, `a` may be read as transposed.
typedef struct {
  size_t rows, columns, depth;
  const float *a;
  size_t a_row, a_column;
  const float *b;
  size_t b_row;
  float *c;
  size_t c_row;
  bool accumulates;
} product;

/// The last vector of a panel may have fewer lanes.
#define LANES_OF(v) (v == vectors - 1 ? last : LANES)
#define LOAD_LANES(p, v) (LANES_OF(v) == LANES ? load(p) : load_part(p, LANES_OF(v)))

/// One tile of c, kept in registers: `rows` and `vectors` are constants at every call site.
GRAFT_INLINE void tile(const int rows, const int vectors, size_t last, const product *p, size_t row, size_t column) {
  vec sums[8][4];
  const float *a = p->a + row * p->a_row, *b = p->b + column;
  float *c = p->c + row * p->c_row + column;
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      sums[r][v] = p->accumulates ? LOAD_LANES(c + r * p->c_row + v * LANES, v) : splat(0);
  for (size_t k = 0; k < p->depth; k++, a += p->a_column, b += p->b_row) {
    vec factors[4];
    UNROLL for (int v = 0; v < vectors; v++) factors[v] = LOAD_LANES(b + v * LANES, v);
    UNROLL for (int r = 0; r < rows; r++) {
      const vec x = splat(a[r * p->a_row]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += x * factors[v];
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) {
      float *at = c + r * p->c_row + v * LANES;
      if (LANES_OF(v) == LANES)
        store(at, sums[r][v]);
      else
        store_part(at, sums[r][v], last);
    }
}

/// A column of tiles, `vectors` wide: each has as many rows as fit into AVX-512's registers, and the last one has the remaining
/// rows.
GRAFT_INLINE void panel(const int vectors, size_t last, const product *p, size_t column) {
  const int most = vectors <= 2 ? 8 : 4;
  size_t row = 0;
  for (; row + most <= p->rows; row += most) tile(most, vectors, last, p, row, column);
  switch (p->rows - row) {
#define ROWS(count) \
  case count: \
    if (count < most) tile(count, vectors, last, p, row, column); \
    break;
    ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7)
#undef ROWS
  }
}

/// Not inlined, because it contains a tile of every size.
GRAFT_DISPATCH
static void multiply(const product *p) {
  for (size_t column = 0; column < p->columns; column += 4 * LANES) {
    const size_t left = p->columns - column < 4 * LANES ? p->columns - column : 4 * LANES;
    const size_t last = left % LANES == 0 ? LANES : left % LANES;
#define PANEL_OF_WIDTH(vectors) \
  if (left > (vectors - 1) * LANES) { \
    if (last == LANES) \
      panel(vectors, LANES, p, column); \
    else \
      panel(vectors, last, p, column); \
    continue; \
  }
    PANEL_OF_WIDTH(4)
    PANEL_OF_WIDTH(3)
    PANEL_OF_WIDTH(2)
    PANEL_OF_WIDTH(1)
#undef PANEL_OF_WIDTH
  }
}

/// Transposes 16 x 16 elements in registers by swapping blocks of 8, 4, 2, and 1.
GRAFT_INLINE void transpose_block(vec x[LANES]) {
#define EXCHANGE(distance, low, high) \
  UNROLL for (int i = 0; i < LANES; i++) if (!(i & distance)) { \
    const vec a = x[i], b = x[i + distance]; \
    x[i] = low; \
    x[i + distance] = high; \
  }
#define PICKED(...) __builtin_shufflevector(a, b, __VA_ARGS__)
  EXCHANGE(8, PICKED(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
           PICKED(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  EXCHANGE(4, PICKED(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
           PICKED(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  EXCHANGE(2, PICKED(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
           PICKED(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  EXCHANGE(1, PICKED(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
           PICKED(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#undef PICKED
#undef EXCHANGE
}

/// `out [columns, stride] = x [rows, columns]` transposed; the columns from `rows` to `stride` are zero.
GRAFT_INLINE void transpose(size_t rows, size_t columns, const float *x, size_t x_row, float *out, size_t stride) {
  for (size_t row = 0; row < stride; row += LANES)
    for (size_t column = 0; column < columns; column += LANES) {
      const size_t width = columns - column < LANES ? columns - column : LANES;
      const float *from = x + row * x_row + column;
      float *to = out + column * stride + row;
      vec block[LANES];
      if (width == LANES) {
        UNROLL for (size_t r = 0; r < LANES; r++) block[r] = row + r < rows ? load(from + r * x_row) : splat(0);
        transpose_block(block);
        UNROLL for (size_t c = 0; c < LANES; c++) store(to + c * stride, block[c]);
      } else {
        for (size_t c = 0; c < width; c++)
          for (size_t r = 0; r < LANES; r++) to[c * stride + r] = row + r < rows ? from[r * x_row + c] : 0;
      }
    }
}

size_t graft_attention_probability_stride(size_t keys) { return (keys + LANES - 1) / LANES * LANES; }

size_t graft_attention_scratch(size_t queries, size_t keys, size_t head_width) {
  const size_t stride = graft_attention_probability_stride(keys);
  return head_width * stride + 2 * queries * stride;
}

/// Prefetches the next head's part of `rows` rows, which are too far apart for the hardware prefetcher. Long sequences are not
/// prefetched: their rows would not fit into the cache, and each row takes long enough for the hardware to keep up.
GRAFT_INLINE void fetch_next(graft_attention_shape s, const float *x, size_t rows) {
  enum { SHORT = 64 };
  if (rows > SHORT) return;
  const uintptr_t next = (uintptr_t)x + s.head_width * sizeof(float);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < s.head_width; c += LANES)
      __builtin_prefetch((const void *)(next + (r * s.stride + c) * sizeof(float)), 0, 3);
}

/// `y = dropout(p)`, [queries, stride], with elements numbered across the whole matrix.
GRAFT_INLINE void drop(graft_attention_shape s, const float *p, float *y, size_t stride) {
  FOR_DROPOUT(s.dropout, s.dropout_row, s.queries * stride, STORE(y + i, LOAD(p + i) * m));
}

/// Scales the scores of all queries, and applies the bias and the window. Not inlined, because most encoders have neither.
GRAFT_DISPATCH
static void adjust(const graft_attention_shape *s, float *scores, size_t stride) {
  const size_t keys = s->keys - s->prefix;
  for (size_t query = 0; query < s->queries; query++, scores += stride) {
    FOR_VECTORS(s->prefix, STORE(scores + i, LOAD(scores + i) * s->scale));
    float *own = scores + s->prefix;
    if (s->bias) {
      const float *bias = s->bias - query;
      FOR_VECTORS(keys, STORE(own + i, LOAD(own + i) * s->scale + LOAD(bias + i)));
    } else {
      FOR_VECTORS(keys, STORE(own + i, LOAD(own + i) * s->scale));
    }
    if (query > s->window)
      for (size_t key = 0; key < query - s->window; key++) own[key] = -INFINITY;
    if (s->window < keys)
      for (size_t key = query + s->window + 1; key < keys; key++) own[key] = -INFINITY;
  }
}

GRAFT_DISPATCH
void graft_attention(graft_attention_shape s, const float *q, const float *k, const float *v, float *context, float *p,
                     float *scratch) {
  const size_t stride = graft_attention_probability_stride(s.keys);
  float *transposed = scratch, *dropped = scratch + s.head_width * stride;
  fetch_next(s, q, s.queries);
  fetch_next(s, k, s.keys);
  fetch_next(s, v, s.keys);
  fetch_next(s, context, s.queries);
  transpose(s.keys, s.head_width, k, s.stride, transposed, stride);
  multiply(&(product){s.queries, stride, s.head_width, q, s.stride, 1, transposed, stride, p, stride, false});
  const ivec lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  // Without a bias and a window, the scores are scaled while they are exponentiated.
  const bool adjusts = s.bias || s.window < s.keys;
  const float scale = adjusts ? 1 : s.scale;
  if (adjusts) adjust(&s, p, stride);
  for (size_t r = 0; r < s.queries; r++) {
    float *row = p + r * stride;
    // Lanes without a key are set in a register, because a load after shorter stores would have to wait for them.
    const vec ending = load(row + stride - LANES);
    store(row + stride - LANES, pick(lane < (int32_t)(s.keys + LANES - stride), ending, splat(-INFINITY)));
    vec highest = splat(-INFINITY), sum = splat(0);
    for (size_t c = 0; c < stride; c += LANES) highest = vmax(highest, load(row + c));
    const float top = max_lanes(&highest) * scale;
    for (size_t c = 0; c < stride; c += LANES) {
      const vec e = vexp(load(row + c) * scale - top);
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
  multiply(&(product){s.queries, s.head_width, s.keys, weights, stride, 1, v, s.stride, context, s.stride, false});
}

// dV = P'^T dC; dP = dropout(dC V^T); dB = P (dP - sum_k dP P); dS = dB * scale; dQ = dS K; dK = dS^T Q; P' is P after dropout.
GRAFT_DISPATCH
void graft_attention_backward(graft_attention_shape s, const float *q, const float *k, const float *v, const float *p,
                              const float *dcontext, float *dq, bool adds_q, float *dk, bool adds_k, float *dv,
                              bool adds_v, float *dbias, float *scratch) {
  const size_t stride = graft_attention_probability_stride(s.keys);
  float *transposed = scratch, *dropped = scratch + s.head_width * stride, *ds = dropped + s.queries * stride;
  if (dv) fetch_next(s, dv, s.keys);
  if (dv) {
    const float *weights = p;
    if (s.dropout.threshold > 0) {
      drop(s, p, dropped, stride);
      weights = dropped;
    }
    multiply(&(product){
        s.keys, s.head_width, s.queries, weights, 1, stride, dcontext, s.stride, dv, s.stride, adds_v});
  }
  if (!dq && !dk && !dbias) return;
  fetch_next(s, q, s.queries);
  fetch_next(s, k, s.keys);
  fetch_next(s, v, s.keys);
  if (dq) fetch_next(s, dq, s.queries);
  if (dk) fetch_next(s, dk, s.keys);
  transpose(s.keys, s.head_width, v, s.stride, transposed, stride);
  multiply(&(product){s.queries, stride, s.head_width, dcontext, s.stride, 1, transposed, stride, ds, stride, false});
  if (s.dropout.threshold > 0) drop(s, ds, ds, stride);
  for (size_t r = 0; r < s.queries; r++) {
    float *row = ds + r * stride;
    const float *probability = p + r * stride;
    vec sum = splat(0);
    for (size_t c = 0; c < stride; c += LANES) sum += load(row + c) * load(probability + c);
    const float mean = sum_lanes(&sum);
    if (dbias) {
      const float *own = row + s.prefix, *weight = probability + s.prefix;
      float *sums = dbias - r;
      FOR_VECTORS(s.keys - s.prefix, STORE(sums + i, LOAD(sums + i) + LOAD(weight + i) * (LOAD(own + i) - mean)));
    }
    for (size_t c = 0; c < stride; c += LANES) store(row + c, load(probability + c) * (load(row + c) - mean) * s.scale);
  }
  if (dq)
    multiply(&(product){s.queries, s.head_width, s.keys, ds, stride, 1, k, s.stride, dq, s.stride, adds_q});
  if (dk)
    multiply(&(product){s.keys, s.head_width, s.queries, ds, 1, stride, q, s.stride, dk, s.stride, adds_k});
}

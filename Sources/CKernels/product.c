#include "vector.h"

// Products with a matrix packed into consecutive panels of `depth` rows with a few vectors each, so that the innermost loop reads
// memory in order. A tile of the result stays in registers for the whole depth. (Goto and van de Geijn, "Anatomy of
// high-performance matrix multiplication", 2008; there the panels are packed again for every product.) While a panel is in use,
// the next one is prefetched line by line, a few lines with each row of each tile. As a result, loading a panel costs nothing,
// even with few rows. With the last panel, the beginning of the next product's matrix is prefetched.

/// The vectors in a panel's row and the rows of a tile: sized for AVX-512's 32 registers, or for 16 registers of half the width.
enum { WIDE_VECTORS = 3, WIDE_ROWS = 8, NARROW_VECTORS = 1, NARROW_ROWS = 6 };
enum { LINE = 64 };

#if GRAFT_DISPATCHES
#define GRAFT_WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define GRAFT_NARROW __attribute__((target_clones("arch=x86-64-v3", "default")))
static bool has_wide(void) { return __builtin_cpu_supports("x86-64-v4"); }
#else
#define GRAFT_WIDE
#define GRAFT_NARROW
static bool has_wide(void) { return false; }
#endif

typedef struct {
  size_t rows, depth, width;
  const float *a, *packed, *bias;
  float *c;
  bool accumulates;
  size_t first, count;
  const char *next;
  size_t next_bytes;
} product;

/// The memory to prefetch, with the number of bytes per step that spreads it over all tiles of a panel.
typedef struct {
  const char *place, *end;
  size_t step;
} prefetch;

/// One tile of full width in `c`, whose rows are `c_row` apart.
GRAFT_INLINE void multiply_tile(
    const int vectors, const int rows, const int lines, const product *p, const float *a, const float *panel,
    const float *bias, float *c, size_t c_row, prefetch *ahead) {
  vec sums[WIDE_ROWS][WIDE_VECTORS];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      {
        sums[r][v] = bias ? load(bias + v * LANES) : splat(0);
        __builtin_prefetch(c + r * c_row + v * LANES, 1, 3);
      }
  const char *place = ahead->place;
  const size_t step = place < ahead->end ? ahead->step : 0;
  for (size_t k = 0; k < p->depth; k++, panel += vectors * LANES) {
    vec row[WIDE_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) row[v] = load(panel + v * LANES);
    UNROLL for (int l = 0; l < lines; l++) __builtin_prefetch(place + l * LINE, 0, 2);
    place += step;
    UNROLL for (int r = 0; r < rows; r++) {
      const vec x = splat(a[r * p->depth + k]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += x * row[v];
    }
  }
  ahead->place = place;
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++) {
      float *at = c + r * c_row + v * LANES;
      store(at, p->accumulates ? sums[r][v] + load(at) : sums[r][v]);
    }
}

/// A tile that may extend beyond the last column; it is computed in a buffer then.
GRAFT_INLINE void multiply_rows(
    const int vectors, const int rows, const int lines, const product *p, size_t row, size_t column, const float *panel,
    prefetch *ahead) {
  const size_t full = (size_t)vectors * LANES, width = p->width - column < full ? p->width - column : full;
  const float *a = p->a + row * p->depth, *bias = p->bias ? p->bias + column : NULL;
  float *c = p->c + row * p->width + column;
  if (width == full) {
    multiply_tile(vectors, rows, lines, p, a, panel, bias, c, p->width, ahead);
    return;
  }
  float tile[WIDE_ROWS * WIDE_VECTORS * LANES] = {0}, part[WIDE_VECTORS * LANES] = {0};
  if (bias) memcpy(part, bias, width * sizeof(float));
  for (int r = 0; r < rows; r++) memcpy(tile + r * full, c + r * p->width, width * sizeof(float));
  multiply_tile(vectors, rows, lines, p, a, panel, bias ? part : NULL, tile, full, ahead);
  for (int r = 0; r < rows; r++) memcpy(c + r * p->width, tile + r * full, width * sizeof(float));
}

/// With each row of a tile, up to `lines` lines are prefetched: slightly less than one on average, or more if there are so few
/// tiles that the first must prefetch everything.
GRAFT_INLINE void multiply_panels(const int vectors, const int most, const int lines, const product *p) {
  const size_t full = (size_t)vectors * LANES, panel_size = p->depth * full;
  const size_t tiles = lines > 1 ? 1 : (p->rows + most - 1) / most, steps = tiles * p->depth;
  const size_t bytes = panel_size * sizeof(float), fastest = (size_t)lines * LINE;
  const size_t end = (p->first + p->count) * full < p->width ? (p->first + p->count) * full : p->width;
  const float *panel = p->packed + p->first * panel_size;
  for (size_t column = p->first * full; column < end; column += full, panel += panel_size) {
    prefetch ahead = {(const char *)panel, (const char *)panel, 0};
    if (column + full < end) {
      ahead.place = (const char *)(panel + panel_size);
      ahead.end = ahead.place + bytes;
    } else if (p->next_bytes > 0) {
      ahead.place = p->next;
      ahead.end = ahead.place + p->next_bytes;
    }
    const size_t spread = steps > 0 ? (size_t)(ahead.end - ahead.place) / steps + 1 : 0;
    ahead.step = spread < fastest ? spread : fastest;
    size_t row = 0;
    for (; row + most <= p->rows; row += most) multiply_rows(vectors, most, lines, p, row, column, panel, &ahead);
    switch (p->rows - row) {
#define ROWS(count) \
  case count: multiply_rows(vectors, count, lines, p, row, column, panel, &ahead); break;
      ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6) ROWS(7)
#undef ROWS
    }
  }
}

GRAFT_WIDE static void multiply_wide(const product *p) { multiply_panels(WIDE_VECTORS, WIDE_ROWS, 1, p); }
GRAFT_WIDE static void multiply_wide_few(const product *p) {
  multiply_panels(WIDE_VECTORS, WIDE_ROWS, WIDE_VECTORS, p);
}
GRAFT_NARROW static void multiply_narrow(const product *p) { multiply_panels(NARROW_VECTORS, NARROW_ROWS, 1, p); }

enum { CHAINS = 12 };
GRAFT_INLINE void chains(size_t iterations, float *sink) {
  vec sums[CHAINS];
  const vec x = splat(sink[0]), y = splat(sink[1]);
  UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = splat(sink[i]);
  for (size_t n = 0; n < iterations; n++) {
    UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = sums[i] * x + y;
  }
  UNROLL for (int i = 0; i < CHAINS; i++) sink[i] = sum_lanes(&sums[i]);
}
GRAFT_WIDE static void chains_wide(size_t iterations, float *sink) { chains(iterations, sink); }
GRAFT_NARROW static void chains_narrow(size_t iterations, float *sink) { chains(iterations, sink); }

double graft_multiply_at_peak(size_t iterations, float *sink) {
  if (has_wide())
    chains_wide(iterations, sink);
  else
    chains_narrow(iterations, sink);
  return 2.0 * LANES * CHAINS * (double)iterations;
}

static size_t panel_width(void) { return LANES * (has_wide() ? WIDE_VECTORS : NARROW_VECTORS); }

bool graft_multiplies_packed_well(void) {
#if defined(__x86_64__)
  return strcmp(graft_processor_level(), "baseline") != 0;
#else
  return true;
#endif
}

size_t graft_panel_count(size_t width) { return (width + panel_width() - 1) / panel_width(); }

size_t graft_panel_size(size_t depth) { return panel_width() * depth; }

void graft_pack_panel(
    const float *b, size_t depth, size_t width, size_t row_stride, size_t column_stride, size_t panel, float *packed) {
  enum { BLOCK = LINE / sizeof(float) };
  const size_t full = panel_width(), column = panel * full, there = width - column < full ? width - column : full;
  if (there < full) memset(packed, 0, full * depth * sizeof(float));
  b += column * column_stride;
  // If columns are far apart, each is read one cache line at a time.
  for (size_t k = 0; k < depth; k += BLOCK)
    for (size_t i = 0; i < there; i++)
      for (size_t n = k; n < depth && n < k + BLOCK; n++) packed[n * full + i] = b[n * row_stride + i * column_stride];
}

void graft_packed_product(
    const float *a, size_t rows, size_t depth, const float *packed, size_t width, const float *bias, bool accumulates,
    size_t first, size_t count, const void *next, size_t next_bytes, float *c) {
  const product p = {rows, depth, width, a, packed, bias, c, accumulates, first, count, next, next_bytes};
  if (has_wide() && rows <= 2 * WIDE_ROWS)
    multiply_wide_few(&p);
  else if (has_wide())
    multiply_wide(&p);
  else
    multiply_narrow(&p);
}

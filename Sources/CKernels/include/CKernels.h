// The kernels that need wide SIMD, in C. Unless stated otherwise, a function allocates nothing, accesses only the memory that its
// arguments refer to, and may be called from many threads at once. Matrices are row-major; counts are in elements; pointers need
// no alignment.
//
// Shape letters: T tokens (rows), S sequences, D hidden width, H heads, F feed-forward width.
#ifndef GRAFT_CKERNELS_H
#define GRAFT_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Returns the instruction set level at which the kernels run on this machine: "x86-64-v4", "x86-64-v3", or "baseline".
const char *graft_processor_level(void);
/// Returns whether the processor is made by AMD.
bool graft_processor_is_amd(void);
/// Allocates memory aligned to a cache line, to be freed with `free`; returns `NULL` if there is not enough memory.
void *graft_allocate(size_t bytes);
/// Returns freed memory to the system if the C library retains it.
void graft_release_memory(void);

// ---- Random numbers (random.c): Philox 4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011

/// Computes one Philox 4x32-10 block: `out` is a pure function of the 128-bit counter and the 64-bit key.
void graft_philox_block(const uint32_t counter[4], uint64_t key, uint32_t out[4]);

/// A dropout mask: a pure function of key, step, site, row, and column.
typedef struct {
  uint64_t key;        ///< the run's seed
  uint32_t step;       ///< the optimizer step
  uint32_t site;       ///< the index of the dropout in the model
  uint32_t threshold;  ///< an element is dropped if its 16 random bits are below this (probability x 65536); 0: none
  float scale;         ///< the factor of elements that are kept
} graft_dropout;

/// `y[r, c] = keep(first_row + r, c) ? x[r, c] * scale : 0`, with rows of `width` elements; `y` may be `x`.
void graft_dropout_apply(const float *x, float *y, size_t rows, size_t width, uint32_t first_row, graft_dropout dropout);

/// `y[r, c] += keep(first_row + r, c) ? x[r, c] * scale : 0`.
void graft_dropout_accumulate(const float *x, float *y, size_t rows, size_t width, uint32_t first_row,
                              graft_dropout dropout);

// ---- Elementwise (elementwise.c)

/// Writes `bias[width]` into every row of `y`.
void graft_fill_rows(float *y, size_t rows, size_t width, const float *bias);
/// `y += scale * x` for `count` elements.
void graft_accumulate(float *y, const float *x, size_t count, float scale);
/// `sums[c] += sum over rows of x[r, c]`.
void graft_accumulate_column_sums(float *sums, const float *x, size_t rows, size_t width);
/// `y [rows, width] = x ⊙ factors`, row by row; added to y if `accumulates`.
void graft_scale_columns(const float *x, const float *factors, float *y, size_t rows, size_t width, int accumulates);
/// `sums [width] +=` the sum over the rows of `a ⊙ b`.
void graft_accumulate_product_sums(float *sums, const float *a, const float *b, size_t rows, size_t width);
/// Returns the sum of squares, accumulated in double precision in a fixed order.
double graft_sum_of_squares(const float *x, size_t count);

/// Multiplies and adds in registers only, as fast as the processor can; returns the number of operations (two for each
/// multiply-add of a lane). `sink` prevents the compiler from removing the loop.
double graft_multiply_at_peak(size_t iterations, float *sink);

// ---- bfloat16 (bfloat16.c): the upper half of a float, rounded to nearest, ties to even

/// Rounds `x` to the nearest values that bfloat16 can represent, as floats; `y` may be `x`.
void graft_round_to_bfloat16(const float *x, float *y, size_t count);
/// Converts `x` to bfloat16.
void graft_to_bfloat16(const float *x, uint16_t *y, size_t count);

// ---- Merging (merge.c)

/// `c [rows, columns] += scale b a`: b `[rows, rank]`, a `[rank, columns]`; each row is also multiplied by its element of
/// `row_scales` unless that is NULL. Bit-identical on every processor. Scratch: `columns` floats.
void graft_add_low_rank(
    float *c, const float *b, const float *a, size_t rows, size_t columns, size_t rank, float scale,
    const float *row_scales, float *scratch);

// ---- Products with packed matrices (product.c)

/// Returns whether the kernels below are optimized for this processor, rather than just running on it.
bool graft_multiplies_packed_well(void);
/// The number of panels of a packed matrix of this width, and the number of floats in each; the panels are consecutive in memory.
size_t graft_panel_count(size_t width);
size_t graft_panel_size(size_t depth);
/// Packs one panel of b [depth, width], whose rows and columns are `row_stride` and `column_stride` elements apart. The packed
/// layout depends on the processor.
void graft_pack_panel(
    const float *b, size_t depth, size_t width, size_t row_stride, size_t column_stride, size_t panel, float *packed);
/// `c [rows, width] = a [rows, depth] b + bias`, or `c +=` without bias if it accumulates; `bias` may be null. `packed` must be
/// aligned to 64 bytes. Computes only the columns of `count` panels, starting at panel `first`. Meanwhile, about `next_bytes`
/// bytes from `next` are prefetched into the cache; that memory may have been freed, and with 0 bytes `next` may be null.
void graft_packed_product(
    const float *a, size_t rows, size_t depth, const float *packed, size_t width, const float *bias, bool accumulates,
    size_t first, size_t count, const void *next, size_t next_bytes, float *c);

// ---- Activations (activation.c): forward, and `dx = dy * f'(x)`, or `dx +=` if it adds

/// x Phi(x) with the normal distribution function Phi: x / 2 * (1 + erf(x / sqrt 2)). The largest error is 3e-7 of |x|, and that
/// of the derivative is 5e-7.
void graft_gelu(const float *x, float *y, size_t count);
void graft_gelu_backward(const float *x, const float *dy, float *dx, size_t count, bool adds);
/// x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))).
void graft_gelu_new(const float *x, float *y, size_t count);
void graft_gelu_new_backward(const float *x, const float *dy, float *dx, size_t count, bool adds);
void graft_relu(const float *x, float *y, size_t count);
void graft_relu_backward(const float *y, const float *dy, float *dx, size_t count, bool adds);
void graft_swish(const float *x, float *y, size_t count);
void graft_swish_backward(const float *x, const float *dy, float *dx, size_t count, bool adds);
void graft_tanh(const float *x, float *y, size_t count);
/// Expects the output `y = tanh x` instead of the input.
void graft_tanh_backward(const float *y, const float *dy, float *dx, size_t count, bool adds);
/// The vectorized polynomial exp; the tests compare it with the C library's.
void graft_exp(const float *x, float *y, size_t count);

// ---- Layer norm (layer_norm.c): Ba et al., "Layer normalization", 2016

/// In one pass over the rows, computes `z = x + dropout(h)` (z = x if h is null) and
/// `y = (z - mean) / sqrt(var + epsilon) * weight + bias`. `centered` stores (z - mean) / sqrt(var + epsilon), and `deviation`
/// stores 1 / sqrt(var + epsilon) per row; both may be null if there is no backward pass. `bias` may be null. [T, D]
void graft_residual_norm(const float *x, const float *h, const float *weight, const float *bias, float epsilon, float *y,
                         float *centered, float *deviation, size_t rows, size_t width, uint32_t first_row,
                         graft_dropout dropout);
/// `dx = dz` and `dh = dropout(dz)`, or `+=` if it adds; the gradients of the parameters are always added. Each of the four may
/// be null.
void graft_residual_norm_backward(const float *dy, const float *weight, const float *centered, const float *deviation,
                                  float *dx, bool adds_x, float *dh, bool adds_h, float *dweight, float *dbias, size_t rows,
                                  size_t width, uint32_t first_row, graft_dropout dropout);

// ---- Attention (attention.c)

/// One head of one sequence: `queries` rows attend to `keys` rows. Rows of q, k, v, and the context are `stride` elements apart.
typedef struct {
  size_t queries, keys, head_width, stride;
  size_t prefix;         ///< the number of keys before the sequence's own; every query sees them
  size_t window;         ///< the largest distance between a query and one of its own keys; SIZE_MAX without a window
  float scale;           ///< 1 / sqrt(head width)
  const float *bias;     ///< added to the scores: the value for distance (key - query) 0, between the others; may be null
  uint32_t dropout_row;  ///< sequence index x H + head: identifies this matrix of probabilities for the dropout
  graft_dropout dropout;
} graft_attention_shape;

/// The number of floats of scratch memory that one call needs.
size_t graft_attention_scratch(size_t queries, size_t keys, size_t head_width);
/// The row stride of `probabilities`: `keys` rounded up to whole vectors.
size_t graft_attention_probability_stride(size_t keys);
/// `context = dropout(softmax(q k^T * scale + bias)) v`, with scores of -infinity outside the window; stores the softmax in
/// `probabilities` [queries, stride of keys].
void graft_attention(graft_attention_shape shape, const float *q, const float *k, const float *v, float *context,
                     float *probabilities, float *scratch);
/// Computes dq, dk, and dv (each may be null) from `dcontext`: overwrites the existing values, or adds to them where it adds.
/// Always adds to `dbias`, which is laid out like `bias` and may be null.
void graft_attention_backward(graft_attention_shape shape, const float *q, const float *k, const float *v,
                              const float *probabilities, const float *dcontext, float *dq, bool adds_q, float *dk,
                              bool adds_k, float *dv, bool adds_v, float *dbias, float *scratch);

// ---- Rotary positions (rotary.c)

/// Rotates each head of one row by its position's angles: for the elements a = x[i] and b = x[i + W / 2] of a head of width W,
/// `y[i] = a cos - b sin` and `y[i + W / 2] = b cos + a sin`, or `+=` if it adds. The cosines and sines have W / 2 values.
/// `direction` is 1, or -1 for the reverse rotation.
void graft_rotate(const float *x, float *y, const float *cosines, const float *sines, size_t heads, size_t head_width,
                  float direction, bool adds);

// ---- Losses (loss.c)

/// Returns the softmax cross-entropy of one row; `dlogits += weight * (softmax - one-hot)` unless null.
float graft_cross_entropy(const float *logits, size_t classes, size_t label, float weight, float *dlogits);

/// Returns the binary cross-entropy of a logit and a target from 0 to 1; `*dlogit += weight * (sigmoid - target)` unless null.
float graft_binary_cross_entropy(float logit, float target, float weight, float *dlogit);

// ---- Optimizer (optimizer.c)

/// One AdamW step for `count` values: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, as in PyTorch.
/// `correction1` and `correction2` are 1 - beta^t; the gradient is multiplied by `gradient_scale`.
typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay, correction1, correction2, gradient_scale;
} graft_adamw_step;
void graft_adamw(graft_adamw_step step, float *values, const float *gradient, float *first, float *second, size_t count);

#endif

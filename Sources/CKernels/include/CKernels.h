// The loops that need wide SIMD, in C. Every function is allocation-free, touches only what its arguments name, and may
// be called from many threads at once. Matrices are row-major; counts are in elements; pointers need no alignment.
//
// Shape letters: T tokens (rows), S sequences, D hidden width, H heads, F feed-forward width.
#ifndef GRAFT_CKERNELS_H
#define GRAFT_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The processor level that the loops below run at on this machine: "x86-64-v4", "x86-64-v3", or "baseline".
const char *graft_processor_level(void);
/// Whether the processor is of AMD's make.
bool graft_processor_is_amd(void);
/// Memory aligned to a cache line, or `NULL`. Freed by `free`.
void *graft_allocate(size_t bytes);
/// Gives memory that was freed back to the system, where the C library keeps some.
void graft_release_memory(void);

// ---- Random numbers (random.c): Philox 4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011

/// One Philox 4x32-10 block: `out` is a pure function of the 128-bit counter and the 64-bit key.
void graft_philox_block(const uint32_t counter[4], uint64_t key, uint32_t out[4]);

/// Which elements a dropout drops: a pure function of key, step, site, row and column.
typedef struct {
  uint64_t key;        ///< the run's seed
  uint32_t step;       ///< the optimizer step
  uint32_t site;       ///< which dropout of the model
  uint32_t threshold;  ///< an element is dropped when its 16 random bits are below this (probability x 65536); 0: none
  float scale;         ///< what kept elements are multiplied by
} graft_dropout;

/// `y[r, c] = keep(first_row + r, c) ? x[r, c] * scale : 0`, rows of `width`; `y` may be `x`.
void graft_dropout_apply(const float *x, float *y, size_t rows, size_t width, uint32_t first_row, graft_dropout dropout);

/// `y[r, c] += keep(first_row + r, c) ? x[r, c] * scale : 0`.
void graft_dropout_accumulate(const float *x, float *y, size_t rows, size_t width, uint32_t first_row,
                              graft_dropout dropout);

// ---- Elementwise (elementwise.c)

/// Writes `bias[width]` into every row of `y`.
void graft_fill_rows(float *y, size_t rows, size_t width, const float *bias);
/// `y += scale * x`, `count` elements.
void graft_accumulate(float *y, const float *x, size_t count, float scale);
/// `sums[c] += sum over rows of x[r, c]`.
void graft_accumulate_column_sums(float *sums, const float *x, size_t rows, size_t width);
/// `y [rows, width] = x ⊙ factors`, row by row; added to y when `accumulates`.
void graft_scale_columns(const float *x, const float *factors, float *y, size_t rows, size_t width, int accumulates);
/// `sums [width] += ` the sum over the rows of `a ⊙ b`.
void graft_accumulate_product_sums(float *sums, const float *a, const float *b, size_t rows, size_t width);
/// The sum of squares, accumulated in double precision in a fixed order.
double graft_sum_of_squares(const float *x, size_t count);

/// Multiplies and adds in registers alone, as fast as the processor can; returns how many operations it did (two for each
/// multiplication and addition of a lane). `sink` keeps the compiler from leaving it out.
double graft_multiply_at_peak(size_t iterations, float *sink);

// ---- bfloat16 (bfloat16.c): the upper half of a float, rounded to nearest, halves to even

/// `y` = the floats nearest to `x` among those that bfloat16 can express; `y` may be `x`.
void graft_round_to_bfloat16(const float *x, float *y, size_t count);
/// The same as bfloat16 numbers.
void graft_to_bfloat16(const float *x, uint16_t *y, size_t count);

// ---- Merging (merge.c)

/// `c [rows, columns] += scale b a`: b `[rows, rank]`, a `[rank, columns]`, each row times its own of `row_scales` too unless that
/// is NULL. The same bits on every processor. Scratch: `columns` floats.
void graft_add_low_rank(
    float *c, const float *b, const float *a, size_t rows, size_t columns, size_t rank, float scale,
    const float *row_scales, float *scratch);

// ---- Products with packed matrices (product.c)

/// Whether the loops below are made for this processor, or merely run on it.
bool graft_multiplies_packed_well(void);
/// Panels of a packed matrix of this width, and the floats of each; they lie one behind the other.
size_t graft_panel_count(size_t width);
size_t graft_panel_size(size_t depth);
/// Packs one panel of b [depth, width], whose elements lie `row_stride` and `column_stride` apart. The order depends on the
/// processor.
void graft_pack_panel(
    const float *b, size_t depth, size_t width, size_t row_stride, size_t column_stride, size_t panel, float *packed);
/// `c [rows, width] = a [rows, depth] b + bias`, or `c +=` without bias when it accumulates; `bias` may be null. `packed` must be
/// aligned to 64 bytes. Only the columns of `count` panels from `first` on. On the way, about
/// `next_bytes` from `next` are fetched into the cache; that memory need not be there any more, and with no bytes `next` may be null.
void graft_packed_product(
    const float *a, size_t rows, size_t depth, const float *packed, size_t width, const float *bias, bool accumulates,
    size_t first, size_t count, const void *next, size_t next_bytes, float *c);

// ---- Activations (activation.c): forward, and `dx = dy * f'(x)`, or `dx +=` when it adds

/// x Phi(x) with the normal distribution's function, x / 2 * (1 + erf(x / sqrt 2)); largest error 3e-7 of |x|, and of the
/// slope 5e-7.
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
/// Takes the output `y = tanh x`.
void graft_tanh_backward(const float *y, const float *dy, float *dx, size_t count, bool adds);
/// Vector exp by polynomial, for the tests to hold against the C library's.
void graft_exp(const float *x, float *y, size_t count);

// ---- Layer norm (layer_norm.c): Ba et al., "Layer normalization", 2016

/// One pass over the rows: `z = x + dropout(h)` (h may be null: z = x), `y = (z - mean) / sqrt(var + epsilon) * weight +
/// bias`. `centered` keeps (z - mean) / sqrt(var + epsilon), `deviation` its 1 / sqrt(var + epsilon) per row; both may be
/// null when there is no backward pass. [T, D]
void graft_residual_norm(const float *x, const float *h, const float *weight, const float *bias, float epsilon, float *y,
                         float *centered, float *deviation, size_t rows, size_t width, uint32_t first_row,
                         graft_dropout dropout);
/// `dx = dz` and `dh = dropout(dz)`, or `+=` where it adds to what is there; the parameters' gradients are added to; each of the four
/// may be null.
void graft_residual_norm_backward(const float *dy, const float *weight, const float *centered, const float *deviation,
                                  float *dx, bool adds_x, float *dh, bool adds_h, float *dweight, float *dbias, size_t rows,
                                  size_t width, uint32_t first_row, graft_dropout dropout);

// ---- Attention (attention.c)

/// One head of one sequence. Rows of q, k, v and the context lie `stride` apart; `queries` of them attend to `keys`.
typedef struct {
  size_t queries, keys, head_width, stride;
  float scale;           ///< 1 / sqrt(head width)
  uint32_t dropout_row;  ///< sequence number x H + head: names this matrix of probabilities for the dropout
  graft_dropout dropout;
} graft_attention_shape;

/// Floats of scratch that one call needs.
size_t graft_attention_scratch(size_t queries, size_t keys, size_t head_width);
/// The row stride of `probabilities`: `keys` rounded up to whole vectors.
size_t graft_attention_probability_stride(size_t keys);
/// `context = dropout(softmax(q k^T * scale)) v`; keeps softmax's result in `probabilities` [queries, stride of keys].
void graft_attention(graft_attention_shape shape, const float *q, const float *k, const float *v, float *context,
                     float *probabilities, float *scratch);
/// Gives dq, dk and dv (each may be null) their part of `dcontext`'s: in place of what is there, or added where it adds.
void graft_attention_backward(graft_attention_shape shape, const float *q, const float *k, const float *v,
                              const float *probabilities, const float *dcontext, float *dq, bool adds_q, float *dk,
                              bool adds_k, float *dv, bool adds_v, float *scratch);

// ---- Losses (loss.c)

/// Softmax cross-entropy of one row: returns the loss; `dlogits += weight * (softmax - one hot)` unless null.
float graft_cross_entropy(const float *logits, size_t classes, size_t label, float weight, float *dlogits);

// ---- Optimizer (optimizer.c)

/// One AdamW step over `count` parameters: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, as in
/// PyTorch. `correction1` and `correction2` are 1 - beta^t; the gradient is taken times `gradient_scale`.
typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay, correction1, correction2, gradient_scale;
} graft_adamw_step;
void graft_adamw(graft_adamw_step step, float *values, const float *gradient, float *first, float *second, size_t count);

#endif

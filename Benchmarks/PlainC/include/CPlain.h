// Textbook loops with the C library's functions: the reference for the speed and the error of the kernels.
#ifndef GRAFT_PLAIN_H
#define GRAFT_PLAIN_H

#include <stddef.h>

/// `c [rows, width] = a [rows, depth] w^T`, w [width, depth].
void plain_product(const float *a, const float *w, float *c, size_t rows, size_t depth, size_t width);
void plain_gelu(const float *x, float *y, size_t count);
void plain_gelu_backward(const float *x, const float *dy, float *dx, size_t count);
/// `y = LayerNorm(x + h)` with weights 1 and biases 0.
void plain_residual_norm(const float *x, const float *h, float *y, size_t rows, size_t width, float epsilon);
/// One head of one sequence; rows of q, k, v, and y are `stride` apart; `scores` has room for one row.
void plain_attention(const float *q, const float *k, const float *v, float *y, size_t tokens, size_t head_width,
                     size_t stride, float scale, float *scores);
void plain_adamw(float *values, const float *gradient, float *first, float *second, size_t count, float rate);

#endif

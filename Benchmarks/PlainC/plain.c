#include "CPlain.h"

#include <math.h>

void plain_product(const float *a, const float *w, float *c, size_t rows, size_t depth, size_t width) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < width; j++) {
      double sum = 0;
      for (size_t k = 0; k < depth; k++) sum += (double)a[r * depth + k] * w[j * depth + k];
      c[r * width + j] = (float)sum;
    }
}

void plain_gelu(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

void plain_gelu_backward(const float *x, const float *dy, float *dx, size_t count) {
  for (size_t i = 0; i < count; i++)
    dx[i] = dy[i] * (0.5f * (1 + erff(x[i] * 0.70710678f)) + x[i] * 0.39894228f * expf(-0.5f * x[i] * x[i]));
}

void plain_residual_norm(const float *x, const float *h, float *y, size_t rows, size_t width, float epsilon) {
  for (size_t r = 0; r < rows; r++, x += width, h += width, y += width) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < width; i++) sum += y[i] = x[i] + h[i];
    const double mean = sum / (double)width;
    for (size_t i = 0; i < width; i++) squares += (y[i] - mean) * (y[i] - mean);
    const double inverse = 1 / sqrt(squares / (double)width + epsilon);
    for (size_t i = 0; i < width; i++) y[i] = (float)((y[i] - mean) * inverse);
  }
}

void plain_attention(const float *q, const float *k, const float *v, float *y, size_t tokens, size_t head_width,
                     size_t stride, float scale, float *scores) {
  for (size_t i = 0; i < tokens; i++) {
    float highest = -INFINITY, sum = 0;
    for (size_t j = 0; j < tokens; j++) {
      float score = 0;
      for (size_t d = 0; d < head_width; d++) score += q[i * stride + d] * k[j * stride + d];
      scores[j] = score * scale;
      highest = fmaxf(highest, scores[j]);
    }
    for (size_t j = 0; j < tokens; j++) sum += scores[j] = expf(scores[j] - highest);
    for (size_t d = 0; d < head_width; d++) y[i * stride + d] = 0;
    for (size_t j = 0; j < tokens; j++)
      for (size_t d = 0; d < head_width; d++) y[i * stride + d] += scores[j] / sum * v[j * stride + d];
  }
}

void plain_adamw(float *values, const float *gradient, float *first, float *second, size_t count, float rate) {
  for (size_t i = 0; i < count; i++) {
    first[i] = 0.9f * first[i] + 0.1f * gradient[i];
    second[i] = 0.999f * second[i] + 0.001f * gradient[i] * gradient[i];
    values[i] -= rate * first[i] / 0.1f / (sqrtf(second[i] / 0.001f) + 1e-8f);
  }
}

#include "vector.h"

/// Stores a gradient: adds it to the existing values, or overwrites them.
#define GIVE(p, v) STORE(p, adds ? LOAD(p) + (v) : (v))

/// An odd function that is constant beyond `end`: x P(x^2) / Q(x^2), with coefficients in ascending order from the constant term.
typedef struct {
  float end, p[6], q[6];
} quotient;

// Minimax approximations; in floats, their largest errors are 2e-7 and 3e-7. At its end, each is exactly 1/2, with and without
// fused multiply-adds, so that there is no residue where the functions are 0 or 1.

/// Phi(x) - 1/2, where Phi is the cumulative distribution function of the normal distribution.
static const quotient DISTRIBUTION = {
  5.6f,
  {3.98942262e-1f, 3.39290947e-2f, 4.67735436e-3f, 1.68929895e-4f, 6.28977978e-6f, 2.22973533e-8f},
  {1, 2.51713961e-1f, 2.86775939e-2f, 1.88549550e-3f, 7.33443885e-5f, 1.17965544e-6f}
};
/// Phi(x) + x phi(x) - 1/2: the derivative of x Phi(x), minus 1/2, where phi is the density of the normal distribution.
static const quotient GELU_SLOPE = {
  5.77f,
  {7.97884762e-1f, -3.08295134e-2f, 1.42169129e-2f, 2.24424457e-5f, 3.59072983e-5f, 1.91764357e-7f},
  {1, 2.94698745e-1f, 4.10373546e-2f, 3.52663686e-3f, 1.93093918e-4f, 8.91630498e-6f}
};

GRAFT_INLINE void vector_quotient(const quotient f, const vec *argument, vec *result) {
  const vec x = vmax(splat(-f.end), vmin(splat(f.end), *argument)), s = x * x;
  vec p = splat(f.p[5]), q = splat(f.q[5]);
  UNROLL for (int i = 4; i >= 0; i--) {
    p = p * s + f.p[i];
    q = q * s + f.q[i];
  }
  *result = x * p / q;
}
#define vquotient(f, x)               \
  ({                                  \
    const vec x_ = (x);               \
    vec y_;                           \
    vector_quotient((f), &x_, &y_);   \
    y_;                               \
  })

GRAFT_DISPATCH
void graft_gelu(const float *x, float *y, size_t count) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    FETCH(y + i);
    STORE(y + i, v * (vquotient(DISTRIBUTION, v) + 0.5f));
  });
}

GRAFT_DISPATCH
void graft_gelu_backward(const float *x, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    FETCH(x + i);
    FETCH(dx + i);
    GIVE(dx + i, LOAD(dy + i) * (vquotient(GELU_SLOPE, LOAD(x + i)) + 0.5f));
  });
}

GRAFT_DISPATCH
void graft_relu(const float *x, float *y, size_t count) {
  FOR_VECTORS(count, STORE(y + i, vmax(splat(0), LOAD(x + i))));
}

GRAFT_DISPATCH
void graft_relu_backward(const float *y, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, GIVE(dx + i, pick(LOAD(y + i) > 0.0f, LOAD(dy + i), splat(0))));
}

GRAFT_DISPATCH
void graft_tanh(const float *x, float *y, size_t count) { FOR_VECTORS(count, STORE(y + i, vtanh(LOAD(x + i)))); }

GRAFT_DISPATCH
void graft_tanh_backward(const float *y, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    const vec v = LOAD(y + i);
    GIVE(dx + i, LOAD(dy + i) * (1.0f - v * v));
  });
}

GRAFT_DISPATCH
void graft_swish(const float *x, float *y, size_t count) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    STORE(y + i, v / (vexp(v * -1.0f) + 1.0f));
  });
}

// d/dx = s (1 + x (1 - s)), where s is the logistic sigmoid.
GRAFT_DISPATCH
void graft_swish_backward(const float *x, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    const vec s = splat(1) / (vexp(v * -1.0f) + 1.0f);
    GIVE(dx + i, LOAD(dy + i) * s * (v * (1.0f - s) + 1.0f));
  });
}

// x / 2 (1 + tanh u) = x s, where s is the logistic sigmoid of 2u and u = sqrt(2 / pi) (x + 0.044715 x^3).
#define GELU_NEW_SIGMOID(x) (splat(1) / (vexp((x) * (-1.5957691216f - 0.0713548163f * (x) * (x))) + 1.0f))

GRAFT_DISPATCH
void graft_gelu_new(const float *x, float *y, size_t count) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    STORE(y + i, v * GELU_NEW_SIGMOID(v));
  });
}

// d/dx = s + x s (1 - s) 2u'. For |x| > 12 it is 0 or 1, and the powers of x would overflow.
GRAFT_DISPATCH
void graft_gelu_new_backward(const float *x, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    const vec v = vmax(splat(-12), vmin(splat(12), LOAD(x + i)));
    const vec s = GELU_NEW_SIGMOID(v);
    GIVE(dx + i, LOAD(dy + i) * (s + v * s * (1.0f - s) * (1.5957691216f + 0.2140644489f * v * v)));
  });
}

GRAFT_DISPATCH
void graft_exp(const float *x, float *y, size_t count) { FOR_VECTORS(count, STORE(y + i, vexp(LOAD(x + i)))); }

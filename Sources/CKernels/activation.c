#include "vector.h"

/// A gradient: added to what is there, or in its place.
#define GIVE(p, v) STORE(p, adds ? LOAD(p) + (v) : (v))

GRAFT_DISPATCH
void graft_gelu(const float *x, float *y, size_t count) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    STORE(y + i, v * (verf(v * 0.70710678f) * 0.5f + 0.5f));
  });
}

// d/dx = Phi(x) + x phi(x), the normal distribution's function and density.
GRAFT_DISPATCH
void graft_gelu_backward(const float *x, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    const vec distribution = verf(v * 0.70710678f) * 0.5f + 0.5f;
    const vec density = vexp(v * v * -0.5f) * 0.39894228f;
    GIVE(dx + i, LOAD(dy + i) * (distribution + v * density));
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

// d/dx = s (1 + x (1 - s)), s the logistic sigmoid.
GRAFT_DISPATCH
void graft_swish_backward(const float *x, const float *dy, float *dx, size_t count, bool adds) {
  FOR_VECTORS(count, {
    const vec v = LOAD(x + i);
    const vec s = splat(1) / (vexp(v * -1.0f) + 1.0f);
    GIVE(dx + i, LOAD(dy + i) * s * (v * (1.0f - s) + 1.0f));
  });
}

GRAFT_DISPATCH
void graft_exp(const float *x, float *y, size_t count) { FOR_VECTORS(count, STORE(y + i, vexp(LOAD(x + i)))); }

GRAFT_DISPATCH
void graft_erf(const float *x, float *y, size_t count) { FOR_VECTORS(count, STORE(y + i, verf(LOAD(x + i)))); }

#include "vector.h"

GRAFT_DISPATCH
void graft_adamw(graft_adamw_step s, float *values, const float *gradient, float *first, float *second, size_t count) {
  const float keep = 1.0f - s.learning_rate * s.weight_decay, rate = s.learning_rate / s.correction1;
  const float root = 1.0f / sqrtf(s.correction2);
  FOR_VECTORS(count, {
    const vec g = LOAD(gradient + i) * s.gradient_scale;
    const vec m = LOAD(first + i) * s.beta1 + g * (1.0f - s.beta1);
    const vec v = LOAD(second + i) * s.beta2 + g * g * (1.0f - s.beta2);
    STORE(first + i, m);
    STORE(second + i, v);
    STORE(values + i, LOAD(values + i) * keep - m * rate / (vsqrt(v) * root + s.epsilon));
  });
}

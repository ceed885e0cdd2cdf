#include "vector.h"

GRAFT_DISPATCH
void graft_adamw(graft_adamw_step s, float *values, const float *gradient, float *first, float *second, size_t count) {
  const float keep = 1.0f - s.learning_rate * s.weight_decay, rate = s.learning_rate / s.correction1;
  const float root = 1.0f / sqrtf(s.correction2);
  for (size_t i = 0; i < count; i++) {
    const float g = gradient[i] * s.gradient_scale;
    const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
    const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    values[i] = values[i] * keep - rate * m / (sqrtf(v) * root + s.epsilon);
  }
}

#include "vector.h"

float graft_cross_entropy(const float *logits, size_t classes, size_t label, float weight, float *dlogits) {
  float highest = logits[0];
  for (size_t c = 1; c < classes; c++) highest = logits[c] > highest ? logits[c] : highest;
  double sum = 0;
  for (size_t c = 0; c < classes; c++) sum += exp((double)logits[c] - highest);
  if (dlogits)
    for (size_t c = 0; c < classes; c++)
      dlogits[c] += weight * (float)(exp((double)logits[c] - highest) / sum - (c == label));
  return (float)(log(sum) + highest - logits[label]);
}

// max(x, 0) - x t + log(1 + exp(-|x|)) does not overflow.
float graft_binary_cross_entropy(float logit, float target, float weight, float *dlogit) {
  const double x = logit, small = exp(-fabs(x));
  if (dlogit) *dlogit += weight * (float)((x >= 0 ? 1 / (1 + small) : small / (1 + small)) - target);
  return (float)((x > 0 ? x : 0) - x * target + log1p(small));
}

#include "vector.h"

GRAFT_DISPATCH
void graft_rotate(const float *x, float *y, const float *cosines, const float *sines, size_t heads, size_t head_width,
                  float direction, bool adds) {
  const size_t half = head_width / 2;
  for (size_t head = 0; head < heads; head++, x += head_width, y += head_width) {
    FOR_VECTORS(half, {
      const vec a = LOAD(x + i), b = LOAD(x + half + i);
      const vec cosine = LOAD(cosines + i), sine = LOAD(sines + i) * direction;
      const vec first = a * cosine - b * sine, second = b * cosine + a * sine;
      STORE(y + i, adds ? LOAD(y + i) + first : first);
      STORE(y + half + i, adds ? LOAD(y + half + i) + second : second);
    });
  }
}

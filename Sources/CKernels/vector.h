// Sixteen floats as one value, which the compiler maps to the processor's registers (one, two, or four).
// Everything here is inlined into functions with GRAFT_DISPATCH, and therefore compiled once for each processor level.
#ifndef GRAFT_VECTOR_H
#define GRAFT_VECTOR_H

#include <math.h>
#include <string.h>

#include "CKernels.h"

// Functions are compiled for several processor levels, and the loader selects one. ThreadSanitizer is not ready when the loader
// runs the code that selects, so with it there is only the baseline.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define GRAFT_SANITIZES_THREADS 1
#endif
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(GRAFT_SANITIZES_THREADS)
#define GRAFT_DISPATCHES 1
#else
#define GRAFT_DISPATCHES 0
#endif
#if GRAFT_DISPATCHES
#define GRAFT_DISPATCH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GRAFT_DISPATCH
#endif
#define GRAFT_INLINE static inline __attribute__((always_inline))

/// Precedes a loop over registers: the loop must be unrolled, or the registers would become an array in memory.
#define UNROLL _Pragma("clang loop unroll(full)")

enum { LANES = 16 };
typedef float vec __attribute__((vector_size(64)));
typedef float vec_unaligned __attribute__((vector_size(64), aligned(4)));
typedef int32_t ivec __attribute__((vector_size(64)));
typedef uint32_t uvec __attribute__((vector_size(64)));
typedef uint64_t u64vec __attribute__((vector_size(64)));
typedef double dvec __attribute__((vector_size(128)));

// Vectors are never passed by value: without AVX-512, there is no standard calling convention for a 64-byte argument. Small
// helpers are expressions; longer ones use pointers and are wrapped by an expression. Inlining removes all of this.
#define splat(x)                                                                                   \
  ({                                                                                               \
    const float s_ = (float)(x);                                                                   \
    (vec){s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_, s_}; \
  })
#define load(p) ((vec)(*(const vec_unaligned *)(p)))
#define store(p, v) (*(vec_unaligned *)(p) = (v))
/// The first `count` lanes; the others are zero.
#define load_part(p, count)                        \
  ({                                               \
    vec part_ = {0};                               \
    memcpy(&part_, (p), (count) * sizeof(float)); \
    part_;                                         \
  })
#define store_part(p, v, count)                 \
  ({                                            \
    const vec part_ = (v);                      \
    memcpy((p), &part_, (count) * sizeof(float)); \
  })
#define pick(condition, yes, no)                             \
  ({                                                         \
    const ivec condition_ = (ivec)(condition);               \
    (vec)(((ivec)(yes) & condition_) | ((ivec)(no) & ~condition_)); \
  })
// The two macros below return b if either argument is NaN: pass the value that may be NaN second.
#define vmin(a, b)            \
  ({                          \
    const vec a_ = (a), b_ = (b); \
    pick(a_ < b_, a_, b_);    \
  })
#define vmax(a, b)            \
  ({                          \
    const vec a_ = (a), b_ = (b); \
    pick(a_ > b_, a_, b_);    \
  })
#define vsqrt(a) (__builtin_elementwise_sqrt(a))
#define with_sign_of(x, magnitude) ((vec)((ivec)(magnitude) | ((ivec)(x) & (int32_t)0x80000000)))
#define vabs(a) ((vec)((ivec)(a) & 0x7fffffff))
#define EXPRESSION(function, x)       \
  ({                                  \
    const vec argument_ = (x);        \
    vec result_;                      \
    function(&argument_, &result_);   \
    result_;                          \
  })

typedef float vec8 __attribute__((vector_size(32)));
typedef float vec4 __attribute__((vector_size(16)));
#define LOW8(v) __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
#define HIGH8(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
#define LOW4(v) __builtin_shufflevector(v, v, 0, 1, 2, 3)
#define HIGH4(v) __builtin_shufflevector(v, v, 4, 5, 6, 7)

/// Sums the lanes in a fixed tree: adds the upper half to the lower half, repeatedly.
GRAFT_INLINE float sum_lanes(const vec *v) {
  const vec8 eight = LOW8(*v) + HIGH8(*v);
  const vec4 four = LOW4(eight) + HIGH4(eight);
  return (four[0] + four[2]) + (four[1] + four[3]);
}
GRAFT_INLINE float max_lanes(const vec *v) {
  vec most = *v;
  most = vmax(most, __builtin_shufflevector(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  most = vmax(most, __builtin_shufflevector(most, most, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  most = vmax(most, __builtin_shufflevector(most, most, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  return most[0] > most[1] ? most[0] : most[1];
}

/// e^x, with a largest relative error of 2 units in the last place; 0 below -87.3, clamped to e^88 above, NaN for NaN.
#define vexp(x) EXPRESSION(vector_exp, x)
GRAFT_INLINE void vector_exp(const vec *argument, vec *result) {
  const vec x = *argument;
  const vec lowest = splat(-87.3f);
  const vec inside = vmax(vmin(x, splat(88.0f)), lowest);
  const float magic = 12582912.0f;  // 1.5 x 2^23: adding it rounds to the nearest integer
  const vec shifted = inside * 1.44269504f + magic;
  const vec n = shifted - magic;
  const vec r = inside - n * 0.693359375f - n * -2.12194440e-4f;
  vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const ivec power = ((ivec)shifted - (ivec)splat(magic)) << 23;
  // NaN must not be hidden: the integer arithmetic above would turn it into a number.
  *result = pick(x == x, pick(x < lowest, splat(0), (vec)((ivec)p + power)), x);
}

/// tanh x; largest absolute error 2e-7.
#define vtanh(x) EXPRESSION(vector_tanh, x)
GRAFT_INLINE void vector_tanh(const vec *argument, vec *result) {
  const vec x = *argument;
  const vec t = vabs(x), s = x * x;
  vec far = 1.0f - 2.0f / (vexp(t + t) + 1.0f);
  far = with_sign_of(x, far);
  vec near = s * -5.70498872745e-3f + 2.06390887954e-2f;
  near = near * s - 5.37397155531e-2f;
  near = near * s + 1.33314422036e-1f;
  near = near * s - 3.33332819422e-1f;
  near = near * s * x + x;
  *result = pick(t > 0.625f, far, near);
}

/// Runs `statement` for every vector of [0, count): `i` is its first element, `n` its number of lanes (16, except for the last).
#define FOR_VECTORS(count, ...)                           \
  do {                                                    \
    size_t i = 0;                                         \
    for (; i + LANES <= (count); i += LANES) {            \
      enum { n = LANES };                                 \
      __VA_ARGS__;                                        \
    }                                                     \
    if (i < (count)) {                                    \
      const size_t n = (count) - i;                       \
      __builtin_assume(n < LANES);                        \
      __VA_ARGS__;                                        \
    }                                                     \
  } while (0)
/// Prefetches the memory that a loop reaches 32 cache lines later, for reading or writing. The tensors saved for the backward
/// pass do not fit into the cache, and the hardware prefetcher detects the next row or tensor too late. Prefetching beyond the
/// end is harmless.
#define FETCH(p) __builtin_prefetch((const void *)((uintptr_t)(p) + 2048), 0, 3)
/// Loads or stores `n` lanes; whole vectors compile to one move.
#define LOAD(p) (n == LANES ? load(p) : load_part(p, n))
#define STORE(p, v)          \
  do {                       \
    if (n == LANES)          \
      store(p, v);           \
    else                     \
      store_part(p, v, n);   \
  } while (0)

#endif

// oneDNN's C interface: products with weights that have been packed once for its kernels.
#include <dnnl.h>

// In Debian's build, oneDNN splits a product among OpenMP's threads. Weak, because another build may not use OpenMP.
extern void omp_set_num_threads(int) __attribute__((weak));

/// Computes the calling thread's products on this thread only.
static inline void graft_onednn_use_one_thread(void) {
  if (omp_set_num_threads) omp_set_num_threads(1);
}

// oneDNN's C interface: products with weights that were laid out once in the order its kernels read them.
#include <dnnl.h>

// oneDNN as Debian builds it splits a product among OpenMP's threads. Weak: another build may have no OpenMP.
extern void omp_set_num_threads(int) __attribute__((weak));

/// Computes the calling thread's products on this thread only.
static inline void graft_onednn_use_one_thread(void) {
  if (omp_set_num_threads) omp_set_num_threads(1);
}

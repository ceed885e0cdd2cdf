#include "vector.h"

#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

// The same check that the dispatch of GRAFT_DISPATCH makes when the program is loaded.
const char *graft_processor_level(void) {
#if defined(__x86_64__) && defined(__linux__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
#endif
  return "baseline";
}

bool graft_processor_is_amd(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("amd");
#else
  return false;
#endif
}

void *graft_allocate(size_t bytes) {
  enum { LINE = 64 };
  return aligned_alloc(LINE, (bytes + LINE - 1) / LINE * LINE);
}

void graft_release_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

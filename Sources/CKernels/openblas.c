#define _POSIX_C_SOURCE 200809L  // setenv

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "CKernels.h"

// OpenBLAS selects its kernels when it is loaded, and a release that is older than the processor may not recognize it: 0.3.21
// (Debian 12) selects SSE kernels on an Intel server of 2023, at a quarter of the speed. Therefore its selection is checked
// before main. If it does not use the processor's instruction sets, OpenBLAS selects again with OPENBLAS_CORETYPE set. A value of
// that variable set by the user is always respected.
//
// By then it has also started threads, which spin before they go to sleep, on the cores on which our threads start. OpenBLAS
// never splits a product among threads here, so its threads are ended at once.
#if defined(__ELF__)

// Weak, because a build of OpenBLAS for a single kind of processor does not have this function.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void openblas_set_num_threads(int) __attribute__((weak));
extern int blas_thread_shutdown_(void) __attribute__((weak));

#if defined(__x86_64__)
static int uses_avx2(const char *core) {
  const char *known[] = {"Haswell", "Zen", "Excavator", "SkylakeX", "Cooperlake", "SapphireRapids"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcasecmp(core, known[i]) == 0) return 1;
  return 0;
}

static void choose_core(void) {
  const char *variable = "OPENBLAS_CORETYPE", *level = graft_processor_level();
  if (!openblas_get_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (getenv(variable) || strcmp(level, "baseline") == 0 || uses_avx2(openblas_get_corename())) return;
  setenv(variable, strcmp(level, "x86-64-v4") == 0 ? "SkylakeX" : "Haswell", 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv(variable);
}
#else
static void choose_core(void) {}
#endif

__attribute__((constructor)) static void prepare(void) {
  if (openblas_set_num_threads && blas_thread_shutdown_) {
    openblas_set_num_threads(1);
    blas_thread_shutdown_();
  }
  choose_core();
}

#endif

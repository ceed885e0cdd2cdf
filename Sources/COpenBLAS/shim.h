// OpenBLAS's own cblas.h: the C interface to its matrix products, and openblas_set_num_threads.
#include <cblas.h>

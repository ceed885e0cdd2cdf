// The speed of the kernels on one core:
//
//     swift run -c release kernel-benchmark        (with --traits OneDNN for oneDNN's column)
//
// Measures products with frozen weights with every library, over more weights than fit into the cache, as in a model; then the
// memory-bound kernels, compared with textbook loops of the C compiler. Rates are medians; errors are maxima over the elements.
import Foundation
import GraftCore

let peak = Workers(count: 1).measurePeak()
print(String(format: "One core reaches %.0f GFLOP/s in registers.\n", peak / 1e9))
benchmarkProducts(peak: peak)
benchmarkKernels()

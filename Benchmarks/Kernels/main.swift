// What the kernels reach on one core:
//
//     swift run -c release kernel-benchmark        (with --traits OneDNN for oneDNN's column)
//
// Products with frozen weights by every library, over weights that are too many for the cache, as in a model; then the kernels
// that are bound by memory, against the C compiler's textbook loops. Rates are medians; errors the largest of an element.
import Foundation
import GraftCore

let peak = Workers(count: 1).measurePeak()
print(String(format: "One core reaches %.0f GFLOP/s in registers.\n", peak / 1e9))
benchmarkProducts(peak: peak)
benchmarkKernels()

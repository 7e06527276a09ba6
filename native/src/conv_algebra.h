// Weights rewritten at load so that fewer products are needed for the same numbers (equal in exact arithmetic, not bit for bit).
// Plain functions over host floats, for every backend; sums are in double.
#pragma once
#include <vector>

namespace heirloom {

// A 1x1 convolution without bias, then a 3x3 one, as one 3x3 convolution.
// conv [n, middle, 3, 3], before [middle, channels] -> [n, channels, 3, 3]
std::vector<float> compose_1x1_3x3(const float* conv, int n, int middle, const float* before, int channels);

// Nearest x2 upsampling, then a 3x3 convolution, as four 2x2 convolutions on the small map: 4/9 of the products. Zero padding is kept.
// Phase 2 * py + px gives the pixels (2y + py, 2x + px); its tap (ty, tx) reads the small map at (y + ty - 1 + py, x + tx - 1 + px).
// conv [n, channels, 3, 3] -> [4, n, channels, 2, 2]
std::vector<float> upsample_phases(const float* conv, int n, int channels);

}  // namespace heirloom

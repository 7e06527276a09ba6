#include "graphs/parts/noise.h"

#include <cmath>

namespace heirloom {
namespace {

// The finalizer of splitmix64: every bit of the key reaches every bit of the result.
uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace

Tensor keyed_noise(uint64_t seed, int64_t latent, int64_t rows, int64_t columns, int64_t channels, int64_t first_row,
                   int64_t first_column) {
  Tensor noise = Tensor::heap({rows * columns, channels});
  float* out = noise.data();
  const uint64_t stream = mix(mix(seed) ^ uint64_t(latent));
  for (int64_t row = first_row; row < first_row + rows; ++row) {
    for (int64_t column = first_column; column < first_column + columns; ++column) {
      const uint64_t place = mix(mix(stream ^ uint64_t(row)) ^ uint64_t(column));
      for (int64_t channel = 0; channel < channels; ++channel) {
        // Box-Muller; the first uniform is in (0, 1], so that its logarithm is finite
        const uint64_t key = mix(place ^ uint64_t(channel));
        const double u = double((key >> 11) + 1) * 0x1p-53, v = double(mix(key) >> 11) * 0x1p-53;
        *out++ = float(std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v));
      }
    }
  }
  return noise;
}

}  // namespace heirloom

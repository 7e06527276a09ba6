#include "conv_algebra.h"

#include <cstddef>

namespace heirloom {

std::vector<float> compose_1x1_3x3(const float* conv, int n, int middle, const float* before, int channels) {
  constexpr int kTaps = 9;
  std::vector<float> out(size_t(n) * size_t(channels) * kTaps);
  std::vector<double> row(size_t(channels) * kTaps);                                // one output, [channels, 3, 3]
  for (int o = 0; o < n; ++o) {
    row.assign(row.size(), 0.0);
    for (int m = 0; m < middle; ++m) {
      const float* taps = conv + (size_t(o) * size_t(middle) + size_t(m)) * kTaps;
      const float* gains = before + size_t(m) * size_t(channels);
      for (int c = 0; c < channels; ++c)
        for (int tap = 0; tap < kTaps; ++tap) row[size_t(c) * kTaps + size_t(tap)] += double(taps[tap]) * gains[c];
    }
    for (size_t i = 0; i < row.size(); ++i) out[size_t(o) * row.size() + i] = float(row[i]);
  }
  return out;
}

std::vector<float> upsample_phases(const float* conv, int n, int channels) {
  const size_t kernels = size_t(n) * size_t(channels);
  std::vector<float> out(4 * kernels * 4);
  // Of the three taps of an axis, the even pixels see the first alone on the smaller neighbour, the odd ones the last alone on the larger.
  const auto small_tap = [](int phase, int tap) { return (tap + 1 + phase) / 2 - phase; };
  for (int py = 0; py < 2; ++py)
    for (int px = 0; px < 2; ++px)
      for (size_t k = 0; k < kernels; ++k) {
        double sum[4] = {};
        for (int ky = 0; ky < 3; ++ky)
          for (int kx = 0; kx < 3; ++kx)
            sum[small_tap(py, ky) * 2 + small_tap(px, kx)] += conv[k * 9 + size_t(ky * 3 + kx)];
        for (size_t tap = 0; tap < 4; ++tap) out[(size_t(py * 2 + px) * kernels + k) * 4 + tap] = float(sum[tap]);
      }
  return out;
}

}  // namespace heirloom

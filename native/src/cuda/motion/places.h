// Places in maps: between samples, beyond the border, in cells.
#pragma once
#include "cuda/motion/motion.h"

namespace heirloom::HL_CUDA {

__host__ __device__ inline int held(int i, int n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }

#ifdef HL_DEVICE_CODE

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

// Whether a position lies in a made cell or at most `around` cells away from one.
__device__ inline bool is_near(const Mask& mask, int y, int x, int around) {
  if (!mask.at) return true;
  const int row = y / mask.side, column = x / mask.side;
  for (int v = max(row - around, 0); v <= min(row + around, mask.rows - 1); ++v)
    for (int u = max(column - around, 0); u <= min(column + around, mask.columns - 1); ++u)
      if (mask.at[v * mask.columns + u] != 0.0f) return true;
  return false;
}

// The four samples around a place that is first held within the map, and their shares.
struct Corners {
  int64_t at[4];
  float share[4];
};
__device__ inline Corners corners(float x, float y, int w, int h) {
  x = x > 0 ? fminf(x, static_cast<float>(w - 1)) : 0.0f;  // NaN: 0
  y = y > 0 ? fminf(y, static_cast<float>(h - 1)) : 0.0f;
  const int x0 = static_cast<int>(x), y0 = static_cast<int>(y), x1 = min(x0 + 1, w - 1), y1 = min(y0 + 1, h - 1);
  const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
  const int64_t top = static_cast<int64_t>(y0) * w, bottom = static_cast<int64_t>(y1) * w;
  return {{top + x0, top + x1, bottom + x0, bottom + x1}, {(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx}};
}

#endif

}  // namespace heirloom::HL_CUDA

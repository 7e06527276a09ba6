// detail.cpp: fine structure that a model took away (grain, texture), given back in part.
#include <algorithm>

#include "pixel/pixel.h"

namespace heirloom::pixel {

namespace {

// [1 2 1]/4 at this distance, first across (from -> spare), then down (spare -> to); edges repeat. to may be from.
void blur(const float* from, int width, int height, int distance, float* spare, float* to, const Rows& rows) {
  const size_t W = size_t(width);
  rows(height, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const float* line = from + size_t(y) * W;
      float* across = spare + size_t(y) * W;
      for (int x = 0; x < width; ++x)
        across[x] =
            0.25f * line[std::max(x - distance, 0)] + 0.5f * line[x] + 0.25f * line[std::min(x + distance, width - 1)];
    }
  });
  rows(height, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const float *up = spare + size_t(std::max(y - distance, 0)) * W, *here = spare + size_t(y) * W,
                  *down = spare + size_t(std::min(y + distance, height - 1)) * W;
      float* line = to + size_t(y) * W;
      for (int x = 0; x < width; ++x) line[x] = 0.25f * up[x] + 0.5f * here[x] + 0.25f * down[x];
    }
  });
}

}  // namespace

void give_back_detail(const float* input, int width, int height, int scale, const Luma& luma, float amount,
                      float* picture, float* scratch, const Rows& rows) {
  const size_t W = size_t(width), plane = W * size_t(height);
  float *taken = scratch, *low = scratch + plane, *spare = scratch + 2 * plane;
  const float red = float(luma.red), green = float(luma.green), blue = float(luma.blue);
  rows(height, [&](int begin, int end) {
    for (size_t i = size_t(begin) * W; i < size_t(end) * W; ++i)
      taken[i] = red * (input[i] - picture[i]) + green * (input[i + plane] - picture[i + plane]) +
                 blue * (input[i + 2 * plane] - picture[i + 2 * plane]);
  });
  for (int distance = 1; distance <= 2 * scale; distance *= 2)
    blur(distance == 1 ? taken : low, width, height, distance, spare, low, rows);
  rows(height, [&](int begin, int end) {
    for (size_t i = size_t(begin) * W; i < size_t(end) * W; ++i) {
      const float fine = amount * (taken[i] - low[i]);
      for (size_t c = 0; c < 3; ++c)
        picture[i + c * plane] = std::min(std::max(picture[i + c * plane] + fine, -1.0f), 1.0f);
    }
  });
}

}  // namespace heirloom::pixel

#include "graphs/residual/pixels.h"

#include <algorithm>
#include <cmath>

#include "check.h"
#include "graphs/residual/config.h"
#include "grain/philox.h"
#include "grain/tables.h"

namespace heirloom {
namespace {

constexpr int64_t kColours = 3;
// As grain draws them (grain/field.cpp): eight numbers of one counter, 16 bits each, counted from beyond the corner.
constexpr int64_t kInBlock = 8, kOrigin = 64;
constexpr int64_t kTilePixels = ResidualConfig::kTile * ResidualConfig::kAlign;

float most_of(const StillFormat& format) { return format.bits == 8 ? 255.0f : 65535.0f; }

int sample_at(const StillFormat& format, const uint8_t* pixels, int64_t at) {
  return format.bits == 8 ? pixels[at] : pixels[2 * at] | pixels[2 * at + 1] << 8;
}

// What is no number is the darkest.
float within(float v) { return v > -1 ? (v < 1 ? v : 1) : -1; }

void put_sample(const StillFormat& format, float v, int64_t at, uint8_t* pixels) {
  const int sample = static_cast<int>((within(v) + 1) / 2 * most_of(format) + 0.5f);
  if (format.bits == 8) {
    pixels[at] = static_cast<uint8_t>(sample);
    return;
  }
  pixels[2 * at] = static_cast<uint8_t>(sample & 255);
  pixels[2 * at + 1] = static_cast<uint8_t>(sample >> 8);
}

}  // namespace

std::vector<Box> boxes_of(int64_t height, int64_t width, int64_t side) {
  std::vector<Box> boxes;
  for (int64_t y = 0; y < height; y += side)
    for (int64_t x = 0; x < width; x += side)
      boxes.push_back({y, x, std::min(side, height - y), std::min(side, width - x)});
  return boxes;
}

Box widened(const Box& box, int64_t reach, int64_t height, int64_t width) {
  const int64_t top = std::max<int64_t>(0, box.top - reach), left = std::max<int64_t>(0, box.left - reach);
  return {top, left, std::min(height, box.top + box.height + reach) - top,
          std::min(width, box.left + box.width + reach) - left};
}

Tensor picture_in(const StillFormat& format, const uint8_t* pixels, const Box& box) {
  Tensor out = Tensor::heap({kColours, box.height, box.width});
  const float scale = 2 / most_of(format);
  for (int64_t y = 0; y < box.height; ++y) {
    const int64_t row = std::min<int64_t>(box.top + y, format.height - 1) * format.width;
    for (int64_t x = 0; x < box.width; ++x) {
      const int64_t at = kColours * (row + std::min<int64_t>(box.left + x, format.width - 1));
      for (int64_t c = 0; c < kColours; ++c)
        out.data()[(c * box.height + y) * box.width + x] = float(sample_at(format, pixels, at + c)) * scale - 1;
    }
  }
  return out;
}

void put_pixels(const Shown& shown, const Box& box, const Shares& shares, const StillFormat& format, uint8_t* pixels) {
  const int64_t bottom = std::min<int64_t>(format.height, box.top + box.height),
                right = std::min<int64_t>(format.width, box.left + box.width);
  const int64_t plane = shown.around.height * shown.around.width;
  for (int64_t y = box.top; y < bottom; ++y)
    for (int64_t x = box.left; x < right; ++x) {
      const int64_t from = (y - shown.around.top) * shown.around.width + x - shown.around.left;
      const float share = shares.shares[static_cast<size_t>(y / kTilePixels * shares.columns + x / kTilePixels)];
      const bool is_faithful = share == 0 || !shown.residual.defined();
      for (int64_t c = 0; c < kColours; ++c) {
        const float v = shown.faithful.data()[c * plane + from];
        const float more = is_faithful ? 0 : share * (shown.deviation * shown.residual.data()[c * plane + from]);
        put_sample(format, v + more, kColours * (y * format.width + x) + c, pixels);
      }
    }
}

Tensor noise_in(uint64_t seed, const Box& box) {
  Tensor out = Tensor::heap({kColours, box.height, box.width});
  const grain::Key key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  constexpr float kUnit = 1.0f / (1 << grain::kNormalBits);
  float* to = out.data();
  for (uint32_t c = 0; c < kColours; ++c)
    for (int64_t y = box.top; y < box.top + box.height; ++y) {
      grain::Counter bits{};
      for (int64_t x = box.left; x < box.left + box.width; ++x) {
        const int64_t i = x % kInBlock;
        if (i == 0 || x == box.left)
          bits = grain::philox(
              {static_cast<uint32_t>((x + kOrigin) / kInBlock), static_cast<uint32_t>(y + kOrigin), c, 0}, key);
        const uint32_t half = bits[static_cast<size_t>(i / 2)] >> (16 * (i % 2));
        const float size = float(grain::kNormal[half & 4095]) * kUnit;
        *to++ = half & 4096 ? -size : size;
      }
    }
  return out;
}

}  // namespace heirloom

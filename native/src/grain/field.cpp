#include "grain/field.h"

#include <algorithm>

#include "grain/tables.h"

namespace heirloom::grain {
namespace {

constexpr int kPixel = 4096;  // of a size
constexpr int kOrigin = 64;  // no blur reaches further beyond an edge; counters are not negative
constexpr int kInBlock = 8;  // samples of one counter, 16 bits each
constexpr int32_t kMost = (1 << 13) - 1;  // eight deviations: sums of taps stay below 2^31

// Deviation of the taps for a size, in kPixel.
uint32_t deviation_of(uint32_t size) {
  constexpr uint32_t kStep = kPixel / kSizeSteps;
  const uint32_t i = size / kStep, rest = size % kStep;
  if (i >= uint32_t(kSizes)) return size;
  return (kTapDeviation[i] * (kStep - rest) + kTapDeviation[i + 1] * rest) / kStep;
}

// The bell `tap` samples from its middle.
uint32_t bell_at(uint32_t tap, uint32_t deviation) {
  const uint64_t place = (uint64_t(tap) * kPixel * kBellSteps << 8) / deviation;
  const uint64_t i = place >> 8, rest = place & 255;
  return i >= uint64_t(kBellEnd) ? 0 : uint32_t((kBell[i] * (256 - rest) + kBell[i + 1] * rest) >> 8);
}

uint64_t root(uint64_t n) {
  uint64_t found = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit; bit >>= 1)
    if ((found + bit) * (found + bit) <= n) found += bit;
  return found;
}

int32_t rounded(int32_t sum) { return std::clamp((sum + (1 << (kTapBits - 1))) >> kTapBits, -kMost, kMost); }

// Noise from sample -reach to width + reach, in row y.   out [width + 2 * reach]
void white(const Field& f, int y, int reach, int32_t* out) {
  const int first = kOrigin - reach, end = kOrigin + f.width + reach;
  for (int block = first / kInBlock; block * kInBlock < end; ++block) {
    const Counter bits = philox({uint32_t(block), uint32_t(y + kOrigin), f.plane, f.way}, f.key);
    for (int i = 0; i < kInBlock; ++i) {
      const int at = block * kInBlock + i;
      if (at < first || at >= end) continue;
      const uint32_t half = bits[size_t(i / 2)] >> (16 * (i % 2));
      const int32_t size = kNormal[half & 4095];
      out[at - first] = half & 4096 ? -size : size;
    }
  }
}

// noise [width + 2 * reach] -> row [width]
void blurred_across(const Field& f, const int32_t* noise, int32_t* row) {
  const int reach = int(f.across.size()) - 1;
  const int32_t* middle = noise + reach;
  for (int x = 0; x < f.width; ++x) row[x] = f.across[0] * middle[x];
  for (int tap = 1; tap <= reach; ++tap) {
    const int32_t weight = f.across[size_t(tap)];
    for (int x = 0; x < f.width; ++x) row[x] += weight * (middle[x - tap] + middle[x + tap]);
  }
  for (int x = 0; x < f.width; ++x) row[x] = rounded(row[x]);
}

}  // namespace

Taps taps_of(uint32_t size) {
  const uint32_t deviation = deviation_of(size);
  std::vector<uint32_t> heights{bell_at(0, std::max(deviation, 1u))};
  for (uint32_t tap = 1; deviation > 0; ++tap) {
    const uint32_t height = bell_at(tap, deviation);
    if (height == 0) break;
    heights.push_back(height);
  }
  uint64_t squares = uint64_t(heights[0]) * heights[0];
  for (size_t tap = 1; tap < heights.size(); ++tap) squares += 2 * uint64_t(heights[tap]) * heights[tap];
  const uint64_t norm = root(squares << 16);  // of eight more bits
  Taps taps;
  for (const uint32_t height : heights)
    taps.push_back(int32_t(((uint64_t(height) << (kTapBits + 8)) + norm / 2) / norm));
  return taps;
}

void each_row(const Field& f, int begin, int end, const std::function<void(int y, const int32_t* row)>& take) {
  const int across = int(f.across.size()) - 1, down = int(f.down.size()) - 1, held = 2 * down + 1;
  const size_t width = size_t(f.width);
  std::vector<int32_t> noise(width + 2 * size_t(across)), ring(width * size_t(held)), row(width);
  const auto slot = [&](int y) { return &ring[width * size_t((y + held) % held)]; };  // y >= -down
  for (int y = begin - down; y < end + down; ++y) {
    white(f, y, across, noise.data());
    blurred_across(f, noise.data(), slot(y));
    const int middle = y - down;
    if (middle < begin) continue;
    const int32_t* own = slot(middle);
    for (size_t x = 0; x < width; ++x) row[x] = f.down[0] * own[x];
    for (int tap = 1; tap <= down; ++tap) {
      const int32_t weight = f.down[size_t(tap)];
      const int32_t *above = slot(middle - tap), *below = slot(middle + tap);
      for (size_t x = 0; x < width; ++x) row[x] += weight * (above[x] + below[x]);
    }
    for (size_t x = 0; x < width; ++x) row[x] = rounded(row[x]);
    take(middle, row.data());
  }
}

}  // namespace heirloom::grain

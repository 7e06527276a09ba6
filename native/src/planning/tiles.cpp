#include "planning/tiles.h"

#include <algorithm>

#include "check.h"

namespace heirloom {

namespace {

constexpr int64_t kOverlap = 64;  // pixels, at least: beyond what the decoders' convolutions see of their surroundings

int64_t overlap_of(int64_t unit) { return (kOverlap + unit - 1) / unit * unit; }

// Units of one of `count` parts of n units that share o units with their neighbours.
int64_t part_units(int64_t n, int64_t count, int64_t o) {
  return std::min(n, (n + (count - 1) * o + count - 1) / count);
}

// 0 to 1 with level ends.
float smooth(float t) { return t * t * (3.0f - 2.0f * t); }

}  // namespace

std::vector<Span> spans(int64_t length, int64_t count, int64_t unit, int64_t overlap) {
  CHECK(length > 0 && unit > 0 && length % unit == 0 && overlap % unit == 0 && count > 0,
        "an axis of " + str(length) + " cannot be cut into " + str(count) + " parts of whole " + str(unit));
  const int64_t n = length / unit, size = part_units(n, count, overlap / unit);
  std::vector<Span> parts;
  for (int64_t i = 0; i < count; ++i)
    parts.push_back({count == 1 ? 0 : (n - size) * i / (count - 1) * unit, size * unit});
  return parts;
}

std::vector<std::vector<float>> feather(const std::vector<Span>& parts) {
  std::vector<std::vector<float>> weights;
  for (const Span& part : parts) weights.emplace_back(static_cast<size_t>(part.size), 1.0f);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const int64_t from = parts[i + 1].first, to = parts[i].first + parts[i].size, shared = to - from;
    for (int64_t x = from; x < to; ++x) {
      const float t = std::min(
          std::max((static_cast<float>(x - from) + 0.5f) / static_cast<float>(shared) * 2.0f - 0.5f, 0.0f), 1.0f);
      weights[i][static_cast<size_t>(x - parts[i].first)] = 1.0f - smooth(t);
      weights[i + 1][static_cast<size_t>(x - from)] = smooth(t);
    }
  }
  return weights;
}

TileGrid tile_grid(int64_t height, int64_t width, int64_t rows, int64_t columns, const TileUnit& unit) {
  return {spans(height, std::min(rows, most_parts(height, unit.height)), unit.height, overlap_of(unit.height)),
          spans(width, std::min(columns, most_parts(width, unit.width)), unit.width, overlap_of(unit.width))};
}

int64_t most_parts(int64_t length, int64_t unit) {
  const int64_t n = length / unit, o = overlap_of(unit) / unit;
  int64_t count = 1;
  // Parts two apart must not meet: with their places rounded to units, a part needs two units more than twice its overlap.
  while (part_units(n, count + 1, o) < part_units(n, count, o) && part_units(n, count + 1, o) >= 2 * o + 2) ++count;
  return count;
}

}  // namespace heirloom

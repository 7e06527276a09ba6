// tiles.h: cutting a picture into equal, overlapping parts and laying them together again without a seam. Geometry and weights only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heirloom {

// `count` parts of one size along an axis of `length` pixels; sizes and places are multiples of `unit`, which divides length.
// Neighbours share at least `overlap` pixels where the axis is long enough; parts two apart share none.
struct Span {
  int64_t first, size;
};
std::vector<Span> spans(int64_t length, int64_t count, int64_t unit, int64_t overlap);

// How much every pixel of a part counts, per part: the weights of all parts add up to 1 at every pixel. In the middle half of an
// overlap one part fades into the next, smoothly; the quarter at a part's own edge, where it lacks its surroundings, counts for nothing.
std::vector<std::vector<float>> feather(const std::vector<Span>& parts);

// The parts of a picture, rows x columns of them.
struct TileGrid {
  std::vector<Span> rows, columns;
  size_t count() const { return rows.size() * columns.size(); }
  int64_t height() const { return rows.front().size; }  // of every tile
  int64_t width() const { return columns.front().size; }
};

struct TileUnit {
  int64_t height, width;
};  // a model's padded sizes are multiples of these
TileGrid tile_grid(int64_t height, int64_t width, int64_t rows, int64_t columns, const TileUnit& unit);

// The most parts that are worth cutting an axis into: beyond, the parts stop getting smaller.
int64_t most_parts(int64_t length, int64_t unit);

}  // namespace heirloom

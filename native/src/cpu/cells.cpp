#include "cpu/cells.h"

#include <algorithm>

#include "cpu/family.h"

namespace heirloom::cpu {

std::vector<float> widened(const std::vector<float>& marked, int64_t rows, int64_t columns, int64_t by) {
  std::vector<float> wide(marked.size(), 0.0f);
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x) {
      if (marked[size_t(y * columns + x)] == 0.0f) continue;
      for (int64_t v = std::max<int64_t>(y - by, 0); v <= std::min(y + by, rows - 1); ++v)
        std::fill(wide.begin() + v * columns + std::max<int64_t>(x - by, 0),
                  wide.begin() + v * columns + std::min(x + by, columns - 1) + 1, 1.0f);
    }
  return wide;
}

std::vector<Run> runs_of(const Cells& cells, int64_t h, int64_t w, int64_t reach, bool is_made) {
  std::vector<Run> runs;
  if (!cells.defined()) {
    for (int y = 0; is_made && y < small(h); ++y) runs.push_back({y, y + 1, 0, small(w)});
    return runs;
  }
  const int64_t rows = cells.shape[0], columns = cells.shape[1], s = h / rows;
  CHECK(cells.shape.rank() == 3 && s >= 1 && s * rows == h && s * columns == w,
        "cells of " + str(cells.shape) + " do not go with a map of " + str(h) + " x " + str(w));
  std::vector<float> made(cells.data(), cells.data() + rows * columns);
  if (reach > 0) made = widened(made, rows, columns, (reach + s - 1) / s);
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns;) {
      const auto is_other = [&](int64_t i) { return (made[size_t(y * columns + i)] != 0.0f) != is_made; };
      if (is_other(x)) {
        ++x;
        continue;
      }
      int64_t end = x;
      while (end < columns && !is_other(end)) ++end;
      runs.push_back({small(y * s), small((y + 1) * s), small(x * s), small(end * s)});
      x = end;
    }
  return runs;
}

}  // namespace heirloom::cpu

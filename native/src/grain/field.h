// field.h: normal noise of a plane, blurred to the size of its grain: a deviation of 1 << kNormalBits wherever it is looked at, and the same numbers whoever
// asks for which rows of it.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "grain/philox.h"

namespace heirloom::grain {

constexpr int kTapBits = 12;

// Weights of a blur along one axis, symmetric: [middle, next, ..]. Their squares sum to 1 << 2 * kTapBits.
using Taps = std::vector<int32_t>;
Taps taps_of(uint32_t size);  // in 1/4096 sample

struct Field {
  Key key;
  uint32_t plane, way;
  int width;
  Taps across, down;
};

// take(y, row) for each y of [begin, end), row [width].
void each_row(const Field& field, int begin, int end, const std::function<void(int y, const int32_t* row)>& take);

}  // namespace heirloom::grain

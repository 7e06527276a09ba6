// What one instruction level provides for the scale net: the sums of a row, as in cpu/level.h. Sums of integers: every level has the same.
#pragma once
#include <cstdint>

namespace heirloom::entropy {

constexpr int kOutStep = 16;  // output channels come in so many at a time, whatever the level

struct ScaleRow {
  const int16_t* rows[3];  // from the place left of the first on: [columns + 2, pairs, 2]
  const int16_t* weights;  // [3, 3, pairs, outs, 2]
  const int32_t* bias;  // [outs]
  int columns, pairs, outs;
  int32_t* sums;  // [columns, outs]
};
using ScaleSums = void (*)(const ScaleRow& row);

// What is compiled in. The AVX levels are null on other processors.
ScaleSums portable_scale_sums();
ScaleSums avx2_scale_sums();
ScaleSums avx512_scale_sums();
ScaleSums scale_sums();  // of the instructions in use

}  // namespace heirloom::entropy

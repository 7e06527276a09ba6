// The scale net (entropy/scale_net.h) on a card: plain device pointers, the same integers as on the processor.
#pragma once
#include <cstdint>

#include "cuda/device/runtime.h"

namespace heirloom::HL_CUDA {

// symbols [count] -> out [count], as the first layer reads them
void limit_symbols(const int16_t* symbols, int64_t count, int8_t* out, cudaStream_t stream);

struct ScaleConv {
  const int8_t* weights = nullptr;  // [out, 3, 3, in]
  const int32_t* bias = nullptr;  // [out]
  const uint16_t* factors = nullptr;  // [out]
  int in = 0, out = 0, enlarge = 1, shift = 1, most = 0;
};
// x [tiles, rows, columns, in] -> out [tiles, rows * enlarge, columns * enlarge, out]
void scale_conv(const ScaleConv& conv, const int8_t* x, int64_t tiles, int rows, int columns, int8_t* out,
                cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

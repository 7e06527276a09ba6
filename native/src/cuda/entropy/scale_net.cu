// Which table each symbol is coded with, on a card: one thread per number of a layer.
#include "cuda/entropy/scale_net.h"

#include "cuda/device/platform.h"
#include "entropy/rescale.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;

__global__ void limit_kernel(const int16_t* symbols, int64_t count, int8_t* out) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i < count) out[i] = static_cast<int8_t>(entropy::limited(symbols[i]));
}

// rows and columns are those of the result.
__global__ void scale_conv_kernel(ScaleConv conv, const int8_t* x, int64_t count, int rows, int columns, int8_t* out) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i >= count) return;
  const int channel = static_cast<int>(i % conv.out);
  const int64_t place = i / conv.out, tile = place / columns / rows;
  const int column = static_cast<int>(place % columns), row = static_cast<int>(place / columns % rows);
  const int from_rows = rows / conv.enlarge, from_columns = columns / conv.enlarge;
  const int8_t* w = conv.weights + static_cast<int64_t>(channel) * 9 * conv.in;
  int32_t sum = conv.bias[channel];
  for (int tap = 0; tap < 9; ++tap, w += conv.in) {
    const int v = row + tap / 3 - 1, u = column + tap % 3 - 1;
    if (v < 0 || v >= rows || u < 0 || u >= columns) continue;
    const int8_t* from = x + ((tile * from_rows + v / conv.enlarge) * from_columns + u / conv.enlarge) * conv.in;
    for (int c = 0; c < conv.in; ++c) sum += static_cast<int32_t>(from[c]) * w[c];
  }
  out[i] = static_cast<int8_t>(entropy::rescaled(sum, conv.factors[channel], conv.shift, conv.most));
}

}  // namespace

void limit_symbols(const int16_t* symbols, int64_t count, int8_t* out, cudaStream_t stream) {
  if (count > 0) HL_LAUNCH(limit_kernel, blocks_for(count, kThreads), kThreads, 0, stream, symbols, count, out);
}

void scale_conv(const ScaleConv& conv, const int8_t* x, int64_t tiles, int rows, int columns, int8_t* out,
                cudaStream_t stream) {
  rows *= conv.enlarge, columns *= conv.enlarge;
  const int64_t count = tiles * rows * columns * conv.out;
  if (count == 0) return;
  HL_LAUNCH(scale_conv_kernel, blocks_for(count, kThreads), kThreads, 0, stream, conv, x, count, rows, columns, out);
}

}  // namespace heirloom::HL_CUDA

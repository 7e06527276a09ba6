// Convolutions of feature maps, channels last, as implicit products: no copy of the neighbourhoods is ever made in memory.
#pragma once
#include "cuda/products/gemm.h"

namespace heirloom::HL_CUDA {

enum class Padding : uint8_t { zero, replicate };

// One of a convolution's inputs: [H, W, channels], side by side with the others along the channels. Time taps of a causal convolution
// (the LQ projection) are sources too: their weight has time as the slower part of the input channel.
struct Source {
  const void* data = nullptr;  // of the weight's type
  int channels = 0;
  int64_t pixel_stride = 0;  // elements; 0: channels
  int64_t row_stride = 0;  // elements; 0: width * pixel_stride
};
constexpr int kMaxSources = 8;

// out [H * W, N] = then(conv3x3 of the sources, stride 1); w from pack_conv3x3.
void conv3x3(const Launch& on, int height, int width, const Source* sources, int count, Padding padding,
             const Weight& w, const Epilogue& then, const Output& out);

// The same as conv3x3 for few outputs, whose neighbourhoods would be read nine times for next to no arithmetic: a product of every pixel with all taps,
// then the sum of what the neighbours hold for it. w from pack_spread_conv3x3; spread [H * W, w.packing.n]: room for the products.
void spread_conv3x3(const Launch& on, int height, int width, const Source* sources, int count, Padding padding,
                    const Weight& w, const Epilogue& then, const Output& out, float* spread);

// out [2H * 2W, N] = then(conv3x3 of the nearest x2 upsampled source [H, W, C], zero padding); w from pack_upsample_conv3x3.
void upsample_conv3x3(const Launch& on, int height, int width, const Source& source, const Weight& w,
                      const Epilogue& then, const Output& out);

}  // namespace heirloom::HL_CUDA

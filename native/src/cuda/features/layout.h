// Rearrangements: feature maps [H, W, C] channels last among themselves, and between pictures [3, H, W] and maps. Every output is written once,
// neighbours by neighbours.
#pragma once
#include "cuda/features/values.h"

namespace heirloom::HL_CUDA {

// x [H, W, C] -> [2H, 2W, C]
void upsample2(const Values& x, int height, int width, int channels, const Values& out, cudaStream_t stream);
// x [H, W, C] -> [H/s, W/s, C*s*s], channel = (c*s + dy)*s + dx
void pixel_unshuffle(const Values& x, int height, int width, int channels, int s, const Values& out,
                     cudaStream_t stream);
// The inverse. height, width, channels: of the result
void pixel_shuffle(const Values& x, int height, int width, int channels, int s, const Values& out, cudaStream_t stream);

constexpr int kMaxPictures = 8;
struct Pictures {
  const float* at[kMaxPictures] = {};
  int count = 0;
};
// F pictures [3, H, W] -> [H/s, W/s, 3*F*s*s], channel = ((rgb*F + frame)*s + dy)*s + dx
void picture_unshuffle(const Pictures& pictures, int height, int width, int s, const Values& out, cudaStream_t stream);
// x [H/s, W/s, 3*s*s], channel = (rgb*s + dy)*s + dx -> [3, H, W] (+ base, unless null). height, width: of the picture
void picture_shuffle(const Values& x, int height, int width, int s, const float* base, float* out, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

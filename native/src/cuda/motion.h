// Where each 8x8 block of a picture lay one frame before, and a picture carried along (docs/heirloom-s.md step 2): the same vectors as
// cpu/motion.h, integers on 8-bit luma from coarse to fine.
#pragma once
#include <cstddef>
#include <cstdint>

#include "cuda/platform.h"

namespace heirloom::HL_CUDA {

// Bytes of scratch for pictures of this size.
size_t motion_scratch(int height, int width);
// mean moved along with the motion from before to now; all [3, H, W] fp32, H and W multiples of 8.
void motion_compensate(const float* mean, const float* before, const float* now, int height, int width, void* scratch, float* out, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

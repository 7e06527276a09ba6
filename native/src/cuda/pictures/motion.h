// Where each 8x8 block of a picture lay one frame before, and a picture carried along (docs/heirloom-s.md step 2): the same vectors as
// cpu/motion.h, integers on 8-bit luma from coarse to fine.
#pragma once
#include <cstddef>
#include <cstdint>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

// Bytes of scratch for pictures of this size.
size_t motion_scratch(int height, int width);
// now, before [3, H, W] fp32, H and W multiples of 8 -> out [H / 8, W / 8, 2] fp32: a block of `now` at (y, x) lay at (y + dy, x + dx) in `before`.
void find_motion(const float* now, const float* before, int height, int width, void* scratch, float* out,
                 cudaStream_t stream);
// picture [3, H, W] -> out: every block from (y + sign * dy, x + sign * dx); what lies outside is the nearest of the border.
void move_blocks(const float* picture, const float* motion, int sign, int height, int width, float* out,
                 cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

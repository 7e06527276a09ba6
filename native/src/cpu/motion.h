// Where each 8x8 block of a picture lay one frame before, and a picture carried along (docs/heirloom-s.md step 2). Whole pixels, integers on 8-bit
// luma, so that every implementation finds the same vectors: models/model/motion.py is the same page in PyTorch.
#pragma once
#include <cstdint>
#include <vector>

#include "threads.h"

namespace heirloom::cpu {

struct MotionVector {
  int dy = 0, dx = 0;
  bool operator==(const MotionVector& o) const { return dy == o.dy && dx == o.dx; }
};

// now, before [3, h, w] in [-1, 1]; h and w multiples of 8 -> [h / 8 * w / 8]: a block of `now` at (y, x) lay at (y + dy, x + dx) in `before`
std::vector<MotionVector> find_motion(Pool& pool, const float* now, const float* before, int h, int w);

// picture [3, h, w] of the frame before -> out: its blocks where they are now; what lies outside is the nearest of the border
void move_blocks(Pool& pool, const float* picture, const std::vector<MotionVector>& motion, int h, int w, float* out);

}  // namespace heirloom::cpu

// Operations of the frames between two keys (docs/heirloom-motion.md): reading maps and pictures where something lay, comparing two keys around a
// place, and doing so only in the cells that have to be made. Flow is in pixels of the whole picture on every grid, as x, y: channels 0 and 1 to the
// key before, 2 and 3 to the key after. It is fp32 on every backend, as pictures are.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/products.h"
#include "tensor.h"

namespace heirloom {

// Which cells of 8 x 8 pixels are made: [H / 8, W / 8, 1], 1 where one is, 0 elsewhere. Undefined: all of them, at once and without looking.
// A map [h, w, C] that is given with it has h / (H / 8) positions of a cell in either direction: 1, 2, 4 or 8.
using Cells = Tensor;

class MotionOps {
 public:
  virtual ~MotionOps() = default;

  // ---- maps [h, w, C] of cells of `cell` pixels ----
  // x at (column + flow_x / cell, row + flow_y / cell), bilinear; both coordinates are first held within the map. flow [h, w, F]: channels first, first + 1.
  // In the cells and at least `reach` positions around them; zero elsewhere.                 -> [h, w, C]
  virtual Tensor warp(const Tensor& x, const Tensor& flow, int64_t first, int64_t cell, const Cells& cells = {},
                      int64_t reach = 0) = 0;
  // How alike a and b are for every whole motion e = (ey, ex) of the (2 radius + 1)^2 in raster order, each from -radius to radius positions:
  // mean over the channels of norm(a)(p - back) * norm(b)(p + ahead), along each axis back = floor(t e + 0.5), ahead = e - back, places held within the map;
  // norm: over the channels, minus the mean, / sqrt(mean of squares + 1e-5). Reads a and b up to `radius` positions around the cells; zero in others.
  virtual Tensor cost(const Tensor& a, const Tensor& b, float t, int64_t radius, const Cells& cells = {}) = 0;
  // Both where the flow says, and their cost there, for whoever looks at the cells alone: in others anything.   flow [h, w, 4]
  struct Compared {
    Tensor before, after, cost;
  };
  virtual Compared compare(const Tensor& a, const Tensor& b, const Tensor& flow, int64_t cell, float t, int64_t radius,
                           const Cells& cells) {
    const Tensor before = warp(a, flow, 0, cell, cells, radius), after = warp(b, flow, 2, cell, cells, radius);
    return {before, after, cost(before, after, t, radius, cells)};
  }
  // cell * the mean of the motions (x, y) under softmax(scale * cost); zero in other cells.   [h, w, (2 radius + 1)^2] -> [h, w, 2]
  virtual Tensor expected_motion(const Tensor& cost, float scale, int64_t radius, int64_t cell,
                                 const Cells& cells = {}) = 0;
  // flow + [-t v ; (1 - t) v]; flow undefined: [-t v ; (1 - t) v].   flow [h, w, 4], v [h, w, 2] -> [h, w, 4]
  virtual Tensor add_motion(const Tensor& flow, const Tensor& v, float t) = 0;
  // The parts side by side and after them a channel for each constant; zero in other cells, where nothing is read.   -> [h, w, sum C_i + constants]
  virtual Tensor join(const std::vector<Tensor>& parts, const std::vector<float>& constants,
                      const Cells& cells = {}) = 0;
  // y = conv3x3(x), zero padding, then y < 0 ? y * slope : y where a slope [out] is given; zero in other cells.   [h, w, in] -> [h, w, out]
  virtual Tensor conv2d_3x3(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells = {}) = 0;
  // Both for those who look at the cells alone: x counts as zero in other cells, whatever it holds there, and the result is anything. x is of one of them.
  virtual Tensor join_within(const std::vector<Tensor>& parts, const std::vector<float>& constants,
                             const Cells& cells) {
    return join(parts, constants, cells);
  }
  virtual Tensor conv2d_3x3_within(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells) {
    return conv2d_3x3(x, w, slope, cells);
  }
  // x W^T + b; in other cells b, as if x were zero there.   [h, w, in] -> [h, w, out]
  virtual Tensor linear(const Tensor& x, const LinearWeight& w, const Cells& cells = {}) = 0;
  // The same for whoever looks at the cells alone: in others anything.
  virtual Tensor linear_within(const Tensor& x, const LinearWeight& w, const Cells& cells) {
    return linear(x, w, cells);
  }
  // The value at (row*s + dy, column*s + dx) is the mean of x at the nine positions of the 3x3 around (row, column), in raster order, with the shares
  // softmax over n of weights[(n*s + dy)*s + dx]; the border repeats. x is read around the cells too; elsewhere the result is anything.
  // x [h, w, C], weights [h, w, 9*s*s] -> planes [C, h*s, w*s]
  virtual Tensor convex_upsample(const Tensor& x, const Tensor& weights, int64_t s, const Cells& cells = {}) = 0;

  // ---- pictures [3, H, W] ----
  // o = sigmoid(planes[5]), m = sigmoid(planes[4] + ln((1-t)/t)), the plain mean L = (1-t) a + t b:
  // (1-o) (m warp(a, planes[0..1]) + (1-m) warp(b, planes[2..3])) + o L.   planes [6, H, W], 0 < t < 1. In other cells anything.
  virtual Tensor blend(const Tensor& a, const Tensor& b, const Tensor& planes, float t, const Cells& cells = {}) = 0;
  // The cells in which the keys differ by more than `tolerance` in any of 8 x 8 x 3 values, those at most three cells away from such a one in which
  // |flow to after - flow to before| > `moves`, and all around each.   a, b [3, H, W], flow [H / 8, W / 8, 4]
  virtual Cells needed(const Tensor& a, const Tensor& b, const Tensor& flow, float tolerance, float moves) = 0;
  // Of the made cells those in which the mean of sigmoid(x[channel]) over the positions is below `least`, and all made ones around each.   x [h, w, C]
  virtual Cells doubtful(const Tensor& x, int64_t channel, float least, const Cells& cells = {}) = 0;
  // made where all around is made; towards what is not, w y + (1-w) L, and L there (L as above), w = clamp(d - 1, 0, 4) / 4, d the Chebyshev distance in
  // pixels to the nearest pixel of a cell that is not made. Then, in the same way, the nearer key (t <= 1/2: a) in the doubtful cells.
  // Undefined `doubtful`: none. Clamped to [-1, 1].   made, a, b [3, H, W] -> [3, H, W]
  virtual Tensor compose(const Tensor& made, const Tensor& a, const Tensor& b, float t, const Cells& cells,
                         const Cells& doubtful) = 0;
};

}  // namespace heirloom

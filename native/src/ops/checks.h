// What every backend asks of an op's operands before it starts. `op` is the op's name, for the message.
#pragma once
#include "ops.h"

namespace heirloom {

inline void check_bias(const char* op, const Tensor& bias, int64_t out) {
  CHECK(!bias.defined() || bias.count() == out,
        std::string(op) + ": the bias is " + str(bias.shape) + ", the weight has " + str(out) + " outputs");
}

inline void check_row(const char* op, const Tensor& x, const Tensor& row) {
  CHECK(row.defined() && row.count() == x.channels(),
        std::string(op) + ": " + str(row.shape) + " does not go with the channels of " + str(x.shape));
}

inline void check_same(const char* op, const Tensor& a, const Tensor& b) {
  CHECK(a.shape == b.shape, std::string(op) + ": " + str(a.shape) + " and " + str(b.shape) + " differ");
}

inline void check_motion_operands(const char* op, const Tensor& now, const Tensor& before) {
  CHECK(now.shape.rank() == 3 && now.shape[0] == 3 && now.shape[1] % 8 == 0 && now.shape[2] % 8 == 0,
        std::string(op) + ": " + str(now.shape) + " is not made of 8x8 blocks");
  check_same(op, now, before);
}

inline void check_moved_operands(const char* op, const Tensor& picture, const Tensor& motion, int sign) {
  check_motion_operands(op, picture, picture);
  CHECK(motion.shape == Shape({picture.shape[1] / 8, picture.shape[2] / 8, 2}) && (sign == 1 || sign == -1),
        std::string(op) + ": " + str(motion.shape) + " is not the motion of " + str(picture.shape));
}

inline void check_on_grid(const char* op, const Tensor& x, const Tensor& like) {
  CHECK(x.shape.rank() == 3 && like.shape.rank() == 3 && x.shape[0] == like.shape[0] && x.shape[1] == like.shape[1],
        std::string(op) + ": " + str(x.shape) + " and " + str(like.shape) + " are not of one grid");
}

inline void check_flow(const char* op, const Tensor& flow, int64_t h, int64_t w) {
  CHECK(flow.shape == Shape({h, w, 4}),
        std::string(op) + ": " + str(flow.shape) + " is not the flow of " + str(h) + " x " + str(w) + " positions");
}

inline void check_rows(const char* op, const Tensor& x, int64_t first, const Tensor& rows) {
  const bool fits =
      x.shape.rank() > 0 && x.shape.rank() == rows.shape.rank() && first >= 0 && first + rows.shape[0] <= x.shape[0];
  CHECK(fits && x.shape[0] * rows.count() == rows.shape[0] * x.count() && x.dtype() == rows.dtype(),
        std::string(op) + ": " + str(rows.shape) + " does not go into " + str(x.shape) + " at " + str(first));
}

inline void check_grid(const char* op, const Grid& g) {
  CHECK(g.f % g.window[0] == 0 && g.h % g.window[1] == 0 && g.w % g.window[2] == 0,
        std::string(op) + ": a grid of " + str(g.f) + " x " + str(g.h) + " x " + str(g.w) +
            " does not divide into its windows");
}

}  // namespace heirloom

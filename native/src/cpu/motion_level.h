// What one instruction level provides for frames between frames (ops/motion.h): single-threaded work on a row, as in level.h.
#pragma once
#include <cstdint>

namespace heirloom::cpu {

// Rows of a normed map as cost reads them: [channels][pitch], channel by channel; position x lies at kPad + x, and what is read beyond the map is there.
struct CostRow {
  static constexpr int kPad = 16;
  static int64_t pitch(int w) { return w + 3 * kPad; }
  const float *const *before, *const *after;  // `side` rows each: of every motion down
  const int *back, *ahead;  // [side], of every motion across
  int side, channels;
  int64_t pitch_floats;
  int x0, x1;
  float* out;  // [x1 - x0][side * side]
};

// One row of the blend of two keys, positions x0 .. x1.
struct BlendRow {
  const float *a, *b;  // [3, h, w]
  const float* planes;  // [6, h, w]
  int h, w, y, x0, x1;
  float t, lean;  // lean: ln((1 - t) / t)
  float* out;  // [3, h, w]
};

struct MotionLevel {
  void (*cost_row)(const CostRow& row);
  // out[c][i] = sum over n of around[n][c] * share[n][i], shares the softmax over n of weights[n][i]; n < 9, i < fine
  void (*convex)(const float* weights, int fine, const float* around, int channels, float* out);
  void (*blend_row)(const BlendRow& row);
};

const MotionLevel* portable_motion_level();
const MotionLevel* avx2_motion_level();
const MotionLevel* avx512_motion_level();
const MotionLevel& motion_level();  // of the instructions in use

}  // namespace heirloom::cpu

// The heirloom-motion graph in the words of docs/heirloom-motion.md, on the ops: features and writing of the keys, and what is asked of the gap between
// two of them. It knows padded pictures, not frames of video or files.
#pragma once
#include <deque>
#include <vector>

#include "graphs/motion/config.h"
#include "graphs/parts/taps.h"
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

struct MotionRefinement {  // of one grid
  float sharpness = 0;
  std::vector<ConvWeight> layers;
};

struct MotionRetention {
  Tensor norm, ffn_norm;  // [D]
  LinearWeight q, k, v, g, o, ffn_in, ffn_out;
  Tensor serial, serial_bias;  // [D, 15], [D], on the host
};

// The packed weights of one model, shared by all its streams.
struct MotionWeights {
  MotionConfig config;
  ConvWeight features[3][2];  // 1/4, 1/8, 1/16
  float sharpness = 0;
  ConvWeight coarse, coarse_head;
  MotionRetention retention;
  MotionRefinement middle, fine;
  LinearWeight middle_head, fine_head, upsampling;
  ConvWeight residual[2];
  Tensor bend;  // slopes of `bent` for the widest layer
  size_t bytes = 0;

  static MotionWeights load(Ops& ops, const MotionConfig& config, const Weights& file);
};

struct MotionKey {
  Tensor picture;  // [3, H, W]
  Tensor quarter, eighth, tokens;  // [H/4, W/4, 24], [H/8, W/8, 48], [H/16, W/16, 64]
  Tensor written;  // what its tokens add to the state, [windows, heads, dk, dv]
};

// What every frame between the last two keys of a history is asked with.
struct MotionGap {
  const MotionKey *before = nullptr, *after = nullptr;
  RetentionState state;
  int64_t serial = 0;  // of the key before, in the history
};

struct MotionEstimate {
  Tensor picture;  // [3, H, W], clamped
  Cells needed, doubtful;  // needed: undefined where all cells were asked for
};

class MotionGraph {
 public:
  // Padded sizes. Taps get the names that the goldens have.
  MotionGraph(Ops& ops, const MotionWeights& weights, int64_t height, int64_t width, const Taps* taps = nullptr);

  MotionKey key(const Tensor& picture) const;
  // The keys since the last cut, oldest first, two at least; the last `history` of them count. They outlive the gap.
  MotionGap gap(const std::deque<MotionKey>& keys) const;
  // The frame at 0 < t < 1. cells: those to make, undefined for all; null: by the rule of the page.
  MotionEstimate between(const MotionGap& gap, float t, const Cells* cells = nullptr) const;

 private:
  struct Coarse {
    Tensor flow, hidden;  // of the grid 1/8
  };
  Tensor serial_token(int64_t serial, double t, bool is_cut) const;  // [D], on the device
  Tensor bent(const Tensor& x, const ConvWeight& w, const Cells& cells = {}) const;
  Tensor tokens_of(const Tensor& u, const MotionGap& gap, double t) const;
  Coarse coarse(const MotionGap& gap, float t) const;
  Coarse handed_down(const Tensor& said, const Tensor& flow) const;
  Tensor refined(const MotionRefinement& r, int64_t grid, const Tensor& a, const Tensor& b, Coarse& known, float t,
                 const Cells& cells) const;
  Tensor with_residual(const Tensor& y, const Tensor& x, const Cells& cells) const;

  Ops& ops_;
  MotionOps& motion_;
  RetentionOps& retention_;
  const MotionWeights& w_;
  const MotionConfig& c_;
  const Taps* taps_;  // may be null
  TokenWindows windows_;
  Decays decays_;
  std::vector<Tensor> serial_written_;  // by number: what a key's serial-number token adds, [windows, heads, dk, dv]
};

// A cell whose confidence is below this on average shows the nearer key (docs/heirloom-motion.md step 10).
constexpr float kLeastConfidence = 0.065f;

}  // namespace heirloom

// FlashVSR's condition: clips of four low-quality frames become one latent's worth of tokens, through two causal convolutions.
#pragma once
#include <array>

#include "graphs/stream/picture_stream.h"
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

enum class FlashVsrVersion { v1, v1_1 };  // they differ in what the causal convolutions see before a clip

struct LqState {
  std::array<Look, 2> before;  // last two frames of the previous clip, looked at again; v1.1 only
  std::array<Tensor, 2> hidden;  // both hidden frames of the previous clip [h, w, hidden1]; v1.1 only
  bool is_started = false;
};

class LqProjection {
 public:
  LqProjection(Ops& ops, const Weights& weights, FlashVsrVersion version, int64_t dim);
  // Four pictures [3, H, W] -> tokens [h*w, D]; undefined for the first clip, one picture four times, which only fills the state.
  Tensor forward(Ops& ops, const std::array<Look, 4>& clip, LqState& state) const;
  int64_t hidden1() const { return conv1_.out; }
  int64_t hidden2() const { return conv2_.out; }

 private:
  static constexpr int64_t kUnshuffle = 16;
  FlashVsrVersion version_;
  ConvWeight conv1_, conv2_;  // the four taps in time side by side as input channels
  Tensor gamma1_, gamma2_;
  LinearWeight out_;
};

}  // namespace heirloom

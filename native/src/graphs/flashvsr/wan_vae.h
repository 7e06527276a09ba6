// The decoder of FlashVSR's "full" pipeline: that of the Wan 2.1 VAE, causal in time. One latent becomes four pictures, the first of a
// stream one. Runs latent by latent and frame by frame; every convolution remembers its two inputs before, which equals the whole clip at once.
#pragma once
#include <array>
#include <vector>

#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

struct WanVaeState {
  std::vector<std::array<Tensor, 2>>
      past;  // of every causal convolution: its inputs at the two frames before; undefined: zeros
  std::array<bool, 2> doubles = {false, false};  // has the level's first frame, which stays single, gone by?
};

class WanVae {
 public:
  WanVae(Ops& ops, const Weights& weights, int64_t latent_channels);
  // latent [H/8, W/8, C] as the transformer leaves it -> pictures [3, H, W], clamped to [-1, 1]
  std::vector<Tensor> forward(Ops& ops, const Tensor& latent, WanVaeState& state) const;
  // For the memory plan, in floats per pixel of the picture.
  double state_floats() const;
  double activation_floats() const;

 private:
  struct CausalConv {
    ConvWeight weight;
    size_t slot;  // in WanVaeState::past
  };
  struct Residual {
    Tensor norm1, norm2;  // [in], [out]
    CausalConv conv1, conv2;
    LinearWeight shortcut;  // out 0: none
  };
  struct Upsample {  // twice the size, and (time.out > 0) twice the frames
    LinearWeight time;
    size_t slot = 0;
    ConvWeight conv;
  };
  CausalConv conv(Ops& ops, const Weights& weights, const std::string& name, int64_t out, int64_t in);
  Residual residual(Ops& ops, const Weights& weights, const std::string& name, int64_t out, int64_t in);
  Upsample upsample(Ops& ops, const Weights& weights, const std::string& name, int64_t in, bool has_time);

  Tensor apply(Ops& ops, const CausalConv& conv, const Tensor& x, WanVaeState& state, const Epilogue& then = {}) const;
  Tensor apply(Ops& ops, const Residual& block, const Tensor& x, WanVaeState& state) const;
  std::vector<Tensor> apply(Ops& ops, const Upsample& up, size_t level, const Tensor& x, WanVaeState& state) const;
  Tensor attend(Ops& ops, const Tensor& x) const;
  template <size_t N>
  Tensor run(Ops& ops, const std::array<Residual, N>& blocks, Tensor x, WanVaeState& state) const {
    for (const Residual& block : blocks) x = apply(ops, block, x, state);
    return x;
  }

  int64_t width_ = 0;  // channels at full size; 2 and 4 times as many below
  size_t slots_ = 0;
  Tensor deviation_, mean_;  // [C]
  LinearWeight from_latent_;
  CausalConv conv1_, last_;
  std::array<Residual, 2> middle_;
  Tensor attention_norm_;
  LinearWeight q_, k_, v_, proj_;
  std::array<Residual, 3> eighth_, quarter_, half_, full_;
  std::array<Upsample, 3> up_;
  Tensor last_norm_;
};

}  // namespace heirloom

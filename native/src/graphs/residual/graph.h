// The residual-codec graph in the words of docs/residual-codec.md, on the ops: latents of a picture, their mean, and the picture out of them. It knows
// padded pictures or parts of them, not files, symbols or bytes.
#pragma once
#include <vector>

#include "graphs/parts/taps.h"
#include "graphs/residual/config.h"
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

// The packed weights of one model.
struct ResidualWeights {
  ResidualConfig config;
  ConvWeight analysis[5], hyper_analysis[3], mean[3], synthesis[3], fidelity[3];
  std::vector<ConvWeight> denoiser;  // layers, then `denoiser.out`
  Tensor time, time_bias;  // [layers - 1 times 2 D, 32], [layers - 1 times 2 D], on the host
  Tensor log_gains, log_deviation;  // [8, latent], [8], on the host
  Tensor bend;  // slopes of `bent` for the widest layer
  size_t bytes = 0;

  static ResidualWeights load(Ops& ops, const ResidualConfig& config, const Weights& file);
  std::vector<float> gains(int quality) const;  // by latent channel
  float residual_deviation(int quality) const;
};

// What the residual is told, and what is shown without one.
struct ResidualFaithful {
  Tensor c4;  // [H/4, W/4, quarter]
  Tensor picture;  // [3, H, W], clamped
};

class ResidualGraph {
 public:
  // Taps get the names that the goldens have.
  ResidualGraph(Ops& ops, const ResidualWeights& weights, const Taps* taps = nullptr);

  // x [3, H, W] -> y [H/16, W/16, latent]; H and W multiples of 64, here and below
  Tensor analysis(const Tensor& x) const;
  // Y [H/16, W/16, latent], multiplied by its gain -> z [H/64, W/64, hyper]
  Tensor hyper_analysis(const Tensor& latents) const;
  // zs [H/64, W/64, hyper] -> m [H/16, W/16, latent]
  Tensor mean(const Tensor& zs) const;
  // yh [H/16, W/16, latent]
  ResidualFaithful synthesis(const Tensor& yh) const;
  // noise [3, H, W] -> the residual in its own deviations, [3, H, W]
  Tensor residual(const ResidualFaithful& faithful, const Tensor& noise) const;

 private:
  Tensor bent(const Tensor& x, const ConvWeight& w) const;
  Tensor straight(const Tensor& x, const ConvWeight& w) const;
  Tensor denoised(const std::vector<Part>& seen, double t) const;

  Ops& ops_;
  const ResidualWeights& w_;
  const Taps* taps_;  // may be null
};

}  // namespace heirloom

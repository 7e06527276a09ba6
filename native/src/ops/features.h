// Operations on tokens [..., D] and feature maps [H, W, C] without weights of their own: norms, pointwise, joining and taking apart.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/activation.h"
#include "tensor.h"

namespace heirloom {

class FeatureOps {
 public:
  virtual ~FeatureOps() = default;

  // ---- rows ----
  // (x - mean) / sqrt(var + eps), no affine          x [..., D] -> same
  virtual Tensor layer_norm(const Tensor& x, float eps) = 0;
  // x * rsqrt(mean(x^2) + eps) * weight              x [..., D]; weight [D] -> same
  virtual Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) = 0;
  // x / max(||x||, 1e-12) * sqrt(C) * gamma          x [..., C]; gamma [C] -> activation(same)
  virtual Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) = 0;
  // x * (1 + scale) + shift                          x [..., D]; shift, scale [D] -> same
  virtual Tensor modulate(const Tensor& x, const Tensor& shift, const Tensor& scale) = 0;
  // x * weight + bias                                x [..., D]; weight, bias [D] -> same
  virtual Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) = 0;
  // layer_norm then modulate, in one pass            x [..., D]; shift, scale [D] -> same
  virtual Tensor norm_modulate(const Tensor& x, float eps, const Tensor& shift, const Tensor& scale) = 0;
  // layer_norm then affine, in one pass              x [..., D]; weight, bias [D] -> same
  virtual Tensor norm_affine(const Tensor& x, float eps, const Tensor& weight, const Tensor& bias) = 0;
  // activation(a + b)
  virtual Tensor add(const Tensor& a, const Tensor& b, Activation activation = Activation::none) = 0;
  // x + y * gate                                     x, y [..., D]; gate [D] -> same
  virtual Tensor add_gated(const Tensor& x, const Tensor& y, const Tensor& gate) = 0;
  virtual Tensor activate(const Tensor& x, Activation activation) = 0;
  // x * silu(gate): the middle of a gated feed-forward   x, gate [..., C] -> same
  virtual Tensor swish_gate(const Tensor& x, const Tensor& gate) = 0;
  // x < 0 ? x * slope : x                            x [..., C]; slope [C] -> same
  virtual Tensor prelu(const Tensor& x, const Tensor& slope) = 0;
  // bound * tanh(x / bound)
  virtual Tensor soft_clamp(const Tensor& x, float bound) = 0;
  // min(max(x, low), high)
  virtual Tensor clamp(const Tensor& x, float low, float high) = 0;
  // scale * x + offset
  virtual Tensor scale(const Tensor& x, float scale, float offset) = 0;
  // Side by side along the last axis; all leading axes equal.
  virtual Tensor concat(const std::vector<Tensor>& parts) = 0;
  // Channels first .. first + n of the last axis.
  virtual Tensor slice(const Tensor& x, int64_t first, int64_t n) = 0;
  // One after the other along the first axis.
  virtual Tensor stack_rows(const std::vector<Tensor>& parts) = 0;
  // Entries first .. of the first axis of x become rows, in place.
  virtual void put_rows(Tensor& x, int64_t first, const Tensor& rows) = 0;

  // ---- feature maps [H, W, C] ----
  // Each pixel becomes 2 x 2 equal ones.             [H, W, C] -> [2H, 2W, C]
  virtual Tensor upsample_nearest2(const Tensor& x) = 0;
  // channel = (c*s + dy)*s + dx                      [H, W, C] -> [H/s, W/s, C*s*s]
  virtual Tensor pixel_unshuffle(const Tensor& x, int64_t s) = 0;
  // the inverse                                      [H, W, C*s*s] -> [H*s, W*s, C]
  virtual Tensor pixel_shuffle(const Tensor& x, int64_t s) = 0;
};

}  // namespace heirloom

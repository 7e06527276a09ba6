// Operations that multiply by weights: matrix products and convolutions, and the weights in the arrangement they want.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "ops/activation.h"
#include "ops/weight.h"
#include "tensor.h"

namespace heirloom {

enum class Padding { zero, replicate };

struct LinearWeight {                                 // y = x W^T + b
  int64_t in = 0, out = 0;
  std::shared_ptr<const Packed> weight;
  Tensor bias;                                        // [out], or undefined
};

struct ConvWeight {                                   // 3x3
  int64_t in = 0, out = 0;
  std::shared_ptr<const Packed> weight;
  Tensor bias;                                        // [out], or undefined
};

// What happens to a product before it is stored: activation(product + bias) * gate + residual,
// or with activation_last: activation((product + bias) * gate + residual).
struct Epilogue {
  Activation activation = Activation::none;
  Tensor slope = {};                                  // [out], for prelu
  Tensor gate = {};                                   // [out], or undefined for ones
  Tensor residual = {};                               // like the output, or undefined
  bool activation_last = false;
  Epilogue() = default;
  Epilogue(Activation a) : activation(a) {}               // NOLINT: linear(x, w, Activation::silu) reads well
  Epilogue& prelu(const Tensor& s) {
    activation = Activation::prelu;
    slope = s;
    return *this;
  }
  Epilogue& gated(const Tensor& g) {
    gate = g;
    return *this;
  }
  Epilogue& plus(const Tensor& r) {
    residual = r;
    return *this;
  }
  Epilogue& last() {
    activation_last = true;
    return *this;
  }
};

// A feature map, or some of its channels, as one of the inputs of a convolution.
struct Part {
  Tensor map;                                         // [H, W, C]
  int64_t first = 0, channels = -1;                   // channels first .. first + channels; -1: all from first
  Part(const Tensor& m, int64_t first_ = 0, int64_t n = -1)
      : map(m),
        first(first_),
        channels(n < 0 ? m.channels() - first_ : n) {}  // NOLINT
};

class ProductOps {
 public:
  virtual ~ProductOps() = default;

  // ---- weights, once at load ----
  // weight [out, in]; bias [out] or undefined
  virtual LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) = 0;
  // The same for a product so large that a device may round its operands further than the rest: to eight bits where "fp8" is asked for.
  virtual LinearWeight pack_large_linear(const Tensor& weight, const Tensor& bias) { return pack_linear(weight, bias); }
  // weight [out, in, 3, 3]; bias [out] or undefined
  virtual ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) = 0;
  // The same weight for upsample_conv3x3, which a backend may fold (conv_algebra.h).
  virtual ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) { return pack_conv(weight, bias); }
  // The weights of `now` are used from here on, after them those of `next`. With DeviceOptions::streamed_weights no others lie on the device.
  virtual void enter(const Layer& /*now*/, const Layer& /*next*/) {}

  // ---- rows ----
  // epilogue(x W^T + b)                              x [..., in] -> [..., out]
  virtual Tensor linear(const Tensor& x, const LinearWeight& w, const Epilogue& epilogue = {}) = 0;
  // x += (y W^T + b) * gate, in place                x [..., out], y [..., in]; gate [out], or undefined for ones
  virtual void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) = 0;

  // ---- feature maps [H, W, C] ----
  // epilogue(conv3x3(concat(parts)))                 parts: [H, W, C_i], sum C_i = in -> [H, W, out]
  virtual Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, Padding padding,
                            const Epilogue& epilogue = {}) = 0;
  // epilogue(conv3x3(upsample_nearest2(x))), zero padding; w from pack_upsample_conv   [H, W, in] -> [2H, 2W, out]
  virtual Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const Epilogue& epilogue = {}) = 0;
};

}  // namespace heirloom

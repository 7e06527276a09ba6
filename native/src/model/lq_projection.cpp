#include "model/lq_projection.h"

#include <cstring>

namespace heirloom {

namespace {

// [out, in, 4, 3, 3] -> [out, 4*in, 3, 3]: time becomes the slower part of the input channel.
Tensor time_to_channels(const Tensor& w) {
  const int64_t O = w.shape[0], I = w.shape[1], T = w.shape[2];
  constexpr int64_t kTaps = 9;
  Tensor out = Tensor::heap({O, T * I, 3, 3});
  for (int64_t o = 0; o < O; ++o)
    for (int64_t i = 0; i < I; ++i)
      for (int64_t t = 0; t < T; ++t)
        std::memcpy(out.data() + ((o * T + t) * I + i) * kTaps, w.data() + ((o * I + i) * T + t) * kTaps, kTaps * sizeof(float));
  return out;
}

ConvWeight load_conv(Ops& ops, const Weights& weights, const std::string& name, int64_t in) {
  const Shape found = weights.entry(name + ".weight").shape;
  CHECK_AS("weights-unsupported", found.rank() == 5, "The tensor " + name + ".weight is " + str(found) + ", a causal convolution is wanted. The weights belong to another model.");
  const int64_t out = found[0];
  return ops.pack_conv(time_to_channels(weights.get(name + ".weight", {out, in, 4, 3, 3})), ops.upload(weights.get(name + ".bias", {out})));
}

}  // namespace

LqProjection::LqProjection(Ops& ops, const Weights& weights, FlashVsrVersion version, int64_t dim) : version_(version) {
  conv1_ = load_conv(ops, weights, "conv1", 3 * kUnshuffle * kUnshuffle);
  conv2_ = load_conv(ops, weights, "conv2", conv1_.out);
  gamma1_ = ops.upload(weights.get("norm1.gamma", {conv1_.out, 1, 1, 1})).reshape({conv1_.out});
  gamma2_ = ops.upload(weights.get("norm2.gamma", {conv2_.out, 1, 1, 1})).reshape({conv2_.out});
  out_ = ops.pack_linear(weights.get("linear_layers.0.weight", {dim, conv2_.out}), ops.upload(weights.get("linear_layers.0.bias", {dim})));
}

Tensor LqProjection::forward(Ops& ops, const std::array<Tensor, 4>& clip, LqState& state) const {
  std::array<Tensor, 4> u;
  for (size_t i = 0; i < 4; ++i)                      // the first clip is one frame four times
    u[i] = i > 0 && clip[i].data() == clip[i - 1].data() ? u[i - 1] : ops.picture_unshuffle({clip[i]}, kUnshuffle);   // [h, w, 768]

  std::array<Tensor, 2> before = {u[2], u[3]};        // v1: the clip's own end
  if (version_ == FlashVsrVersion::v1_1) {
    if (state.is_started) before = state.pixels;
    else before = {u[0], u[0]};
  }
  const auto conv1 = [&](const Tensor& a, const Tensor& b, const Tensor& c, const Tensor& d) {
    return ops.channel_norm(ops.conv2d_3x3({a, b, c, d}, conv1_, Padding::replicate), gamma1_, Activation::silu);
  };
  const std::array<Tensor, 2> hidden = {conv1(before[0], before[1], u[0], u[1]), conv1(u[0], u[1], u[2], u[3])};   // [h, w, hidden1]

  const bool is_first = !state.is_started;
  const std::array<Tensor, 2> past = version_ == FlashVsrVersion::v1_1 ? state.hidden : hidden;
  state.is_started = true;
  if (version_ == FlashVsrVersion::v1_1) {
    state.pixels = {u[2], u[3]};
    state.hidden = hidden;
  }
  if (is_first) return Tensor();
  const Tensor z = ops.channel_norm(ops.conv2d_3x3({past[0], past[1], hidden[0], hidden[1]}, conv2_, Padding::replicate), gamma2_, Activation::silu);
  const Tensor tokens = ops.linear(z, out_);          // [h, w, D]
  return tokens.reshape({tokens.rows(), tokens.channels()});
}

}  // namespace heirloom

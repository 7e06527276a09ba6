#include "graphs/flashvsr/lq_projection.h"

#include "graphs/flashvsr/causal_conv.h"

namespace heirloom {

LqProjection::LqProjection(Ops& ops, const Weights& weights, FlashVsrVersion version, int64_t dim) : version_(version) {
  conv1_ = load_causal_conv(ops, weights, "conv1", 3 * kUnshuffle * kUnshuffle, 4);
  conv2_ = load_causal_conv(ops, weights, "conv2", conv1_.out, 4);
  gamma1_ = ops.memory.upload(weights.get("norm1.gamma", {conv1_.out, 1, 1, 1})).reshape({conv1_.out});
  gamma2_ = ops.memory.upload(weights.get("norm2.gamma", {conv2_.out, 1, 1, 1})).reshape({conv2_.out});
  out_ = ops.products.pack_linear(weights.get("linear_layers.0.weight", {dim, conv2_.out}),
                                  ops.memory.upload(weights.get("linear_layers.0.bias", {dim})));
}

Tensor LqProjection::forward(Ops& ops, const std::array<Look, 4>& clip, LqState& state) const {
  const bool is_first = !state.is_started, is_causal = version_ == FlashVsrVersion::v1_1;
  const auto unshuffled = [&](const Look& picture) {
    return ops.pictures.picture_unshuffle({picture()}, kUnshuffle);
  };   // [h, w, 768]
  std::array<Tensor, 2> before;                       // the two frames in front
  if (is_causal && !is_first) before = {unshuffled(state.before[0]), unshuffled(state.before[1])};
  std::array<Tensor, 4> u;
  for (size_t i = 0; i < 4; ++i) u[i] = is_first && i > 0 ? u[0] : unshuffled(clip[i]);
  if (!is_causal) before = {u[2], u[3]};              // v1: the clip's own end
  else if (is_first) before = {u[0], u[0]};

  const auto conv1 = [&](const Tensor& a, const Tensor& b, const Tensor& c, const Tensor& d) {
    return ops.features.channel_norm(ops.products.conv2d_3x3({a, b, c, d}, conv1_, Padding::replicate), gamma1_,
                                     Activation::silu);
  };
  const std::array<Tensor, 2> hidden = {conv1(before[0], before[1], u[0], u[1]),
                                        conv1(u[0], u[1], u[2], u[3])};   // [h, w, hidden1]

  const std::array<Tensor, 2> past = is_causal ? state.hidden : hidden;
  state.is_started = true;
  if (is_causal) {
    state.before = {clip[2], clip[3]};
    state.hidden = hidden;
  }
  u = {};
  before = {};
  if (is_first) return Tensor();
  const Tensor z = ops.features.channel_norm(
      ops.products.conv2d_3x3({past[0], past[1], hidden[0], hidden[1]}, conv2_, Padding::replicate), gamma2_,
      Activation::silu);
  const Tensor tokens = ops.products.linear(z, out_);          // [h, w, D]
  return tokens.reshape({tokens.rows(), tokens.channels()});
}

}  // namespace heirloom

#include "graphs/flashvsr/wan_vae.h"

#include "graphs/flashvsr/causal_conv.h"

namespace heirloom {

namespace {

// The latents' statistics, per channel: constants of the Wan 2.1 VAE (specification, section 2.4).
const std::vector<float> kMean = {-0.7571f, -0.7089f, -0.9113f, 0.1075f,  -0.1745f, 0.9653f,  -0.1517f, 1.5508f,
                                  0.4134f,  -0.0715f, 0.5517f,  -0.3632f, -0.1922f, -0.9497f, 0.2503f,  -0.2921f};
const std::vector<float> kDeviation = {2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f,
                                       3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f};

Tensor gamma(Ops& ops, const Weights& weights, const std::string& name, int64_t n) {
  return ops.memory.upload(weights.get(name + ".gamma", {n, 1, 1, 1})).reshape({n});
}

// A 1x1(x1) convolution, or `n` of its output channels from the first one on.
LinearWeight pointwise(Ops& ops, const Weights& weights, const std::string& name, const Shape& shape, int64_t first = 0,
                       int64_t n = -1) {
  const int64_t out = shape[0], in = shape[1];
  if (n < 0) n = out;
  const Tensor weight = weights.get(name + ".weight", shape).reshape({out, in}),
               bias = weights.get(name + ".bias", {out});
  return ops.products.pack_linear(weight.row_range(first, n), ops.memory.upload(bias.row_range(first, n)));
}

}  // namespace

WanVae::CausalConv WanVae::conv(Ops& ops, const Weights& weights, const std::string& name, int64_t out, int64_t in) {
  return {load_causal_conv(ops, weights, name, in, 3, out), slots_++};
}

WanVae::Residual WanVae::residual(Ops& ops, const Weights& weights, const std::string& name, int64_t out, int64_t in) {
  Residual block;
  block.norm1 = gamma(ops, weights, name + ".residual.0", in);
  block.conv1 = conv(ops, weights, name + ".residual.2", out, in);
  block.norm2 = gamma(ops, weights, name + ".residual.3", out);
  block.conv2 = conv(ops, weights, name + ".residual.6", out, out);
  if (out != in) block.shortcut = pointwise(ops, weights, name + ".shortcut", {out, in, 1, 1, 1});
  return block;
}

WanVae::Upsample WanVae::upsample(Ops& ops, const Weights& weights, const std::string& name, int64_t in,
                                  bool has_time) {
  Upsample up;
  up.conv = ops.products.pack_upsample_conv(weights.get(name + ".resample.1.weight", {in / 2, in, 3, 3}),
                                            ops.memory.upload(weights.get(name + ".resample.1.bias", {in / 2})));
  if (!has_time) return up;
  // [2C, C, 3, 1, 1] -> [2C, 3C]: the three frames side by side
  const Tensor taps = weights.get(name + ".time_conv.weight", {2 * in, in, 3, 1, 1});
  Tensor rows = Tensor::heap({2 * in, 3 * in});
  for (int64_t o = 0; o < 2 * in; ++o)
    for (int64_t i = 0; i < in; ++i)
      for (int64_t t = 0; t < 3; ++t) rows.data()[o * 3 * in + t * in + i] = taps.data()[(o * in + i) * 3 + t];
  up.time = ops.products.pack_linear(rows, ops.memory.upload(weights.get(name + ".time_conv.bias", {2 * in})));
  up.slot = slots_++;
  return up;
}

WanVae::WanVae(Ops& ops, const Weights& weights, int64_t latent_channels) {
  const int64_t C = latent_channels;
  CHECK_AS("weights-unsupported", C == static_cast<int64_t>(kMean.size()),
           "The Wan VAE decodes latents of 16 channels; this transformer makes " + str(C) + ".");
  const Shape last = weights.entry("decoder.head.2.weight").shape;
  CHECK_AS("weights-unsupported", last.rank() == 5 && last[1] > 0,
           "The tensor decoder.head.2.weight is " + str(last) + ". The weights belong to another model.");
  const int64_t V = width_ = last[1];
  deviation_ = ops.memory.upload(Tensor::of({C}, kDeviation));
  mean_ = ops.memory.upload(Tensor::of({C}, kMean));
  from_latent_ = pointwise(ops, weights, "conv2", {C, C, 1, 1, 1});
  conv1_ = conv(ops, weights, "decoder.conv1", 4 * V, C);
  middle_ = {residual(ops, weights, "decoder.middle.0", 4 * V, 4 * V),
             residual(ops, weights, "decoder.middle.2", 4 * V, 4 * V)};
  attention_norm_ = ops.memory.upload(weights.get("decoder.middle.1.norm.gamma", {4 * V, 1, 1})).reshape({4 * V});
  const std::string qkv = "decoder.middle.1.to_qkv";
  q_ = pointwise(ops, weights, qkv, {12 * V, 4 * V, 1, 1}, 0, 4 * V);
  k_ = pointwise(ops, weights, qkv, {12 * V, 4 * V, 1, 1}, 4 * V, 4 * V);
  v_ = pointwise(ops, weights, qkv, {12 * V, 4 * V, 1, 1}, 8 * V, 4 * V);
  proj_ = pointwise(ops, weights, "decoder.middle.1.proj", {4 * V, 4 * V, 1, 1});
  const auto block = [&](int index, int64_t out, int64_t in) {
    return residual(ops, weights, "decoder.upsamples." + str(index), out, in);
  };
  const auto up = [&](int index, int64_t in, bool has_time) {
    return upsample(ops, weights, "decoder.upsamples." + str(index), in, has_time);
  };
  eighth_ = {block(0, 4 * V, 4 * V), block(1, 4 * V, 4 * V), block(2, 4 * V, 4 * V)};
  quarter_ = {block(4, 4 * V, 2 * V), block(5, 4 * V, 4 * V), block(6, 4 * V, 4 * V)};
  half_ = {block(8, 2 * V, 2 * V), block(9, 2 * V, 2 * V), block(10, 2 * V, 2 * V)};
  full_ = {block(12, V, V), block(13, V, V), block(14, V, V)};
  up_ = {up(3, 4 * V, true), up(7, 4 * V, true), up(11, 2 * V, false)};
  last_norm_ = gamma(ops, weights, "decoder.head.0", V);
  last_ = conv(ops, weights, "decoder.head.2", 3, V);
}

// Zero padding in space; before the first frame of a stream there are zeros too.
Tensor WanVae::apply(Ops& ops, const CausalConv& conv, const Tensor& x, WanVaeState& state,
                     const Epilogue& then) const {
  std::array<Tensor, 2>& past = state.past[conv.slot];
  const Tensor zeros = past[0].defined() ? Tensor() : ops.memory.zeros(x.shape);
  const Tensor y = ops.products.conv2d_3x3(
      {past[0].defined() ? past[0] : zeros, past[1].defined() ? past[1] : zeros, x}, conv.weight, Padding::zero, then);
  past = {past[1], x};
  return y;
}

Tensor WanVae::apply(Ops& ops, const Residual& block, const Tensor& x, WanVaeState& state) const {
  Tensor y = apply(ops, block.conv1, ops.features.channel_norm(x, block.norm1, Activation::silu), state);
  y = ops.features.channel_norm(y, block.norm2, Activation::silu);
  return apply(ops, block.conv2, y, state,
               Epilogue().plus(block.shortcut.out > 0 ? ops.products.linear(x, block.shortcut) : x));
}

// Time first: a level's very first frame stays one and is no history for the others; each later one becomes two, the earlier one first.
std::vector<Tensor> WanVae::apply(Ops& ops, const Upsample& up, size_t level, const Tensor& x,
                                  WanVaeState& state) const {
  std::vector<Tensor> frames = {x};
  if (up.time.out > 0 && state.doubles[level]) {
    std::array<Tensor, 2>& past = state.past[up.slot];
    const Tensor zeros = past[0].defined() ? Tensor() : ops.memory.zeros(x.shape);
    const Tensor two = ops.products.linear(
        ops.features.concat({past[0].defined() ? past[0] : zeros, past[1].defined() ? past[1] : zeros, x}),
        up.time);   // [h, w, 2C]
    past = {past[1], x};
    frames = {ops.features.slice(two, 0, x.channels()), ops.features.slice(two, x.channels(), x.channels())};
  } else if (up.time.out > 0) {
    state.doubles[level] = true;
  }
  for (Tensor& frame : frames) frame = ops.products.upsample_conv3x3(frame, up.conv);                // [2h, 2w, C/2]
  return frames;
}

// One head over all positions of the frame.
Tensor WanVae::attend(Ops& ops, const Tensor& x) const {
  const Tensor y = ops.features.channel_norm(x, attention_norm_, Activation::none).reshape({x.rows(), x.channels()});
  const Tensor a = ops.attention.cross_attention(ops.products.linear(y, q_), ops.products.linear(y, k_),
                                                 ops.products.linear(y, v_), 1);
  return ops.products.linear(a, proj_, Epilogue().plus(x.reshape(y.shape))).reshape(x.shape);
}

std::vector<Tensor> WanVae::forward(Ops& ops, const Tensor& latent, WanVaeState& state) const {
  state.past.resize(slots_);
  Tensor x = ops.products.linear(ops.features.affine(latent, deviation_, mean_), from_latent_);  // [H/8, W/8, C]
  x = apply(ops, conv1_, x, state);
  x = apply(ops, middle_[0], x, state);
  x = attend(ops, x);
  x = apply(ops, middle_[1], x, state);
  x = run(ops, eighth_, x, state);  // [H/8, W/8, 4V]
  std::vector<Tensor> pictures;
  for (const Tensor& a : apply(ops, up_[0], 0, x, state))  // [H/4, W/4, 2V]
    for (const Tensor& b : apply(ops, up_[1], 1, run(ops, quarter_, a, state), state)) {  // [H/2, W/2, 2V]
      Tensor y = apply(ops, up_[2], 0, run(ops, half_, b, state), state)[0];  // [H, W, V]
      y = run(ops, full_, y, state);
      y = apply(ops, last_, ops.features.channel_norm(y, last_norm_, Activation::silu), state);
      pictures.push_back(ops.features.clamp(ops.pictures.picture_shuffle(y, 1), -1.0f, 1.0f));  // [3, H, W]
    }
  return pictures;
}

// Two inputs per convolution: ten of 4V and the latent's at 1/64 of the pixels, five of 4V, one of 2V and two doublings below it, and so on.
double WanVae::state_floats() const {
  const double V = static_cast<double>(width_);
  const double eighth = 10 * 4 * V + 16 + 4 * V, quarter = 5 * 4 * V + 2 * V + 4 * V, half = 6 * 2 * V, full = 7 * V;
  return 2 * (eighth / 64 + quarter / 16 + half / 4 + full);
}

// The widest moments lie at full size: the enlarged 2V channels and their V results, or a residual block with input, shortcut, norm and result.
double WanVae::activation_floats() const {
  const double V = static_cast<double>(width_);
  return 5 * V + 2 * 2 * V / 4 + 2 * 2 * V / 16;
}

}  // namespace heirloom

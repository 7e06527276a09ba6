#include "model/tc_decoder.h"

namespace heirloom {

namespace {

constexpr int64_t kUnshuffle = 8;
constexpr float kClamp = 3.0f;

ConvWeight conv(Ops& ops, const Weights& weights, const std::string& name, int64_t in, bool has_bias, int64_t out = 0) {
  const std::string full = "decoder." + name;
  const Shape found = weights.entry(full + ".weight").shape;
  if (out == 0 && found.rank() == 4) out = found[0];
  const Tensor weight = weights.get(full + ".weight", {out, in, 3, 3});
  return ops.pack_conv(weight, has_bias ? ops.upload(weights.get(full + ".bias", {out})) : Tensor());
}

LinearWeight grow(Ops& ops, const Weights& weights, const std::string& name, int64_t in, int64_t steps) {
  const Tensor weight = weights.get("decoder." + name + ".conv.weight", {steps * in, in, 1, 1});
  return ops.pack_linear(weight.reshape({steps * in, in}), Tensor());
}

}  // namespace

TcDecoder::TcDecoder(Ops& ops, const Weights& weights, int64_t latent_channels) {
  conv1_ = conv(ops, weights, "1", 3 * 4 * kUnshuffle * kUnshuffle + latent_channels, true);
  const int64_t A = conv1_.out;
  conv3_ = conv(ops, weights, "3", A, false, A);
  grow9_ = grow(ops, weights, "9", A, 1);
  conv10_ = conv(ops, weights, "10", A, false);
  const int64_t B = conv10_.out;
  grow15_ = grow(ops, weights, "15", B, 2);
  conv16_ = conv(ops, weights, "16", B, false);
  const int64_t C = conv16_.out;
  grow21_ = grow(ops, weights, "21", C, 2);
  conv22_ = conv(ops, weights, "22", C, false);
  conv24_ = conv(ops, weights, "24", conv22_.out, false, conv22_.out);
  conv26_ = conv(ops, weights, "26", conv22_.out, true, 3);
  const int64_t index[9] = {5, 6, 7, 11, 12, 13, 17, 18, 19}, width[3] = {A, B, C};
  for (size_t i = 0; i < 9; ++i) {
    const std::string name = str(index[i]) + ".conv.";
    const int64_t n = width[i / 3];
    memory_[i] = {conv(ops, weights, name + "0", 2 * n, true, n), conv(ops, weights, name + "2", n, true, n), conv(ops, weights, name + "4", n, true, n)};
  }
}

// Three memory blocks in a row: y = relu(convs([x ; past]) + x), past = the block's own input one step ago.
Tensor TcDecoder::remember(Ops& ops, size_t first, Tensor x, TcState& state) const {
  for (size_t i = first; i < first + 3; ++i) {
    const MemBlock& m = memory_[i];
    const Tensor past = state.past[i].defined() ? state.past[i] : ops.zeros(x.shape);
    Tensor y = ops.conv2d_3x3({x, past}, m.conv0, Padding::zero, Activation::relu);
    y = ops.conv2d_3x3({y}, m.conv2, Padding::zero, Activation::relu);
    y = ops.conv2d_3x3({y}, m.conv4, Padding::zero, Then(Activation::relu).plus(x).last());
    state.past[i] = x;
    x = y;
  }
  return x;
}

// The 1x1 TGrow runs before the nearest upsampling instead of after it: the same numbers for a quarter of the work.
std::vector<Tensor> TcDecoder::forward(Ops& ops, const Tensor& latent, const std::vector<Tensor>& condition, TcState& state) const {
  Tensor x = ops.soft_clamp(ops.concat({ops.picture_unshuffle(condition, kUnshuffle), latent}), kClamp);   // [H/8, W/8, 768 + C]
  x = ops.conv2d_3x3({x}, conv1_, Padding::zero, Activation::relu);
  x = ops.conv2d_3x3({x}, conv3_, Padding::zero, Activation::relu);
  x = remember(ops, 0, x, state);
  x = ops.upsample_nearest2(ops.linear(x, grow9_));                                   // [H/4, W/4, A]
  x = ops.conv2d_3x3({x}, conv10_, Padding::zero);
  x = remember(ops, 3, x, state);
  const Tensor two = ops.linear(x, grow15_);                                          // [H/4, W/4, 2B], earlier step first
  std::vector<Tensor> pictures;
  for (int64_t step = 0; step < 2; ++step) {
    const int64_t B = conv10_.out, C = conv16_.out;
    Tensor y = ops.upsample_nearest2(ops.slice(two, step * B, B));                    // [H/2, W/2, B]
    y = ops.conv2d_3x3({y}, conv16_, Padding::zero);
    y = remember(ops, 6, y, state);
    const Tensor four = ops.linear(y, grow21_);                                       // [H/2, W/2, 2C]
    for (int64_t half = 0; half < 2; ++half) {
      Tensor z = ops.upsample_nearest2(ops.slice(four, half * C, C));                 // [H, W, C]
      z = ops.conv2d_3x3({z}, conv22_, Padding::zero, Activation::relu);
      z = ops.conv2d_3x3({z}, conv24_, Padding::zero, Activation::relu);
      z = ops.conv2d_3x3({z}, conv26_, Padding::zero);                                // [H, W, 3], about [0, 1]
      pictures.push_back(ops.scale(ops.picture_shuffle(z, 1), 2.0f, -1.0f));          // [3, H, W]
    }
  }
  return pictures;
}

}  // namespace heirloom

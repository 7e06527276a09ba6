#include "graphs/flashvsr/tc_decoder.h"

#include <algorithm>
#include <utility>

#include "conv_algebra.h"

namespace heirloom {

namespace {

constexpr int64_t kUnshuffle = 8;
constexpr float kClamp = 3.0f;
constexpr int64_t kAround = 2;  // rows of half size around a band: three 3x3 convolutions see three rows of full size
constexpr int64_t kBand = TcDecoder::kBandRows / 2 - 2 * kAround;  // rows of half size in a band

ConvWeight conv(Ops& ops, const Weights& weights, const std::string& name, int64_t in, bool has_bias, int64_t out = 0) {
  const std::string full = "decoder." + name;
  const Shape found = weights.entry(full + ".weight").shape;
  if (out == 0 && found.rank() == 4) out = found[0];
  const Tensor weight = weights.get(full + ".weight", {out, in, 3, 3});
  return ops.products.pack_conv(weight, has_bias ? ops.memory.upload(weights.get(full + ".bias", {out})) : Tensor());
}

// TGrow (a 1x1 convolution, `steps` outputs side by side), nearest upsampling and the 3x3 convolution behind them, none with a bias: TGrow runs as
// well before the upsampling, and so becomes part of the 3x3's weights. One weight for each step.
std::vector<ConvWeight> grow_and_conv(Ops& ops, const Weights& weights, const std::string& grow,
                                      const std::string& conv, int64_t in, int64_t steps) {
  const Tensor before =
      weights.get("decoder." + grow + ".conv.weight", {steps * in, in, 1, 1}).reshape({steps * in, in});
  const Shape found = weights.entry("decoder." + conv + ".weight").shape;
  const int64_t out = found.rank() == 4 ? found[0] : 0;
  const Tensor after = weights.get("decoder." + conv + ".weight", {out, in, 3, 3});
  std::vector<ConvWeight> packed;
  for (int64_t step = 0; step < steps; ++step) {
    const Tensor mine = before.row_range(step * in, in);
    packed.push_back(ops.products.pack_upsample_conv(
        Tensor::of({out, in, 3, 3}, compose_1x1_3x3(after.data(), int(out), int(in), mine.data(), int(in))), Tensor()));
  }
  return packed;
}

}  // namespace

TcDecoder::TcDecoder(Ops& ops, const Weights& weights, int64_t latent_channels) {
  conv1_ = conv(ops, weights, "1", 3 * 4 * kUnshuffle * kUnshuffle + latent_channels, true);
  const int64_t A = conv1_.out;
  conv3_ = conv(ops, weights, "3", A, false, A);
  up10_ = grow_and_conv(ops, weights, "9", "10", A, 1);
  const int64_t B = up10_[0].out;
  up16_ = grow_and_conv(ops, weights, "15", "16", B, 2);
  const int64_t C = up16_[0].out;
  up22_ = grow_and_conv(ops, weights, "21", "22", C, 2);
  const int64_t D = up22_[0].out;
  conv24_ = conv(ops, weights, "24", D, false, D);
  conv26_ = conv(ops, weights, "26", D, true, 3);
  const int64_t index[9] = {5, 6, 7, 11, 12, 13, 17, 18, 19}, width[3] = {A, B, C};
  for (size_t i = 0; i < 9; ++i) {
    const std::string name = str(index[i]) + ".conv.";
    const int64_t n = width[i / 3];
    memory_[i] = {conv(ops, weights, name + "0", 2 * n, true, n), conv(ops, weights, name + "2", n, true, n),
                  conv(ops, weights, name + "4", n, true, n)};
  }
}

// y = relu(convs([x ; past]) + x), past = the block's own input one step ago. A large map goes through in bands of rows, each with its surroundings:
// the same numbers. Epilogue the result takes the place of past, of which the next band still needs the rows just above it.
Tensor TcDecoder::remember(Ops& ops, const MemBlock& block, const Tensor& x, Tensor past) const {
  const int64_t rows = x.shape[0], bands = std::max<int64_t>(rows * x.shape[1] / kBandPixels, 1),
                each = (rows + bands - 1) / bands;
  constexpr int64_t kSeen = 3;  // three 3x3 convolutions
  if (!past.defined()) past = ops.memory.zeros(x.shape);
  const auto convs = [&](const Tensor& now, Tensor before) {
    Tensor y = ops.products.conv2d_3x3({now, before}, block.conv0, Padding::zero, Activation::relu);
    before = Tensor();
    y = ops.products.conv2d_3x3({y}, block.conv2, Padding::zero, Activation::relu);
    return ops.products.conv2d_3x3({y}, block.conv4, Padding::zero, Epilogue(Activation::relu).plus(now).last());
  };
  if (each >= rows) return convs(x, std::move(past));
  Tensor above;
  for (int64_t first = 0; first < rows; first += each) {
    const int64_t last = std::min(first + each, rows), from = std::max<int64_t>(first - kSeen, 0),
                  to = std::min(last + kSeen, rows);
    Tensor before = past.row_range(first, to - first);
    if (above.defined()) before = ops.features.stack_rows({above, before});
    const Tensor y = convs(x.row_range(from, to - from), std::move(before));
    if (last < rows) above = ops.features.stack_rows({past.row_range(last - kSeen, kSeen)});  // a copy
    ops.features.put_rows(past, first, y.row_range(first - from, last - first));
  }
  return past;
}

// Three memory blocks in a row.
Tensor TcDecoder::remember(Ops& ops, size_t first, Tensor x, TcState& state) const {
  for (size_t i = first; i < first + 3; ++i) {
    Tensor y = remember(ops, memory_[i], x, std::move(state.past[i]));
    state.past[i] = std::move(x);
    x = std::move(y);
  }
  return x;
}

// x [H/2, W/2, C] -> picture [3, H, W]. In bands of rows, each with its surroundings: the same numbers, and the model's largest maps, at full
// size, never exist as a whole.
Tensor TcDecoder::finish(Ops& ops, const Tensor& x, const ConvWeight& up22) const {
  const int64_t rows = x.shape[0];
  std::vector<Tensor> bands;
  for (int64_t first = 0; first < rows; first += kBand) {
    const int64_t last = std::min(first + kBand, rows), from = std::max<int64_t>(first - kAround, 0),
                  to = std::min(last + kAround, rows);
    Tensor z =
        ops.products.upsample_conv3x3(x.row_range(from, to - from), up22, Activation::relu);  // [2(to - from), W, D]
    z = ops.products.conv2d_3x3({z}, conv24_, Padding::zero, Activation::relu);
    z = ops.products.conv2d_3x3({z}, conv26_, Padding::zero);  // [.., W, 3], about [0, 1]
    bands.push_back(z.row_range(2 * (first - from), 2 * (last - first)));
  }
  Tensor y = bands.size() == 1 ? bands[0] : ops.features.stack_rows(bands);
  bands.clear();
  y = ops.pictures.picture_shuffle(y, 1);
  return ops.features.scale(y, 2.0f, -1.0f);
}

void TcDecoder::forward(Ops& ops, const Tensor& latent, std::vector<Tensor> condition, TcState& state,
                        const std::function<void(Tensor)>& give) const {
  Tensor x;
  ops.memory.replayable("decoder to a quarter " + str(latent.shape), [&] {
    x = ops.pictures.picture_unshuffle(condition, kUnshuffle);
    condition.clear();  // pictures are large
    x = ops.features.soft_clamp(ops.features.concat({x, latent}), kClamp);  // [H/8, W/8, 768 + C]
    x = ops.products.conv2d_3x3({x}, conv1_, Padding::zero, Activation::relu);
    x = ops.products.conv2d_3x3({x}, conv3_, Padding::zero, Activation::relu);
    x = remember(ops, 0, std::move(x), state);
    x = ops.products.upsample_conv3x3(x, up10_[0]);
    x = remember(ops, 3, std::move(x), state);  // [H/4, W/4, B]
  });
  for (const ConvWeight& step : up16_) {  // the earlier one first
    Tensor y;
    ops.memory.replayable("decoder to a half " + str(latent.shape), [&] {
      y = remember(ops, 6, ops.products.upsample_conv3x3(x, step), state);
    });  // [H/2, W/2, C]
    for (const ConvWeight& half : up22_) {
      Tensor picture;
      ops.memory.replayable("decoder to a picture " + str(latent.shape), [&] { picture = finish(ops, y, half); });
      give(std::move(picture));
    }
  }
}

}  // namespace heirloom

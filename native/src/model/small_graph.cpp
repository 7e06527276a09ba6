#include "model/small_graph.h"

#include <cmath>
#include <utility>

#include "check.h"

namespace heirloom {
namespace {

// Row `index` of a [.., rows, D] tensor as its own [D].
Tensor row_of(const Tensor& table, int64_t index, int64_t D) { return table.reshape({table.count() / D, D}).row_range(index, 1).reshape({D}); }

// The transformer's own names, "bI.x_out" and "bI.mask", become "latent.L.block.I" and "latent.L.mask.I"; its other taps are dropped.
Taps block_taps(const Taps* taps, const std::string& latent) {
  Taps named;
  if (!taps) return named;
  const auto renamed = [latent](const std::string& name, const std::string& wanted, const char* ours) {
    const size_t dot = name.find('.');
    return name.substr(dot + 1) == wanted ? latent + ours + "." + name.substr(1, dot - 1) : std::string();
  };
  if (taps->tensor) named.tensor = [taps, renamed](const std::string& name, const Tensor& value) {
    const std::string ours = renamed(name, "x_out", "block");
    if (!ours.empty()) taps->tensor(taps->prefix + ours, value);
  };
  if (taps->mask) named.mask = [taps, renamed](const std::string& name, const KeepList& keep) {
    const std::string ours = renamed(name, "mask", "mask");
    if (!ours.empty()) taps->mask(taps->prefix + ours, keep);
  };
  return named;
}

}  // namespace

SmallWeights SmallWeights::load(Ops& ops, const SmallConfig& c, const Weights& file) {
  SmallWeights w;
  w.config = c;
  const int64_t D = c.dim, cells = SmallConfig::kTokenCells * SmallConfig::kTokenCells, planes = 3 * SmallConfig::kUnshuffle * SmallConfig::kUnshuffle;
  w.bytes = file.parameters() * sizeof(float);
  const auto get = [&](const std::string& name, const Shape& shape) { return file.get(name, shape); };
  const auto linear = [&](const std::string& name, int64_t in, int64_t out, bool bias = true) {
    return ops.pack_linear(get(name + ".weight", {out, in}), bias ? get(name + ".bias", {out}) : Tensor());
  };
  const auto conv = [&](const std::string& name, int64_t in, int64_t out) {
    return ops.pack_conv(get(name + ".weight", {out, in, 3, 3}), get(name + ".bias", {out}));
  };
  const auto rows = [&](const std::string& name, int64_t n) {
    const Tensor table = get(name, {1, n, D});
    std::vector<Tensor> list;
    for (int64_t i = 0; i < n; ++i) list.push_back(ops.upload(row_of(table, i, D)));
    return list;
  };

  w.whiten = linear("condition.whiten", planes, c.whiten);
  w.embed = linear("projection.embed", c.condition() * cells, c.embed);
  w.projection = conv("projection.conv", c.embed * (SmallConfig::kTokenFrames + 1), D);
  w.noise = linear("noise_embedding", c.noise_channels, D, false);
  TransformerConfig t;
  t.dim = D;
  t.layers = c.layers;
  t.ffn = c.ffn;
  t.rope = {c.heads, c.rope_dims, c.rope_base};
  t.window = c.window;
  t.norm_eps = float(c.layer_norm_eps);
  t.local_range = c.local_range;
  t.kv_segments = c.kv_segments;
  t.force_own_window = c.force_own_window;
  t.has_prompt = false;
  w.transformer = std::make_shared<Transformer>(ops, file, t);
  const std::vector<Tensor> head = rows("head.modulation", 2);
  w.head_shift = head[0];
  w.head_scale = head[1];
  w.head = linear("head.head", D, SmallConfig::kTokenFrames * c.latent_channels * cells);
  w.input = conv("decoder.input", c.condition() + c.latent_channels, c.decoder_channels);
  w.input_slope = ops.upload(get("decoder.input.slope", {c.decoder_channels}));
  for (int64_t i = 0; i < c.decoder_blocks; ++i) {
    const std::string name = "decoder.blocks." + str(i) + ".";
    w.decoder.push_back({conv(name + "conv0", c.decoder_channels, c.decoder_channels), conv(name + "conv1", c.decoder_channels, c.decoder_channels),
                         ops.upload(get(name + "slope", {c.decoder_channels}))});
  }
  w.output = conv("decoder.output", c.decoder_channels + c.condition(), planes);
  if (c.has_strength) {
    const Shape first = file.entry("strength_embedding.0.weight").shape;
    CHECK_AS("weights-corrupt", first.rank() == 2 && first[0] >= 1 && first[0] <= 8192 && first[1] >= 2 && first[1] <= 8192 && first[1] % 2 == 0,
             "strength_embedding.0.weight has the shape " + str(first) + ", which cannot be one.");
    const int64_t F = first[0], E = first[1];
    w.strength_0 = get("strength_embedding.0.weight", {F, E});
    w.strength_0_bias = get("strength_embedding.0.bias", {F});
    w.strength_2 = get("strength_embedding.2.weight", {F, F});
    w.strength_2_bias = get("strength_embedding.2.bias", {F});
    w.strength_row = get("strength_projection.weight", {6 * D, F});
    w.strength_row_bias = get("strength_projection.bias", {6 * D});
  }
  return w;
}

// Once per stream and tiny: plain loops in double.
Tensor SmallWeights::strength_rows(double strength) const {
  if (!strength_0.defined()) return {};
  const auto silu = [](double v) { return v / (1 + std::exp(-v)); };
  const auto apply = [](const Tensor& weight, const Tensor& bias, const std::vector<double>& x) {
    std::vector<double> y(size_t(weight.shape[0]));
    for (size_t i = 0; i < y.size(); ++i) {
      y[i] = bias.data()[i];
      for (size_t j = 0; j < x.size(); ++j) y[i] += double(weight.data()[i * x.size() + j]) * x[j];
    }
    return y;
  };
  const size_t half = size_t(strength_0.shape[1]) / 2;
  std::vector<double> e(2 * half);
  for (size_t i = 0; i < half; ++i) {
    const double angle = 1000 * strength * std::pow(10000.0, -double(i) / double(half));
    e[i] = std::cos(angle);
    e[half + i] = std::sin(angle);
  }
  std::vector<double> h = apply(strength_0, strength_0_bias, e);
  for (double& v : h) v = silu(v);
  h = apply(strength_2, strength_2_bias, h);
  for (double& v : h) v = silu(v);
  const std::vector<double> row = apply(strength_row, strength_row_bias, h);
  return Tensor::of({6, config.dim}, std::vector<float>(row.begin(), row.end()));
}

SmallGraph::SmallGraph(Ops& ops, const SmallWeights& weights, const Tensor& strength_rows, int64_t padded_height, int64_t padded_width, const Taps* taps)
    : ops_(ops), w_(weights), c_(weights.config), taps_(taps), height_(padded_height), width_(padded_width),
      rows_(padded_height / SmallConfig::kTokenSize), columns_(padded_width / SmallConfig::kTokenSize) {
  CHECK(height_ % c_.pad_height() == 0 && width_ % c_.pad_width() == 0, "heirloom-small: the picture is not padded to whole windows");
  modulations_ = w_.transformer->modulations(ops_, strength_rows.defined() ? ops_.upload(strength_rows) : Tensor());
}

// Steps 2, 3 and the first half of 4.
SmallGraph::Frame SmallGraph::condition(const Tensor& picture, SmallState& state) {
  const std::string name = "frame." + str(state.frames) + ".";
  if (state.frames == 0) state.mean = picture;
  else {
    const Tensor mean = c_.mean_follows_motion ? ops_.motion_compensate(state.mean, state.before, picture) : state.mean;
    state.mean = ops_.recursive_mean(picture, mean, float(c_.mean_floor), float(c_.mean_sigma));
  }
  if (c_.mean_follows_motion) state.before = picture;
  tap(taps_, name + "mean", state.mean);
  const auto whitened = [&](const Tensor& p) {        // [3, Hp, Wp] -> [Hp/4, Wp/4, whiten]
    return ops_.linear(ops_.picture_unshuffle({p}, SmallConfig::kUnshuffle), w_.whiten);
  };
  Frame frame;
  frame.picture = picture;
  frame.condition = ops_.concat({whitened(picture), whitened(state.mean)});                            // [Hp/4, Wp/4, 2 * whiten]
  tap(taps_, name + "condition", frame.condition);
  frame.embed = ops_.linear(ops_.pixel_unshuffle(frame.condition, SmallConfig::kTokenCells), w_.embed); // [h, w, E]
  ++state.frames;
  return frame;
}

// The second half of 4, then 5 and 6.
std::vector<Tensor> SmallGraph::latent(const std::vector<Frame>& frames, const Tensor& noise, SmallState& state) {
  CHECK(int64_t(frames.size()) == SmallConfig::kTokenFrames, "heirloom-small: a latent has four frames");
  const std::string name = "latent." + str(state.latents) + ".";
  std::vector<Tensor> parts = {state.embed_before.defined() ? state.embed_before : frames[0].embed};
  for (const Frame& frame : frames) parts.push_back(frame.embed);
  state.embed_before = frames.back().embed;

  const int64_t T = rows_ * columns_, D = c_.dim;
  Tensor x = ops_.conv2d_3x3({ops_.activate(ops_.concat(parts), Activation::silu)}, w_.projection, Padding::zero);   // [h, w, D]
  x = ops_.linear(noise, w_.noise, Then().plus(x.reshape({T, D})));
  tap(taps_, name + "tokens", x);
  Chunk chunk;
  chunk.grid = {1, rows_, columns_, c_.window};
  chunk.first_latent = state.latents;
  chunk.topk = int64_t(c_.topk_per_window * double(chunk.grid.per_segment()));
  const Taps named = block_taps(taps_, name);
  x = w_.transformer->forward(ops_, x, chunk, modulations_, state.transformer, taps_ ? &named : nullptr);
  ++state.latents;

  const int64_t cells = SmallConfig::kTokenCells * SmallConfig::kTokenCells;
  const Tensor y = ops_.linear(ops_.norm_modulate(x, float(c_.layer_norm_eps), w_.head_shift, w_.head_scale), w_.head);   // [T, 4 * z * 16]
  std::vector<Tensor> planes;
  for (int64_t f = 0; f < SmallConfig::kTokenFrames; ++f) {
    const Tensor mine = ops_.slice(y, f * c_.latent_channels * cells, c_.latent_channels * cells).reshape({rows_, columns_, c_.latent_channels * cells});
    planes.push_back(ops_.pixel_shuffle(mine, SmallConfig::kTokenCells));                              // [Hp/4, Wp/4, z]
  }
  return planes;
}

// Steps 7 and 8 for the next frame in order.
Tensor SmallGraph::decode(const Frame& frame, const Tensor& planes, SmallState& state) {
  const std::string name = "frame." + str(state.decoded++) + ".";
  tap(taps_, name + "latent_planes", planes);
  Tensor a = ops_.conv2d_3x3({frame.condition, planes}, w_.input, Padding::zero, Then().prelu(w_.input_slope));  // [Hp/4, Wp/4, C]
  const int64_t S = c_.decoder_shift;
  if (state.decoder_before.empty() && S > 0)
    state.decoder_before.assign(w_.decoder.size(), ops_.zeros({a.shape[0], a.shape[1], S}));
  for (size_t i = 0; i < w_.decoder.size(); ++i) {
    const SmallDecoderBlock& block = w_.decoder[i];
    std::vector<Part> b = {a};
    if (S > 0) b = {state.decoder_before[i], Part(a, S)};
    const Tensor t = ops_.conv2d_3x3(b, block.conv0, Padding::zero, Then().prelu(block.slope));
    if (S > 0) state.decoder_before[i] = ops_.slice(a, 0, S);
    a = ops_.conv2d_3x3({t}, block.conv1, Padding::zero, Then().plus(a));
  }
  tap(taps_, name + "features", a);
  const Tensor o = ops_.conv2d_3x3({a, frame.condition}, w_.output, Padding::zero);                    // [Hp/4, Wp/4, 48]
  Tensor y = ops_.picture_shuffle_add(o, SmallConfig::kUnshuffle, frame.picture);
  tap(taps_, name + "out", y);
  return y;
}

}  // namespace heirloom

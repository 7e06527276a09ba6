#include "graphs/small/graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "check.h"

namespace heirloom {
namespace {

constexpr size_t kFrames = size_t(SmallConfig::kTokenFrames);

// Row `index` of a [.., rows, D] tensor as its own [D].
Tensor row_of(const Tensor& table, int64_t index, int64_t D) {
  return table.reshape({table.count() / D, D}).row_range(index, 1).reshape({D});
}

// The transformer's own names, "bI.x_out" and "bI.mask", become "latent.L.block.I" and "latent.L.mask.I"; its other taps are dropped.
Taps block_taps(const Taps* taps, const std::string& latent) {
  Taps named;
  if (!taps) return named;
  const auto renamed = [latent](const std::string& name, const std::string& wanted, const char* ours) {
    const size_t dot = name.find('.');
    return name.substr(dot + 1) == wanted ? latent + ours + "." + name.substr(1, dot - 1) : std::string();
  };
  if (taps->tensor)
    named.tensor = [taps, renamed](const std::string& name, const Tensor& value) {
      const std::string ours = renamed(name, "x_out", "block");
      if (!ours.empty()) taps->tensor(taps->prefix + ours, value);
    };
  if (taps->mask)
    named.mask = [taps, renamed](const std::string& name, const BlockMask& keep) {
      const std::string ours = renamed(name, "mask", "mask");
      if (!ours.empty()) taps->mask(taps->prefix + ours, keep);
    };
  return named;
}

}  // namespace

SmallWeights SmallWeights::load(Ops& ops, const SmallConfig& c, const Weights& file) {
  SmallWeights w;
  w.config = c;
  const int64_t D = c.dim, cells = SmallConfig::kTokenCells * SmallConfig::kTokenCells, planes = SmallConfig::kCell,
                seen = c.condition() + c.neighbours();
  w.bytes = file.parameters() * sizeof(float);
  const auto get = [&](const std::string& name, const Shape& shape) { return file.get(name, shape); };
  const auto linear = [&](const std::string& name, int64_t in, int64_t out, bool bias = true) {
    return ops.products.pack_linear(get(name + ".weight", {out, in}), bias ? get(name + ".bias", {out}) : Tensor());
  };
  const auto conv = [&](const std::string& name, int64_t in, int64_t out) {
    return ops.products.pack_conv(get(name + ".weight", {out, in, 3, 3}), get(name + ".bias", {out}));
  };
  const auto rows = [&](const std::string& name, int64_t n) {
    const Tensor table = get(name, {1, n, D});
    std::vector<Tensor> list;
    for (int64_t i = 0; i < n; ++i) list.push_back(ops.memory.upload(row_of(table, i, D)));
    return list;
  };

  w.whiten = linear("condition.whiten", planes, c.whiten);
  if (c.has_neighbours) w.luma = linear("condition.luma", planes, SmallConfig::kLumaCell);
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
  w.input = conv("decoder.input", seen + c.latent_channels, c.decoder_channels);
  w.input_slope = ops.memory.upload(get("decoder.input.slope", {c.decoder_channels}));
  for (int64_t i = 0; i < c.decoder_blocks; ++i) {
    const std::string name = "decoder.blocks." + str(i) + ".";
    w.decoder.push_back({conv(name + "conv0", c.decoder_channels, c.decoder_channels),
                         conv(name + "conv1", c.decoder_channels, c.decoder_channels),
                         ops.memory.upload(get(name + "slope", {c.decoder_channels}))});
  }
  w.output = conv("decoder.output", c.decoder_channels + seen, c.axes);
  if (c.axes < planes) {
    w.basis_values = get("decoder.basis", {planes, c.axes});
    w.basis = ops.products.pack_linear(w.basis_values, Tensor());
  }
  if (c.has_strength) w.strength_slider = SmallSlider::load(file, "strength", c);
  if (c.has_quantiser) w.quantiser_slider = SmallSlider::load(file, "quantiser", c);
  return w;
}

SmallSlider SmallSlider::load(const Weights& file, const std::string& name, const SmallConfig& config) {
  const Shape first = file.entry(name + "_embedding.0.weight").shape;
  CHECK_AS(
      "weights-corrupt",
      first.rank() == 2 && first[0] >= 1 && first[0] <= 8192 && first[1] >= 2 && first[1] <= 8192 && first[1] % 2 == 0,
      name + "_embedding.0.weight has the shape " + str(first) + ", which cannot be one.");
  const int64_t F = first[0], E = first[1], rows = 6 * config.dim;
  SmallSlider s;
  s.first = file.get(name + "_embedding.0.weight", {F, E});
  s.first_bias = file.get(name + "_embedding.0.bias", {F});
  s.second = file.get(name + "_embedding.2.weight", {F, F});
  s.second_bias = file.get(name + "_embedding.2.bias", {F});
  s.row = file.get(name + "_projection.weight", {rows, F});
  s.row_bias = file.get(name + "_projection.bias", {rows});
  s.gain = file.get(name + "_gain.weight", {config.axes, F});
  s.gain_bias = file.get(name + "_gain.bias", {config.axes});
  return s;
}

std::pair<std::vector<double>, std::vector<double>> SmallSlider::at(double value) const {
  const auto silu = [](double v) { return v / (1 + std::exp(-v)); };
  const auto product = [](const Tensor& weight, const Tensor& bias, const std::vector<double>& x) {
    std::vector<double> y(size_t(weight.shape[0]));
    for (size_t i = 0; i < y.size(); ++i) {
      y[i] = bias.data()[i];
      for (size_t j = 0; j < x.size(); ++j) y[i] += double(weight.data()[i * x.size() + j]) * x[j];
    }
    return y;
  };
  const size_t half = size_t(first.shape[1]) / 2;
  std::vector<double> e(2 * half);
  for (size_t i = 0; i < half; ++i) {
    const double angle = 1000 * value * std::pow(10000.0, -double(i) / double(half));
    e[i] = std::cos(angle);
    e[half + i] = std::sin(angle);
  }
  std::vector<double> h = product(first, first_bias, e);
  for (double& v : h) v = silu(v);
  h = product(second, second_bias, h);
  for (double& v : h) v = silu(v);
  return {product(row, row_bias, h), product(gain, gain_bias, h)};
}

// gains [axes]: what each axis of the residual is multiplied by
SmallChange SmallWeights::change(const std::vector<double>& row, double row_share,
                                 const std::vector<double>& gains) const {
  std::vector<float> rows, basis;
  for (double v : row) rows.push_back(float(row_share * v));
  for (size_t i = 0; i < size_t(basis_values.count()); ++i)
    basis.push_back(float(basis_values.data()[i] * gains[i % gains.size()]));
  return {Tensor::of({6, config.dim}, std::move(rows)), Tensor::of(basis_values.shape, std::move(basis))};
}

SmallChange SmallWeights::strength(double strength) const {
  if (!strength_slider.defined()) return {};
  auto [row, gain] = strength_slider.at(strength);
  const double left = 1 - strength;                   // at strength 1 the model is what it is without all this
  for (double& v : gain) v = 1 + left * v;
  return change(row, left, gain);
}

SmallChange SmallWeights::quantiser(double quantiser, double share) const {
  auto [row, gain] = quantiser_slider.at(quantiser);
  for (double& v : gain) v = share * (1 + v);
  return change(row, 1, gain);
}

SmallGraph::SmallGraph(Ops& ops, const SmallWeights& weights, double strength, int64_t padded_height,
                       int64_t padded_width, const Taps* taps)
    : ops_(ops),
      w_(weights),
      c_(weights.config),
      taps_(taps),
      height_(padded_height),
      width_(padded_width),
      rows_(padded_height / SmallConfig::kTokenSize),
      columns_(padded_width / SmallConfig::kTokenSize),
      strength_(strength) {
  CHECK(height_ % c_.pad_height() == 0 && width_ % c_.pad_width() == 0,
        "heirloom-small: the picture is not padded to whole windows");
  if (!c_.has_quantiser) apply(w_.strength(strength));
}

void SmallGraph::apply(const SmallChange& change) {
  modulations_ = w_.transformer->modulations(ops_, change.rows.defined() ? ops_.memory.upload(change.rows) : Tensor());
  basis_ = change.basis.defined() ? ops_.products.pack_linear(change.basis, Tensor()) : w_.basis;
}

// For the latent that is made next.
void SmallGraph::follow(double quantiser) {
  if (quantiser == quantiser_) return;
  apply(w_.quantiser(quantiser, strength_));
  quantiser_ = quantiser;
}

// Steps 2, 3 and the first half of 4.
SmallFrame SmallGraph::condition(const Tensor& picture, double quantiser, SmallState& state) {
  const std::string name = "frame." + str(state.frames) + ".";
  SmallFrame frame;
  frame.picture = picture;
  frame.quantiser = quantiser;
  if (state.frames == 0) state.mean = picture;
  else {
    if (c_.mean_follows_motion) {
      frame.motion = ops_.pictures.find_motion(picture, state.before);
      state.mean = ops_.pictures.move_blocks(state.mean, frame.motion, 1);
    }
    state.mean = ops_.pictures.recursive_mean(picture, state.mean, float(c_.mean_floor), float(c_.mean_sigma));
  }
  tap(taps_, name + "mean", state.mean);
  const auto whitened = [&](const Tensor& p) {        // [3, Hp, Wp] -> [Hp/4, Wp/4, whiten]
    return ops_.products.linear(ops_.pictures.picture_unshuffle({p}, SmallConfig::kUnshuffle), w_.whiten);
  };
  if (c_.has_neighbours) {
    const Tensor& before = state.frames == 0 ? picture : state.before;
    frame.before = luma(frame.motion.defined() ? ops_.pictures.move_blocks(before, frame.motion, 1) : before);
  }
  if (c_.mean_follows_motion || c_.has_neighbours) state.before = picture;
  frame.condition = ops_.features.concat({whitened(picture), whitened(state.mean)});  // [Hp/4, Wp/4, 2 * whiten]
  tap(taps_, name + "condition", frame.condition);
  frame.embed = ops_.products.linear(ops_.features.pixel_unshuffle(frame.condition, SmallConfig::kTokenCells),
                                     w_.embed);  // [h, w, E]
  ++state.frames;
  return frame;
}

Tensor SmallGraph::luma(const Tensor& picture) const {
  return ops_.products.linear(ops_.pictures.picture_unshuffle({picture}, SmallConfig::kUnshuffle), w_.luma);
}

// The running mean from the last frame known back to the first, and the frame after each.
void SmallGraph::look_ahead(SmallState& state) const {
  std::vector<SmallFrame>& frames = state.waiting;
  Tensor mean;
  for (size_t i = frames.size(); i-- > 0;) {
    const auto carried_back = [&](const Tensor& next) {
      const Tensor& motion = frames[i + 1].motion;
      return motion.defined() ? ops_.pictures.move_blocks(next, motion, -1) : next;
    };
    mean = mean.defined() ? ops_.pictures.recursive_mean(frames[i].picture, carried_back(mean), float(c_.mean_floor),
                                                         float(c_.mean_sigma))
                          : frames[i].picture;
    if (i >= kFrames) continue;
    frames[i].ahead = luma(mean);
    if (c_.has_after)
      frames[i].after = luma(i + 1 < frames.size() ? carried_back(frames[i + 1].picture) : frames[i].picture);
  }
}

// The second half of 4, then 5 and 6, for the first four frames that wait -> the latent planes of each, [Hp/4, Wp/4, latent_channels].
std::vector<Tensor> SmallGraph::latent(const Tensor& noise, SmallState& state) {
  const std::string name = "latent." + str(state.latents) + ".";
  std::vector<Tensor> parts = {state.embed_before.defined() ? state.embed_before : state.waiting[0].embed};
  for (size_t i = 0; i < kFrames; ++i) parts.push_back(state.waiting[i].embed);
  state.embed_before = parts.back();

  const int64_t T = rows_ * columns_, D = c_.dim;
  Tensor x = ops_.products.conv2d_3x3({ops_.features.activate(ops_.features.concat(parts), Activation::silu)},
                                      w_.projection, Padding::zero);  // [h, w, D]
  x = ops_.products.linear(noise, w_.noise, Epilogue().plus(x.reshape({T, D})));
  tap(taps_, name + "tokens", x);
  Chunk chunk;
  chunk.grid = {1, rows_, columns_, c_.window};
  chunk.first_latent = state.latents;
  chunk.topk = int64_t(c_.topk_per_window * double(chunk.grid.per_segment()));
  const Taps named = block_taps(taps_, name);
  x = w_.transformer->forward(ops_, x, chunk, modulations_, state.transformer, taps_ ? &named : nullptr);
  ++state.latents;

  const int64_t cells = SmallConfig::kTokenCells * SmallConfig::kTokenCells;
  const Tensor y =
      ops_.products.linear(ops_.features.norm_modulate(x, float(c_.layer_norm_eps), w_.head_shift, w_.head_scale),
                           w_.head);  // [T, 4 * z * 16]
  std::vector<Tensor> planes;
  for (int64_t f = 0; f < SmallConfig::kTokenFrames; ++f) {
    const Tensor mine = ops_.features.slice(y, f * c_.latent_channels * cells, c_.latent_channels * cells)
                            .reshape({rows_, columns_, c_.latent_channels * cells});
    planes.push_back(ops_.features.pixel_shuffle(mine, SmallConfig::kTokenCells));  // [Hp/4, Wp/4, z]
  }
  return planes;
}

// Steps 7 and 8 for the next frame in order.
Tensor SmallGraph::decode(const SmallFrame& frame, const Tensor& planes, SmallState& state) {
  const std::string name = "frame." + str(state.decoded++) + ".";
  tap(taps_, name + "latent_planes", planes);
  std::vector<Part> seen = {frame.condition};  // the neighbours after it
  if (c_.has_neighbours) {
    std::vector<Tensor> neighbours = {frame.ahead, frame.before};
    if (c_.has_after) neighbours.push_back(frame.after);
    seen.insert(seen.end(), neighbours.begin(), neighbours.end());
    if (taps_) tap(taps_, name + "neighbours", ops_.features.concat(neighbours));
  }
  std::vector<Part> input = seen;
  input.insert(input.begin() + 1, Part(planes));
  Tensor a =
      ops_.products.conv2d_3x3(input, w_.input, Padding::zero, Epilogue().prelu(w_.input_slope));  // [Hp/4, Wp/4, C]
  const int64_t S = c_.decoder_shift;
  if (state.decoder_before.empty() && S > 0)
    state.decoder_before.assign(w_.decoder.size(), ops_.memory.zeros({a.shape[0], a.shape[1], S}));
  for (size_t i = 0; i < w_.decoder.size(); ++i) {
    const SmallDecoderBlock& block = w_.decoder[i];
    std::vector<Part> b = {a};
    if (S > 0) b = {state.decoder_before[i], Part(a, S)};
    const Tensor t = ops_.products.conv2d_3x3(b, block.conv0, Padding::zero, Epilogue().prelu(block.slope));
    if (S > 0) state.decoder_before[i] = ops_.features.slice(a, 0, S);
    a = ops_.products.conv2d_3x3({t}, block.conv1, Padding::zero, Epilogue().plus(a));
  }
  tap(taps_, name + "features", a);
  seen.insert(seen.begin(), Part(a));
  Tensor o = ops_.products.conv2d_3x3(seen, w_.output, Padding::zero);  // [Hp/4, Wp/4, axes]
  if (c_.axes < SmallConfig::kCell) o = ops_.products.linear(o, basis_);  // [Hp/4, Wp/4, 48]
  Tensor y = ops_.pictures.picture_shuffle_add(o, SmallConfig::kUnshuffle, frame.picture);
  tap(taps_, name + "out", y);
  return y;
}

void SmallGraph::take(const Tensor& picture, SmallState& state, const Noise& noise, const Emit& emit,
                      double quantiser) {
  state.waiting.push_back(condition(picture, quantiser, state));
  if (int64_t(state.waiting.size()) == frames_needed(c_)) enhance(int64_t(kFrames), state, noise, emit);
}

void SmallGraph::finish(SmallState& state, const Noise& noise, const Emit& emit) {
  int64_t real = int64_t(state.waiting.size());
  while (state.waiting.size() % kFrames != 0) {
    const SmallFrame& last = state.waiting.back();
    state.waiting.push_back(condition(last.picture, last.quantiser, state));
  }
  for (; !state.waiting.empty(); real -= int64_t(kFrames))
    enhance(std::min(real, int64_t(kFrames)), state, noise, emit);
}

// The first four frames that wait; the first `real` of them come out.
void SmallGraph::enhance(int64_t real, SmallState& state, const Noise& noise, const Emit& emit) {
  if (c_.has_neighbours) look_ahead(state);
  if (c_.has_quantiser) {
    double sum = 0;
    for (size_t i = 0; i < kFrames; ++i) sum += state.waiting[i].quantiser;
    follow(sum / double(kFrames));
  }
  std::vector<Tensor> planes = latent(noise(state.latents), state);
  for (size_t i = 0; i < size_t(real); ++i) {
    emit(decode(state.waiting[i], planes[i], state));
    state.waiting[i] = {};
    planes[i] = {};
  }
  state.waiting.erase(state.waiting.begin(), state.waiting.begin() + int64_t(kFrames));
}

}  // namespace heirloom

#include "graphs/motion/graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "check.h"

namespace heirloom {
namespace {

constexpr float kSharpness = 40, kTolerance = 8 / 127.5f, kMoves = 0.25f;  // moves in pixels
constexpr float kRmsEps = 1e-6f, kHeadEps = 1e-3f, kSlope = 0.1f, kFlowScale = 16;
constexpr int64_t kSerials = 64, kSerialValues = 15, kFlow = 4, kSaid = kFlow + 3;
constexpr double kPi = 3.14159265358979323846;
enum Plane { kConfidence = 6 };                       // of what fine_head says: flow, blend, occlusion, confidence

int64_t motions(int64_t radius) { return (2 * radius + 1) * (2 * radius + 1); }

}  // namespace

MotionWeights MotionWeights::load(Ops& ops, const MotionConfig& c, const Weights& file) {
  MotionWeights w;
  w.config = c;
  w.bytes = file.parameters() * sizeof(float);
  ProductOps& products = ops.products;
  const auto get = [&](const std::string& name, const Shape& shape) { return file.get(name, shape); };
  const auto row = [&](const std::string& name, int64_t n) { return ops.memory.upload(get(name, {n})); };
  const auto conv3 = [&](const std::string& name, int64_t in, int64_t out) {
    return products.pack_conv(get(name + ".weight", {out, in, 3, 3}), get(name + ".bias", {out}));
  };
  const auto conv1 = [&](const std::string& name, int64_t in, int64_t out) {
    return products.pack_linear(get(name + ".weight", {out, in, 1, 1}).reshape({out, in}), get(name + ".bias", {out}));
  };
  const auto linear = [&](const std::string& name, int64_t in, int64_t out) {
    return products.pack_linear(get(name + ".weight", {out, in}), Tensor());
  };
  const auto number = [&](const std::string& name) { return get(name, Shape()).data()[0]; };

  const char* grids[] = {"quarter", "eighth", "tokens"};
  const int64_t in[] = {3 * MotionConfig::kQuarter * MotionConfig::kQuarter, 4 * c.quarter, 4 * c.eighth},
                out[] = {c.quarter, c.eighth, c.dim};
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t layer = 0; layer < 2; ++layer)
      w.features[i][layer] =
          conv3("features." + std::string(grids[i]) + "." + str(layer), layer == 0 ? in[i] : out[i], out[i]);

  w.sharpness = number("sharpness");
  w.coarse = conv3("coarse", 2 * c.dim + motions(c.search) + 3, c.dim);
  const std::string r = "retention.0.";
  w.retention = {row(r + "norm.weight", c.dim),
                 row(r + "ffn_norm.weight", c.dim),
                 linear(r + "q", c.dim, c.heads * c.key_dim),
                 linear(r + "k", c.dim, c.heads * c.key_dim),
                 linear(r + "v", c.dim, c.heads * c.value_dim),
                 linear(r + "g", c.dim, c.heads * c.value_dim),
                 linear(r + "o", c.heads * c.value_dim, c.dim),
                 linear(r + "ffn_in", c.dim, 2 * c.ffn),
                 linear(r + "ffn_out", c.ffn, c.dim),
                 get(r + "serial.weight", {c.dim, kSerialValues}),
                 get(r + "serial.bias", {c.dim})};
  w.coarse_head = conv3("coarse_head", c.dim, 4 * (kFlow + c.hidden));
  const auto refinement = [&](const std::string& name, int64_t channels, int64_t radius, int64_t width,
                              int64_t layers) {
    MotionRefinement grid;
    grid.sharpness = number(name + ".sharpness");
    const int64_t seen = 2 * channels + motions(radius) + c.hidden + kFlow + 1;
    for (int64_t i = 0; i < layers; ++i)
      grid.layers.push_back(conv3(name + ".layers." + str(i), i == 0 ? seen : width, width));
    return grid;
  };
  w.middle = refinement("middle", c.eighth, c.local[0], c.flow, 3);
  w.middle_head = conv1("middle_head", c.flow, 4 * (kFlow + c.hidden));
  w.fine = refinement("fine", c.quarter, c.local[1], c.fine, 2);
  w.fine_head = conv1("fine_head", c.fine, kSaid);
  constexpr int64_t cell = MotionConfig::kQuarter * MotionConfig::kQuarter;
  w.upsampling = conv1("upsampling", c.fine, 9 * cell);
  w.residual[0] = conv3("residual.0", 3 * cell + c.fine, c.residual);
  w.residual[1] = conv3("residual.1", c.residual, 3 * cell);
  Tensor slopes = Tensor::heap({std::max({c.quarter, c.eighth, c.dim, c.flow, c.fine, c.residual})});
  std::fill_n(slopes.data(), slopes.count(), kSlope);
  w.bend = ops.memory.upload(slopes);
  return w;
}

MotionGraph::MotionGraph(Ops& ops, const MotionWeights& weights, int64_t height, int64_t width, const Taps* taps)
    : ops_(ops),
      motion_(ops.motion),
      retention_(ops.retention),
      w_(weights),
      c_(weights.config),
      taps_(taps),
      windows_{height / MotionConfig::kToken, width / MotionConfig::kToken, c_.window},
      decays_(c_.decays()) {
  CHECK(height % MotionConfig::kAlign == 0 && width % MotionConfig::kAlign == 0 &&
            std::min(height, width) >= MotionConfig::kLeast,
        "heirloom-motion: the picture is not padded");
  const MotionRetention& r = w_.retention;
  for (int64_t n = 0; n < c_.history; ++n) {
    const Tensor one = serial_token(n, 0, n == 0).reshape({1, 1, c_.dim});
    const Tensor k = ops_.products.linear(one, r.k), v = ops_.products.linear(one, r.v);
    const Tensor written =
        retention_.contribution(ops_.features.scale(k, 1 / std::sqrt(float(c_.key_dim)), 0), v, c_.heads);
    serial_written_.push_back(ops_.features.stack_rows(std::vector<Tensor>(size_t(windows_.count()), written)));
  }
}

Tensor MotionGraph::serial_token(int64_t serial, double t, bool is_cut) const {
  std::vector<double> values;
  const auto turn = [&](double angle) {
    values.push_back(std::sin(angle));
    values.push_back(std::cos(angle));
  };
  for (int64_t i = 0; i < 5; ++i)
    turn(2 * kPi * double(serial % kSerials) * double(int64_t(1) << i) / double(kSerials));
  turn(kPi * t);
  turn(2 * kPi * t);
  values.push_back(is_cut ? 1 : 0);
  std::vector<double> token(size_t(c_.dim));
  double squares = 0;
  for (size_t d = 0; d < token.size(); ++d) {
    token[d] = w_.retention.serial_bias.data()[d];
    for (size_t i = 0; i < values.size(); ++i)
      token[d] += double(w_.retention.serial.data()[d * values.size() + i]) * values[i];
    squares += token[d] * token[d];
  }
  std::vector<float> normed;
  for (double v : token) normed.push_back(float(v / std::sqrt(squares / double(c_.dim) + double(kRmsEps))));
  return ops_.memory.upload(Tensor::of({c_.dim}, normed));
}

Tensor MotionGraph::bent(const Tensor& x, const ConvWeight& w, const Cells& cells) const {
  return motion_.conv2d_3x3_within(x, w, w_.bend.row_range(0, w.out), cells);
}

// Step 1, and of step 2 what does not depend on where in a history the key stands.
MotionKey MotionGraph::key(const Tensor& picture) const {
  MotionKey key;
  key.picture = picture;
  const auto through = [&](const Tensor& x, int64_t grid) {
    return bent(bent(x, w_.features[grid][0]), w_.features[grid][1]);
  };
  key.quarter = through(ops_.pictures.picture_unshuffle({picture}, MotionConfig::kQuarter), 0);
  key.eighth = through(ops_.features.pixel_unshuffle(key.quarter, 2), 1);
  key.tokens = through(ops_.features.pixel_unshuffle(key.eighth, 2), 2);
  const MotionRetention& r = w_.retention;
  const Tensor seen = retention_.window_partition(ops_.features.rms_norm(key.tokens, r.norm, kRmsEps),
                                                  ops_.memory.zeros({c_.dim}), windows_);
  const Tensor k = retention_.rotate(ops_.products.linear(seen, r.k), windows_, c_.heads, float(c_.rope_base),
                                     1 / std::sqrt(float(c_.key_dim)));
  key.written = retention_.contribution(k, ops_.products.linear(seen, r.v), c_.heads);
  return key;
}

// The history: step 2 over the last keys, oldest first, begun from nothing.
MotionGap MotionGraph::gap(const std::deque<MotionKey>& keys) const {
  CHECK(keys.size() >= 2, "heirloom-motion: a gap lies between two keys");
  const int64_t count = std::min(int64_t(keys.size()), c_.history);
  MotionGap gap;
  for (int64_t n = 0; n < count; ++n) {
    const MotionKey& key = keys[keys.size() - size_t(count - n)];
    retention_.fold(gap.state, ops_.features.add(key.written, serial_written_[size_t(n)]), decays_);
  }
  gap.before = &keys[keys.size() - 2];
  gap.after = &keys.back();
  gap.serial = count - 2;
  tap(taps_, "state", gap.state.sum);
  return gap;
}

// Step 4.   u [H/16, W/16, D] -> same
Tensor MotionGraph::tokens_of(const Tensor& u, const MotionGap& gap, double t) const {
  const MotionRetention& r = w_.retention;
  const auto times = [&](const Tensor& x, const LinearWeight& w, const Epilogue& then = {}) {
    return ops_.products.linear(x, w, then);
  };
  const Tensor x = ops_.features.rms_norm(u, r.norm, kRmsEps);
  const Tensor seen = retention_.window_partition(x, serial_token(gap.serial, t, false), windows_);
  const Tensor q = retention_.rotate(times(seen, r.q), windows_, c_.heads, float(c_.rope_base), 1),
               k = retention_.rotate(times(seen, r.k), windows_, c_.heads, float(c_.rope_base),
                                     1 / std::sqrt(float(c_.key_dim)));
  const Tensor o = retention_.read(q, k, times(seen, r.v), gap.state, decays_, windows_);
  const Tensor y = retention_.window_merge(retention_.head_norm(o, c_.heads, kHeadEps), windows_);
  Tensor out = times(ops_.features.swish_gate(y, times(x, r.g)), r.o, Epilogue().plus(u));
  const Tensor both = times(ops_.features.rms_norm(out, r.ffn_norm, kRmsEps), r.ffn_in);
  const Tensor gate = ops_.features.slice(both, 0, c_.ffn), value = ops_.features.slice(both, c_.ffn, c_.ffn);
  return times(ops_.features.swish_gate(value, gate), r.ffn_out, Epilogue().plus(out));
}

// Steps 3 to 5.
MotionGraph::Coarse MotionGraph::coarse(const MotionGap& gap, float t) const {
  const Tensor &a = gap.before->tokens, &b = gap.after->tokens;
  constexpr int64_t cell = MotionConfig::kToken;
  const Tensor cost = motion_.cost(a, b, t, c_.search);  // [H/16, W/16, 49]
  const Tensor v = motion_.expected_motion(cost, kSharpness * w_.sharpness, c_.search, cell);
  const Tensor flow = motion_.add_motion({}, v, t);
  tap(taps_, "cost", cost);
  tap(taps_, "flow.coarse", flow);
  const Tensor seen = motion_.join({motion_.warp(a, flow, 0, cell), motion_.warp(b, flow, 2, cell), cost,
                                    ops_.features.scale(v, 1 / float(cell), 0)},
                                   {t});                // [H/16, W/16, 180]
  const Tensor tokens = tokens_of(bent(seen, w_.coarse), gap, t);
  tap(taps_, "tokens", tokens);
  const Coarse known = handed_down(motion_.conv2d_3x3(tokens, w_.coarse_head, {}), flow);
  tap(taps_, "flow.middle", known.flow);
  return known;
}

// What a head says of the four cells below each of its own.   said [h, w, 4 * (4 + hidden)], flow [h, w, 4] -> twice as large
MotionGraph::Coarse MotionGraph::handed_down(const Tensor& said, const Tensor& flow) const {
  const Tensor x = ops_.features.pixel_shuffle(said, 2);
  const Tensor more = ops_.features.scale(ops_.features.slice(x, 0, kFlow), kFlowScale, 0);
  return {ops_.features.add(ops_.features.upsample_nearest2(flow), more), ops_.features.slice(x, kFlow, c_.hidden)};
}

// Steps 6 and 7 up to their convolutions; the flow takes what the cost volume adds.
Tensor MotionGraph::refined(const MotionRefinement& r, int64_t grid, const Tensor& a, const Tensor& b, Coarse& known,
                            float t, const Cells& cells) const {
  const int64_t radius = c_.local[grid], cell = grid == 0 ? MotionConfig::kCell : MotionConfig::kQuarter;
  const auto [before, after, cost] = motion_.compare(a, b, known.flow, cell, t, radius, cells);
  const Tensor v = motion_.expected_motion(cost, kSharpness * r.sharpness, radius, cell, cells);
  known.flow = motion_.add_motion(known.flow, v, t);
  Tensor x = motion_.join_within(
      {before, after, cost, known.hidden, ops_.features.scale(known.flow, 1 / kFlowScale, 0)}, {t}, cells);
  for (const ConvWeight& layer : r.layers) x = bent(x, layer, cells);
  return x;
}

// Step 9.   y [3, H, W], x [H/4, W/4, fine]
Tensor MotionGraph::with_residual(const Tensor& y, const Tensor& x, const Cells& cells) const {
  const Tensor seen = motion_.join_within({ops_.pictures.picture_unshuffle({y}, MotionConfig::kQuarter), x}, {},
                                          cells);  // [H/4, W/4, 80]
  const Tensor r = motion_.conv2d_3x3_within(bent(seen, w_.residual[0], cells), w_.residual[1], {}, cells);
  return ops_.pictures.picture_shuffle_add(r, MotionConfig::kQuarter, y);
}

MotionEstimate MotionGraph::between(const MotionGap& gap, float t, const Cells* given) const {
  const MotionKey &a = *gap.before, &b = *gap.after;
  Coarse known = coarse(gap, t);
  MotionEstimate made;
  made.needed = given ? *given : motion_.needed(a.picture, b.picture, known.flow, kTolerance, kMoves);
  const Cells& cells = made.needed;
  Tensor x = refined(w_.middle, 0, a.eighth, b.eighth, known, t, cells);  // [H/8, W/8, 64]
  known = handed_down(motion_.linear(x, w_.middle_head, cells), known.flow);
  tap(taps_, "flow.fine", known.flow);
  x = refined(w_.fine, 1, a.quarter, b.quarter, known, t, cells);  // [H/4, W/4, 32]
  const Tensor said = motion_.linear(x, w_.fine_head, cells);  // [H/4, W/4, 7]
  tap(taps_, "said", said);
  const Tensor flow =
      ops_.features.add(known.flow, ops_.features.scale(ops_.features.slice(said, 0, kFlow), kFlowScale, 0));
  const Tensor planes = motion_.convex_upsample(ops_.features.concat({flow, ops_.features.slice(said, kFlow, 2)}),
                                                motion_.linear_within(x, w_.upsampling, cells), MotionConfig::kQuarter,
                                                cells);  // [6, H, W]
  const Tensor y = with_residual(motion_.blend(a.picture, b.picture, planes, t, cells), x, cells);
  tap(taps_, "picture", y);
  made.doubtful = motion_.doubtful(said, kConfidence, kLeastConfidence, cells);
  made.picture = motion_.compose(y, a.picture, b.picture, t, cells, made.doubtful);
  tap(taps_, "shown", made.picture);
  return made;
}

}  // namespace heirloom

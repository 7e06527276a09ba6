#include "model/flashvsr.h"

#include <cmath>
#include <cstring>

namespace heirloom {

namespace {

constexpr double kTimestep = 1000.0;
constexpr int64_t kHead = 128;                        // channels of one head: 44 for time, 42 for the row, 42 for the column
constexpr float kEps = 1e-6f;

int64_t dim_of(const Weights& weights) {
  const Shape shape = weights.entry("patch_embedding.weight").shape;
  CHECK_AS("weights-unsupported", shape.rank() == 5 && shape[0] > 0 && shape[0] % kHead == 0 && shape[0] <= 16384 && shape[1] > 0 && shape[1] <= 256 && shape[2] == 1 && shape[3] == 2 && shape[4] == 2,
           "patch_embedding.weight is " + str(shape) + ", [128 * heads, channels, 1, 2, 2] is wanted. The weights belong to another model.");
  return shape[0];
}

TransformerConfig config_of(const Weights& weights, const FlashVsrConfig& config) {
  TransformerConfig t;
  t.dim = dim_of(weights);
  while (weights.has("blocks." + str(t.layers) + ".modulation")) ++t.layers;
  CHECK_AS("weights-missing", t.layers > 0, "The transformer's weights hold no block. The file is incomplete or belongs to another model.");
  const Shape ffn = weights.entry("blocks.0.ffn.0.weight").shape;
  t.ffn = ffn.rank() == 2 ? ffn[0] : 0;
  t.rope.heads = t.dim / kHead;
  t.rope.dims = {44, 42, 42};
  t.local_range = config.local_range;
  t.kv_segments = config.kv_segments;
  t.has_prompt = true;
  return t;
}

struct Named {                                        // a two-layer perceptron and the like: weight and bias by name
  Ops& ops;
  const Weights& weights;
  LinearWeight operator()(const std::string& name, int64_t out, int64_t in) const {
    return ops.pack_linear(weights.get(name + ".weight", {out, in}), ops.upload(weights.get(name + ".bias", {out})));
  }
};

// [cos(1000 w_i) ; sin(1000 w_i)], w_i = 10000^(-i / half) -> [1, 2 * half]
Tensor timestep_embedding(int64_t width) {
  Tensor e = Tensor::heap({1, width});
  const int64_t half = width / 2;
  for (int64_t i = 0; i < half; ++i) {
    const double angle = kTimestep * std::pow(10000.0, -static_cast<double>(i) / static_cast<double>(half));
    e.data()[i] = static_cast<float>(std::cos(angle));
    e.data()[half + i] = static_cast<float>(std::sin(angle));
  }
  return e;
}

// The head's outputs stand as (row offset, column offset, channel); pixel_shuffle wants (channel, row offset, column offset).
Tensor head_order(const Tensor& rows, int64_t channels) {
  const int64_t width = rows.count() / rows.shape[0];
  Tensor out = Tensor::heap(rows.shape);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t offset = 0; offset < 4; ++offset)
      std::memcpy(out.data() + (c * 4 + offset) * width, rows.data() + (offset * channels + c) * width, static_cast<size_t>(width) * sizeof(float));
  return out;
}

}  // namespace

FlashVsr::FlashVsr(Ops& ops, const FlashVsrWeights& files, const FlashVsrConfig& config, const Taps* taps)
    : config_(config), in_channels_((dim_of(files.transformer), files.transformer.entry("patch_embedding.weight").shape[1])),
      projection_(ops, files.projection, config.version, dim_of(files.transformer)), decoder_(ops, files.decoder, in_channels_) {
  const Weights& w = files.transformer;
  const TransformerConfig t = config_of(w, config);
  const int64_t D = t.dim;
  const Named linear{ops, w};

  // Time and prompt never change: what follows from them is a constant.
  const Shape time = w.entry("time_embedding.0.weight").shape;
  CHECK_AS("weights-unsupported", time.rank() == 2 && time[1] > 0 && time[1] % 2 == 0, "time_embedding.0.weight is " + str(time) + ". The weights belong to another model.");
  Tensor e = ops.linear(ops.upload(timestep_embedding(time[1])), linear("time_embedding.0", D, time[1]), Activation::silu);
  e = ops.linear(e, linear("time_embedding.2", D, D));                                // t [1, D]
  const Tensor t_mod = ops.linear(ops.activate(e, Activation::silu), linear("time_projection.1", 6 * D, D));   // [1, 6D]
  tap(taps, "t", e);
  tap(taps, "t_mod", t_mod);
  const Shape text = w.entry("text_embedding.0.weight").shape;
  CHECK_AS("weights-unsupported", files.prompt.defined() && files.prompt.shape.rank() == 2 && text.rank() == 2 && text[1] == files.prompt.channels(),
           "The prompt does not go with the transformer: text_embedding.0.weight is " + str(text) + ", the prompt is " + str(files.prompt.shape) + ".");
  const Tensor prompt = ops.linear(ops.linear(ops.upload(files.prompt), linear("text_embedding.0", D, text[1]), Activation::gelu_tanh), linear("text_embedding.2", D, D));   // [S, D]

  patch_ = ops.pack_linear(w.get("patch_embedding.weight").reshape({D, in_channels_ * 4}), ops.upload(w.get("patch_embedding.bias", {D})));
  transformer_ = std::make_unique<Transformer>(ops, w, t, prompt, taps);
  modulations_ = transformer_->modulations(ops, t_mod);
  const Tensor head = ops.upload(w.get("head.modulation", {1, 2, D}));
  head_shift_ = ops.add(head.reshape({2, D}).row_range(0, 1), e).reshape({D});
  head_scale_ = ops.add(head.reshape({2, D}).row_range(1, 1), e).reshape({D});
  head_ = ops.pack_linear(head_order(w.get("head.head.weight", {in_channels_ * 4, D}), in_channels_), ops.upload(head_order(w.get("head.head.bias", {in_channels_ * 4}), in_channels_)));
}

int64_t FlashVsr::topk(int64_t H, int64_t W) const {
  const double ratio = config_.topk_ratio > 0 ? config_.topk_ratio : config_.sparse_ratio * 768.0 * 1280.0 / (static_cast<double>(H) * static_cast<double>(W));
  const int64_t n = H * W / (kMultiple * kMultiple);
  return std::max<int64_t>(static_cast<int64_t>(static_cast<double>(n * n) * ratio) - 1, 0);
}

// -> the latents [H/8, W/8, C], one step from noise: latent = noise - v
Tensor FlashVsr::denoise(Ops& ops, const std::vector<Tensor>& tokens, const std::vector<Tensor>& noise, FlashVsrState& state, const Taps* taps) const {
  const int64_t f = static_cast<int64_t>(noise.size()), h8 = noise[0].shape[0], w8 = noise[0].shape[1], C = in_channels_, D = transformer_->config().dim;
  Chunk chunk;
  chunk.grid.f = f;
  chunk.grid.h = h8 / 2;
  chunk.grid.w = w8 / 2;
  chunk.grid.window = transformer_->config().window;
  chunk.first_latent = state.latents;
  chunk.topk = topk(h8 * 8, w8 * 8);

  std::vector<Tensor> embedded;
  for (size_t i = 0; i < noise.size(); ++i)           // patch + condition, [h, w, D]
    embedded.push_back(ops.linear(ops.pixel_unshuffle(noise[i], 2), patch_, Then().plus(tokens[i].reshape({h8 / 2, w8 / 2, D}))));
  Tensor x = ops.stack_rows(embedded).reshape({chunk.grid.tokens(), D});
  embedded.clear();
  x = transformer_->forward(ops, x, chunk, modulations_, state.transformer, taps);
  x = ops.linear(ops.norm_modulate(x, kEps, head_shift_, head_scale_), head_);        // [f*h*w, 4C]
  const Tensor v = ops.pixel_shuffle(x.reshape({f * h8 / 2, w8 / 2, 4 * C}), 2);      // [f*H/8, W/8, C]
  tap(taps, "noise_pred", v.reshape({f, h8 * w8, C}));
  return ops.add(ops.stack_rows(noise), ops.scale(v, -1.0f, 0.0f));
}

std::vector<Tensor> FlashVsr::chunk(Ops& ops, const std::vector<Tensor>& tokens, const std::vector<Tensor>& noise, const std::vector<Tensor>& pictures, FlashVsrState& state,
                                    const Taps* taps) const {
  const bool is_first = state.latents == 0;
  const size_t latents = static_cast<size_t>(is_first ? kFirstLatents : kLatents);
  CHECK(tokens.size() == latents && noise.size() == latents && pictures.size() == static_cast<size_t>(is_first ? kFirstFrames : kFrames),
        "a chunk of " + str(tokens.size()) + " latents and " + str(pictures.size()) + " pictures is not in the schedule");
  const Tensor latent = denoise(ops, tokens, noise, state, taps);
  state.latents += static_cast<int64_t>(latents);

  // The very first latent is one frame: its three predecessors are copies, and what is decoded for them is dropped.
  std::vector<Tensor> condition = pictures;
  if (is_first) condition.insert(condition.begin(), 3, pictures[0]);
  std::vector<Tensor> out;
  const int64_t h8 = noise[0].shape[0];
  for (size_t i = 0; i < latents; ++i) {
    const std::vector<Tensor> four(condition.begin() + static_cast<std::ptrdiff_t>(4 * i), condition.begin() + static_cast<std::ptrdiff_t>(4 * i + 4));
    for (Tensor& picture : decoder_.forward(ops, latent.row_range(static_cast<int64_t>(i) * h8, h8), four, state.decoder)) out.push_back(std::move(picture));
  }
  if (is_first) out.erase(out.begin(), out.begin() + 3);
  return out;
}

}  // namespace heirloom

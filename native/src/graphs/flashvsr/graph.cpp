#include "graphs/flashvsr/graph.h"

#include <algorithm>
#include <cstring>

#include "graphs/flashvsr/constants.h"

namespace heirloom {

namespace {

constexpr int64_t kHead = 128;  // channels of one head: 44 for time, 42 for the row, 42 for the column

int64_t dim_of(const Weights& weights) {
  const Shape shape = weights.entry("patch_embedding.weight").shape;
  CHECK_AS("weights-unsupported",
           shape.rank() == 5 && shape[0] > 0 && shape[0] % kHead == 0 && shape[0] <= 16384 && shape[1] > 0 &&
               shape[1] <= 256 && shape[2] == 1 && shape[3] == 2 && shape[4] == 2,
           "patch_embedding.weight is " + str(shape) +
               ", [128 * heads, channels, 1, 2, 2] is wanted. The weights belong to another model.");
  return shape[0];
}

TransformerConfig config_of(const Weights& weights, const FlashVsrConfig& config) {
  TransformerConfig t;
  t.dim = dim_of(weights);
  while (weights.has("blocks." + str(t.layers) + ".modulation")) ++t.layers;
  CHECK_AS("weights-missing", t.layers > 0,
           "The transformer's weights hold no block. The file is incomplete or belongs to another model.");
  const Shape ffn = weights.entry("blocks.0.ffn.0.weight").shape;
  t.ffn = ffn.rank() == 2 ? ffn[0] : 0;
  t.rope.heads = t.dim / kHead;
  t.rope.dims = {44, 42, 42};
  t.local_range = config.local_range;
  t.kv_segments = config.kv_segments;
  t.has_prompt = true;
  return t;
}

// The head's outputs stand as (row offset, column offset, channel); pixel_shuffle wants (channel, row offset, column offset).
Tensor head_order(const Tensor& rows, int64_t channels) {
  const int64_t width = rows.count() / rows.shape[0];
  Tensor out = Tensor::heap(rows.shape);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t offset = 0; offset < 4; ++offset)
      std::memcpy(out.data() + (c * 4 + offset) * width, rows.data() + (offset * channels + c) * width,
                  static_cast<size_t>(width) * sizeof(float));
  return out;
}

}  // namespace

size_t FlashVsrWeights::kept() const {
  const size_t prompt_floats =
      is_folded(transformer)
          ? 0
          : 2 * static_cast<size_t>(prompt.rows() * dim_of(transformer));  // keys and values of one block
  size_t n = 0;
  for (const auto& item : transformer.entries()) {
    if (!is_folded_away(item.first)) n += static_cast<size_t>(item.second.shape.count());
    if (item.first.compare(0, 7, "blocks.") == 0 && item.first.find(".modulation") != std::string::npos)
      n += prompt_floats;  // one per block
  }
  for (const Weights* part : {&projection, &decoder, &vae})
    for (const auto& item : part->entries())
      if (item.first.compare(0, 8, "encoder.") != 0) n += static_cast<size_t>(item.second.shape.count());
  return n;
}

FlashVsr::FlashVsr(Ops& ops, const FlashVsrWeights& files, const FlashVsrConfig& config, const Taps* taps)
    : config_(config),
      in_channels_((dim_of(files.transformer), files.transformer.entry("patch_embedding.weight").shape[1])),
      projection_(ops, files.projection, config.version, dim_of(files.transformer)),
      decoder_(ops, files.decoder, in_channels_) {
  const Weights& w = files.transformer;
  const TransformerConfig t = config_of(w, config);
  const int64_t D = t.dim;
  const bool folded = is_folded(w);

  // Time and prompt never change: what follows from them is a constant, computed here or by the import.
  const TimeRows time = folded ? TimeRows() : time_rows(ops, w, D);
  const Tensor prompt = folded ? Tensor() : embed_prompt(ops, w, files.prompt, D);  // [S, D]
  if (!folded) {
    tap(taps, "t", time.t);
    tap(taps, "t_mod", time.modulation);
  }
  const auto prompt_of = [&](int64_t block) -> std::pair<Tensor, Tensor> {
    const std::string at = "blocks." + str(block) + ".cross_attn.";
    const PromptRows rows =
        folded ? PromptRows{ops.memory.upload_tokens(w.get(at + "key")), ops.memory.upload_tokens(w.get(at + "value"))}
               : prompt_rows(ops, w, block, prompt);
    CHECK_AS("weights-unsupported", rows.k.shape.rank() == 2 && rows.k.channels() == D && rows.v.shape == rows.k.shape,
             at + "key is " + str(rows.k.shape) + ". The weights belong to another model.");
    tap(taps, "b" + str(block) + ".cross_k", rows.k);
    tap(taps, "b" + str(block) + ".cross_v", rows.v);
    return {rows.k, rows.v};
  };

  patch_ = ops.products.pack_linear(w.get("patch_embedding.weight").reshape({D, in_channels_ * 4}),
                                    ops.memory.upload(w.get("patch_embedding.bias", {D})));
  transformer_ = std::make_unique<Transformer>(ops, w, t, prompt_of);
  modulations_ = transformer_->modulations(ops, time.modulation);
  const Tensor head = ops.memory.upload(w.get("head.modulation", {1, 2, D})).reshape({2, D});
  const auto head_row = [&](int64_t i) {
    return (folded ? head.row_range(i, 1) : ops.features.add(head.row_range(i, 1), time.t)).reshape({D});
  };
  head_shift_ = head_row(0);
  head_scale_ = head_row(1);
  head_ = ops.products.pack_linear(
      head_order(w.get("head.head.weight", {in_channels_ * 4, D}), in_channels_),
      ops.memory.upload(head_order(w.get("head.head.bias", {in_channels_ * 4}), in_channels_)));
  if (!files.vae.entries().empty()) vae_ = std::make_unique<WanVae>(ops, files.vae, in_channels_);
  floats_ = files.kept();
}

int64_t FlashVsr::topk(int64_t H, int64_t W) const {
  const double ratio = config_.topk_ratio > 0
                           ? config_.topk_ratio
                           : config_.sparse_ratio * 768.0 * 1280.0 / (static_cast<double>(H) * static_cast<double>(W));
  const int64_t n = H * W / (kMultiple * kMultiple);
  return std::max<int64_t>(static_cast<int64_t>(static_cast<double>(n * n) * ratio) - 1, 0);
}

// -> the latents [H/8, W/8, C], one step from noise: latent = noise - v
Tensor FlashVsr::denoise(Ops& ops, std::vector<Tensor> tokens, const std::vector<Tensor>& noise, FlashVsrState& state,
                         const Taps* taps) const {
  const int64_t f = static_cast<int64_t>(noise.size()), h8 = noise[0].shape[0], w8 = noise[0].shape[1],
                C = in_channels_, D = transformer_->config().dim;
  Chunk chunk;
  chunk.grid.f = f;
  chunk.grid.h = h8 / 2;
  chunk.grid.w = w8 / 2;
  chunk.grid.window = transformer_->config().window;
  chunk.first_latent = state.latents;
  chunk.topk = topk(h8 * 8, w8 * 8);

  std::vector<Tensor> embedded;
  for (size_t i = 0; i < noise.size(); ++i)  // patch + condition, [h, w, D]
    embedded.push_back(ops.products.linear(ops.features.pixel_unshuffle(noise[i], 2), patch_,
                                           Epilogue().plus(tokens[i].reshape({h8 / 2, w8 / 2, D}))));
  Tensor x = ops.features.stack_rows(embedded).reshape({chunk.grid.tokens(), D});
  embedded.clear();
  tokens.clear();  // six latents of them: room for the decoder
  x = transformer_->forward(ops, x, chunk, modulations_, state.transformer, taps);
  x = ops.products.linear(ops.features.norm_modulate(x, kFlashVsrEps, head_shift_, head_scale_), head_);  // [f*h*w, 4C]
  const Tensor v = ops.features.pixel_shuffle(x.reshape({f * h8 / 2, w8 / 2, 4 * C}), 2);  // [f*H/8, W/8, C]
  tap(taps, "noise_pred", v.reshape({f, h8 * w8, C}));
  return ops.features.add(ops.features.stack_rows(noise), ops.features.scale(v, -1.0f, 0.0f));
}

void FlashVsr::chunk(Ops& ops, std::vector<Tensor> tokens, std::vector<Tensor> noise, const PictureAt& picture,
                     FlashVsrState& state, const Give& give, const Taps* taps) const {
  const bool is_first = state.latents == 0;
  const int64_t latents = is_first ? kFirstLatents : kLatents, h8 = noise.empty() ? 0 : noise[0].shape[0];
  CHECK(
      static_cast<int64_t>(tokens.size()) == latents && static_cast<int64_t>(noise.size()) == latents,
      "a chunk of " + str(tokens.size()) + " latents with noise for " + str(noise.size()) + " is not in the schedule");
  const Tensor latent = denoise(ops, std::move(tokens), noise, state, taps);
  noise.clear();
  state.latents += latents;
  if (taps && taps->denoised) taps->denoised();

  // The very first latent is one frame. The small decoder gives three copies before it, which are dropped; the VAE gives one.
  const int64_t dropped = is_first ? 3 : 0;
  for (int64_t i = 0; i < latents; ++i) {
    const Tensor one = latent.row_range(i * h8, h8);
    if (state.kind == FlashVsrDecoder::tc) {
      std::vector<Tensor> condition;
      for (int64_t j = 4 * i - dropped; j < 4 * i - dropped + 4; ++j)
        condition.push_back(condition.empty() || j > 0 ? picture(std::max<int64_t>(j, 0)) : condition.back());
      int64_t frame = 4 * i - dropped;
      decoder_.forward(ops, one, std::move(condition), state.decoder, [&](Tensor made) {
        if (frame++ >= 0) give(std::move(made));
      });
    } else {
      CHECK(vae_ != nullptr, "the Wan VAE is asked for and its weights are not there");
      for (Tensor& made : vae_->forward(ops, one, state.vae)) give(std::move(made));
    }
  }
}

}  // namespace heirloom

#include "model/transformer.h"

#include <tuple>

namespace heirloom {

Transformer::Transformer(Ops& ops, const Weights& weights, const TransformerConfig& config, const Prompt& prompt) : config_(config) {
  const int64_t D = config.dim, F = config.ffn;
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string at = "blocks." + str(i) + ".";
    const auto linear = [&](const std::string& name, int64_t out, int64_t in) {
      return ops.pack_linear(weights.get(at + name + ".weight", {out, in}), ops.upload(weights.get(at + name + ".bias", {out})));
    };
    const auto row = [&](const std::string& name) { return ops.upload(weights.get(at + name, {D})); };
    Block block;
    block.modulation = ops.upload(weights.get(at + "modulation", {1, 6, D})).reshape({6, D});
    block.q = linear("self_attn.q", D, D);
    block.k = linear("self_attn.k", D, D);
    block.v = linear("self_attn.v", D, D);
    block.o = linear("self_attn.o", D, D);
    block.norm_q = row("self_attn.norm_q.weight");
    block.norm_k = row("self_attn.norm_k.weight");
    if (config.has_prompt) {
      block.prompt_q = linear("cross_attn.q", D, D);
      block.prompt_o = linear("cross_attn.o", D, D);
      block.prompt_norm_q = row("cross_attn.norm_q.weight");
      block.norm3_weight = row("norm3.weight");
      block.norm3_bias = row("norm3.bias");
      std::tie(block.prompt_k, block.prompt_v) = prompt(i);
    }
    block.ffn_up = linear("ffn.0", F, D);
    block.ffn_down = linear("ffn.2", D, F);
    blocks_.push_back(std::move(block));
  }
}

std::vector<Modulation> Transformer::modulations(Ops& ops, const Tensor& row) const {
  std::vector<Modulation> list;
  for (const Block& block : blocks_) {
    const Tensor m = row.defined() ? ops.add(block.modulation, row.reshape({6, config_.dim})) : block.modulation;
    const auto part = [&](int64_t i) { return m.row_range(i, 1).reshape({config_.dim}); };
    list.push_back({part(0), part(1), part(2), part(3), part(4), part(5)});
  }
  return list;
}

Tensor Transformer::forward(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations, TransformerState& state, const Taps* taps) const {
  state.rings.resize(blocks_.size());
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const Modulation& m = modulations[i];
    const std::string name = "b" + str(i) + ".";
    {
      const Tensor y = ops.norm_modulate(x, config_.norm_eps, m.shift_attn, m.scale_attn);
      const Tensor a = attention(ops, block, y, chunk, state.rings[i], taps, name);
      x = ops.linear(a, block.o, Then().gated(m.gate_attn).plus(x));
    }
    if (config_.has_prompt) {
      const Tensor y = ops.norm_affine(x, config_.norm_eps, block.norm3_weight, block.norm3_bias);
      const Tensor q = ops.rms_norm(ops.linear(y, block.prompt_q), block.prompt_norm_q, config_.qk_eps);
      x = ops.linear(ops.cross_attention(q, block.prompt_k, block.prompt_v, config_.rope.heads), block.prompt_o, Then().plus(x));
    }
    {
      const Tensor y = ops.norm_modulate(x, config_.norm_eps, m.shift_ffn, m.scale_ffn);
      const Tensor hidden = ops.linear(y, block.ffn_up, Activation::gelu_tanh);       // [L, F]
      x = ops.linear(hidden, block.ffn_down, Then().gated(m.gate_ffn).plus(x));
    }
    tap(taps, name + "x_out", x);
  }
  return x;
}

// y [L, D] -> [L, D] before the output projection. The chunk's keys and values join the ring; one old segment leaves it.
Tensor Transformer::attention(Ops& ops, const Block& block, const Tensor& y, const Chunk& chunk, KvRing& ring, const Taps* taps, const std::string& name) const {
  const Grid& grid = chunk.grid;
  Grid segment = grid;
  segment.f = grid.window[0];
  const int64_t segment_tokens = segment.tokens();
  const auto turned = [&](const LinearWeight& weight, const Tensor& norm) {
    Tensor t = ops.rms_norm(ops.linear(y, weight), norm, config_.qk_eps);             // over the whole width, before heads
    ops.rope(t, grid, config_.rope, chunk.first_latent);
    return t;
  };

  const Tensor q = ops.window_partition(turned(block.q, block.norm_q), grid);         // [S*n, window_tokens, D]
  {
    const Tensor k = turned(block.k, block.norm_k);
    const Tensor v = ops.linear(y, block.v);
    for (int64_t s = 0; s < grid.segments(); ++s) {   // each segment in its own buffer, so that the ring can let go of one
      ring.k.push_back(ops.window_partition(k.row_range(s * segment_tokens, segment_tokens), segment));
      ring.v.push_back(ops.window_partition(v.row_range(s * segment_tokens, segment_tokens), segment));
      ring.pooled.push_back(ops.pool_blocks(ring.k.back()));
    }
  }
  tap(taps, name + "q_windows", q);
  tap(taps, name + "k_windows", ring.k.back());
  tap(taps, name + "v_windows", ring.v.back());

  SelectRule rule;
  rule.heads = config_.rope.heads;
  rule.rows = grid.rows();
  rule.columns = grid.columns();
  rule.local_range = config_.local_range;
  rule.topk = chunk.topk;
  rule.force_own = config_.force_own_window;
  const Tensor q_pooled = ops.pool_blocks(q), k_pooled = ops.stack_rows(ring.pooled);
  if (taps && taps->tensor) tap(taps, name + "draft_prob", ops.block_probabilities(q_pooled, k_pooled, rule));
  const KeepList keep = ops.select_blocks(q_pooled, k_pooled, rule);
  tap(taps, name + "mask", keep);
  const Tensor o = ops.block_sparse_attention(q, ring.k, ring.v, keep);
  tap(taps, name + "attn_windows", o);

  if (static_cast<int64_t>(ring.k.size()) > config_.kv_segments)                      // exactly one, whatever the excess
    for (Segments* list : {&ring.k, &ring.v, &ring.pooled}) list->erase(list->begin());
  if (taps && taps->tensor) tap(taps, name + "kcache_mean", ops.stack_rows(ring.pooled));
  return ops.window_merge(o, grid);
}

}  // namespace heirloom

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

// Rows do not look at each other there: one segment after the other, so that what is wide is only as long as a segment. x [L, D] -> same
template <class Body>
static Tensor by_segment(Ops& ops, Tensor x, int64_t tokens, const Body& body) {
  if (x.shape[0] == tokens) return body(x);
  std::vector<Tensor> parts;
  for (int64_t at = 0; at < x.shape[0]; at += tokens) parts.push_back(body(x.row_range(at, tokens)));
  x = Tensor();
  return ops.stack_rows(parts);
}

Tensor Transformer::forward(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations, TransformerState& state, const Taps* taps) const {
  state.rings.resize(blocks_.size());
  Grid segment = chunk.grid;
  segment.f = segment.window[0];
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const Modulation& m = modulations[i];
    const std::string name = "b" + str(i) + ".";
    {
      const Tensor a = attention(ops, block, ops.norm_modulate(x, config_.norm_eps, m.shift_attn, m.scale_attn), chunk, state.rings[i], taps, name);
      x = ops.linear(a, block.o, Then().gated(m.gate_attn).plus(x));
    }
    x = by_segment(ops, std::move(x), segment.tokens(), [&](const Tensor& part) {
      Tensor z = part;
      if (config_.has_prompt) {
        const Tensor y = ops.norm_affine(z, config_.norm_eps, block.norm3_weight, block.norm3_bias);
        const Tensor q = ops.rms_norm(ops.linear(y, block.prompt_q), block.prompt_norm_q, config_.qk_eps);
        z = ops.linear(ops.cross_attention(q, block.prompt_k, block.prompt_v, config_.rope.heads), block.prompt_o, Then().plus(z));
      }
      const Tensor y = ops.norm_modulate(z, config_.norm_eps, m.shift_ffn, m.scale_ffn);
      const Tensor hidden = ops.linear(y, block.ffn_up, Activation::gelu_tanh);       // [segment, F]
      return ops.linear(hidden, block.ffn_down, Then().gated(m.gate_ffn).plus(z));
    });
    tap(taps, name + "x_out", x);
  }
  return x;
}

// y [L, D] -> [L, D] before the output projection. The chunk's keys and values join the ring; one old segment leaves it.
Tensor Transformer::attention(Ops& ops, const Block& block, Tensor y, const Chunk& chunk, KvRing& ring, const Taps* taps, const std::string& name) const {
  const Grid& grid = chunk.grid;
  Grid segment = grid;
  segment.f = grid.window[0];
  const int64_t segment_tokens = segment.tokens();
  const auto turned = [&](const Tensor& part, const LinearWeight& weight, const Tensor& norm, const Grid& of, int64_t first_latent) {
    return ops.norm_rope_windows(ops.linear(part, weight), norm, config_.qk_eps, of, config_.rope, first_latent);   // the norm over the whole width, before heads
  };

  Tensor q = turned(y, block.q, block.norm_q, grid, chunk.first_latent);              // [S*n, window_tokens, D]
  for (int64_t s = 0; s < grid.segments(); ++s) {     // each segment in its own buffer, so that the ring can let go of one
    const Tensor part = y.row_range(s * segment_tokens, segment_tokens);
    ring.k.push_back(turned(part, block.k, block.norm_k, segment, chunk.first_latent + s * segment.f));
    ring.v.push_back(ops.window_partition(ops.linear(part, block.v), segment));
    ring.pooled.push_back(ops.pool_blocks(ring.k.back()));
  }
  y = Tensor();
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
  const Tensor q_pooled = ops.pool_blocks(q);
  if (taps && taps->tensor) tap(taps, name + "draft_prob", ops.block_probabilities(q_pooled, ring.pooled, rule));
  const KeepList keep = ops.select_blocks(q_pooled, ring.pooled, rule);
  tap(taps, name + "mask", keep);
  const Tensor o = ops.block_sparse_attention_merged(q, ring.k, ring.v, keep, grid);
  q = Tensor();
  if (taps && taps->tensor) tap(taps, name + "attn_windows", ops.window_partition(o, grid));

  if (static_cast<int64_t>(ring.k.size()) > config_.kv_segments)                      // exactly one, whatever the excess
    for (Segments* list : {&ring.k, &ring.v, &ring.pooled}) list->erase(list->begin());
  if (taps && taps->tensor) tap(taps, name + "kcache_mean", ops.stack_rows(ring.pooled));
  return o;
}

}  // namespace heirloom

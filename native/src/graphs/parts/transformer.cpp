#include "graphs/parts/transformer.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace heirloom {

Transformer::Transformer(Ops& ops, const Weights& weights, const TransformerConfig& config, const Prompt& prompt)
    : config_(config) {
  const int64_t D = config.dim, F = config.ffn;
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string at = "blocks." + str(i) + ".";
    const auto linear = [&](const std::string& name, int64_t out, int64_t in) {
      return ops.products.pack_large_linear(weights.get(at + name + ".weight", {out, in}),
                                            ops.memory.upload(weights.get(at + name + ".bias", {out})));
    };
    const auto row = [&](const std::string& name) { return ops.memory.upload(weights.get(at + name, {D})); };
    Block block;
    block.modulation = ops.memory.upload(weights.get(at + "modulation", {1, 6, D})).reshape({6, D});
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
    for (const LinearWeight* w :
         {&block.q, &block.k, &block.v, &block.o, &block.prompt_q, &block.prompt_o, &block.ffn_up, &block.ffn_down})
      if (w->weight) block.weights.push_back(w->weight);
    blocks_.push_back(std::move(block));
  }
}

std::vector<Modulation> Transformer::modulations(Ops& ops, const Tensor& row) const {
  std::vector<Modulation> list;
  for (const Block& block : blocks_) {
    const Tensor m =
        row.defined() ? ops.features.add(block.modulation, row.reshape({6, config_.dim})) : block.modulation;
    const auto part = [&](int64_t i) { return m.row_range(i, 1).reshape({config_.dim}); };
    list.push_back({part(0), part(1), part(2), part(3), part(4), part(5)});
  }
  return list;
}

// Tokens do not look at each other there: some after the others, in equal pieces, so that what is wide is only as long as a piece. x [L, D]
template <class Body>
static void in_pieces(const Tensor& x, const Body& body) {
  const int64_t L = x.shape[0], pieces = (L + Transformer::kPiece - 1) / Transformer::kPiece,
                each = ((L + pieces - 1) / pieces + 127) / 128 * 128;
  for (int64_t at = 0; at < L; at += each) body(x.row_range(at, std::min(each, L - at)));
}

Tensor Transformer::forward(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations,
                            TransformerState& state, const Taps* taps) const {
  if (taps)
    return through_blocks(ops, std::move(x), chunk, modulations, state,
                          taps);   // whoever taps looks at results in the middle
  ops.memory.replayable("transformer " + str(x.shape),
                        [&] { x = through_blocks(ops, std::move(x), chunk, modulations, state, nullptr); });
  return x;
}

Tensor Transformer::through_blocks(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations,
                                   TransformerState& state, const Taps* taps) const {
  state.rings.resize(blocks_.size());
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const Modulation& m = modulations[i];
    const std::string name = "b" + str(i) + ".";
    ops.products.enter(block.weights, blocks_[(i + 1) % blocks_.size()].weights);
    {
      const Tensor a =
          attention(ops, block, ops.features.norm_modulate(x, config_.norm_eps, m.shift_attn, m.scale_attn), chunk,
                    state.rings[i], taps, name);
      x = ops.products.linear(a, block.o, Epilogue().gated(m.gate_attn).plus(x));
    }
    in_pieces(x, [&](Tensor part) {                   // rows of x, which change in place
      if (config_.has_prompt) {
        Tensor y = ops.products.linear(
            ops.features.norm_affine(part, config_.norm_eps, block.norm3_weight, block.norm3_bias), block.prompt_q);
        y = ops.features.rms_norm(y, block.prompt_norm_q, config_.qk_eps);
        y = ops.attention.cross_attention(y, block.prompt_k, block.prompt_v, config_.rope.heads);
        ops.products.add_linear(part, y, block.prompt_o, Tensor());
      }
      const Tensor y = ops.features.norm_modulate(part, config_.norm_eps, m.shift_ffn, m.scale_ffn);
      ops.products.add_linear(part, ops.products.linear(y, block.ffn_up, Activation::gelu_tanh), block.ffn_down,
                              m.gate_ffn);   // [piece, F] between
    });
    tap(taps, name + "x_out", x);
  }
  return x;
}

// y [L, D] -> [L, D] before the output projection. The chunk's keys and values join the ring, quantised where the device keeps them so; one old segment leaves it.
Tensor Transformer::attention(Ops& ops, const Block& block, Tensor y, const Chunk& chunk, KvRing& ring,
                              const Taps* taps, const std::string& name) const {
  const Grid& grid = chunk.grid;
  Grid segment = grid;
  segment.f = grid.window[0];
  const int64_t segment_tokens = segment.tokens();
  const auto turned = [&](const Tensor& part, const Tensor& norm, const Grid& of, int64_t first_latent) {
    return ops.attention.norm_rope_windows(part, norm, config_.qk_eps, of, config_.rope,
                                           first_latent);    // the norm over the whole width, before heads
  };

  Segments own_k, own_v;  // each segment in its own buffer, so that the ring can let go of one
  for (int64_t s = 0; s < grid.segments(); ++s) {
    const Tensor part = y.row_range(s * segment_tokens, segment_tokens);
    own_k.push_back(
        turned(ops.products.linear(part, block.k), block.norm_k, segment, chunk.first_latent + s * segment.f));
    own_v.push_back(ops.attention.window_partition(ops.products.linear(part, block.v), segment));
  }
  Tensor q = ops.products.linear(y, block.q);
  y = Tensor();
  q = turned(q, block.norm_q, grid, chunk.first_latent);  // [S*n, window_tokens, D]
  tap(taps, name + "q_windows", q);
  tap(taps, name + "k_windows", own_k.back());
  tap(taps, name + "v_windows", own_v.back());

  Segments k, v, pooled;  // earlier segments as they are attended to, then the chunk's own as they are
  for (const Tensor& quantised : ring.k) k.push_back(ops.attention.dequantise_kv(quantised, config_.rope.heads));
  for (const Tensor& quantised : ring.v) v.push_back(ops.attention.dequantise_kv(quantised, config_.rope.heads));
  k.insert(k.end(), own_k.begin(), own_k.end());
  v.insert(v.end(), own_v.begin(), own_v.end());
  for (const Tensor& segment_k : k) pooled.push_back(ops.attention.pool_blocks(segment_k));

  SelectRule rule;
  rule.heads = config_.rope.heads;
  rule.rows = grid.rows();
  rule.columns = grid.columns();
  rule.local_range = config_.local_range;
  rule.topk = chunk.topk;
  rule.force_own = config_.force_own_window;
  const Tensor q_pooled = ops.attention.pool_blocks(q);
  if (taps && taps->tensor) tap(taps, name + "draft_prob", ops.attention.block_probabilities(q_pooled, pooled, rule));
  const BlockMask keep = ops.attention.select_blocks(q_pooled, pooled, rule);
  tap(taps, name + "mask", keep);
  const Tensor o = ops.attention.block_sparse_attention_merged(q, k, v, keep, grid);
  q = Tensor();
  for (const Tensor& segment_k : own_k) ring.k.push_back(ops.attention.quantise_kv(segment_k, config_.rope.heads));
  for (const Tensor& segment_v : own_v) ring.v.push_back(ops.attention.quantise_kv(segment_v, config_.rope.heads));
  if (taps && taps->tensor) tap(taps, name + "attn_windows", ops.attention.window_partition(o, grid));

  if (static_cast<int64_t>(ring.k.size()) > config_.kv_segments)  // exactly one, whatever the excess
    for (Segments* list : {&ring.k, &ring.v}) list->erase(list->begin());
  if (taps && taps->tensor) {
    Segments means;
    for (const Tensor& quantised : ring.k)
      means.push_back(ops.attention.pool_blocks(ops.attention.dequantise_kv(quantised, config_.rope.heads)));
    tap(taps, name + "kcache_mean", ops.features.stack_rows(means));
  }
  return o;
}

}  // namespace heirloom

// The causal block-sparse transformer of the FlashVSR family: blocks with whole-width QK norm, three-axis RoPE, locality-constrained
// global top-k attention over a ring of cached segments, and (if the model has a prompt) cross-attention. Sizes come from the configuration.
#pragma once
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "graphs/parts/taps.h"
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

struct TransformerConfig {
  int64_t dim = 0, layers = 0, ffn = 0;
  Rope rope;  // heads, the three widths of a head, base
  std::array<int64_t, 3> window = {2, 8, 8};  // tokens: latents, rows, columns
  float norm_eps = 1e-6f, qk_eps = 1e-6f;  // of LayerNorm; of the RMS norms
  int64_t local_range = 11;
  int64_t kv_segments = 3;  // segments kept for the next chunk
  bool force_own_window = false;
  bool has_prompt = true;  // cross-attention
};

struct Modulation {  // [D] each
  Tensor shift_attn, scale_attn, gate_attn, shift_ffn, scale_ffn, gate_ffn;
};

// Keys and values that earlier chunks left behind, oldest segment first, after norm and RoPE, in window order, quantised (AttentionOps::quantise_kv).
struct KvRing {
  Segments k, v;  // [n, window_tokens, D] each
};
struct TransformerState {
  std::vector<KvRing> rings;  // one per block
};

// What one call works on.
struct Chunk {
  Grid grid;
  int64_t first_latent = 0;  // absolute index, for RoPE
  int64_t topk = 0;  // pairs per (head, query segment)
};

class Transformer {
 public:
  // prompt: the keys and values of every block's cross-attention; only used if the model has a prompt. Tensor names: blocks.I.*
  using Prompt = std::function<std::pair<Tensor, Tensor>(int64_t block)>;
  static constexpr int64_t kPiece = 9216;  // tokens that go through a block's wide layers at one time
  Transformer(Ops& ops, const Weights& weights, const TransformerConfig& config, const Prompt& prompt = {});

  const TransformerConfig& config() const { return config_; }
  size_t layer_floats() const {
    return static_cast<size_t>(
        config_.layers * ((config_.has_prompt ? 6 : 4) * config_.dim * config_.dim + 2 * config_.dim * config_.ffn));
  }
  bool is_waiting() const {
    return blocks_.front().weights.front()->is_waiting();
  }  // beside the device: another stream lets them come layer by layer
  // Every block's own modulation plus row [6, D].
  std::vector<Modulation> modulations(Ops& ops, const Tensor& row) const;
  // x [f*h*w, D] in raster order -> the same
  Tensor forward(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations,
                 TransformerState& state, const Taps* taps = nullptr) const;

 private:
  struct Block {
    Tensor modulation;  // [6, D]
    LinearWeight q, k, v, o;
    Tensor norm_q, norm_k;  // [D]
    LinearWeight prompt_q, prompt_o;
    Tensor prompt_norm_q, norm3_weight, norm3_bias;  // [D]
    Tensor prompt_k, prompt_v;  // [S, D], constant
    LinearWeight ffn_up, ffn_down;
    Layer weights;  // all of them
  };
  Tensor through_blocks(Ops& ops, Tensor x, const Chunk& chunk, const std::vector<Modulation>& modulations,
                        TransformerState& state, const Taps* taps) const;
  Tensor attention(Ops& ops, const Block& block, Tensor y, const Chunk& chunk, KvRing& ring, const Taps* taps,
                   const std::string& name) const;

  TransformerConfig config_;
  std::vector<Block> blocks_;
};

}  // namespace heirloom

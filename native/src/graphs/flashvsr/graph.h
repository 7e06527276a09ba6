// The FlashVSR graph: condition tokens and noise become latents in one step, latents and condition become pictures.
// Works on padded pictures, chunk by chunk; knows nothing of video frames. The paper's section numbers are those of arXiv 2510.12747.
#pragma once
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "graphs/flashvsr/lq_projection.h"
#include "graphs/parts/taps.h"
#include "graphs/flashvsr/tc_decoder.h"
#include "graphs/parts/transformer.h"
#include "graphs/flashvsr/wan_vae.h"

namespace heirloom {

struct FlashVsrConfig {
  FlashVsrVersion version = FlashVsrVersion::v1_1;
  int64_t local_range = 11;
  int64_t kv_segments = 3;  // int(kv_ratio)
  double sparse_ratio = 2.0;
  double topk_ratio = 0;  // share of n * n kept, instead of the rule by size; 0: the rule
};

// The weights by file; a folder or a test decides where they come from.
struct FlashVsrWeights {
  Weights transformer, projection, decoder, vae;  // vae: without entries if there is none
  Tensor prompt;  // [S, text_dim]; undefined where the transformer's constants are folded in
  size_t parameters() const {
    return transformer.parameters() + projection.parameters() + decoder.parameters() + vae.parameters();
  }
  size_t kept() const;  // numbers that stay in memory: constants instead of what they come from, no encoder
};

enum class FlashVsrDecoder { tc, wan_vae };  // the small one, or that of the "full" pipeline if its weights are there

struct FlashVsrState {
  LqState projection;
  TransformerState transformer;
  TcState decoder;
  WanVaeState vae;
  FlashVsrDecoder kind = FlashVsrDecoder::tc;  // set before the first chunk
  int64_t latents = 0;  // done since the start
};

class FlashVsr {
 public:
  static constexpr int64_t kMultiple = 128;  // of the padded height and width
  static constexpr int64_t kFirstLatents = 6, kLatents = 2;
  static constexpr int64_t kFirstFrames = 21, kFrames = 8;

  FlashVsr(Ops& ops, const FlashVsrWeights& weights, const FlashVsrConfig& config, const Taps* taps = nullptr);

  // Four pictures -> the tokens [h*w, D] of one latent; undefined for the first clip of a stream.
  Tensor condition(Ops& ops, const std::array<Look, 4>& clip, FlashVsrState& state) const {
    return projection_.forward(ops, clip, state.projection);
  }

  // tokens: one per latent. noise: one [H/8, W/8, C] per latent. picture(i): the low-quality one of the chunk's frame i, of 21 in the first chunk, of
  // 8 after it; asked for a few times each. Gives as many pictures [3, H, W], before the colour fix, each as soon as it is made: pictures are large.
  using PictureAt = std::function<Tensor(int64_t)>;
  using Give = std::function<void(Tensor)>;
  void chunk(Ops& ops, std::vector<Tensor> tokens, std::vector<Tensor> noise, const PictureAt& picture,
             FlashVsrState& state, const Give& give, const Taps* taps = nullptr) const;

  // Pairs kept per (head, query segment) for padded H x W.
  int64_t topk(int64_t H, int64_t W) const;
  int64_t latent_channels() const { return in_channels_; }
  const Transformer& transformer() const { return *transformer_; }
  const TransformerConfig& transformer_config() const { return transformer_->config(); }
  const LqProjection& projection() const { return projection_; }
  const TcDecoder& decoder() const { return decoder_; }
  const WanVae* vae() const { return vae_.get(); }  // null: its weights are not there
  size_t floats() const { return floats_; }  // of the weights and constants that are kept

 private:
  Tensor denoise(Ops& ops, std::vector<Tensor> tokens, const std::vector<Tensor>& noise, FlashVsrState& state,
                 const Taps* taps) const;

  FlashVsrConfig config_;
  int64_t in_channels_ = 0;
  LqProjection projection_;
  LinearWeight patch_, head_;
  Tensor head_shift_, head_scale_;  // [D]
  std::unique_ptr<Transformer> transformer_;
  std::vector<Modulation> modulations_;  // block modulation + time, constant
  TcDecoder decoder_;
  std::unique_ptr<WanVae> vae_;
  size_t floats_;
};

}  // namespace heirloom

// The heirloom-small graph in the words of docs/heirloom-s.md, on the ops: recursive mean, condition, projection,
// causal block-sparse transformer with a KV ring, head, decoder. It knows tokens and planes, not frames of video or files.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graphs/small/config.h"
#include "graphs/parts/taps.h"
#include "graphs/parts/transformer.h"
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

struct SmallDecoderBlock {
  ConvWeight conv0, conv1;
  Tensor slope;
};

// What a strength does to a stream.
struct SmallStrength {
  Tensor rows;  // [6, D], added to every block's modulation
  Tensor basis;  // [48, axes], the axes of the residual with their gains
};

// The packed weights of one model, shared by all its streams.
struct SmallWeights {
  SmallConfig config;
  LinearWeight whiten, luma, embed, noise, head, basis;  // luma: with neighbours; basis: with fewer axes than values
  ConvWeight projection, input, output;
  std::shared_ptr<const Transformer> transformer;
  Tensor head_shift, head_scale, input_slope;
  std::vector<SmallDecoderBlock> decoder;
  Tensor basis_values;  // [48, axes], for strengths
  // the strength embedding, as it stands in the file
  Tensor strength_0, strength_0_bias, strength_2, strength_2_bias, strength_row, strength_row_bias, strength_gain,
      strength_gain_bias;
  size_t bytes = 0;

  static SmallWeights load(Ops& ops, const SmallConfig& config, const Weights& file);
  // Without a strength embedding both are undefined.
  SmallStrength strength(double strength) const;
};

// What one frame gives its latent and its own decoding.
struct SmallFrame {
  Tensor picture, condition, embed;  // [3, Hp, Wp], [Hp/4, Wp/4, 2 * whiten], [h, w, E]
  // With neighbours: the motion from the frame before, [Hp/8, Wp/8, 2]; the luma of that frame carried along and, once the frames that follow
  // are known, of their mean and (with "after") of the next one, whitened, [Hp/4, Wp/4, 16] each.
  Tensor motion, before, ahead, after;
};

// What earlier frames left behind, and the frames that wait. Copying it copies handles.
struct SmallState {
  Tensor mean, before;  // [3, Hp, Wp]; before: the last picture, where one is needed
  Tensor embed_before;  // [h, w, E]
  TransformerState transformer;
  std::vector<Tensor> decoder_before;  // one per decoder block: [Hp/4, Wp/4, shift]
  std::vector<SmallFrame> waiting;  // fewer than frames_needed
  int64_t frames = 0, latents = 0, decoded = 0;  // decoded only names taps
};

class SmallGraph {
 public:
  using Noise = std::function<Tensor(int64_t latent)>;  // [h * w, noise_channels], on the device
  using Emit = std::function<void(const Tensor& y)>;  // y before the clamp, [3, Hp, Wp]

  // strength: from SmallWeights, or nothing. Taps get the names that docs/heirloom-s.md gives the goldens.
  SmallGraph(Ops& ops, const SmallWeights& weights, const SmallStrength& strength, int64_t padded_height,
             int64_t padded_width, const Taps* taps = nullptr);

  // The next picture [3, Hp, Wp]. When enough of them are known, the first latent of those that wait is made.
  void take(const Tensor& picture, SmallState& state, const Noise& noise, const Emit& emit);
  // What waits, without more to come: the last latent is filled up by repeating its last frame; nothing is emitted for the repetitions.
  void finish(SmallState& state, const Noise& noise, const Emit& emit);

  // Frames that must be known before the first comes out: a latent, with neighbours the next one too.
  static int64_t frames_needed(const SmallConfig& c) { return SmallConfig::kTokenFrames * (c.has_neighbours ? 2 : 1); }
  int64_t token_rows() const { return rows_; }
  int64_t token_columns() const { return columns_; }

 private:
  SmallFrame condition(const Tensor& picture, SmallState& state);
  Tensor luma(const Tensor& picture) const;  // [3, Hp, Wp] -> [Hp/4, Wp/4, 16], whitened
  void look_ahead(SmallState& state) const;
  std::vector<Tensor> latent(const Tensor& noise, SmallState& state);
  Tensor decode(const SmallFrame& frame, const Tensor& planes, SmallState& state);
  void enhance(int64_t real, SmallState& state, const Noise& noise, const Emit& emit);

  Ops& ops_;
  const SmallWeights& w_;
  const SmallConfig& c_;
  const Taps* taps_;  // may be null
  int64_t height_, width_, rows_, columns_;  // padded picture; token grid
  std::vector<Modulation> modulations_;  // with the strength row added
  LinearWeight basis_;  // with the strength's gains
};

}  // namespace heirloom

// small_graph.h: the heirloom-small graph in the words of docs/heirloom-s.md, on the ops: recursive mean, condition, projection,
// causal block-sparse transformer with a KV ring, head, decoder. It knows tokens and planes, not frames of video or files.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "model/small_config.h"
#include "model/taps.h"
#include "model/transformer.h"
#include "ops.h"
#include "weight_file.h"

namespace heirloom {

struct SmallDecoderBlock {
  ConvWeight conv0, conv1;
  Tensor slope;
};

// The packed weights of one model, shared by all its streams.
struct SmallWeights {
  SmallConfig config;
  LinearWeight whiten, embed, noise, head;
  ConvWeight projection, input, output;
  std::shared_ptr<const Transformer> transformer;
  Tensor head_shift, head_scale, input_slope;
  std::vector<SmallDecoderBlock> decoder;
  // the strength embedding, as it stands in the file
  Tensor strength_0, strength_0_bias, strength_2, strength_2_bias, strength_row, strength_row_bias;
  size_t bytes = 0;

  static SmallWeights load(Ops& ops, const SmallConfig& config, const Weights& file);
  // The row [6, D] that the given strength adds to every block's modulation; undefined without a strength embedding.
  Tensor strength_rows(double strength) const;
};

// What earlier frames left behind. Copying it copies handles.
struct SmallState {
  Tensor mean, before;                                // [3, Hp, Wp]; before: the last picture, where the mean follows motion
  Tensor embed_before;                                // [h, w, E]
  TransformerState transformer;
  std::vector<Tensor> decoder_before;                 // one per decoder block: [Hp/4, Wp/4, shift]
  int64_t frames = 0, latents = 0, decoded = 0;       // decoded only names taps
};

class SmallGraph {
 public:
  // strength_rows: from SmallWeights, or undefined. Taps get the names that docs/heirloom-s.md gives the goldens.
  SmallGraph(Ops& ops, const SmallWeights& weights, const Tensor& strength_rows, int64_t padded_height, int64_t padded_width, const Taps* taps = nullptr);

  // What one frame gives the latent and its own decoding.
  struct Frame { Tensor picture, condition, embed; }; // [3, Hp, Wp], [Hp/4, Wp/4, 2 * whiten], [h, w, E]
  Frame condition(const Tensor& picture, SmallState& state);
  // Four frames and noise [h * w, noise_channels] -> the latent planes of each frame, [Hp/4, Wp/4, latent_channels].
  std::vector<Tensor> latent(const std::vector<Frame>& frames, const Tensor& noise, SmallState& state);
  // y before the clamp, [3, Hp, Wp]
  Tensor decode(const Frame& frame, const Tensor& planes, SmallState& state);

  int64_t token_rows() const { return rows_; }
  int64_t token_columns() const { return columns_; }

 private:
  Ops& ops_;
  const SmallWeights& w_;
  const SmallConfig& c_;
  const Taps* taps_;                                  // may be null
  int64_t height_, width_, rows_, columns_;           // padded picture; token grid
  std::vector<Modulation> modulations_;               // with the strength row added
};

}  // namespace heirloom

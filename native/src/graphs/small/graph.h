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

// What a strength does to a stream, or a quantiser to a latent.
struct SmallChange {
  Tensor rows;  // [6, D], added to every block's modulation
  Tensor basis;  // [48, axes], the axes of the residual with their gains
};

// A number in [0, 1] embedded and projected on rows and gains; its weights as they stand in the file.
struct SmallSlider {
  Tensor first, first_bias, second, second_bias, row, row_bias, gain, gain_bias;

  static SmallSlider load(const Weights& file, const std::string& name, const SmallConfig& config);
  bool defined() const { return first.defined(); }
  // -> [6 * D] and [axes]. Once per stream or latent and tiny: plain loops in double.
  std::pair<std::vector<double>, std::vector<double>> at(double value) const;
};

// The packed weights of one model, shared by all its streams.
struct SmallWeights {
  SmallConfig config;
  LinearWeight whiten, luma, embed, noise, head, basis;  // luma: with neighbours; basis: with fewer axes than values
  ConvWeight projection, input, output;
  std::shared_ptr<const Transformer> transformer;
  Tensor head_shift, head_scale, input_slope;
  std::vector<SmallDecoderBlock> decoder;
  Tensor basis_values;  // [48, axes], for strengths and quantisers
  SmallSlider strength_slider, quantiser_slider;
  size_t bytes = 0;

  static SmallWeights load(Ops& ops, const SmallConfig& config, const Weights& file);
  // Without a strength embedding both are undefined.
  SmallChange strength(double strength) const;
  // Of a model that is told a quantiser; share: of the residual that is added.
  SmallChange quantiser(double quantiser, double share) const;

 private:
  SmallChange change(const std::vector<double>& row, double row_share, const std::vector<double>& gains) const;
};

// What one frame gives its latent and its own decoding.
struct SmallFrame {
  Tensor picture, condition, embed;  // [3, Hp, Wp], [Hp/4, Wp/4, 2 * whiten], [h, w, E]
  // With neighbours: the motion from the frame before, [Hp/8, Wp/8, 2]; the luma of that frame carried along and, once the frames that follow
  // are known, of their mean and (with "after") of the next one, whitened, [Hp/4, Wp/4, 16] each.
  Tensor motion, before, ahead, after;
  double quantiser = 0;
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

  // strength: with a strength embedding how much of the change is made; with a quantiser the share of the residual that is added; otherwise nothing
  // hangs on it. Taps get the names that docs/heirloom-s.md gives the goldens.
  SmallGraph(Ops& ops, const SmallWeights& weights, double strength, int64_t padded_height, int64_t padded_width,
             const Taps* taps = nullptr);

  // The next picture [3, Hp, Wp]. When enough of them are known, the first latent of those that wait is made.
  // quantiser: of this frame, in [0, 1], for a model that is told.
  void take(const Tensor& picture, SmallState& state, const Noise& noise, const Emit& emit, double quantiser = 0);
  // What waits, without more to come: the last latent is filled up by repeating its last frame; nothing is emitted for the repetitions.
  void finish(SmallState& state, const Noise& noise, const Emit& emit);

  // Frames that must be known before the first comes out: a latent, with neighbours the next one too.
  static int64_t frames_needed(const SmallConfig& c) { return SmallConfig::kTokenFrames * (c.has_neighbours ? 2 : 1); }
  int64_t token_rows() const { return rows_; }
  int64_t token_columns() const { return columns_; }

 private:
  SmallFrame condition(const Tensor& picture, double quantiser, SmallState& state);
  void follow(double quantiser);
  void apply(const SmallChange& change);
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
  double strength_, quantiser_ = -1;  // quantiser_: that the next two follow
  std::vector<Modulation> modulations_;  // with the row of strength or quantiser added
  LinearWeight basis_;  // with the gains of strength or quantiser
};

}  // namespace heirloom

#include "model/small_model.h"

#include <algorithm>
#include <new>
#include <utility>

#include "check.h"
#include "memory_plan.h"
#include "model/frame_stream.h"
#include "model/small_noise.h"
#include "sha256.h"

namespace heirloom {
namespace {

int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

struct Padded { int64_t height, width; };
Padded padded_size(const SmallConfig& c, const StreamOptions& o) {
  return {round_up(int64_t(o.input.height) * o.scale, c.pad_height()), round_up(int64_t(o.input.width) * o.scale, c.pad_width())};
}

std::string size_of(const FrameFormat& f) { return str(f.width) + "x" + str(f.height); }

class SmallModel final : public Model, public std::enable_shared_from_this<SmallModel> {
 public:
  SmallModel(ModelInfo info, SmallWeights weights, std::string device) : info_(std::move(info)), weights_(std::move(weights)), device_(std::move(device)) {}

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StreamOptions& options) const override {
    check_stream_options(options, {info_.name, info_.scales, weights_.config.has_strength});
    const SmallMemory memory = small_memory(weights_.config, options);
    return make_plan(weights_.bytes, memory.state, memory.activations, options.memory_limit);
  }
  std::unique_ptr<Stream> stream(const StreamOptions& options) const override;

  const SmallWeights& weights() const { return weights_; }
  const std::string& device() const { return device_; }

 private:
  ModelInfo info_;
  SmallWeights weights_;
  std::string device_;
};

class SmallStream final : public FrameStream {
 public:
  SmallStream(std::shared_ptr<const SmallModel> model, const StreamOptions& options, Padded size)
      : FrameStream(options, model->device(), size.height, size.width), model_(std::move(model)),
        graph_(ops(), model_->weights(), model_->weights().strength_rows(options.strength), size.height, size.width) {}

 private:
  void take(const Tensor& picture) override {
    waiting_.push_back(graph_.condition(picture, state_));
    if (int64_t(waiting_.size()) == SmallConfig::kTokenFrames) enhance(waiting_.size());
  }

  // The last latent is filled up by repeating its last frame; what comes out for the repetitions is dropped.
  void flush() override {
    if (waiting_.empty()) return;
    const size_t real = waiting_.size();
    while (int64_t(waiting_.size()) < SmallConfig::kTokenFrames) waiting_.push_back(graph_.condition(waiting_.back().picture, state_));
    enhance(real);
  }

  void forget() override {
    waiting_.clear();
    state_ = {};
  }

  void enhance(size_t real) {
    const Tensor noise = keyed_noise(options().seed, state_.latents, graph_.token_rows(), graph_.token_columns(), model_->weights().config.noise_channels);
    std::vector<Tensor> planes = graph_.latent(waiting_, ops().upload(noise), state_);
    for (size_t i = 0; i < real; ++i) {
      emit(graph_.decode(waiting_[i], planes[i], state_), waiting_[i].picture, options().colour);   // the graph's own colours are true: default is none
      waiting_[i] = {};
      planes[i] = {};
    }
    waiting_.clear();
  }

  std::shared_ptr<const SmallModel> model_;
  SmallGraph graph_;
  SmallState state_;
  std::vector<SmallGraph::Frame> waiting_;            // fewer than four between calls
};

std::unique_ptr<Stream> SmallModel::stream(const StreamOptions& options) const {
  require_fits(plan(options), "a stream of " + size_of(options.input) + " at x" + str(options.scale));
  try {
    return std::make_unique<SmallStream>(shared_from_this(), options, padded_size(weights_.config, options));
  } catch (const std::bad_alloc&) {
    fail("out-of-memory", "The system refused memory for a stream of " + size_of(options.input) + " at x" + str(options.scale) + ". Nothing was started.");
  }
}

}  // namespace

SmallMemory small_memory(const SmallConfig& c, const StreamOptions& o) {
  const Padded size = padded_size(c, o);
  const double P = double(size.height) * double(size.width);              // padded output pixels
  const double in = double(o.input.width) * double(o.input.height), packed = double(o.output.bytes());
  if (o.strength == 0.f) return {0, size_t(4 * 3 * (in + double(o.output.width) * double(o.output.height)) + packed)};
  const double tokens = P / 256, windows = tokens / double(c.window[1] * c.window[2]), D = double(c.dim);
  const double C = double(c.decoder_channels) / 16, planes = double(c.latent_channels) / 16, condition = double(c.condition()) / 16;   // per pixel

  double state = 3 * P;                                                   // the recursive mean
  state += tokens * double(c.embed);
  state += double(c.layers * c.kv_segments) * (2 * tokens + windows) * D; // keys, values, pooled keys
  state += double(c.decoder_blocks * c.decoder_shift) / 16 * P;

  const double waiting = 4 * ((3 + condition) * P + tokens * double(c.embed));
  const double conditioning = (3 + 2 * condition + 6) * P;                // unshuffled picture, halves and whole, planes of the mean
  const double near = std::min(double(c.local_range * c.local_range), windows) * double(c.kv_segments + 1);
  const double latent = tokens * (8 * D + double(c.ffn) + 4 * 16 * double(c.latent_channels)) + 4 * planes * P + double(c.heads) * windows * near * 4;
  const double decoding = (4 * planes + 3 * C + 4 * 3) * P;               // planes of four frames, three maps, output in four forms
  constexpr double kPoolSlack = 1.6;                                      // freed pieces of one size do not always fit the next; measured by plan_test
  const double work = kPoolSlack * std::max({conditioning, latent, decoding});
  const double fixes = o.colour == ColourFix::adain || o.colour == ColourFix::wavelet ? 12 * P : 0;
  const double kept = 3 * P + 3 * in;                                     // where the input is converted and enlarged
  return {size_t(4 * state), size_t(4 * (waiting + work + fixes + kept) + 4 * packed)};
}

SmallWeights load_small_weights(Ops& ops, const std::string& folder, const Json& json) {
  const SmallConfig config = read_small_config(json, "model.json");
  Weights file;
  file.open(folder + "/" + config.weights);
  return SmallWeights::load(ops, config, file);
}

std::shared_ptr<Model> make_small_model(const std::string& folder, const Json& json, const std::string& device) {
  const SmallConfig config = read_small_config(json, "model.json");
  const std::string path = folder + "/" + config.weights;
  Weights file;
  file.open(path);
  ModelInfo info;
  info.name = config.name;
  info.graph = "heirloom-small";
  info.scales = config.scales;
  info.parameters = file.parameters();
  info.start_up_frames = info.chunk_frames = int(SmallConfig::kTokenFrames);
  info.look_ahead_frames = int(SmallConfig::kTokenFrames) - 1;
  info.hash = sha256_of_file(path);
  const std::unique_ptr<Ops> ops = make_ops(device, 1, nullptr);
  return std::make_shared<SmallModel>(std::move(info), SmallWeights::load(*ops, config, file), device);
}

}  // namespace heirloom

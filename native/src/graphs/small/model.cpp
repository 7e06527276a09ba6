#include "graphs/small/model.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <new>
#include <numeric>
#include <utility>

#include "check.h"
#include "contract.h"
#include "planning/memory_plan.h"
#include "graphs/stream/frame_stream.h"
#include "graphs/parts/noise.h"
#include "graphs/stream/tiled_pictures.h"
#include "weights/sha256.h"

namespace heirloom {
namespace {

int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

Place padded_size(const SmallConfig& c, const StreamOptions& o) {
  return {round_up(int64_t(o.input.height) * o.scale, c.pad_height()),
          round_up(int64_t(o.input.width) * o.scale, c.pad_width())};
}

class SmallModel final : public Model, public std::enable_shared_from_this<SmallModel> {
 public:
  // weights_at: of the scales that have their own.
  SmallModel(ModelInfo info, SmallWeights weights, std::map<int, SmallWeights> weights_at, DeviceOptions device)
      : info_(std::move(info)),
        weights_(std::move(weights)),
        weights_at_(std::move(weights_at)),
        device_(std::move(device)) {}

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StreamOptions& options) const override {
    check_stream_options(options, {info_.name, info_.scales, info_.contract});
    ModelNeeds needs = small_needs(weights_.config, bytes(), options);
    needs.model = info_.name;
    return choose(needs, device_memory(device_, options.memory_limit),
                  {options.step_down, options.rows, options.columns});
  }
  std::unique_ptr<Stream> stream(const StreamOptions& options) const override;

  const SmallWeights& weights(int scale) const {
    const auto own = weights_at_.find(scale);
    return own == weights_at_.end() ? weights_ : own->second;
  }
  const DeviceOptions& device() const { return device_; }

 private:
  size_t bytes() const {
    return std::accumulate(weights_at_.begin(), weights_at_.end(), weights_.bytes,
                           [](size_t sum, const auto& own) { return sum + own.second.bytes; });
  }

  ModelInfo info_;
  SmallWeights weights_;
  std::map<int, SmallWeights> weights_at_;
  DeviceOptions device_;
};

class SmallPictures final : public PictureStream {
 public:
  SmallPictures(Ops& ops, std::shared_ptr<const SmallModel> model, const StreamOptions& options, const Place& place,
                Emit emit)
      : ops_(ops),
        model_(std::move(model)),
        weights_(model_->weights(options.scale)),
        seed_(options.seed),
        place_(place),
        emit_(std::move(emit)),
        quantisers_(options.quantisers),
        graph_(ops, weights_, options.strength, place.height, place.width) {}

  void take(Look picture, Ticks time) override {
    times_.in(time);
    graph_.take(picture(), state_, noise_, made_, quantiser(time));
  }
  void flush() override { graph_.finish(state_, noise_, made_); }
  void forget() override {
    state_ = {};
    times_.forget();
  }

 private:
  // Of a frame: that of the last span that has begun; before the first one, the first's.
  double quantiser(Ticks time) const {
    if (quantisers_.empty()) return model_->info().contract.otherwise("quantiser");
    const auto later = std::upper_bound(quantisers_.begin(), quantisers_.end(), time,
                                        [](Ticks t, const QuantiserFrom& q) { return t < q.from; });
    return (later == quantisers_.begin() ? later : std::prev(later))->quantiser;
  }
  Tensor noise(int64_t latent) const {
    constexpr int64_t token = SmallConfig::kTokenSize;
    return ops_.memory.upload(keyed_noise(seed_, latent, graph_.token_rows(), graph_.token_columns(),
                                          weights_.config.noise_channels, place_.row / token, place_.column / token));
  }

  Ops& ops_;
  std::shared_ptr<const SmallModel> model_;
  const SmallWeights& weights_;
  uint64_t seed_;
  Place place_;
  Emit emit_;
  std::vector<QuantiserFrom> quantisers_;
  SmallGraph graph_;
  SmallState state_;
  OneForOne times_;
  SmallGraph::Emit made_ = [this](const Tensor& picture) { emit_(picture, times_.out()); };
  SmallGraph::Noise noise_ = [this](int64_t latent) { return noise(latent); };
};

std::unique_ptr<Stream> SmallModel::stream(const StreamOptions& options) const {
  const MemoryPlan plan = this->plan(options);
  require_fits(plan);
  const Place whole = padded_size(weights_.config, options);
  const TileGrid grid = tile_grid(whole.height, whole.width, plan.rows, plan.columns,
                                  {weights_.config.pad_height(), weights_.config.pad_width()});
  // The graph's own colours are true: by default nothing is fixed.
  const ColourFix colour = options.colour == ColourFix::model_default ? ColourFix::none : options.colour;
  try {
    return std::make_unique<FrameStream>(
        options, info_.contract.time, as_planned(device_, plan), plan.limit - plan.weights, grid, colour,
        [self = shared_from_this(), options](Ops& ops, const Place& place,
                                             Emit emit) -> std::unique_ptr<PictureStream> {
          return std::make_unique<SmallPictures>(ops, self, options, place, std::move(emit));
        });
  } catch (const std::bad_alloc&) {
    fail("out-of-memory",
         say(sentences::kMemoryStream, {{"size", in_words(options.input)}, {"scale", str(options.scale)}}));
  }
}

Footprint small_need(const SmallConfig& c, double P, const MemoryMode& mode) {
  const double tokens = P / 256, windows = tokens / double(c.window[1] * c.window[2]), D = double(c.dim);
  const double C = double(c.decoder_channels) / 16, planes = double(c.latent_channels) / 16,
               condition = double(c.condition()) / 16;   // per pixel

  const double cache = double(c.layers * c.kv_segments) * 2 * tokens * D;               // keys, values
  const double followed = c.mean_follows_motion || c.has_neighbours
                              ? 3 * P
                              : 0;   // the picture before, while a new mean is made also the one carried along
  const double neighbours = double(c.neighbours()) / 16;
  const double frames =
      4 * ((3 + condition + neighbours) * P + tokens * double(c.embed));   // one latent's, until it has come out
  double remembered = 3 * P + followed;                                   // the recursive mean
  remembered += tokens * double(c.embed) + (c.has_neighbours ? frames : 0);
  remembered += double(c.decoder_blocks * c.decoder_shift) / 16 * P;

  const double conditioning =
      (3 + 2 * condition + 6) * P + followed;     // unshuffled picture, halves and whole, planes of the mean
  const double near = std::min(double(c.local_range * c.local_range), windows) * double(c.kv_segments + 1);
  const double latent = windows * double(c.kv_segments + 2) * D +
                        tokens * (8 * D + double(c.ffn) + 4 * 16 * double(c.latent_channels)) + 4 * planes * P +
                        double(c.heads) * windows * near * 4;
  const double decoding = (4 * planes + 3 * C + 4 * 3) * P;  // planes of four frames, three maps, output in four forms
  constexpr double kPoolSlack = 1.6;  // freed pieces of one size do not always fit the next; measured by plan_test
  const double number = double(mode.number_bytes);
  Footprint footprint;
  footprint.cache = size_t(double(mode.cache_bytes) * cache);
  footprint.remembered = size_t(number * remembered);
  footprint.work = size_t(number * (frames + kPoolSlack * std::max({conditioning, latent, decoding})));
  return footprint;
}

}  // namespace

ModelNeeds small_needs(const SmallConfig& c, size_t weights, const StreamOptions& o) {
  const Place size = padded_size(c, o);
  const double P = double(size.height) * double(size.width);  // padded output pixels
  const double in = double(o.input.width) * double(o.input.height), packed = double(o.output.bytes());
  ModelNeeds needs;
  needs.size = in_words(o.input);
  needs.scale = o.scale;
  needs.height = size.height;
  needs.width = size.width;
  needs.unit = {c.pad_height(), c.pad_width()};
  if (o.strength == 0.f) {  // the resized input, without the model
    needs.frames = size_t(4 * 3 * (in + double(o.output.width) * double(o.output.height)) + packed);
    needs.unit = {size.height, size.width};
    needs.footprint = [weights](int64_t, int64_t, const MemoryMode&) { return Footprint{weights, 0, 0, 0, 0}; };
    return needs;
  }
  const double fixes =
      (o.colour == ColourFix::adain || o.colour == ColourFix::wavelet ? 12 * P : 0) + (o.detail > 0.f ? 9 * P : 0);
  needs.frames =
      size_t(4 * (fixes + 3 * P + 3 * in) + 4 * packed);  // where the input is converted and enlarged, finished frames
  needs.part_frames = size_t(4 * (TiledPictures::kStep + 4 + 1) * 3 * P);  // waiting, begun, given back to the device
  needs.footprint = [c, weights](int64_t height, int64_t width, const MemoryMode& mode) {
    Footprint footprint = small_need(c, double(height) * double(width), mode);
    footprint.weights = weights;
    return footprint;
  };
  return needs;
}

SmallWeights load_small_weights(Ops& ops, const std::string& folder, const Json& json) {
  const SmallConfig config = read_small_config(json, "model.json");
  Weights file;
  file.open(folder + "/" + config.weights);
  return SmallWeights::load(ops, config, file);
}

std::shared_ptr<Model> make_small_model(const std::string& folder, const Json* model_json, const LoadOptions& options) {
  const SmallConfig config = read_small_config(*model_json, "model.json");
  ModelInfo info;
  info.name = config.name;
  info.graph = "heirloom-small";
  info.scales = config.scales;
  info.start_up_frames = int(SmallGraph::frames_needed(config));
  info.contract = contract_of(model_json, info.graph, "model.json");
  CHECK_AS("weights-corrupt", config.has_strength || config.has_quantiser || !info.contract.takes("strength", 0.5),
           "model.json states that the model takes strengths in between, for which these weights were not trained.");
  CHECK_AS(
      "weights-corrupt", config.has_quantiser == info.contract.has("quantiser"),
      "model.json states a setting \"quantiser\" without weights for one, or has the weights and does not state it.");
  info.hash = sha256_of_file(folder + "/" + config.weights);
  const DeviceOptions device = device_of(options, info.contract, info.name);
  const std::unique_ptr<Ops> ops = make_ops(device, 1, nullptr);
  const auto open = [&](const std::string& name) {
    Weights file;
    file.open(folder + "/" + name);
    info.parameters += file.parameters();
    return SmallWeights::load(*ops, config, file);
  };
  SmallWeights weights = open(config.weights);
  std::map<int, SmallWeights> weights_at;
  for (const auto& [scale, name] : config.weights_at) {
    weights_at.emplace(scale, open(name));
    const std::string both = info.hash + sha256_of_file(folder + "/" + name);
    info.hash = Sha256().add(both.data(), both.size()).hex();
  }
  return std::make_shared<SmallModel>(std::move(info), std::move(weights), std::move(weights_at), device);
}

}  // namespace heirloom

#include "model/small_model.h"

#include <algorithm>
#include <deque>
#include <new>
#include <utility>

#include "check.h"
#include "memory_plan.h"
#include "model/small_noise.h"
#include "pixel/pixel.h"
#include "sha256.h"

namespace heirloom {
namespace {

int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

struct Padded { int64_t height, width; };
Padded padded_size(const SmallConfig& c, const StreamOptions& o) {
  return {round_up(int64_t(o.input.height) * o.scale, c.pad_height()), round_up(int64_t(o.input.width) * o.scale, c.pad_width())};
}

std::string size_of(const FrameFormat& f) { return str(f.width) + "x" + str(f.height); }

void check_options(const SmallConfig& c, const StreamOptions& o) {
  pixel::check_format(o.input, "input");
  pixel::check_format(o.output, "output");
  CHECK_AS("bad-argument", std::find(c.scales.begin(), c.scales.end(), o.scale) != c.scales.end(), "The model " + c.name + " does not enlarge by " + str(o.scale) + ".");
  CHECK_AS("bad-argument", int64_t(o.input.width) * o.scale == o.output.width && int64_t(o.input.height) * o.scale == o.output.height,
           "The output must be " + str(o.scale) + " times the input: " + size_of(o.input) + " cannot become " + size_of(o.output) + ".");
  CHECK_AS("bad-argument", o.strength >= 0.f && o.strength <= 1.f, "The strength must lie between 0 and 1.");
  CHECK_AS("bad-argument", c.has_strength || o.strength == 0.f || o.strength == 1.f,
           "The model " + c.name + " was not trained for strengths in between; 0 and 1 work.");
  CHECK_AS("bad-argument", o.threads >= 0 && o.threads <= 1024, "The number of threads must lie between 0 and 1024.");
}

class SmallModel final : public Model, public std::enable_shared_from_this<SmallModel> {
 public:
  SmallModel(ModelInfo info, SmallWeights weights, std::string device) : info_(std::move(info)), weights_(std::move(weights)), device_(std::move(device)) {}

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StreamOptions& options) const override {
    check_options(weights_.config, options);
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

class SmallStream final : public Stream {
 public:
  SmallStream(std::shared_ptr<const SmallModel> model, const StreamOptions& options)
      : model_(std::move(model)), options_(options), size_(padded_size(model_->weights().config, options)),
        ops_(make_ops(model_->device(), options.threads, &cancelled_)), rows_(pixel::threaded_rows(options.threads, &cancelled_)),
        graph_(*ops_, model_->weights(), model_->weights().strength_rows(options.strength), size_.height, size_.width),
        rgb_(size_t(3) * size_t(options.input.width) * size_t(options.input.height)) {
    if (!bypasses()) picture_ = Tensor::heap({3, size_.height, size_.width});
  }

  void push(const uint8_t* frame, size_t bytes) override {
    CHECK_AS("bad-argument", frame && bytes == options_.input.bytes(),
             "A frame of this stream has " + str(options_.input.bytes()) + " bytes, " + str(bytes) + " came.");
    CHECK_AS("bad-argument", !finished_, "The stream was finished; reset it before pushing more frames.");
    guarded([&] { bypasses() ? pass(frame) : take(read(frame)); });
  }

  void finish() override {
    guarded([&] { flush(); });
    finished_ = true;
  }

  size_t ready() const override { return out_.size(); }

  void pull(uint8_t* frame, size_t bytes) override {
    CHECK_AS("bad-argument", frame && bytes == options_.output.bytes(),
             "A finished frame of this stream has " + str(options_.output.bytes()) + " bytes, room for " + str(bytes) + " was given.");
    CHECK_AS("bad-argument", !out_.empty(), "No frame is ready.");
    std::copy(out_.front().begin(), out_.front().end(), frame);
    out_.pop_front();
  }

  // After a cancel or a failure there is nothing worth finishing: frames in the works are dropped.
  void reset() override {
    if (!cancelled_ && !broken_ && !finished_) guarded([&] { flush(); });
    waiting_.clear();
    state_ = {};
    cancelled_ = broken_ = finished_ = false;
  }

  void cancel() override { cancelled_ = true; }

 private:
  // Strength 0 asks for the input itself.
  bool bypasses() const { return options_.strength == 0.f; }

  // A call that fails leaves half a chunk behind; nothing but reset() may follow.
  template <class Body>
  void guarded(Body&& body) {
    if (cancelled_) fail("cancelled", "The stream was cancelled.");
    CHECK_AS("bad-argument", !broken_, "The stream failed before; reset it first.");
    broken_ = true;
    try {
      body();
    } catch (const std::bad_alloc&) {
      fail("out-of-memory", "The system refused memory for " + size_of(options_.output) + " frames. Finished frames are safe; choose a smaller scale or close other programs.");
    }
    broken_ = false;
  }

  void pass(const uint8_t* frame) {
    std::vector<uint8_t> bytes(options_.output.bytes());
    if (pixel::same_format(options_.input, options_.output)) {
      std::copy(frame, frame + bytes.size(), bytes.begin());
    } else {
      const int width = options_.output.width, height = options_.output.height;
      std::vector<float> enlarged(size_t(3) * size_t(width) * size_t(height));
      pixel::to_rgb(options_.input, frame, rgb_.data(), rows_);
      pixel::enlarge(rgb_.data(), options_.input.width, options_.input.height, options_.scale, enlarged.data(), width, height, rows_);
      pixel::from_rgb(options_.output, enlarged.data(), size_t(width), size_t(width) * size_t(height), bytes.data(), rows_);
    }
    out_.push_back(std::move(bytes));
  }

  // Step 1: x [3, Hp, Wp]
  Tensor read(const uint8_t* frame) {
    pixel::to_rgb(options_.input, frame, rgb_.data(), rows_);
    pixel::enlarge(rgb_.data(), options_.input.width, options_.input.height, options_.scale, picture_.data(), int(size_.width), int(size_.height), rows_);
    return ops_->upload(picture_);
  }

  void take(const Tensor& picture) {
    waiting_.push_back(graph_.condition(picture, state_));
    if (int64_t(waiting_.size()) == SmallConfig::kTokenFrames) enhance(waiting_.size());
  }

  // The last latent is filled up by repeating its last frame; what comes out for the repetitions is dropped.
  void flush() {
    if (waiting_.empty()) return;
    const size_t real = waiting_.size();
    while (int64_t(waiting_.size()) < SmallConfig::kTokenFrames) waiting_.push_back(graph_.condition(waiting_.back().picture, state_));
    enhance(real);
  }

  void enhance(size_t real) {
    const Tensor noise = ops_->upload(keyed_noise(options_.seed, state_.latents, graph_.token_rows(), graph_.token_columns(), model_->weights().config.noise_channels));
    std::vector<Tensor> planes = graph_.latent(waiting_, noise, state_);
    for (size_t i = 0; i < real; ++i) {
      write(ops_->clamp(graph_.decode(waiting_[i], planes[i], state_), -1.f, 1.f), waiting_[i].picture);
      waiting_[i] = {};
      planes[i] = {};
    }
    waiting_.clear();
  }

  // y, x [3, Hp, Wp] -> a packed frame
  void write(Tensor y, const Tensor& x) {
    const ColourFix fix = options_.colour;
    if (fix == ColourFix::adain || fix == ColourFix::wavelet) {
      const int64_t height = options_.output.height, width = options_.output.width;
      const Tensor picture = ops_->crop(y, height, width), style = ops_->crop(x, height, width);
      y = fix == ColourFix::adain ? ops_->adain(picture, style) : ops_->wavelet_colour(picture, style);
    }
    const Tensor host = ops_->download(y);
    std::vector<uint8_t> bytes(options_.output.bytes());
    pixel::from_rgb(options_.output, host.data(), size_t(host.shape[2]), size_t(host.shape[1] * host.shape[2]), bytes.data(), rows_);
    out_.push_back(std::move(bytes));
  }

  std::atomic<bool> cancelled_{false};                // first: the ops and the rows look at it until they are gone
  std::shared_ptr<const SmallModel> model_;
  StreamOptions options_;
  Padded size_;
  std::unique_ptr<Ops> ops_;
  pixel::Rows rows_;
  SmallGraph graph_;
  SmallState state_;
  std::vector<SmallGraph::Frame> waiting_;            // fewer than four between calls
  std::vector<float> rgb_;                            // [3, h, w] of the input size
  Tensor picture_;                                    // [3, Hp, Wp], where the enlarged input is made
  std::deque<std::vector<uint8_t>> out_;
  bool finished_ = false, broken_ = false;
};

std::unique_ptr<Stream> SmallModel::stream(const StreamOptions& options) const {
  require_fits(plan(options), "a stream of " + size_of(options.input) + " at x" + str(options.scale));
  try {
    return std::make_unique<SmallStream>(shared_from_this(), options);
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
  constexpr double kPoolSlack = 1.4;                                      // freed pieces of one size do not always fit the next; measured by plan_test
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

#include "graphs/motion/model.h"

#include <algorithm>
#include <new>
#include <utility>

#include "check.h"
#include "contract.h"
#include "device.h"
#include "pixel/pixel.h"
#include "planning/memory_plan.h"
#include "weights/sha256.h"

namespace heirloom {
namespace {

constexpr const char* kGraph = "heirloom-motion";

class MotionInterpolator final : public Interpolator, public std::enable_shared_from_this<MotionInterpolator> {
 public:
  MotionInterpolator(ModelInfo info, MotionWeights weights, DeviceOptions device)
      : info_(std::move(info)),
        weights_(std::move(weights)),
        device_(std::move(device)) {}

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const InterpolationOptions& options) const override;
  std::unique_ptr<Interpolation> open(const InterpolationOptions& options) const override;
  const MotionWeights& weights() const { return weights_; }

 private:
  ModelInfo info_;
  MotionWeights weights_;
  DeviceOptions device_;
};

// Numbers a pixel, measured by the pool (test/native/motion_test.cpp holds them to it): both keys with what the history keeps, and the most that is alive
// while one more key or a frame in between is made.
constexpr double kKept = 13, kWork = 46;

Footprint motion_need(size_t weights, int64_t height, int64_t width) {
  const double bytes = sizeof(float) * double(height) * double(width);
  return {weights, 0, 0, size_t(kKept * bytes), size_t(kWork * bytes)};
}

class MotionStream final : public Interpolation {
 public:
  MotionStream(std::shared_ptr<const MotionInterpolator> model, const InterpolationOptions& options,
               const DeviceOptions& device, const MotionSize& size)
      : model_(std::move(model)),
        format_(options.format),
        size_(size),
        ops_(make_ops(device, options.threads, &cancelled_)),
        graph_(*ops_, model_->weights(), size.height, size.width) {}

  void key(const uint8_t* frame, size_t bytes, bool is_cut) override {
    check_bytes(frame, bytes);
    guarded([&] {
      MotionKey key = graph_.key(ops_->pictures.picture_of(format_, frame, 1, size_.height, size_.width));
      gap_ = {};
      if (is_cut) keys_.clear();
      const size_t history = size_t(model_->weights().config.history);
      // Of older keys only what they wrote is asked for.
      if (keys_.size() >= 2) keys_[keys_.size() - 2] = written_alone(keys_[keys_.size() - 2]);
      keys_.push_back(std::move(key));
      if (keys_.size() > history) keys_.pop_front();
    });
  }

  Between between(double t, uint8_t* out, size_t bytes) override {
    check_bytes(out, bytes);
    CHECK_AS("bad-argument", t > 0 && t < 1, "A frame between two keys has a time above 0 and below 1.");
    CHECK_AS("bad-argument", keys_.size() >= 2,
             "There is nothing between keys yet: two are wanted since the last cut.");
    Between shares;
    guarded([&] {
      if (!gap_.before) gap_ = graph_.gap(keys_);
      const MotionEstimate made = graph_.between(gap_, float(t));
      const auto frame = ops_->pictures.frame_of(made.picture, format_);
      shares = {share_of(made.needed), share_of(made.doubtful)};
      frame->take(out);
    });
    return shares;
  }

  void reset() override {
    gap_ = {};
    keys_.clear();
    cancelled_ = false;
  }
  void cancel() override { cancelled_ = true; }
  const Ops& backend() const { return *ops_; }

 private:
  static MotionKey written_alone(const MotionKey& key) {
    MotionKey left;
    left.written = key.written;
    return left;
  }

  void check_bytes(const uint8_t* frame, size_t bytes) const {
    CHECK_AS("bad-argument", frame && bytes == format_.bytes(),
             "A frame of this stream has " + str(format_.bytes()) + " bytes, " + str(bytes) + " came.");
  }

  template <class Body>
  void guarded(Body&& body) {
    if (cancelled_) fail("cancelled", "The stream was cancelled.");
    try {
      body();
    } catch (const std::bad_alloc&) {
      fail("out-of-memory", say(sentences::kMemoryFrames, {{"size", in_words(format_)}}));
    }
  }

  // Of the cells that the frame itself has.
  float share_of(const Cells& cells) const {
    const Tensor marks = ops_->memory.download(cells);
    const int64_t rows = (format_.height + MotionConfig::kCell - 1) / MotionConfig::kCell,
                  columns = (format_.width + MotionConfig::kCell - 1) / MotionConfig::kCell;
    double marked = 0;
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x) marked += marks.data()[y * marks.shape[1] + x];
    return float(marked / double(rows * columns));
  }

  std::atomic<bool> cancelled_{false};  // first: ops look at it until they are gone
  std::shared_ptr<const MotionInterpolator> model_;
  FrameFormat format_;
  MotionSize size_;
  std::unique_ptr<Ops> ops_;
  MotionGraph graph_;
  std::deque<MotionKey> keys_;  // since the last cut, as many as the history has
  MotionGap gap_;  // between the last two, once it was asked for
};

MemoryPlan MotionInterpolator::plan(const InterpolationOptions& options) const {
  pixel::check_format(options.format, "frame");
  CHECK_AS("bad-argument", options.threads >= 0 && options.threads <= 1024,
           "The number of threads must lie between 0 (all cores) and 1024.");
  const MotionSize size = motion_size(options.format.height, options.format.width);
  ModelNeeds needs;
  needs.height = size.height;
  needs.width = size.width;
  needs.unit = {MotionConfig::kAlign, MotionConfig::kAlign};
  needs.frames = 2 * options.format.bytes();
  needs.footprint = [weights = weights_.bytes](int64_t height, int64_t width, const MemoryMode&) {
    return motion_need(weights, height, width);
  };
  MemoryPlan plan = plan_of(needs, MemoryMode(), device_memory(device_, options.memory_limit));
  plan.whole = plan.total;
  if (!plan.fits) plan.mode = "refused";
  plan.sentence =
      say(plan.fits ? sentences::kMotionMemory : sentences::kMotionNoMemory,
          {{"size", in_words(options.format)}, {"total", in_words(plan.total)}, {"limit", in_words(plan.limit)}});
  return plan;
}

std::unique_ptr<Interpolation> MotionInterpolator::open(const InterpolationOptions& options) const {
  require_fits(plan(options));
  try {
    return std::make_unique<MotionStream>(shared_from_this(), options, device_,
                                          motion_size(options.format.height, options.format.width));
  } catch (const std::bad_alloc&) {
    fail("out-of-memory", say(sentences::kMemoryFrames, {{"size", in_words(options.format)}}));
  }
}

}  // namespace

MotionSize motion_size(int64_t height, int64_t width) {
  const auto padded = [](int64_t n) {
    return std::max((n + MotionConfig::kAlign - 1) / MotionConfig::kAlign * MotionConfig::kAlign, MotionConfig::kLeast);
  };
  return {padded(height), padded(width)};
}

MotionWeights load_motion_weights(Ops& ops, const std::string& folder, const Json& json) {
  const MotionConfig config = read_motion_config(json, "model.json");
  Weights file;
  file.open(folder + "/" + config.weights);
  return MotionWeights::load(ops, config, file);
}

std::shared_ptr<Interpolator> make_motion_model(const std::string& folder, const Json& json,
                                                const LoadOptions& options) {
  const MotionConfig config = read_motion_config(json, "model.json");
  check_cost(json, "model.json");
  ModelInfo info;
  info.name = config.name;
  info.graph = kGraph;
  info.scales = {1};
  info.start_up_frames = 2;
  info.contract = contract_of(&json, kGraph, "model.json");
  info.hash = sha256_of_file(folder + "/" + config.weights);
  const DeviceOptions device = device_of(options, info.contract, info.name);
  const std::unique_ptr<Ops> ops = make_ops(device, 1, nullptr);
  Weights file;
  file.open(folder + "/" + config.weights);
  info.parameters = file.parameters();
  return std::make_shared<MotionInterpolator>(std::move(info), MotionWeights::load(*ops, config, file), device);
}

}  // namespace heirloom

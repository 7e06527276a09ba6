#include "graphs/residual/model.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "check.h"
#include "contract.h"
#include "device.h"
#include "graphs/residual/integers.h"
#include "graphs/residual/pixels.h"
#include "graphs/residual/symbols.h"
#include "planning/memory_plan.h"
#include "weights/sha256.h"

namespace heirloom {
namespace {

constexpr const char* kGraph = "residual-codec";
constexpr int64_t kTilePixels = ResidualConfig::kTile * ResidualConfig::kAlign;

constexpr int64_t kSide = 1792;  // a photo of 24 megapixels in less than 1.5 GB
int64_t side_of_parts = kSide;

using entropy::SideCoder;
using entropy::SideTiles;
using entropy::TileSize;
using entropy::TileState;

const char* word_of(TileState state) {
  switch (state) {
    case TileState::changed: return "changed";
    case TileState::cut_off: return "cut-off";
    case TileState::lost: return "lost";
    default: return "unreadable";
  }
}

std::string size_of(const StillFormat& format) { return str(format.width) + "\u00d7" + str(format.height); }

void check_options(const StillOptions& o) {
  const StillFormat& f = o.format;
  CHECK_AS("bad-argument", f.width >= 1 && f.height >= 1, "A picture has at least one pixel.");
  CHECK_AS("bad-argument",
           f.width <= kMostStillSide && f.height <= kMostStillSide && int64_t(f.width) * f.height <= kMostStillPixels,
           say(sentences::kStillLarge,
               {{"size", size_of(f)}, {"side", str(kMostStillSide)}, {"pixels", str(kMostStillPixels / 1000000)}}));
  CHECK_AS("bad-argument", f.bits == 8 || f.bits == 16, "A picture has 8 or 16 bits.");
  CHECK_AS("bad-argument", o.quality >= 0 && o.quality < ResidualConfig::kQualities,
           "The quality must lie between 0 and 63.");
  CHECK_AS("bad-argument", o.alpha >= 0 && o.alpha <= 1, "The share of detail must lie between 0 and 1.");
  CHECK_AS("bad-argument", o.threads >= 0 && o.threads <= 1024,
           "The number of threads must lie between 0 (all cores) and 1024.");
}

// What is kept of the whole picture at 1/16 while parts come and go.
void put_part(const Tensor& part, const Box& around, const Box& box, Tensor& whole) {
  constexpr int64_t cell = ResidualConfig::kLatent;
  const int64_t C = whole.channels(), rows = box.height / cell, columns = box.width / cell;
  for (int64_t y = 0; y < rows; ++y)
    std::memcpy(
        whole.data() + ((box.top / cell + y) * whole.shape[1] + box.left / cell) * C,
        part.data() + (((box.top - around.top) / cell + y) * part.shape[1] + (box.left - around.left) / cell) * C,
        static_cast<size_t>(columns * C) * sizeof(float));
}
Tensor take_part(const Tensor& whole, const Box& around) {
  constexpr int64_t cell = ResidualConfig::kLatent;
  const int64_t C = whole.channels(), rows = around.height / cell, columns = around.width / cell;
  Tensor part = Tensor::heap({rows, columns, C});
  for (int64_t y = 0; y < rows; ++y)
    std::memcpy(part.data() + y * columns * C,
                whole.data() + ((around.top / cell + y) * whole.shape[1] + around.left / cell) * C,
                static_cast<size_t>(columns * C) * sizeof(float));
  return part;
}

// Work on one picture, with its own operations.
class StillWork {
 public:
  StillWork(const ResidualWeights& weights, const SideCoder& coder, const StillOptions& options,
            const DeviceOptions& device, const Progress& progress)
      : w_(weights),
        c_(weights.config),
        coder_(coder),
        o_(options),
        progress_(progress),
        ops_(make_ops(device, options.threads, progress.cancelled)),
        graph_(*ops_, weights),
        gains_(weights.gains(options.quality)),
        size_(residual_size(options.format.height, options.format.width)),
        sizes_(symbol_tiles(size_.height / ResidualConfig::kAlign, size_.width / ResidualConfig::kAlign)) {}

  EncodedStill encode(const uint8_t* pixels) const;
  DecodedStill decode(const uint8_t* bytes, size_t count) const;

 private:
  std::vector<Box> parts() const { return boxes_of(size_.height, size_.width, side_of_parts); }
  void tell(const char* step, size_t done, size_t total) const {
    if (progress_.report) progress_.report(step, done, total);
  }
  Tensor latents(const uint8_t* pixels) const;
  Tensor mean_of(const Tensor& zs) const { return ops_->memory.download(graph_.mean(ops_->memory.upload_tokens(zs))); }
  Shares shares_of(const SideTiles& read, std::vector<BrokenTile>& broken) const;
  Shown shown_of(const Tensor& yh, const Box& box) const;

  const ResidualWeights& w_;
  const ResidualConfig& c_;
  const SideCoder& coder_;
  const StillOptions& o_;
  const Progress& progress_;
  std::unique_ptr<Ops> ops_;
  ResidualGraph graph_;
  std::vector<float> gains_;
  ResidualSize size_;
  std::vector<TileSize> sizes_;
};

// Y of the whole picture: y, part by part, each with as much around it as it sees, times the gain.   -> [H/16, W/16, latent]
Tensor StillWork::latents(const uint8_t* pixels) const {
  constexpr int64_t cell = ResidualConfig::kLatent;
  Tensor whole = Tensor::heap({size_.height / cell, size_.width / cell, c_.latent});
  const std::vector<Box> boxes = parts();
  for (size_t i = 0; i < boxes.size(); ++i) {
    tell("encode", i, boxes.size());
    const Box around = widened(boxes[i], c_.analysis_reach(), size_.height, size_.width);
    const Tensor x = ops_->memory.upload(picture_in(o_.format, pixels, around));
    put_part(ops_->memory.download(graph_.analysis(x)), around, boxes[i], whole);
    ops_->memory.trim();
  }
  for (int64_t i = 0; i < whole.count(); ++i) whole.data()[i] *= gains_[static_cast<size_t>(i % c_.latent)];
  return whole;
}

EncodedStill StillWork::encode(const uint8_t* pixels) const {
  Tensor y = latents(pixels);
  const Tensor z = as_symbols(ops_->memory.download(graph_.hyper_analysis(ops_->memory.upload_tokens(y))));
  const Tensor m = mean_of(z);
  for (int64_t i = 0; i < y.count(); ++i) y.data()[i] -= m.data()[i];
  const std::vector<entropy::SideTile> tiles = into_tiles(z, as_symbols(y));
  EncodedStill made;
  made.tiles = tiles.size();
  made.bytes = coder_.encode(o_.threads, progress_.cancelled, sizes_, tiles);
  for (size_t i = 0; i < tiles.size(); ++i) made.estimated_bytes += coder_.estimated_bytes(sizes_[i], tiles[i]);
  check_written(coder_, sizes_, tiles, made.bytes, o_.threads, progress_.cancelled);
  const size_t all = parts().size();
  tell("encode", all, all);
  return made;
}

// Broken tiles get no residual.
Shares StillWork::shares_of(const SideTiles& read, std::vector<BrokenTile>& broken) const {
  Shares shares;
  shares.columns = (size_.width + kTilePixels - 1) / kTilePixels;
  for (size_t i = 0; i < read.states.size(); ++i) {
    shares.shares.push_back(read.states[i] == TileState::whole ? o_.alpha : 0);
    if (read.states[i] == TileState::whole) continue;
    const int64_t x = static_cast<int64_t>(i) % shares.columns * kTilePixels,
                  y = static_cast<int64_t>(i) / shares.columns * kTilePixels;
    if (x >= o_.format.width || y >= o_.format.height) continue;
    broken.push_back({static_cast<int>(x), static_cast<int>(y),
                      static_cast<int>(std::min(kTilePixels, o_.format.width - x)),
                      static_cast<int>(std::min(kTilePixels, o_.format.height - y)), word_of(read.states[i])});
  }
  return shares;
}

Shown StillWork::shown_of(const Tensor& yh, const Box& box) const {
  Shown shown;
  shown.around = widened(box, c_.synthesis_reach(o_.alpha > 0), size_.height, size_.width);
  shown.deviation = w_.residual_deviation(o_.quality);
  const ResidualFaithful faithful = graph_.synthesis(ops_->memory.upload_tokens(take_part(yh, shown.around)));
  shown.faithful = ops_->memory.download(faithful.picture);
  if (o_.alpha > 0)
    shown.residual =
        ops_->memory.download(graph_.residual(faithful, ops_->memory.upload(noise_in(o_.seed, shown.around))));
  return shown;
}

DecodedStill StillWork::decode(const uint8_t* bytes, size_t count) const {
  const int64_t rows = size_.height / ResidualConfig::kAlign, columns = size_.width / ResidualConfig::kAlign;
  const SideTiles read = coder_.decode(o_.threads, progress_.cancelled, sizes_, bytes, count);
  DecodedStill made;
  made.tiles = sizes_.size();
  made.is_whole = read.is_whole;
  const Shares shares = shares_of(read, made.broken);
  const Symbols symbols = from_tiles(read.tiles, rows, columns, c_.hyper, c_.latent);
  Tensor yh = mean_of(symbols.z);
  for (int64_t i = 0; i < yh.count(); ++i)
    yh.data()[i] = (yh.data()[i] + symbols.y.data()[i]) / gains_[static_cast<size_t>(i % c_.latent)];
  made.pixels.resize(o_.format.bytes());
  const std::vector<Box> boxes = parts();
  for (size_t i = 0; i < boxes.size(); ++i) {
    tell("decode", i, boxes.size());
    put_pixels(shown_of(yh, boxes[i]), boxes[i], shares, o_.format, made.pixels.data());
    ops_->memory.trim();
  }
  tell("decode", boxes.size(), boxes.size());
  return made;
}

class ResidualModel final : public StillCodec {
  StillWork work(const StillOptions& options, const Progress& progress) const {
    return {weights_, coder_, options, device_, progress};
  }
  template <class Body>
  auto guarded(const StillOptions& options, Body&& body) const {
    require_fits(plan(options));
    try {
      return body();
    } catch (const std::bad_alloc&) {
      fail("out-of-memory", say(sentences::kStillRefused, {{"size", size_of(options.format)}}));
    }
  }

 public:
  ResidualModel(ModelInfo info, ResidualWeights weights, SideCoder coder, DeviceOptions device)
      : info_(std::move(info)),
        weights_(std::move(weights)),
        coder_(std::move(coder)),
        device_(std::move(device)) {}

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StillOptions& options) const override;
  EncodedStill encode(const StillOptions& options, const uint8_t* pixels, size_t count,
                      const Progress& progress) const override {
    check_options(options);
    CHECK_AS("bad-argument", pixels && count == options.format.bytes(),
             "This picture has " + str(options.format.bytes()) + " bytes, " + str(count) + " came.");
    return guarded(options, [&] { return work(options, progress).encode(pixels); });
  }
  DecodedStill decode(const StillOptions& options, const uint8_t* bytes, size_t count,
                      const Progress& progress) const override {
    check_options(options);
    return guarded(options, [&] { return work(options, progress).decode(bytes, count); });
  }

 private:
  ModelInfo info_;
  ResidualWeights weights_;
  SideCoder coder_;
  DeviceOptions device_;
};

// Of the whole picture, numbers a pixel: latents, means, symbols as floats and as whole numbers, and the layers that give z and the means.
double whole_numbers(const ResidualConfig& c) {
  return double(5 * c.latent + 6 * c.hyper_hidden) / 256 + double(3 * c.hyper) / 4096;
}
constexpr double kPool = 1.25;  // what the pool keeps may be so much larger than what is asked for

MemoryPlan ResidualModel::plan(const StillOptions& options) const {
  check_options(options);
  const ResidualSize size = residual_size(options.format.height, options.format.width);
  const ResidualConfig& c = weights_.config;
  const bool has_residual = options.alpha > 0;
  const auto part = [&](int64_t reach) {
    const Box box = widened({0, 0, std::min(side_of_parts, size.height), std::min(side_of_parts, size.width)},
                            2 * reach, size.height, size.width);
    return double(sizeof(float)) * double(box.height) * double(box.width);
  };
  const ResidualNumbers numbers = residual_numbers(c);
  const double shown = has_residual ? std::max(numbers.residual, numbers.faithful) : numbers.faithful;
  const double work =
      kPool * std::max(numbers.analysis * part(c.analysis_reach()), shown * part(c.synthesis_reach(has_residual)));
  ModelNeeds needs;
  needs.height = size.height;
  needs.width = size.width;
  needs.unit = {ResidualConfig::kAlign, ResidualConfig::kAlign};
  needs.frames = 2 * options.format.bytes();  // given and made
  const double kept = whole_numbers(c) * sizeof(float) * double(size.height) * double(size.width);
  needs.footprint = [&](int64_t, int64_t, const MemoryMode&) {
    return Footprint{weights_.bytes, 0, 0, size_t(kept), size_t(work)};
  };
  MemoryPlan plan = plan_of(needs, MemoryMode(), device_memory(device_, options.memory_limit));
  plan.whole = plan.total;
  if (!plan.fits) plan.mode = "refused";
  plan.sentence =
      say(plan.fits ? sentences::kStillMemory : sentences::kStillNoMemory,
          {{"size", size_of(options.format)}, {"total", in_words(plan.total)}, {"limit", in_words(plan.limit)}});
  return plan;
}

}  // namespace

ResidualSize residual_size(int64_t height, int64_t width) {
  const auto padded = [](int64_t n) {
    return (n + ResidualConfig::kAlign - 1) / ResidualConfig::kAlign * ResidualConfig::kAlign;
  };
  return {padded(height), padded(width)};
}

// A picture's three colours are three numbers a pixel as planes and at 1/4 alike. Checked against the pool by test/native/residual_codec_test.cpp.
ResidualNumbers residual_numbers(const ResidualConfig& c) {
  const double quarter = double(c.quarter) / 16, hidden = double(c.hidden) / 16, denoiser = double(c.denoiser) / 16;
  return {2 * 3 + 3 * hidden, 2 * 3 + 2 * quarter + 2 * hidden, 8 * 3 + quarter + 4 * denoiser};
}

void work_in_parts_of(int64_t side) {
  CHECK(side == 0 || (side >= kTilePixels && side % kTilePixels == 0),
        "residual-codec: parts of " + str(side) + " pixels");
  side_of_parts = side ? side : kSide;
}

ResidualWeights load_residual_weights(Ops& ops, const std::string& folder, const Json& json) {
  const ResidualConfig config = read_residual_config(json, "model.json");
  Weights file;
  file.open(folder + "/" + config.weights);
  return ResidualWeights::load(ops, config, file);
}

std::shared_ptr<StillCodec> make_residual_model(const std::string& folder, const Json& json,
                                                const LoadOptions& options) {
  const ResidualConfig config = read_residual_config(json, "model.json");
  check_cost(json, "model.json");
  ModelInfo info;
  info.name = config.name;
  info.graph = kGraph;
  info.scales = {1};
  info.contract = contract_of(&json, kGraph, "model.json");
  info.hash = sha256_of_file(folder + "/" + config.weights);
  const DeviceOptions device = device_of(options, info.contract, info.name);
  const std::unique_ptr<Ops> ops = make_ops(device, 1, nullptr);
  Weights file;
  file.open(folder + "/" + config.weights);
  info.parameters = file.parameters();
  return std::make_shared<ResidualModel>(std::move(info), ResidualWeights::load(*ops, config, file),
                                         load_side_coder(config, file), device);
}

}  // namespace heirloom

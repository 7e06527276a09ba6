#include "graphs/flashvsr/model.h"

#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <map>
#include <new>

#include "contract.h"
#include "planning/memory_plan.h"
#include "graphs/flashvsr/files.h"
#include "graphs/flashvsr/memory.h"
#include "graphs/stream/frame_stream.h"
#include "graphs/parts/noise.h"
#include "weights/sha256.h"

namespace heirloom {

namespace {

constexpr int64_t kMultiple = FlashVsr::kMultiple;

int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// ---- files -------------------------------------------------------------------------------------------------------

// v1 and v1.1 have the same names and shapes; only the person, model.json or the folder's published name can tell.
FlashVsrVersion version_of(const std::string& asked, const std::string& stated, const std::string& folder) {
  std::string version = asked != "auto" && !asked.empty() ? asked : stated;
  if (version.empty()) {
    const size_t end = folder.find_last_not_of("/\\"), slash = folder.find_last_of("/\\", end);
    const std::string name = folder.substr(slash == std::string::npos ? 0 : slash + 1,
                                           end - (slash == std::string::npos ? 0 : slash + 1) + 1);
    if (name == "FlashVSR-v1.1") version = "v1.1";
    else if (name == "FlashVSR") version = "v1";
  }
  if (version == "v1") return FlashVsrVersion::v1;
  if (version == "v1.1") return FlashVsrVersion::v1_1;
  CHECK_AS("weights-unsupported", !version.empty(), say(sentences::kWhichVersionName, {{"folder", folder}}));
  fail("weights-unsupported", "The FlashVSR version \"" + version + "\" is not known here; v1 and v1.1 are.");
}

std::string hash_of(const std::string& folder, const FlashVsrFiles& files, const Json* model_json) {
  const std::string stated = !files.all.empty() ? model_json->string_or("hash", "") : "";
  if (stated.size() == 64) return stated;             // taken while the file was written
  if (!files.all.empty()) return sha256_of_file(folder + "/" + files.all);
  Sha256 hash;
  for (const auto& named : files.parts) {
    const std::shared_ptr<const MappedFile> file = MappedFile::open(folder + "/" + named.second);
    hash.add(file->data(), file->size());
  }
  return hash.hex();
}

// A computer that runs out of memory in the middle of loading is brought to a stop by its system instead of saying so.
void require_room(size_t numbers, const std::string& folder, const DeviceOptions& device) {
  if (device_facts(device).is_separate) return;       // a card's memory is planned with each stream
  const size_t needed = numbers * sizeof(float), free = machine_memory().available;
  CHECK_AS("out-of-memory", needed <= free,
           say(sentences::kMemoryModel,
               {{"folder", folder}, {"need", str(needed / 1000000)}, {"free", str(free / 1000000)}}));
}

FlashVsrConfig config_of(const Json* model_json, const std::string& asked, const std::string& folder) {
  FlashVsrConfig c;
  const Json* config = model_json ? model_json->find("config") : nullptr;
  c.version = version_of(asked, config ? config->string_or("version", "") : "", folder);
  if (!config) return c;
  c.local_range = config->integer_or("local_range", c.local_range);
  c.kv_segments = static_cast<int64_t>(
      std::min(std::max(config->number_or("kv_ratio", static_cast<double>(c.kv_segments)), 1.0), 64.0));
  c.sparse_ratio = config->number_or("sparse_ratio", c.sparse_ratio);
  c.topk_ratio = config->number_or("topk_ratio", c.topk_ratio);
  CHECK_AS("weights-corrupt",
           c.local_range >= 1 && c.local_range <= 4096 && c.sparse_ratio > 0 && c.sparse_ratio <= 1e3 &&
               c.topk_ratio >= 0 && c.topk_ratio <= 1e6,
           "The configuration in " + folder + "/model.json makes no sense: local_range " + str(c.local_range) +
               ", sparse_ratio " + str(c.sparse_ratio) + ". Get the model again.");
  return c;
}

// "": the small one.
FlashVsrDecoder decoder_of(const StreamOptions& options) {
  return options.decoder == "wan-vae" ? FlashVsrDecoder::wan_vae : FlashVsrDecoder::tc;
}

// ---- memory ------------------------------------------------------------------------------------------------------

FlashVsrFacts facts_of(const FlashVsr& model, FlashVsrDecoder decoder) {
  const TransformerConfig& t = model.transformer_config();
  FlashVsrFacts f;
  f.floats = static_cast<double>(model.floats());
  f.layers = static_cast<double>(t.layers);
  f.dim = static_cast<double>(t.dim);
  f.ffn = static_cast<double>(t.ffn);
  f.kv_segments = static_cast<double>(t.kv_segments);
  f.window_latents = static_cast<double>(t.window[0]);
  f.near_windows = static_cast<double>(t.local_range * t.local_range);
  f.latent_channels = static_cast<double>(model.latent_channels());
  f.hidden1 = static_cast<double>(model.projection().hidden1());
  f.hidden2 = static_cast<double>(model.projection().hidden2());
  for (size_t i = 0; i < f.channels.size(); ++i) f.channels[i] = static_cast<double>(model.decoder().channels()[i]);
  if (decoder == FlashVsrDecoder::wan_vae) {
    f.decoder_state = model.vae()->state_floats();
    f.decoder_work = model.vae()->activation_floats();
  }
  return f;
}

// ---- the model ---------------------------------------------------------------------------------------------------

class FlashVsrModel final : public Model, public std::enable_shared_from_this<FlashVsrModel> {
 public:
  FlashVsrModel(ModelInfo info, const FlashVsrWeights& weights, const FlashVsrConfig& config,
                const DeviceOptions& device)
      : info_(std::move(info)),
        device_(device),
        loader_(make_ops(device, 0, nullptr)),
        graph_(*loader_, weights, config) {
    info_.graph = "flashvsr";
    info_.parameters = weights.parameters();
    info_.start_up_frames = FlashVsr::kFirstFrames + 4;
    if (info_.contract.does.empty()) info_.contract = contract_of(nullptr, info_.graph, info_.name);
    info_.decoders = graph_.vae() ? std::vector<std::string>{"tc", "wan-vae"} : std::vector<std::string>{"tc"};
    loader_.reset();                                  // its threads and free buffers; the weights stay
  }

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StreamOptions& options) const override {
    check_stream_options(options, {info_.name, info_.scales, info_.contract, {"tc", "wan-vae"}});
    const FlashVsrDecoder decoder = decoder_of(options);
    CHECK_AS("bad-argument", decoder != FlashVsrDecoder::wan_vae || graph_.vae(),
             "The model " + info_.name +
                 " was brought in without Wan2.1_VAE.pth, so its large decoder cannot be used. Bring it in again with "
                 "that file, or use the small decoder.");
    DeviceMemory memory = device_memory(device_, options.memory_limit);
    ModelNeeds needs = flashvsr_needs(facts_of(graph_, decoder), options, memory.is_separate);
    needs.model = info_.name;
    if (memory.is_separate && options.memory_limit == 0) memory.free += on_card(memory);
    return choose(needs, memory, {options.step_down, options.rows, options.columns});
  }
  std::unique_ptr<Stream> stream(const StreamOptions& options) const override;

  const FlashVsr& graph() const { return graph_; }
  const DeviceOptions& device() const { return device_; }

 private:
  // Bytes of the weights that lie on the card already, so that they are not among what is free.
  size_t on_card(const DeviceMemory& memory) const {
    const double layers =
        graph_.transformer().is_waiting() ? 0 : static_cast<double>(graph_.transformer().layer_floats());
    return static_cast<size_t>(layers * static_cast<double>(memory.product_bytes)) +
           (graph_.floats() - graph_.transformer().layer_floats()) * memory.number_bytes();
  }
  ModelInfo info_;
  DeviceOptions device_;
  std::unique_ptr<Ops> loader_;                       // only while loading
  FlashVsr graph_;
};

class FlashVsrPictures final : public PictureStream {
 public:
  FlashVsrPictures(Ops& ops, std::shared_ptr<const FlashVsrModel> model, const StreamOptions& options,
                   const Place& place, Emit emit)
      : ops_(ops),
        model_(std::move(model)),
        seed_(options.seed),
        decoder_(decoder_of(options)),
        place_(place),
        emit_(std::move(emit)) {
    forget();
  }

  void take(Look picture, Ticks time) override {
    times_.in(time);
    next(std::move(picture));
  }

  // The reference would drop up to seven frames at the end; here the last one is repeated until all have come out.
  void flush() override {
    if (taken_ == 0) return;
    real_ = taken_;
    const int64_t fed = round_up(std::max<int64_t>(25, real_ + 4) - 1, 8) + 1;
    while (taken_ < fed) next(Look(pictures_.back()));
  }

  void forget() override {
    pictures_.clear();
    tokens_.clear();
    coming_.clear();
    state_ = FlashVsrState();
    state_.kind = decoder_;
    taken_ = emitted_ = 0;
    times_.forget();
    real_ = -1;
    ops_.memory.trim();
  }

 private:
  // Every fourth frame completes a clip, a clip gives the tokens of one latent, six or two latents make a chunk.
  void next(Look look) {
    pictures_.push_back(std::move(look));
    ++taken_;
    if (taken_ % 4 != 1) return;
    std::array<Look, 4> clip;
    for (size_t i = 0; i < 4; ++i) clip[i] = pictures_[taken_ == 1 ? 0 : pictures_.size() - 4 + i];
    const Tensor tokens = model_->graph().condition(ops_, clip, state_);
    if (!tokens.defined()) return;
    tokens_.push_back(tokens);
    if (static_cast<int64_t>(tokens_.size()) == (state_.latents == 0 ? FlashVsr::kFirstLatents : FlashVsr::kLatents))
      enhance();
  }

  void enhance() {
    const int64_t count = state_.latents == 0 ? FlashVsr::kFirstFrames : FlashVsr::kFrames, h8 = place_.height / 8,
                  w8 = place_.width / 8, C = model_->graph().latent_channels();
    std::vector<Tensor> noise;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const int64_t latent = state_.latents + static_cast<int64_t>(i);
      auto made = coming_.find(latent);
      if (made == coming_.end()) made = coming_.emplace(latent, noise_of(latent)).first;
      noise.push_back(ops_.memory.upload(made->second.get()).reshape({h8, w8, C}));
      coming_.erase(made);
    }
    for (int64_t i = 0; i < FlashVsr::kLatents; ++i) {
      const int64_t latent = state_.latents + static_cast<int64_t>(tokens_.size()) + i;
      coming_.emplace(latent, noise_of(latent));
    }
    std::vector<Tensor> tokens;
    tokens.swap(tokens_);
    const auto picture = [this](int64_t i) { return pictures_[static_cast<size_t>(i)](); };
    model_->graph().chunk(ops_, std::move(tokens), std::move(noise), picture, state_, [this](Tensor made) {
      if (real_ < 0 || emitted_ < real_) emit_(std::move(made), times_.out());
      ++emitted_;
    });
    pictures_.erase(pictures_.begin(), pictures_.begin() + count);
    ops_.memory.trim();  // the next chunk wants other sizes; what is kept would only pile up
  }

  // Of a latent, drawn beside the work on the chunk before: it takes the computer some ten milliseconds.
  std::future<Tensor> noise_of(int64_t latent) const {
    return std::async(std::launch::async,
                      [seed = seed_, latent, h8 = place_.height / 8, w8 = place_.width / 8,
                       C = model_->graph().latent_channels(), row = place_.row / 8,
                       column = place_.column / 8] { return keyed_noise(seed, latent, h8, w8, C, row, column); });
  }

  Ops& ops_;
  std::shared_ptr<const FlashVsrModel> model_;
  uint64_t seed_;
  FlashVsrDecoder decoder_;
  Place place_;
  Emit emit_;
  OneForOne times_;
  FlashVsrState state_;
  std::deque<Look> pictures_;  // low-quality pictures whose chunk is not complete
  std::vector<Tensor> tokens_;  // of latents whose chunk is not complete
  std::map<int64_t, std::future<Tensor>> coming_;  // noise, of the next latents
  int64_t taken_ = 0, emitted_ = 0;
  int64_t real_ = -1;  // how many frames the stream really had, once that is known
};

std::unique_ptr<Stream> FlashVsrModel::stream(const StreamOptions& options) const {
  const MemoryPlan plan = this->plan(options);
  require_fits(plan);
  const TileGrid grid =
      tile_grid(round_up(int64_t{options.output.height}, kMultiple), round_up(int64_t{options.output.width}, kMultiple),
                plan.rows, plan.columns, {kMultiple, kMultiple});
  const ColourFix colour = options.colour == ColourFix::model_default ? ColourFix::adain : options.colour;
  try {
    return std::make_unique<FrameStream>(
        options, info_.contract.time, as_planned(device_, plan), plan.limit - plan.weights, grid, colour,
        [self = shared_from_this(), options](Ops& ops, const Place& place,
                                             Emit emit) -> std::unique_ptr<PictureStream> {
          return std::make_unique<FlashVsrPictures>(ops, self, options, place, std::move(emit));
        });
  } catch (const std::bad_alloc&) {
    fail("out-of-memory",
         say(sentences::kMemoryStream, {{"size", in_words(options.input)}, {"scale", str(options.scale)}}));
  }
}

}  // namespace

std::shared_ptr<Model> make_flashvsr_model(ModelInfo info, const FlashVsrWeights& weights, const FlashVsrConfig& config,
                                           const DeviceOptions& device) {
  return std::make_shared<FlashVsrModel>(std::move(info), weights, config, device);
}

std::shared_ptr<Model> make_flashvsr_model(const std::string& folder, const Json* model_json,
                                           const LoadOptions& options) {
  const FlashVsrConfig config = config_of(model_json, options.version, folder);
  const FlashVsrFiles files = files_of(folder, model_json);
  const FlashVsrWeights weights = open_files(folder, files);
  ModelInfo info;
  info.contract = contract_of(model_json, "flashvsr", "model.json");
  info.name = model_json                              ? model_json->string_or("name", "flashvsr")
              : config.version == FlashVsrVersion::v1 ? "flashvsr-v1"
                                                      : "flashvsr-v1.1";
  info.scales = {2, 4};
  if (model_json && model_json->has("scales")) info.scales = read_scales(*model_json, "model.json");
  if (model_json) check_cost(*model_json, "model.json");
  info.hash = hash_of(folder, files, model_json);
  const DeviceOptions device = device_of(options, info.contract, info.name);
  require_room(weights.kept(), folder, device);
  return make_flashvsr_model(std::move(info), weights, config, device);
}

}  // namespace heirloom

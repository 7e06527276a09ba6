#include "model/flashvsr_model.h"

#include <algorithm>
#include <array>
#include <deque>
#include <new>

#include "memory_plan.h"
#include "model/flashvsr_files.h"
#include "model/frame_stream.h"
#include "model/small_noise.h"
#include "sha256.h"

namespace heirloom {

namespace {

constexpr int64_t kMultiple = FlashVsr::kMultiple;

int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// ---- files -------------------------------------------------------------------------------------------------------

// v1 and v1.1 have the same names and shapes; only the person, model.json or the folder's published name can tell.
FlashVsrVersion version_of(const std::string& wish, const std::string& stated, const std::string& folder) {
  std::string version = wish != "auto" && !wish.empty() ? wish : stated;
  if (version.empty()) {
    const size_t end = folder.find_last_not_of("/\\"), slash = folder.find_last_of("/\\", end);
    const std::string name = folder.substr(slash == std::string::npos ? 0 : slash + 1, end - (slash == std::string::npos ? 0 : slash + 1) + 1);
    if (name == "FlashVSR-v1.1") version = "v1.1";
    else if (name == "FlashVSR") version = "v1";
  }
  if (version == "v1") return FlashVsrVersion::v1;
  if (version == "v1.1") return FlashVsrVersion::v1_1;
  fail("weights-unsupported", version.empty() ? "Nothing in " + folder + " says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say which it is, or keep the folder's published name (FlashVSR, FlashVSR-v1.1)."
                                              : "The FlashVSR version \"" + version + "\" is not known here; v1 and v1.1 are.");
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
void require_room(size_t numbers, const std::string& folder, const std::string& device) {
  if (device_facts(device).is_separate) return;       // a card's memory is planned with each stream
  const size_t needed = numbers * sizeof(float), free = machine_memory().available;
  CHECK_AS("out-of-memory", needed <= free, "The model in " + folder + " takes " + str(needed / 1000000) + " MB of memory on the processor, " + str(free / 1000000) +
           " MB are free. Nothing was loaded; close other programs or choose a smaller model.");
}

FlashVsrConfig config_of(const Json* model_json, const std::string& wish, const std::string& folder) {
  FlashVsrConfig c;
  const Json* config = model_json ? model_json->find("config") : nullptr;
  c.version = version_of(wish, config ? config->string_or("version", "") : "", folder);
  if (!config) return c;
  c.local_range = config->integer_or("local_range", c.local_range);
  c.kv_segments = static_cast<int64_t>(std::min(std::max(config->number_or("kv_ratio", static_cast<double>(c.kv_segments)), 1.0), 64.0));
  c.sparse_ratio = config->number_or("sparse_ratio", c.sparse_ratio);
  c.topk_ratio = config->number_or("topk_ratio", c.topk_ratio);
  CHECK_AS("weights-corrupt", c.local_range >= 1 && c.local_range <= 4096 && c.sparse_ratio > 0 && c.sparse_ratio <= 1e3 && c.topk_ratio >= 0 && c.topk_ratio <= 1e6,
           "The configuration in " + folder + "/model.json makes no sense: local_range " + str(c.local_range) + ", sparse_ratio " + str(c.sparse_ratio) + ". Get the model again.");
  return c;
}

// ---- memory ------------------------------------------------------------------------------------------------------

struct Padded {
  int64_t height, width;
};
Padded padded_size(const StreamOptions& o) {
  return {round_up(int64_t{o.output.height}, kMultiple), round_up(int64_t{o.output.width}, kMultiple)};
}

struct Need {
  size_t state, activations;
};

// In floats, by what is alive at the same time; the first chunk (six latents) is the largest.
Need need_of(const FlashVsr& model, const StreamOptions& o) {
  const double in = 3.0 * o.input.width * o.input.height, packed = static_cast<double>(o.output.bytes());
  if (o.strength == 0.0f) return {0, static_cast<size_t>(4 * (in + 6.0 * o.output.width * o.output.height) + 2 * packed)};
  const Padded size = padded_size(o);
  const TransformerConfig& t = model.transformer_config();
  const double P = static_cast<double>(size.height) * static_cast<double>(size.width), tokens = P / 256, D = static_cast<double>(t.dim), F = static_cast<double>(t.ffn);
  const std::array<int64_t, 4> c = model.decoder().channels();
  const double A = static_cast<double>(c[0]) / 64, B = static_cast<double>(c[1]) / 16, C = static_cast<double>(c[2]) / 4, E = static_cast<double>(c[3]);   // per pixel
  const double latents = FlashVsr::kFirstLatents, L = latents * tokens;

  const double kv = static_cast<double>(std::max<int64_t>(t.kv_segments, FlashVsr::kFirstLatents / t.window[0])) * static_cast<double>(t.layers) * 2 * 2 * tokens * D;
  const bool is_full = o.decoder == Decoder::wan_vae;
  const double remembered = is_full ? model.vae()->state_floats() : 3 * (A + B + C);    // by the decoder, per pixel
  const double state = kv + remembered * P + 2 * tokens * (768 + static_cast<double>(model.projection().hidden1()));

  const double frames = 3 * P * (FlashVsr::kFirstFrames + 4);                           // low-quality pictures of a chunk and its look-ahead
  const double waiting = L * D;                                                         // condition tokens
  const double project = tokens * (8 * 768 + 4 * static_cast<double>(model.projection().hidden1()) + 3 * static_cast<double>(model.projection().hidden2()));
  const double attention = L * (8 * D + 128), feed = L * (3 * D + F);
  const double transform = std::max(attention, feed) + L * 128;
  const double at_work = is_full ? model.vae()->activation_floats() : std::max({4 * A + 24, A + 4 * B, 2 * B + 5 * C, 2 * B + 2 * C + 3 * E + 6});
  const double decode = 3 * P * FlashVsr::kFirstFrames + P * (24 + at_work);
  const double kept = 3 * P + in;
  return {static_cast<size_t>(4 * state), static_cast<size_t>(4 * (frames + waiting + std::max({project, transform, decode}) + kept) + (FlashVsr::kFirstFrames + 1) * packed)};
}

// ---- the model ---------------------------------------------------------------------------------------------------

class FlashVsrModel final : public Model, public std::enable_shared_from_this<FlashVsrModel> {
 public:
  FlashVsrModel(ModelInfo info, const FlashVsrWeights& weights, const FlashVsrConfig& config, const std::string& device)
      : info_(std::move(info)), device_(device), loader_(make_ops(device, 0, nullptr)), graph_(*loader_, weights, config) {
    info_.graph = "flashvsr";
    info_.parameters = weights.parameters();
    info_.start_up_frames = FlashVsr::kFirstFrames + 4;
    info_.look_ahead_frames = 11;
    info_.chunk_frames = FlashVsr::kFrames;
    info_.decoders = graph_.vae() ? std::vector<std::string>{"tc", "wan-vae"} : std::vector<std::string>{"tc"};
    weight_bytes_ = graph_.floats() * sizeof(float);
    loader_.reset();                                  // its threads and free buffers; the weights stay
  }

  const ModelInfo& info() const override { return info_; }
  MemoryPlan plan(const StreamOptions& options) const override {
    check_stream_options(options, {info_.name, info_.scales, false});
    CHECK_AS("bad-argument", options.decoder != Decoder::wan_vae || graph_.vae(),
             "The model " + info_.name + " was brought in without Wan2.1_VAE.pth, so its large decoder cannot be used. Bring it in again with that file, or use the small decoder.");
    const Need need = need_of(graph_, options);
    return make_plan(weight_bytes_, need.state, need.activations, options.memory_limit);
  }
  std::unique_ptr<Stream> stream(const StreamOptions& options) const override;

  const FlashVsr& graph() const { return graph_; }
  const std::string& device() const { return device_; }

 private:
  ModelInfo info_;
  std::string device_;
  std::unique_ptr<Ops> loader_;                       // only while loading
  FlashVsr graph_;
  size_t weight_bytes_ = 0;
};

class FlashVsrStream final : public FrameStream {
 public:
  FlashVsrStream(std::shared_ptr<const FlashVsrModel> model, const StreamOptions& options, const Padded& size)
      : FrameStream(options, model->device(), size.height, size.width), model_(std::move(model)), size_(size),
        colour_(options.colour == ColourFix::model_default ? ColourFix::adain : options.colour) {
    forget();
  }

 private:
  // Every fourth frame completes a clip, a clip gives the tokens of one latent, six or two latents make a chunk.
  void take(const Tensor& picture) override {
    pictures_.push_back(picture);
    ++taken_;
    if (taken_ % 4 != 1) return;
    const auto last = [&](size_t back) { return pictures_[pictures_.size() - back]; };
    const std::array<Tensor, 4> clip = taken_ == 1 ? std::array<Tensor, 4>{picture, picture, picture, picture} : std::array<Tensor, 4>{last(4), last(3), last(2), last(1)};
    const Tensor tokens = model_->graph().condition(ops(), clip, state_);
    if (!tokens.defined()) return;
    tokens_.push_back(tokens);
    if (static_cast<int64_t>(tokens_.size()) == (state_.latents == 0 ? FlashVsr::kFirstLatents : FlashVsr::kLatents)) enhance();
  }

  // The reference would drop up to seven frames at the end; here the last one is repeated until all have come out.
  void flush() override {
    if (taken_ == 0) return;
    real_ = taken_;
    const int64_t fed = round_up(std::max<int64_t>(25, real_ + 4) - 1, 8) + 1;
    while (taken_ < fed) take(Tensor(pictures_.back()));
  }

  void forget() override {
    pictures_.clear();
    tokens_.clear();
    state_ = FlashVsrState();
    state_.kind = options().decoder == Decoder::wan_vae ? Decoder::wan_vae : Decoder::tc;
    taken_ = emitted_ = 0;
    real_ = -1;
    ops().trim();
  }

  void enhance() {
    const int64_t count = state_.latents == 0 ? FlashVsr::kFirstFrames : FlashVsr::kFrames;
    std::vector<Tensor> noise;
    for (size_t i = 0; i < tokens_.size(); ++i)
      noise.push_back(ops().upload(keyed_noise(options().seed, state_.latents + static_cast<int64_t>(i), size_.height / 8, size_.width / 8, model_->graph().latent_channels()))
                          .reshape({size_.height / 8, size_.width / 8, model_->graph().latent_channels()}));
    const std::vector<Tensor> tokens = std::move(tokens_), condition(pictures_.begin(), pictures_.begin() + count);
    tokens_.clear();
    for (const Tensor& picture : model_->graph().chunk(ops(), tokens, noise, condition, state_)) {
      if (real_ < 0 || emitted_ < real_) emit(picture, pictures_.front(), colour_);
      pictures_.pop_front();
      ++emitted_;
    }
    ops().trim();                                     // the next chunk wants other sizes; what is kept would only pile up
  }

  std::shared_ptr<const FlashVsrModel> model_;
  Padded size_;
  ColourFix colour_;
  FlashVsrState state_;
  std::deque<Tensor> pictures_;                       // low-quality pictures from number emitted_ on
  std::vector<Tensor> tokens_;                        // of latents whose chunk is not complete
  int64_t taken_ = 0, emitted_ = 0;
  int64_t real_ = -1;                                 // how many frames the stream really had, once that is known
};

std::unique_ptr<Stream> FlashVsrModel::stream(const StreamOptions& options) const {
  const std::string what = "a stream of " + str(options.input.width) + "x" + str(options.input.height) + " at x" + str(options.scale);
  require_fits(plan(options), what);
  try {
    return std::make_unique<FlashVsrStream>(shared_from_this(), options, padded_size(options));
  } catch (const std::bad_alloc&) {
    fail("out-of-memory", "The system refused memory for " + what + ". Nothing was started.");
  }
}

}  // namespace

bool has_flashvsr_files(const std::string& folder) { return !find_part(folder, FlashVsrPart::transformer).empty(); }

std::shared_ptr<Model> make_flashvsr_model(ModelInfo info, const FlashVsrWeights& weights, const FlashVsrConfig& config, const std::string& device) {
  return std::make_shared<FlashVsrModel>(std::move(info), weights, config, device);
}

std::shared_ptr<Model> make_flashvsr_model(const std::string& folder, const Json* model_json, const LoadOptions& options) {
  const FlashVsrConfig config = config_of(model_json, options.version, folder);
  const FlashVsrFiles files = files_of(folder, model_json);
  const FlashVsrWeights weights = open_files(folder, files);
  require_room(weights.kept(), folder, options.device);
  ModelInfo info;
  info.name = model_json ? model_json->string_or("name", "flashvsr") : config.version == FlashVsrVersion::v1 ? "flashvsr-v1" : "flashvsr-v1.1";
  info.scales = {2, 4};
  if (const Json* scales = model_json ? model_json->find("scales") : nullptr) {
    info.scales.clear();
    for (int64_t scale : scales->integers()) {
      CHECK_AS("weights-corrupt", scale >= 1 && scale <= 8, "model.json offers a scale of " + str(scale) + ". Get the model again.");
      info.scales.push_back(static_cast<int>(scale));
    }
  }
  info.hash = hash_of(folder, files, model_json);
  return make_flashvsr_model(std::move(info), weights, config, options.device);
}

}  // namespace heirloom

// heirloom-bench --device D: kernels of FlashVSR, whole streams and the stages of a chunk, on any device of ops.h. Times are wall times between
// two moments at which the device has nothing left to do; medians of several rounds after a warm-up.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "heirloom.h"
#include "weights/json.h"
#include "graphs/flashvsr/files.h"
#include "device_words.h"
#include "ops.h"

namespace bench_device {

using namespace heirloom;

struct Size {
  int width = 0, height = 0;
};  // of the input

struct Request {
  std::string device, only, model,
      version = "auto";  // only: a word of the kernels to measure; "stream": of a model the stream, not its stages
  int rounds = 7, scale = 2;
  size_t memory = 0;  // bytes a stream may take, 0: what is free
  double peak = 0;  // 10^12 operations per second of the device, 0: not known
  std::vector<Size> sizes;
};

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
inline int64_t padded(int64_t n) { return (n + FlashVsr::kMultiple - 1) / FlashVsr::kMultiple * FlashVsr::kMultiple; }
inline double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : v[v.size() / 2];
}

inline Tensor random_tensor(const Shape& shape, float amplitude) {
  Tensor t = Tensor::heap(shape);
  uint64_t s = 0x9e3779b97f4a7c15ull;
  for (int64_t i = 0; i < t.count(); ++i) {
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    t.data()[i] = amplitude * (static_cast<float>(s >> 40) * (2.0f / 16777216.0f) - 1.0f);
  }
  return t;
}

// Waits until the device has done everything: a number that is fetched comes after all that was asked for before it.
class Clock {
 public:
  explicit Clock(Ops& ops) : ops_(ops), number_(ops.memory.zeros({1})) {}
  double now() {
    ops_.memory.download(number_);
    return bench_device::now();
  }

 private:
  Ops& ops_;
  Tensor number_;
};

// ---- kernels: the shapes of FlashVSR, one chunk of two latents of an output of H x W ------------------------------------

class Kernels {
 public:
  Kernels(Ops& ops, const Request& request, int64_t H, int64_t W)
      : ops_(ops),
        request_(request),
        clock_(ops),
        H_(H),
        W_(W) {}

  void all() {
    const int64_t T = 2 * (H_ / 16) * (W_ / 16);
    product("gemm ffn up", T, 1536, 8960, Activation::gelu_tanh);
    product("gemm ffn down", T, 8960, 1536, Activation::none);
    product("gemm q, k, v, o", T, 1536, 1536, Activation::none);
    conv("conv LQ 2", H_ / 16, W_ / 16, 4, 2048, 3072, Padding::replicate);
    conv("conv decoder 1/8", H_ / 8, W_ / 8, 1, 512, 512, Padding::zero);
    conv("conv decoder 1/1", H_, W_, 1, 128, 128, Padding::zero);
    attention();
  }

 private:
  bool wants(const std::string& name) const {
    return request_.only.empty() || name.find(request_.only) != std::string::npos;
  }

  // As many calls per round as take some 20 ms, so that waiting for the device does not count.
  void measure(const std::string& name, const std::string& shape, double operations,
               const std::function<void()>& work) {
    work();
    double start = clock_.now();
    work();
    const int calls = std::max(1, static_cast<int>(0.02 / std::max(1e-6, clock_.now() - start)));
    std::vector<double> times;
    for (int i = 0; i < request_.rounds; ++i) {
      start = clock_.now();
      for (int j = 0; j < calls; ++j) work();
      times.push_back((clock_.now() - start) / calls);
    }
    const double t = median(times), rate = operations / t * 1e-12;
    std::printf("kernel | %s | %s | %.4f ms | %.3f TFLOP/s", name.c_str(), shape.c_str(), t * 1e3, rate);
    if (request_.peak > 0) std::printf(" | %.1f %% of peak", rate / request_.peak * 100);
    std::printf("\n");
    std::fflush(stdout);
    ops_.memory.trim();
  }

  void product(const std::string& name, int64_t M, int64_t K, int64_t N, Activation activation) {
    if (!wants(name)) return;
    const Tensor x = ops_.memory.upload_tokens(random_tensor({M, K}, 1));
    const LinearWeight w = ops_.products.pack_linear(random_tensor({N, K}, 1 / std::sqrt(static_cast<float>(K))), {});
    measure(name, str(M) + "x" + str(N) + "x" + str(K),
            2.0 * static_cast<double>(M) * static_cast<double>(N) * static_cast<double>(K),
            [&] { ops_.products.linear(x, w, activation); });
  }

  void conv(const std::string& name, int64_t h, int64_t w, size_t parts, int64_t in, int64_t out, Padding padding) {
    if (!wants(name)) return;
    const Tensor x = ops_.memory.upload_tokens(random_tensor({h, w, in}, 1));
    const int64_t channels = static_cast<int64_t>(parts) * in;
    const ConvWeight weight = ops_.products.pack_conv(
        random_tensor({out, channels, 3, 3}, 1 / std::sqrt(9.0f * static_cast<float>(channels))), {});
    const std::vector<Part> maps(parts, Part(x));
    measure(name, str(h) + "x" + str(w) + ", " + str(channels) + " -> " + str(out),
            18.0 * static_cast<double>(h * w * channels) * static_cast<double>(out),
            [&] { ops_.products.conv2d_3x3(maps, weight, padding); });
  }

  // One layer of a steady chunk: three cached segments and the newest, windows chosen as the model would.
  void attention() {
    if (!wants("attention sparse") && !wants("attention select")) return;
    constexpr int64_t kSegments = 4, kTokens = 128, kHeads = 12, kDim = kHeads * 128;
    SelectRule rule;
    rule.heads = kHeads;
    rule.rows = H_ / 128;
    rule.columns = W_ / 128;
    rule.local_range = FlashVsrConfig().local_range;
    const int64_t n = rule.rows * rule.columns;
    rule.topk = std::max<int64_t>(static_cast<int64_t>(static_cast<double>(n * n) * FlashVsrConfig().sparse_ratio *
                                                       768 * 1280 / static_cast<double>(H_ * W_)) -
                                      1,
                                  0);
    const Tensor q = ops_.memory.upload_tokens(random_tensor({n, kTokens, kDim}, 1));
    Segments k, v, pooled;
    for (int64_t i = 0; i < kSegments; ++i) {
      k.push_back(ops_.memory.upload_tokens(random_tensor({n, kTokens, kDim}, 1 + 0.1f * static_cast<float>(i))));
      v.push_back(k.back());
      pooled.push_back(ops_.attention.pool_blocks(k.back()));
    }
    const Tensor q_pooled = ops_.attention.pool_blocks(q);
    const BlockMask keep = ops_.attention.select_blocks(q_pooled, pooled, rule);
    const double pairs = static_cast<double>(keep.on_host().key.size()), width = static_cast<double>(kDim);
    const std::string shape = str(n) + " windows, " + str(static_cast<int64_t>(pairs)) + " pairs";
    if (wants("attention select"))
      measure("attention select", shape, 2.0 * static_cast<double>(n * n * kSegments) * width,
              [&] { ops_.attention.select_blocks(q_pooled, pooled, rule); });
    if (wants("attention sparse"))
      measure("attention sparse", shape, 4.0 * pairs * kTokens * kTokens * 128,
              [&] { ops_.attention.block_sparse_attention(q, k, v, keep); });
  }

  Ops& ops_;
  const Request& request_;
  Clock clock_;
  const int64_t H_, W_;
};

// ---- streams --------------------------------------------------------------------------------------------------------------

inline StreamOptions stream_options(const Request& request, const Size& size) {
  StreamOptions o;
  o.scale = request.scale;
  o.input.width = size.width;
  o.input.height = size.height;
  o.output = o.input;
  o.output.width *= o.scale;
  o.output.height *= o.scale;
  o.memory_limit = request.memory;
  return o;
}

inline void draw(std::vector<uint8_t>& frame, int number) {  // a moving pattern
  for (size_t p = 0; p < frame.size(); ++p)
    frame[p] = static_cast<uint8_t>(60 + ((p * 7 + static_cast<size_t>(number) * 13) % 97) +
                                    ((p / 11 + static_cast<size_t>(number)) & 31));
}

// Operations per pixel and frame of FlashVSR in steady state: 66.34e12 for 8 frames of 768x1408. With the published widths only.
constexpr double kFlashVsrOperations = 66.34e12 / (8.0 * 768 * 1408);

inline void print_rate(const char* what, const Request& request, const StreamOptions& o, const ModelInfo& info,
                       double frames_per_second, const std::string& rest) {
  std::printf("%s | %s | %dx%d | %.3f frames/s", what, info.name.c_str(), o.output.width, o.output.height,
              frames_per_second);
  if (info.graph == "flashvsr" && info.parameters > 1000000000) {
    const double rate = frames_per_second * kFlashVsrOperations *
                        static_cast<double>(padded(o.output.width) * padded(o.output.height)) * 1e-12;
    std::printf(" | %.1f TFLOP/s", rate);
    if (request.peak > 0) std::printf(" | %.1f %% of the floor at the measured peak", rate / request.peak * 100);
  }
  std::printf(" | %s\n", rest.c_str());
  std::fflush(stdout);
}

// Watches how much of a card's memory is taken since `before`, every few milliseconds while it lives; not while something is timed.
class MemoryWatch {
 public:
  MemoryWatch(const std::string& device, size_t before)
      : least_(before),
        watcher_([this, device] {
          while (!is_over_) {
            least_ = std::min<size_t>(least_, device_facts(tools::device_in(device)).free);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
        }),
        before_(before) {}
  ~MemoryWatch() { stop(); }
  size_t stop() {  // -> the most that was taken, bytes
    is_over_ = true;
    if (watcher_.joinable()) watcher_.join();
    return before_ - least_;
  }

 private:
  std::atomic<bool> is_over_{false};
  std::atomic<size_t> least_;
  std::thread watcher_;
  const size_t before_;
};

// Packed frames in, packed frames out, as the program does it: a chunk at a time, the ring of keys full.
// free_before: of the card, before the model was loaded.
inline void stream(const Request& request, const Model& model, const Size& size, size_t free_before) {
  const StreamOptions o = stream_options(request, size);
  const MemoryPlan plan = model.plan(o);
  const auto stream = model.stream(o);
  const int chunk_frames = std::max(1, model.info().contract.time.chunk);
  const size_t per_chunk =
      static_cast<size_t>((8 + chunk_frames - 1) / chunk_frames * chunk_frames);  // whole chunks, at least 8 frames
  std::vector<std::vector<uint8_t>> in(per_chunk, std::vector<uint8_t>(o.input.bytes()));
  for (size_t i = 0; i < per_chunk; ++i) draw(in[i], static_cast<int>(i));
  std::vector<uint8_t> out(o.output.bytes());
  size_t pulled = 0;
  Ticks time = 0;
  const auto chunk = [&] {
    for (const auto& frame : in) {
      stream->push(frame.data(), frame.size(), time++);
      for (; stream->ready() > 0; ++pulled) stream->pull(out.data(), out.size());
    }
  };
  std::string memory;
  {
    std::unique_ptr<MemoryWatch> watch;
    if (free_before > 0) watch = std::make_unique<MemoryWatch>(request.device, free_before);
    while (pulled < static_cast<size_t>(model.info().start_up_frames) + 3 * per_chunk) chunk();
    if (watch) memory = ", card memory at most " + str(watch->stop() >> 20) + " MiB";
  }
  // A chunk's frames come out while the next one is made, not always as many as went in: what counts is how many came out of all rounds.
  const size_t before = pulled;
  const double start = now();
  for (int i = 0; i < request.rounds; ++i) chunk();
  const double seconds = now() - start;
  CHECK(pulled > before, "the stream gave no frame");
  print_rate("stream", request, o, model.info(), static_cast<double>(pulled - before) / seconds,
             "mode " + plan.mode + ", planned " + str(plan.total >> 20) + " MiB" + memory + ", frames measured " +
                 str(pulled - before));
}

// The same through the graph itself, with a moment of rest after every stage: what the stages take, and what the pool held.
inline void stages(const Request& request, const FlashVsr& graph, const Size& size, const ModelInfo& info) {
  const StreamOptions o = stream_options(request, size);
  const int64_t H = padded(o.output.height), W = padded(o.output.width), C = graph.latent_channels();
  const std::unique_ptr<Ops> owner = make_ops(tools::device_in(request.device), 0, nullptr);
  Ops& ops = *owner;
  Clock clock(ops);
  enum { kInput, kProjection, kTransformer, kDecoder, kColour, kOutput, kStages };
  std::array<std::vector<double>, kStages> times;
  std::vector<double> whole;
  std::vector<uint8_t> in(o.input.bytes()), out(o.output.bytes());
  FlashVsrState state;
  std::vector<Tensor> pictures,
      tokens;  // those whose chunk is not complete; from the second chunk on, as many wait as have been seen ahead
  for (int round = -4; round < request.rounds; ++round) {
    const bool is_first = round == -4;
    const int64_t latents = is_first ? FlashVsr::kFirstLatents : FlashVsr::kLatents,
                  frames = is_first ? FlashVsr::kFirstFrames : FlashVsr::kFrames;
    std::array<double, kStages> spent = {};
    double last = clock.now();
    const auto lap = [&](int stage) {
      const double t = clock.now();
      spent[static_cast<size_t>(stage)] += t - last;
      last = t;
    };
    while (static_cast<int64_t>(tokens.size()) < latents) {
      const bool is_start = pictures.empty() && state.latents == 0;
      for (int i = 0; i < (is_start ? 1 : 4); ++i) {
        draw(in, static_cast<int>(pictures.size()) + i);
        last = clock.now();  // drawing does not count
        pictures.push_back(ops.pictures.picture_of(o.input, in.data(), o.scale, H, W));
        lap(kInput);
      }
      const size_t n = pictures.size();
      std::array<Look, 4> clip;
      for (size_t i = 0; i < 4; ++i) clip[i] = [picture = pictures[is_start ? 0 : n - 4 + i]] { return picture; };
      const Tensor made = graph.condition(ops, clip, state);
      lap(kProjection);
      if (made.defined()) tokens.push_back(made);
    }
    std::vector<Tensor> noise;
    for (int64_t i = 0; i < latents; ++i) noise.push_back(ops.memory.upload(random_tensor({H / 8, W / 8, C}, 1.7f)));
    Taps taps;
    taps.denoised = [&] { lap(kTransformer); };
    last = clock.now();
    std::vector<Tensor> own;
    own.swap(tokens);
    std::vector<Tensor> made;
    graph.chunk(
        ops, std::move(own), noise, [&](int64_t i) { return pictures[static_cast<size_t>(i)]; }, state,
        [&](Tensor picture) { made.push_back(std::move(picture)); }, &taps);
    lap(kDecoder);
    for (size_t i = 0; i < made.size(); ++i) made[i] = ops.pictures.adain(made[i], pictures[i]);
    lap(kColour);
    for (const Tensor& picture : made) ops.pictures.frame_of(picture, o.output)->take(out.data());
    lap(kOutput);
    pictures.erase(pictures.begin(), pictures.begin() + frames);
    ops.memory.trim();
    if (round < 0) continue;
    double sum = 0;
    for (size_t i = 0; i < kStages; ++i) {
      times[i].push_back(spent[i]);
      sum += spent[i];
    }
    whole.push_back(sum);
  }
  char text[256];
  std::snprintf(text, sizeof text,
                "ms per chunk of 8: input %.2f, projection %.2f, transformer %.2f, decoder %.2f, colour %.2f, output "
                "%.2f | pool at most %zu MiB beside the weights",
                median(times[kInput]) * 1e3, median(times[kProjection]) * 1e3, median(times[kTransformer]) * 1e3,
                median(times[kDecoder]) * 1e3, median(times[kColour]) * 1e3, median(times[kOutput]) * 1e3,
                ops.memory.peak_bytes() >> 20);
  print_rate("stages", request, o, info, 8 / median(whole), text);
}

// A size that the device cannot hold is said and does not stop the others.
template <class Work>
bool attempt(const char* what, const Size& size, Work&& work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    std::printf("%s | %dx%d in | not measured: %s\n", what, size.width, size.height, error.what());
    return false;
  }
}

// Returns whether everything was measured.
inline bool run(const Request& request) {
  bool is_whole = true;
  if (request.model.empty()) {
    const std::unique_ptr<Ops> ops = make_ops(tools::device_in(request.device), 0, nullptr);
    for (const Size& size : request.sizes)
      is_whole = attempt("kernel", size,
                         [&] {
                           Kernels(*ops, request, padded(int64_t{size.height} * request.scale),
                                   padded(int64_t{size.width} * request.scale))
                               .all();
                         }) &&
                 is_whole;
    return is_whole;
  }
  LoadOptions load;
  const DeviceOptions device = tools::device_in(request.device);
  CHECK_AS("bad-argument", !device.small_cache && !device.streamed_weights && device.cuda_graphs,
           "How a model's stream is held is planned: with a model a device can have a precision only.");
  load.device = device.id;
  load.precision = device.precision;
  load.version = request.version;
  ModelInfo info;
  const size_t free_before = device_facts(tools::device_in(request.device)).free;
  {
    const auto model = Model::load(request.model, load);
    info = model->info();
    for (const Size& size : request.sizes)
      is_whole = attempt("stream", size, [&] { stream(request, *model, size, free_before); }) && is_whole;
  }
  if (info.graph != "flashvsr" || request.only == "stream") return is_whole;
  const bool is_described = std::ifstream(request.model + "/model.json").good();
  const Json description = is_described ? Json::read_file(request.model + "/model.json") : Json();
  const Json* config = description.find("config");
  FlashVsrConfig as;
  if ((request.version != "auto" ? request.version : config ? config->string_or("version", "v1.1") : "v1.1") == "v1")
    as.version = FlashVsrVersion::v1;
  const std::unique_ptr<Ops> loader = make_ops(tools::device_in(request.device), 0, nullptr);
  const FlashVsr graph(*loader,
                       open_files(request.model, files_of(request.model, is_described ? &description : nullptr)), as);
  for (const Size& size : request.sizes)
    is_whole = attempt("stages", size, [&] { stages(request, graph, size, info); }) && is_whole;
  return is_whole;
}

}  // namespace bench_device

// A FlashVSR model without goldens: operations, then a drawn clip through the whole graph.
#include <chrono>
#include <cmath>
#include <fstream>

#include "device.h"
#include "compare.h"
#include "graphs/flashvsr/files.h"
#include "graphs/parts/noise.h"

namespace compare {

using namespace heirloom;

namespace {

// Waves that drift, a little different in every colour: something with edges in all directions.
Clip drawn_clip(int64_t H, int64_t W, int64_t frames) {
  Clip clip{H, W, frames, {}};
  for (int64_t t = 0; t < frames; ++t) {
    Tensor picture = Tensor::heap({3, H, W});
    for (int64_t c = 0; c < 3; ++c)
      for (int64_t y = 0; y < H; ++y)
        for (int64_t x = 0; x < W; ++x)
          picture.data()[(c * H + y) * W + x] = static_cast<float>(
              0.4 * std::sin(0.11 * static_cast<double>(x + 3 * t) + static_cast<double>(c)) +
              0.3 * std::sin(0.07 * static_cast<double>(y - 2 * t)) + ((x / 16 + y / 16 + t) % 2 ? 0.15 : -0.15));
    clip.pictures.push_back(picture);
  }
  return clip;
}

std::string peak_memory() {                           // Linux; elsewhere nothing
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, 6, "VmHWM:") == 0) return line.substr(6 + line.substr(6).find_first_not_of(" \t"));
  return "unknown";
}

struct Result {
  Found found;
  Run run;
};

Result run_model(Ops& ops, const FlashVsrWeights& weights, const FlashVsrConfig& config, const Clip& clip,
                 const ModelRun& request, const std::string& device, bool wants_taps) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::time_point from) {
    return std::to_string(std::chrono::duration<double>(Clock::now() - from).count()).substr(0, 7) + " s";
  };
  Result result;
  const Clock::time_point start = Clock::now();
  const FlashVsr model(ops, weights, config);
  Table::note(device + ": loaded in " + seconds(start));
  std::vector<Tensor> noise;
  const int64_t h8 = clip.H / 8, w8 = clip.W / 8, C = model.latent_channels();
  for (int64_t i = 0; i < (clip.frames - 1) / 4; ++i)
    noise.push_back(keyed_noise(1, i, h8, w8, C).reshape({h8, w8, C}));
  const Clock::time_point begin = Clock::now();
  RunOptions options{clip.frames, "adain", ""};
  options.decoder = request.decoder;
  options.wants_taps = wants_taps;
  result.run = run_clip(ops, model, clip, noise, options, result.found);
  Table::note(device + ": " + str(result.run.raw.size()) + " frames of " + str(clip.W) + "x" + str(clip.H) + " in " +
              seconds(begin) + ", peak memory " + peak_memory() + ", pool " + str(ops.memory.peak_bytes() >> 20) +
              " MiB");
  return result;
}

// Every value is a number, and the picture is neither flat nor out of all bounds.
void judge_frames(const Run& run, Table& table) {
  double largest = 0, sum = 0, squares = 0, count = 0;
  bool is_finite = true;
  for (const Tensor& frame : run.raw)
    for (int64_t i = 0; i < frame.count(); ++i) {
      const double v = frame.data()[i];
      is_finite = is_finite && std::isfinite(v);
      largest = std::max(largest, std::fabs(v));
      sum += v;
      squares += v * v;
      ++count;
    }
  const double deviation = std::sqrt(std::max(0.0, squares / count - sum / count * (sum / count)));
  table.line("frames are numbers", str(run.raw.size()) + " frames", is_finite ? "finite" : "not finite", "finite",
             is_finite);
  table.line("frames: largest value", "", std::to_string(largest), "< 100", largest < 100);
  table.line("frames: deviation", "", std::to_string(deviation), "> 0.001", deviation > 1e-3);
}

}  // namespace

void compare_model(const std::string& folder, const Device& device, const ModelRun& request, Table& table) {
  const bool is_described = exists(folder + "/model.json");
  const Json description = is_described ? Json::read_file(folder + "/model.json") : Json();
  const FlashVsrWeights weights = open_files(folder, files_of(folder, is_described ? &description : nullptr));
  FlashVsrConfig config;
  const Json* stated = description.find("config");
  const std::string version = !request.version.empty() ? request.version
                              : stated                 ? stated->string_or("version", "v1.1")
                                                       : "v1.1";
  config.version = version == "v1" ? FlashVsrVersion::v1 : FlashVsrVersion::v1_1;
  spot_checks(device.ops, weights, table);
  if (!request.has_stream) return;
  CHECK_AS("bad-argument",
           request.frames >= 25 && request.frames % 8 == 1 && request.height % 128 == 0 && request.width % 128 == 0 &&
               request.height > 0 && request.width > 0,
           "A clip has 8k + 1 frames, at least 25, and sides that are multiples of 128.");
  const bool is_cpu = device.id == "cpu";
  const Clip clip = drawn_clip(request.height, request.width, request.frames);
  const Result ours = run_model(device.ops, weights, config, clip, request, device.id, !is_cpu);
  judge_frames(ours.run, table);
  if (is_cpu) return;
  const std::unique_ptr<Ops> cpu = make_ops({"cpu"}, 0, nullptr);
  const Result theirs = run_model(*cpu, weights, config, clip, request, "cpu", true);
  compare_runs(ours.found, ours.run, theirs.found, theirs.run, table);
}

}  // namespace compare

// heirloom-compare FOLDER: runs a golden folder (weights, inputs, outputs, configuration) through the engine and prints the error of
// every tap. Exits 0 only if every bar holds: masks identical, fp32 relative error <= 1e-5 up to the raw frames, <= 5e-5 after the colour fix,
// and the same frames whatever the push pattern and the number of threads. On another device than the CPU with that device's bars, and
// against the CPU besides. A folder of FlashVSR weights without goldens is compared with double precision and with the CPU.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../device_words.h"
#include "compare.h"

using namespace heirloom;

namespace {

constexpr const char* kUsage =
    "usage: heirloom-compare FOLDER [options]\n"
    "  --device D               cpu, cuda:0, ... (cpu)\n"
    "  --threads N              (all cores)\n"
    "  --if-present             say so and succeed when there is nothing to compare\n"
    "  --record                 write outputs.safetensors instead of comparing with it\n"
    "of a FlashVSR model without goldens:\n"
    "  --size WxH               of the enlarged clip, multiples of 128 (256x256)\n"
    "  --frames N               8k + 1, at least 25 (25)\n"
    "  --version V              v1 or v1.1 (as model.json says, else v1.1)\n"
    "  --decoder D              tc or wan-vae (tc)\n"
    "  --operations             only single operations against double precision, no clip\n";

struct Arguments {
  std::string folder, device = "cpu";
  int threads = 0;
  bool is_optional = false, is_recording = false;
  compare::ModelRun run;
};

bool parse(int argc, char** argv, Arguments& a) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    char rest = 0;
    if (word == "--if-present") a.is_optional = true;
    else if (word == "--record") a.is_recording = true;
    else if (word == "--operations") a.run.has_stream = false;
    else if (word == "--threads" && has_value) a.threads = std::atoi(argv[++i]);
    else if (word == "--device" && has_value) a.device = argv[++i];
    else if (word == "--version" && has_value) a.run.version = argv[++i];
    else if (word == "--frames" && has_value) a.run.frames = std::atoll(argv[++i]);
    else if (word == "--size" && has_value) {
      long long width = 0, height = 0;
      if (std::sscanf(argv[++i], "%lldx%lld%c", &width, &height, &rest) != 2) return false;
      a.run.width = width;
      a.run.height = height;
    } else if (word == "--decoder" && has_value) {
      const std::string kind = argv[++i];
      if (kind != "tc" && kind != "wan-vae") return false;
      a.run.decoder = kind == "tc" ? FlashVsrDecoder::tc : FlashVsrDecoder::wan_vae;
    } else if (a.folder.empty() && word.compare(0, 1, "-") != 0) a.folder = word;
    else return false;
  }
  return !a.folder.empty();
}

int run(const Arguments& a) {
  const std::unique_ptr<Ops> ops = make_ops(tools::device_in(a.device), a.threads, nullptr);
  std::printf("%s, %s, %d threads\n", a.folder.c_str(), a.device.c_str(), ops->memory.threads());
  compare::Table table(compare::bars_of(a.device, ops->memory.zeros({1}).dtype()));
  const compare::Device device{a.device, *ops};
  if (compare::exists(a.folder + "/model.json") && compare::exists(a.folder + "/inputs.safetensors") &&
      !a.is_recording) {
    const Json model = Json::read_file(a.folder + "/model.json");
    const std::string graph = model.string_or("graph", "");
    const auto compared = graph == "heirloom-small"    ? compare::compare_small
                          : graph == "heirloom-motion" ? compare::compare_motion
                          : graph == "residual-codec"  ? compare::compare_residual
                                                       : nullptr;
    if (compared) {
      compared(a.folder, model, *ops, table);
      return table.result();
    }
  }
  if (compare::exists(a.folder + "/config.json")) compare::compare_flashvsr(a.folder, device, table, a.is_recording);
  else compare::compare_model(a.folder, device, a.run, table);
  return a.is_recording ? 0 : table.result();
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  if (!parse(argc, argv, a)) {
    std::fprintf(stderr, "%s", kUsage);
    return 2;
  }
  if (a.is_optional && !compare::exists(a.folder + "/inputs.safetensors")) {
    std::printf("skip  %s is not there\n", a.folder.c_str());
    return 0;
  }
  try {
    return run(a);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s (%s)\n", error.what(), error.code.c_str());
    return 1;
  }
}

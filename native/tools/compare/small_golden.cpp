// heirloom-small: a golden folder made by its PyTorch twin (models/goldens.py).
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "compare.h"
#include "graphs/small/model.h"
#include "weights/weight_file.h"

namespace compare {

using namespace heirloom;

namespace {

// Ours are [H, W, C], PyTorch's [C, H, W].
bool is_feature_map(const Shape& ours, const Shape& golden) {
  return ours.rank() == 3 && golden.rank() == 3 && ours != golden && ours[0] == golden[1] && ours[1] == golden[2] &&
         ours[2] == golden[0];
}
}  // namespace

void compare_small(const std::string& folder, const Json& model_json, Ops& ops, Table& table) {
  Weights inputs, outputs;
  inputs.open(folder + "/inputs.safetensors");
  outputs.open(folder + "/outputs.safetensors");
  const Tensor x = inputs.get("x"), noise = inputs.get("noise");   // [T, 3, H, W], [latents, h*w, channels]
  const SmallWeights weights = load_small_weights(ops, folder, model_json);
  const auto up = [](int64_t n, int64_t step) { return (n + step - 1) / step * step; };
  const int64_t T = x.shape[0], H = up(x.shape[2], weights.config.pad_height()),
                W = up(x.shape[3], weights.config.pad_width());
  Found found;
  const Taps taps = collect(ops, found, "");
  // Stored as float32; the model was run with the decimal number a person wrote, and 1000 * strength is an angle.
  char written[32] = "1";
  if (inputs.has("strength"))
    std::snprintf(written, sizeof written, "%.6g", static_cast<double>(inputs.get("strength").data()[0]));
  const double strength = std::strtod(written, nullptr);
  const Tensor quantisers = inputs.has("quantiser") ? inputs.get("quantiser") : Tensor();  // [latents]
  SmallGraph graph(ops, weights, strength, H, W, &taps);
  SmallState state;
  const auto noise_of = [&](int64_t latent) {
    return ops.memory.upload(noise.row_range(latent, 1).reshape({noise.shape[1], noise.shape[2]}));
  };
  const auto ignore = [](const Tensor&) {};           // the taps have it
  for (int64_t i = 0; i < T; ++i)
    graph.take(ops.pictures.pad_edge(ops.memory.upload(x.row_range(i, 1).reshape({3, x.shape[2], x.shape[3]})), H, W),
               state, noise_of, ignore,
               quantisers.defined() ? double(quantisers.data()[i / SmallConfig::kTokenFrames]) : 0);
  graph.finish(state, noise_of, ignore);
  for (const auto& item : outputs.entries()) {
    const auto ours = found.find(item.first);
    const Tensor golden = outputs.get(item.first);
    if (ours != found.end() && is_feature_map(ours->second.shape, golden.shape))
      ours->second = planes_first(ours->second);
    if (ours == found.end()) table.line(item.first, str(golden.shape), "unknown tap", "", false);
    else if (item.first.find(".mask.") != std::string::npos) table.mask(item.first, ours->second, golden);
    else table.relative(item.first, ours->second, golden, table.bars().taps);
  }
}

}  // namespace compare

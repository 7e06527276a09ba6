// residual-codec: a golden folder made by its PyTorch twin (models/keepsake/codec/goldens.py). What is floats; symbols and bytes are residual_codec_test's.
#include <cstring>

#include "compare.h"
#include "graphs/residual/model.h"
#include "graphs/residual/pixels.h"
#include "weights/weight_file.h"

namespace compare {

using namespace heirloom;

namespace {

constexpr uint64_t kSeed = 7;  // of the goldens' noise
constexpr int64_t kColours = 3;

// Planes of whole numbers or floats as a map [H, W, C] of floats.
Tensor as_map(const Entry& entry) {
  const int64_t C = entry.shape[0], plane = entry.shape[1] * entry.shape[2];
  Tensor map = Tensor::heap({entry.shape[1], entry.shape[2], C});
  for (int64_t c = 0; c < C; ++c)
    for (int64_t i = 0; i < plane; ++i) {
      int32_t whole;
      std::memcpy(&whole, entry.bytes + size_t(c * plane + i) * sizeof whole, sizeof whole);
      map.data()[i * C + c] = float(whole);
    }
  return map;
}

// The golden has what lies within the picture, ours what is padded.
Tensor as_golden(const Tensor& ours, const Shape& golden) {
  const Tensor planes = golden[0] == kColours && ours.shape[0] == kColours ? ours : planes_first(ours);
  Tensor out = Tensor::heap(golden);
  for (int64_t row = 0; row < golden[0] * golden[1]; ++row)
    std::memcpy(out.data() + row * golden[2],
                planes.data() + (row / golden[1] * planes.shape[1] + row % golden[1]) * planes.shape[2],
                size_t(golden[2]) * sizeof(float));
  return out;
}

}  // namespace

void compare_residual(const std::string& folder, const Json& model_json, Ops& ops, Table& table) {
  Weights inputs, outputs;
  inputs.open(folder + "/inputs.safetensors");
  outputs.open(folder + "/outputs.safetensors");
  const ResidualWeights weights = load_residual_weights(ops, folder, model_json);
  const Tensor x = inputs.get("x");
  const ResidualSize size = residual_size(x.shape[1], x.shape[2]);
  Found found;
  const Taps taps = collect(ops, found, "");
  const ResidualGraph graph(ops, weights, &taps);
  const Tensor y =
      ops.memory.download(graph.analysis(ops.pictures.pad_edge(ops.memory.upload(x), size.height, size.width)));
  for (const int quality : {20, 63}) {
    const std::string prefix = std::to_string(quality) + ".";
    const std::vector<float> gains = weights.gains(quality);
    Tensor latents = Tensor::heap(y.shape);
    for (int64_t i = 0; i < y.count(); ++i) latents.data()[i] = y.data()[i] * gains[size_t(i % y.channels())];
    found["latents"] = latents;
    graph.hyper_analysis(ops.memory.upload_tokens(latents));
    const Tensor zs = as_map(outputs.entry(prefix + "zs")), ys = as_map(outputs.entry(prefix + "ys"));
    Tensor yh = ops.memory.download(graph.mean(ops.memory.upload_tokens(zs)));
    for (int64_t i = 0; i < yh.count(); ++i)
      yh.data()[i] = (yh.data()[i] + ys.data()[i]) / gains[size_t(i % yh.channels())];
    const ResidualFaithful faithful = graph.synthesis(ops.memory.upload_tokens(yh));
    graph.residual(faithful, ops.memory.upload(noise_in(kSeed, {0, 0, size.height, size.width})));
    for (const auto& item : outputs.entries()) {
      if (item.first.compare(0, prefix.size(), prefix) != 0) continue;
      const auto ours = found.find(item.first.substr(prefix.size()));
      if (ours == found.end()) continue;  // symbols, bytes, noise, and what is shown
      table.relative(item.first, as_golden(ours->second, item.second.shape), as_float(item.second),
                     table.bars().taps * 10);
    }
  }
}

}  // namespace compare

// Recording: only for making a small golden with an engine that holds the public ones.
#include <algorithm>

#include "compare.h"
#include "weights/safetensors_writer.h"

namespace compare {

using namespace heirloom;

void record(const std::string& path, const Found& found, const Run& run) {
  const std::vector<std::string> names = {"t",
                                          "b0.cross_k",
                                          "c0.b0.mask",
                                          "c1.b0.mask",
                                          "c1.b0.draft_prob",
                                          "c1.b0.kcache_mean",
                                          "c1.lq_tokens.latent1",
                                          "c1.noise_pred",
                                          "v1.lq_tokens.latent7",
                                          "dense.c0.b0.mask",
                                          "dense.c1.b0.mask",
                                          "frames.raw.stride8",
                                          "frames.u8.28"};
  std::vector<SafetensorsWriter::Planned> plan;
  for (const std::string& name : names) {
    const Tensor value = answer(name, found, run);
    CHECK(value.defined(), "nothing to record for " + name);
    plan.push_back(
        {name, ends_with(name, ".mask") || name.find("frames.u8.") == 0 ? DType::u8 : DType::f32, value.shape});
  }
  SafetensorsWriter file(path, plan);
  for (const SafetensorsWriter::Planned& planned : plan) {
    const Tensor value = answer(planned.name, found, run);
    if (planned.dtype == DType::f32) {
      file.write(value.data(), value.bytes());
      continue;
    }
    std::vector<uint8_t> bytes(static_cast<size_t>(value.count()));
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(value.data()[i]);
    file.write(bytes.data(), bytes.size());
  }
  file.finish();
}

// How close the selection was to going the other way: below about 1e-4, rounding may flip a mask.
double selection_margin(const Found& found, int64_t topk) {
  double margin = 1;
  for (const auto& item : found) {
    if (!ends_with(item.first, "draft_prob") || item.first.find("dense") == 0) continue;
    const Tensor& p = item.second;                    // [heads, queries, keys]; one segment per n queries
    const Tensor& mask = found.at(item.first.substr(0, item.first.size() - 10) + "mask");
    double kept = 2, dropped = 0;
    for (int64_t i = 0; i < p.count(); ++i) {
      if (mask.data()[i] > 0) kept = std::min(kept, static_cast<double>(p.data()[i]));
      else dropped = std::max(dropped, static_cast<double>(p.data()[i]));
    }
    if (p.shape[0] == 1 && p.shape[1] * p.shape[2] > topk && kept <= 1)
      margin = std::min(margin, (kept - dropped) / kept);
  }
  return margin;
}

}  // namespace compare

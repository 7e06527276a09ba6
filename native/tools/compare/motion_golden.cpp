// heirloom-motion: a golden folder made by its PyTorch twin (models/motion/goldens.py).
#include <deque>

#include "compare.h"
#include "graphs/motion/model.h"
#include "weights/weight_file.h"

namespace compare {

using namespace heirloom;

namespace {

// Ours are [H, W, C], PyTorch's [C, H, W].
Tensor as_golden(const Tensor& ours, const Shape& golden) {
  return ours.shape.rank() == 3 && ours.shape != golden ? planes_first(ours) : ours;
}

Tensor confidence_of(const Tensor& said) {
  Tensor planes = planes_first(said);
  return planes.row_range(planes.shape[0] - 1, 1);
}

}  // namespace

void compare_motion(const std::string& folder, const Json& model_json, Ops& ops, Table& table) {
  Weights inputs, outputs;
  inputs.open(folder + "/inputs.safetensors");
  outputs.open(folder + "/outputs.safetensors");
  const Tensor frames = inputs.get("keys");           // [T, 3, H, W]
  const MotionWeights weights = load_motion_weights(ops, folder, model_json);
  const MotionSize size = motion_size(frames.shape[2], frames.shape[3]);
  Found found;
  const Taps taps = collect(ops, found, "");
  const MotionGraph graph(ops, weights, size.height, size.width, &taps);
  std::deque<MotionKey> keys;
  for (int64_t i = 0; i < frames.shape[0]; ++i) {
    const Tensor frame = frames.row_range(i, 1).reshape({3, frames.shape[2], frames.shape[3]});
    keys.push_back(graph.key(ops.pictures.pad_edge(ops.memory.upload(frame), size.height, size.width)));
  }
  const MotionGap gap = graph.gap(keys);
  const Cells all;
  std::string made;                                   // the time and way of what was found last
  for (const auto& item : outputs.entries()) {
    const std::string &name = item.first, time = name.substr(0, name.find('.', 2));
    const bool is_dense = name.compare(time.size(), 7, ".dense.") == 0;
    if (made != time + (is_dense ? " dense" : "")) {
      made = time + (is_dense ? " dense" : "");
      const MotionEstimate estimate = graph.between(gap, std::stof(time), is_dense ? &all : nullptr);
      if (!is_dense) found["need"] = ops.memory.download(estimate.needed);
      found["confidence"] = confidence_of(found.at("said"));
    }
    const std::string what = name.substr(time.size() + (is_dense ? 7 : 1));
    const Tensor golden = outputs.get(name);
    const auto ours = found.find(what);
    if (ours == found.end()) table.line(name, str(golden.shape), "unknown tap", "", false);
    else if (what == "need") table.identical(name, as_golden(ours->second, golden.shape), golden);
    else if (what.compare(0, 5, "flow.") == 0)           // in pixels
      table.absolute(name, as_golden(ours->second, golden.shape), golden, table.bars().taps * 10);
    else table.relative(name, as_golden(ours->second, golden.shape), golden, table.bars().taps * 10);
  }
}

}  // namespace compare

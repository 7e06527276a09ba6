// heirloom-motion as an Interpolator of heirloom.h: loading, memory plan, and the frames between the keys that are given to it.
#pragma once
#include <memory>
#include <string>

#include "graphs/motion/graph.h"
#include "heirloom.h"

namespace heirloom {

// folder: where model.json (already parsed) and its weight file lie.
std::shared_ptr<Interpolator> make_motion_model(const std::string& folder, const Json& model_json,
                                                const LoadOptions& options);

// The packed weights alone, for the comparison with goldens.
MotionWeights load_motion_weights(Ops& ops, const std::string& folder, const Json& model_json);

// Of a picture as the graph wants it: multiples of 16, at least 32.
struct MotionSize {
  int64_t height, width;
};
MotionSize motion_size(int64_t height, int64_t width);

}  // namespace heirloom

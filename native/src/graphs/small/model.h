// heirloom-small as a Model of heirloom.h: loading, memory plan, and streams that turn frames into frames.
#pragma once
#include <memory>
#include <string>

#include "heirloom.h"
#include "planning/memory_plan.h"
#include "graphs/small/config.h"
#include "graphs/small/graph.h"

namespace heirloom {

// folder: where model.json (already parsed, never null) and its weight file lie.
std::shared_ptr<Model> make_small_model(const std::string& folder, const Json* model_json, const LoadOptions& options);

// The config and packed weights alone, for the comparison with goldens.
SmallWeights load_small_weights(Ops& ops, const std::string& folder, const Json& model_json);

// What the memory planner must know; weights: bytes of the loaded ones.
ModelNeeds small_needs(const SmallConfig& config, size_t weights, const StreamOptions& options);

}  // namespace heirloom

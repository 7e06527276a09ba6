// FlashVSR as a Model of heirloom.h: where its files lie, what a stream will need, and streams that keep the schedule of the graph
// while N frames in give N frames out, whatever N and whatever the size.
#pragma once
#include <memory>
#include <string>

#include "device.h"
#include "heirloom.h"
#include "weights/json.h"
#include "graphs/flashvsr/graph.h"

namespace heirloom {

// model_json is null for a folder with the published files.
std::shared_ptr<Model> make_flashvsr_model(const std::string& folder, const Json* model_json,
                                           const LoadOptions& options);

// From weights in hand: tests and comparisons.
std::shared_ptr<Model> make_flashvsr_model(ModelInfo info, const FlashVsrWeights& weights, const FlashVsrConfig& config,
                                           const DeviceOptions& device);

}  // namespace heirloom

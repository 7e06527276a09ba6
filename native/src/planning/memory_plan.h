// memory_plan.h: how a stream will fit into memory, decided by arithmetic before anything is allocated: the ladder from the whole
// picture at full precision down to small overlapping parts, or a refusal with numbers. Pure, except machine_memory().
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "device.h"
#include "heirloom.h"
#include "planning/tiles.h"

namespace heirloom {

struct MachineMemory {
  size_t total = 0, available = 0;
};  // bytes; a container's limit counts when it is smaller
MachineMemory machine_memory();

// What a device offers to the planner.
struct DeviceMemory {
  size_t free = 0;  // bytes that a stream may use
  bool is_separate = false;  // a card with memory of its own, beside the computer's
  size_t host_free = 0;  // bytes of the computer's memory that may be pinned for a card
  std::string number = "fp32";  // how numbers are kept: "fp32", "bf16" or "fp16"
  std::string small_cache;  // "int8": the memory of earlier frames can be kept so; "": it cannot
  bool streams_weights = false;  // weights can stay in the computer's memory and come layer by layer
  bool parks_parts = false;  // what a part remembers can wait in the computer's memory
  size_t product_bytes = 4;  // of one number of a layer's large weights: 1 with "fp8", else as number
  size_t overhead = 0;  // bytes that every stream takes there, whatever it does
  double teraflops = 0, link_gigabytes = 0;  // per second: dense products, copies from the computer; 0: not known
  size_t number_bytes() const { return number == "fp32" ? 4 : 2; }
};
// limit: StreamOptions.memory_limit.
DeviceMemory device_memory(const DeviceOptions& device, size_t limit);

// How a stream is held: one rung of the ladder.
struct MemoryMode {
  std::string name = "whole";  // MemoryPlan::mode
  size_t number_bytes = 4, cache_bytes = 4;  // of one number, of one number of the memory of earlier frames
  size_t product_bytes = 4;  // of one number of a layer's large weights
  bool streams_weights = false, parks_parts = false;
  int64_t rows = 1, columns = 1;  // parts
};

// What a model takes for a picture (or one part of it) of this padded size, in bytes.
struct Footprint {
  size_t weights = 0;  // on the device
  size_t host_weights = 0;  // beside the device, when they are streamed
  size_t cache = 0, remembered = 0;  // kept between chunks: keys and values of earlier frames; the rest of it
  size_t work = 0;  // the most that is alive at one time beside these
};

// A model for one stream's options, as the planner sees it.
struct ModelNeeds {
  std::string model;  // "heirloom-s"
  std::string size;  // of the frames that come in, for people: "720×576"
  int scale = 1;
  int64_t height = 0, width = 0;  // of the padded output
  TileUnit unit = {1, 1};
  size_t frames = 0;  // bytes: pictures of the whole size, whatever the parts
  size_t waiting_frames = 0;  // bytes: packed frames before and behind the model, kept by the computer
  size_t part_frames =
      0;  // bytes: pictures of the whole size that wait while parts are worked on, kept by the computer
  double operations = 0;  // of one chunk of the whole picture; 0: not known
  bool has_layers_to_stream = false;  // weights so large that it helps to let them come layer by layer
  std::function<Footprint(int64_t height, int64_t width, const MemoryMode& mode)> footprint;
};

// The ladder on this device, best first; never empty.
std::vector<MemoryMode> ladder(const ModelNeeds& model, const DeviceMemory& device);

// What one rung takes, and what it is expected to cost in speed; fits says whether it does.
MemoryPlan plan_of(const ModelNeeds& model, const MemoryMode& mode, const DeviceMemory& device);

// The best rung that fits, or the rung `step_down` below it; forced parts (rows, columns > 0) leave no choice. What does not fit at
// all comes back with mode "refused", fits false, the smallest need, and the name of the first of `smaller` that would fit.
struct PlanRequest {
  int step_down = 0;
  int64_t rows = 0, columns = 0;
};
MemoryPlan choose(const ModelNeeds& model, const DeviceMemory& device, const PlanRequest& request = {},
                  const std::vector<ModelNeeds>& smaller = {});

// The device that holds a stream as planned.
DeviceOptions as_planned(DeviceOptions device, const MemoryPlan& plan);

// Throws out-of-memory with the plan's sentence unless it fits.
void require_fits(const MemoryPlan& plan);

std::string in_words(size_t bytes);  // "523 MB", "9.3 GB"
std::string in_words(const FrameFormat& format);  // "720×576"

}  // namespace heirloom

#include "planning/memory_plan.h"

#include <algorithm>
#include <fstream>
#include <limits>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <unistd.h>
#endif

#include "check.h"

namespace heirloom {
namespace {

#if defined(__linux__)
// The number behind "key" in a file of lines "key number", or `missing`.
size_t number_in(const char* path, const std::string& key, size_t missing) {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    size_t value = 0;
    if (word == key && file >> value) return value;
  }
  return missing;
}

size_t first_number(const char* path, size_t missing) {
  std::ifstream file(path);
  size_t value = 0;
  return file >> value ? value : missing;             // "max" means no limit
}

// What a control group leaves: its limit less what is used and cannot be dropped. Version 2, then version 1.
void limit_to_container(MachineMemory& memory) {
  constexpr size_t kNone = std::numeric_limits<size_t>::max();
  struct Group {
    const char *limit, *usage, *stat, *cache;
  };
  for (const Group& g :
       {Group{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat",
              "inactive_file"},
        Group{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
              "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file"}}) {
    const size_t limit = first_number(g.limit, kNone);
    if (limit >= memory.total) continue;
    const size_t usage = first_number(g.usage, 0), cache = std::min(usage, number_in(g.stat, g.cache, 0));
    memory.total = limit;
    memory.available = std::min(memory.available, limit - std::min(limit, usage - cache));
  }
}
#endif

// What is taken for granted of a card that does not say how fast it is: a middling one of 2020 and its bus.
constexpr double kTeraflops = 40, kLinkGigabytes = 12;
constexpr double kReached = 0.5;                      // of the stated peak, by kernels in the field

double known(double value, double otherwise) { return value > 0 ? value : otherwise; }

// What a rung does to speed, 1: as fast as the first. Copies run beside the work, so only what lasts longer counts.
double speed_of(const ModelNeeds& model, const DeviceMemory& device, const TileGrid& grid, size_t copied) {
  const double share = static_cast<double>(grid.count()) * static_cast<double>(grid.height() * grid.width()) /
                       static_cast<double>(model.height * model.width);
  if (copied == 0 || model.operations <= 0) return 1 / share;
  const double work = model.operations / (known(device.teraflops, kTeraflops) * kReached * 1e12);
  return work /
         std::max(work * share, static_cast<double>(copied) / (known(device.link_gigabytes, kLinkGigabytes) * 1e9));
}

std::string percent(double part) { return std::to_string(std::max(1, static_cast<int>(part * 100 + 0.5))) + " %"; }

std::string way_of(const MemoryMode& mode, const DeviceMemory& device, const MemoryPlan& plan) {
  std::string way;
  const auto also = [&](const std::string& part) { way += (way.empty() ? "" : ", and ") + part; };
  if (plan.rows * plan.columns > 1)
    also("the picture is worked on in " + std::to_string(plan.rows) + " x " + std::to_string(plan.columns) +
         " overlapping parts that fade into each other");
  if (mode.streams_weights)
    also("the model's weights stay in the computer's memory (" + in_words(plan.host) +
         " of it) and come layer by layer");
  if (mode.cache_bytes < mode.number_bytes)
    also("what is remembered of earlier frames is kept as " + device.small_cache + ", a little less exact");
  return way;
}

std::string numbers_of(const MemoryPlan& plan) {
  return in_words(plan.total) + " (model " + in_words(plan.weights) + ", memory of earlier frames " +
         in_words(plan.state) + ", work space " + in_words(plan.activations) + ")";
}

Message refusal_of(const ModelNeeds& model, const MemoryPlan& plan) {
  const std::string scale = std::to_string(model.scale), total = in_words(plan.total), weights = in_words(plan.weights),
                    state = in_words(plan.state), work = in_words(plan.activations), limit = in_words(plan.limit);
  const bool is_least = plan.rows * plan.columns > 1;
  if (plan.smaller.empty())
    return say(is_least ? sentences::kMemoryLeast : sentences::kMemory, {{"size", model.size},
                                                                         {"scale", scale},
                                                                         {"total", total},
                                                                         {"model", weights},
                                                                         {"state", state},
                                                                         {"work", work},
                                                                         {"limit", limit}});
  return say(is_least ? sentences::kMemoryLeastSmaller : sentences::kMemorySmaller, {{"size", model.size},
                                                                                     {"scale", scale},
                                                                                     {"total", total},
                                                                                     {"model", weights},
                                                                                     {"state", state},
                                                                                     {"work", work},
                                                                                     {"limit", limit},
                                                                                     {"smaller", plan.smaller}});
}

std::string sentence_of(const MemoryMode& mode, const DeviceMemory& device, const MemoryPlan& plan) {
  if (plan.mode == "whole")
    return "The whole picture at once, numbers as " + device.number +
           (mode.product_bytes < mode.number_bytes ? ", large products in fp8" : "") + ": " + numbers_of(plan) + ", " +
           in_words(plan.limit) + " may be used.";
  const std::string why = plan.whole > plan.limit ? "The whole picture at once would need " + in_words(plan.whole) +
                                                        ", and " + in_words(plan.limit) + " may be used. So "
                                                  : "To take less memory, ";
  const std::string price =
      plan.speed >= 0.95 ? "about as fast as usual." : "at about " + percent(plan.speed) + " of the usual speed.";
  return why + way_of(mode, device, plan) + ": " + numbers_of(plan) + ", " + price;
}

// Ever more parts, the longer side of a part halved first; beyond the last nothing gets smaller.
void add_parts(std::vector<MemoryMode>& list, const ModelNeeds& model, MemoryMode mode) {
  mode.name = "parts";
  const int64_t most_rows = most_parts(model.height, model.unit.height),
                most_columns = most_parts(model.width, model.unit.width);
  while (mode.rows < most_rows || mode.columns < most_columns) {
    const TileGrid grid = tile_grid(model.height, model.width, mode.rows, mode.columns, model.unit);
    const bool is_tall = grid.height() > grid.width();
    if (mode.columns == most_columns || (is_tall && mode.rows < most_rows)) ++mode.rows;
    else ++mode.columns;
    list.push_back(mode);
  }
}

}  // namespace

std::string in_words(size_t bytes) {
  if (bytes < 1000000000) return std::to_string((bytes + 999999) / 1000000) + " MB";
  const size_t tenths = (bytes + 99999999) / 100000000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

std::string in_words(const FrameFormat& format) {
  return std::to_string(format.width) + "\u00d7" + std::to_string(format.height);
}

MachineMemory machine_memory() {
  MachineMemory memory;
#if defined(_WIN32)
  MEMORYSTATUSEX status;
  status.dwLength = sizeof(status);
  if (GlobalMemoryStatusEx(&status)) memory = {size_t(status.ullTotalPhys), size_t(status.ullAvailPhys)};
#else
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  memory.total = pages > 0 && page > 0 ? size_t(pages) * size_t(page) : 0;
  memory.available = memory.total;
#if defined(__linux__)
  memory.available = std::min(memory.total, number_in("/proc/meminfo", "MemAvailable:", memory.total / 1024) * 1024);
  limit_to_container(memory);
#endif
#endif
  return memory;
}

std::vector<MemoryMode> ladder(const ModelNeeds& model, const DeviceMemory& device) {
  MemoryMode mode;
  mode.number_bytes = mode.cache_bytes = device.number_bytes();
  mode.product_bytes = std::min(device.product_bytes, mode.number_bytes);
  std::vector<MemoryMode> list = {mode};
  if (!device.small_cache.empty()) {
    mode.name = "small-cache";
    mode.cache_bytes = 1;
    list.push_back(mode);
  }
  if (device.streams_weights && model.has_layers_to_stream) {
    mode.name = "streamed-weights";
    mode.streams_weights = true;
    list.push_back(mode);
  }
  mode.parks_parts = device.parks_parts;
  add_parts(list, model, mode);
  return list;
}

MemoryPlan plan_of(const ModelNeeds& model, const MemoryMode& mode, const DeviceMemory& device) {
  const TileGrid grid = tile_grid(model.height, model.width, mode.rows, mode.columns, model.unit);
  const Footprint footprint = model.footprint(grid.height(), grid.width(), mode);
  const size_t parts = grid.count(), kept = footprint.cache + footprint.remembered,
               resident = mode.parks_parts && parts > 1 ? 1 : parts;
  const size_t waiting = model.waiting_frames + (parts > 1 ? model.part_frames : 0),
               parked = resident < parts ? parts * kept : 0;
  MemoryPlan plan;
  plan.mode = mode.name;
  plan.has_small_cache = mode.cache_bytes < mode.number_bytes;
  plan.streams_weights = mode.streams_weights;
  plan.rows = static_cast<int>(grid.rows.size());
  plan.columns = static_cast<int>(grid.columns.size());
  plan.weights = footprint.weights;
  plan.cache = resident * footprint.cache;
  plan.state = resident * kept;
  plan.activations = footprint.work + model.frames + device.overhead + (device.is_separate ? 0 : waiting);
  plan.total = plan.weights + plan.state + plan.activations;
  plan.host = footprint.host_weights + parked + (device.is_separate ? waiting : 0);
  plan.limit = device.free;
  plan.fits = plan.total <= plan.limit && (!device.is_separate || plan.host <= device.host_free);
  plan.speed = speed_of(model, device, grid, footprint.host_weights + 2 * parked);
  return plan;
}

MemoryPlan choose(const ModelNeeds& model, const DeviceMemory& device, const PlanRequest& request,
                  const std::vector<ModelNeeds>& smaller) {
  std::vector<MemoryMode> rungs = ladder(model, device);
  const size_t whole = plan_of(model, rungs[0], device).total;
  int below = request.step_down;
  if (request.rows > 0 || request.columns > 0) {
    rungs = {rungs[0]};
    rungs[0].rows = std::max<int64_t>(request.rows, 1);
    rungs[0].columns = std::max<int64_t>(request.columns, 1);
    if (rungs[0].rows * rungs[0].columns > 1) rungs[0].name = "parts";
    below = 0;
  }
  MemoryPlan smallest;
  for (const MemoryMode& mode : rungs) {
    MemoryPlan plan = plan_of(model, mode, device);
    plan.whole = whole;
    const bool is_less =
        smallest.total == 0 ||
        plan.total < smallest.total;   // parts that overlap may need more than what they are parts of: no step down
    if (plan.fits && is_less && below-- <= 0) {
      plan.sentence = sentence_of(mode, device, plan);
      return plan;
    }
    if (is_less) smallest = plan;
  }
  smallest.mode = "refused";
  smallest.fits = false;
  for (const ModelNeeds& other : smaller) {
    if (!smallest.smaller.empty() || choose(other, device).mode == "refused") continue;
    smallest.smaller = other.model;
  }
  smallest.sentence = refusal_of(model, smallest);
  return smallest;
}

DeviceOptions as_planned(DeviceOptions device, const MemoryPlan& plan) {
  device.small_cache = plan.has_small_cache;
  device.streamed_weights = plan.streams_weights;
  return device;
}

void require_fits(const MemoryPlan& plan) {
  if (!plan.fits) throw Error("out-of-memory", plan.sentence);
}

DeviceMemory device_memory(const DeviceOptions& device, size_t limit) {
  const DeviceFacts facts = device_facts(device);
  const size_t available = machine_memory().available / 10 * 9;
  DeviceMemory memory;
  memory.is_separate = facts.is_separate;
  memory.free = limit ? limit : facts.is_separate ? facts.free / 10 * 9 : available;
  memory.host_free = facts.is_separate ? available : 0;
  memory.number = facts.number == DType::bf16 ? "bf16" : facts.number == DType::f16 ? "fp16" : "fp32";
  memory.product_bytes = facts.product_bytes;
  memory.overhead = facts.overhead;
  memory.small_cache = facts.small_cache;
  memory.streams_weights = facts.streams_weights;
  return memory;
}

}  // namespace heirloom

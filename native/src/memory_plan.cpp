#include "memory_plan.h"

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
  struct Group { const char *limit, *usage, *stat, *cache; };
  for (const Group& g : {Group{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"},
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

std::string megabytes(size_t bytes) { return std::to_string((bytes + 999999) / 1000000) + " MB"; }

}  // namespace

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

MemoryPlan make_plan(size_t weights, size_t state, size_t activations, size_t limit) {
  MemoryPlan plan;
  plan.weights = weights;
  plan.state = state;
  plan.activations = activations;
  plan.total = weights + state + activations;
  plan.limit = limit ? limit : machine_memory().available / 10 * 9;
  plan.fits = plan.total <= plan.limit;
  return plan;
}

void require_fits(const MemoryPlan& plan, const std::string& what) {
  if (plan.fits) return;
  throw Error("out-of-memory", "Not enough memory for " + what + ": it needs " + megabytes(plan.total) + " (model " + megabytes(plan.weights) +
                                   ", memory of earlier frames " + megabytes(plan.state) + ", work space " + megabytes(plan.activations) +
                                   "), " + megabytes(plan.limit) + " may be used. Nothing was started; choose a smaller scale or close other programs.");
}

}  // namespace heirloom

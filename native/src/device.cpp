// Which devices this machine has, and which backend answers to which device name.
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "check.h"
#include "cpu/backend.h"
#include "cpu/kernels.h"
#include "device.h"
#include "ops.h"
#include "planning/memory_plan.h"

#ifdef HL_WITH_CUDA
#include "cuda/backend.h"
#endif

namespace heirloom {

namespace {

std::string processor_name() {
  std::ifstream facts("/proc/cpuinfo");               // Linux; elsewhere the name is general
  for (std::string line; std::getline(facts, line);)
    if (line.compare(0, 10, "model name") == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "Processor";
}

std::mutex added_mutex;
std::map<std::string, Backend>& added() {
  static std::map<std::string, Backend> all;
  return all;
}

// The backends beside the processor: this machine's cards, and what tests have added.
std::map<std::string, Backend> backends() {
  std::map<std::string, Backend> all;
  {
    std::lock_guard<std::mutex> lock(added_mutex);
    all = added();
  }
#ifdef HL_WITH_CUDA
  for (const cuda::CardBackend& card : cuda::backends()) all[card.info.id] = card.backend;
#endif
  return all;
}

// Null: the processor.
const Backend* backend_of(const std::map<std::string, Backend>& all, const std::string& id) {
  if (id == "cpu") return nullptr;
  const auto found = id == "auto" ? all.lower_bound("cuda:") : all.find(id);
  if (found != all.end() && (id != "auto" || found->first.compare(0, 5, "cuda:") == 0)) return &found->second;
  std::string names = "\"auto\" or \"cpu\"";
  for (const auto& item : all) names += " or \"" + item.first + "\"";
  CHECK_AS("bad-argument", id == "auto", say(sentences::kNoDevice, {{"device", id}, {"names", names}}));
  return nullptr;
}

}  // namespace

std::vector<DeviceInfo> devices() {
  const unsigned cores = std::thread::hardware_concurrency();
  std::vector<DeviceInfo> list = {{"cpu",
                                   processor_name(),
                                   cpu::simd_name(cpu::simd()),
                                   cores ? static_cast<int>(cores) : 1,
                                   machine_memory().total,
                                   {"fp32"}}};
#ifdef HL_WITH_CUDA
  for (const cuda::CardBackend& card : cuda::backends()) list.push_back(card.info);
#endif
  return list;
}

void add_device(const std::string& id, const Backend& backend) {
  std::lock_guard<std::mutex> lock(added_mutex);
  added()[id] = backend;
}

DeviceFacts device_facts(const DeviceOptions& device) {
  const std::map<std::string, Backend> all = backends();
  const Backend* backend = backend_of(all, device.id);
  return backend ? backend->facts(device) : DeviceFacts();
}

std::unique_ptr<Ops> make_ops(const DeviceOptions& device, int threads, const std::atomic<bool>* cancelled) {
  CHECK_AS("bad-argument", threads >= 0 && threads <= 1024,
           "The number of threads must be 0 (all cores) to 1024, not " + str(threads) + ".");
  const std::map<std::string, Backend> all = backends();
  if (const Backend* backend = backend_of(all, device.id)) return backend->make(device, cancelled);
  return cpu::make_ops(threads, cancelled);
}

}  // namespace heirloom

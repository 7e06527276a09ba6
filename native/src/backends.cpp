// Which devices this machine has, and which backend answers to which device name.
#include <fstream>
#include <thread>

#include "check.h"
#include "cpu/cpu_ops.h"
#include "cpu/kernels.h"
#include "memory_plan.h"
#include "ops.h"

namespace heirloom {

namespace {

std::string processor_name() {
  std::ifstream facts("/proc/cpuinfo");               // Linux; elsewhere the name is general
  for (std::string line; std::getline(facts, line);)
    if (line.compare(0, 10, "model name") == 0 && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
  return "Processor";
}

}  // namespace

std::vector<DeviceInfo> devices() {
  const unsigned cores = std::thread::hardware_concurrency();
  return {{"cpu", processor_name(), cpu::simd_name(cpu::simd()), cores ? static_cast<int>(cores) : 1, machine_memory().total}};
}

std::unique_ptr<Ops> make_ops(const std::string& device, int threads, const std::atomic<bool>* cancelled) {
  CHECK_AS("bad-argument", device == "cpu" || device == "auto", "There is no device \"" + device + "\" here. Use \"auto\" or \"cpu\".");
  CHECK_AS("bad-argument", threads >= 0 && threads <= 1024, "The number of threads must be 0 (all cores) to 1024, not " + str(threads) + ".");
  return cpu::make_cpu_ops(threads, cancelled);
}

}  // namespace heirloom

// Which backend answers to which device name.
#include "check.h"
#include "cpu/cpu_ops.h"
#include "ops.h"

namespace heirloom {

std::unique_ptr<Ops> make_ops(const std::string& device, int threads, const std::atomic<bool>* cancelled) {
  CHECK_AS("bad-argument", device == "cpu" || device == "auto", "There is no device \"" + device + "\" here. Use \"auto\" or \"cpu\".");
  CHECK_AS("bad-argument", threads >= 0 && threads <= 1024, "The number of threads must be 0 (all cores) to 1024, not " + str(threads) + ".");
  return cpu::make_cpu_ops(threads, cancelled);
}

}  // namespace heirloom

// Where a card's time goes: with HEIRLOOM_KERNEL_TIMES set, every kernel is timed between two events, and whoever ends a stream of work prints a table.
// For heirloom-bench; nothing is recorded as a graph then, and a kernel's time includes the pause of about a microsecond before it.
#pragma once
#include <string>

#include "cuda/device/runtime.h"

namespace heirloom::HL_CUDA {

#ifdef HL_CUDA_EMULATED
struct KernelTimes {  // the emulator's times say nothing
  static bool are_wanted() { return false; }
  struct Label {
    void say(const std::string&) const {}
  };
  static void report() {}
};
#else
class KernelTimes {
 public:
  static bool are_wanted();
  // What the kernels of this thread belong to, beside their name, while it lives: shapes.
  struct Label {
    void say(const std::string& text) const;
    ~Label();
  };
  static void begin(const char* kernel, cudaStream_t stream);
  static void end(cudaStream_t stream);
  // Waits for the card; to standard error, the longest first, and forgets.
  static void report();
};
#endif

}  // namespace heirloom::HL_CUDA

// Linked into a program, it gives it the device "cuda-emulated": the CUDA kernels on the processor.
#include "cuda/backend.h"

namespace {
[[maybe_unused]] const bool added = [] {
  heirloom::cuda_emulated::add_emulated_device();
  return true;
}();
}  // namespace

#include "cuda/device/device.h"

namespace heirloom::HL_CUDA {

namespace {
constexpr int kOldest = 75;                           // of the compute capabilities the kernels are built for
}

std::vector<Card> cards() {
  int count = 0;
  std::vector<Card> list;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    cudaGetLastError();                               // no driver or no card: nothing to report later
    return list;
  }
  for (int i = 0; i < count; ++i) {
    cudaDeviceProp p;
    if (cudaGetDeviceProperties(&p, i) != cudaSuccess) continue;
    const int capability = p.major * 10 + p.minor;
    if (capability >= kOldest) list.push_back({i, p.name, capability, p.multiProcessorCount, p.totalGlobalMem});
  }
  return list;
}

size_t free_memory(int index) {
  size_t free = 0, total = 0;
  check_cuda(cudaSetDevice(index), "be chosen");
  check_cuda(cudaMemGetInfo(&free, &total), "say how much memory is free");
  return free;
}

}  // namespace heirloom::HL_CUDA

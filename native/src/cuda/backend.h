// The cards of this machine as backends: the door between backends.cpp and CUDA.
#pragma once
#include <vector>

#include "heirloom.h"
#include "device.h"

namespace heirloom {

#ifdef HL_CUDA_EMULATED
namespace cuda_emulated {
// From now on the device "cuda-emulated" is the kernels on the processor.
void add_emulated_device();
}  // namespace cuda_emulated
#else
namespace cuda {
struct CardBackend {
  DeviceInfo info;                                    // simd: "sm_89"; threads: multiprocessors
  Backend backend;
};
std::vector<CardBackend> backends();
}  // namespace cuda
#endif

}  // namespace heirloom

// On what the *_cuda_test files run: the emulator, or (built with HL_CARD_TESTS) the first graphics card. HL_TEST_DEVICE is its id for make_ops.
#pragma once
#include "cuda/device/device.h"

#ifdef HL_CUDA_EMULATED
#define HL_TEST_DEVICE "cuda-emulated"

namespace heirloom::cuda_emulated {
// Whether kernels of that compute capability can run: the emulator has the instructions of all.
inline bool can_play(int) { return true; }
}  // namespace heirloom::cuda_emulated

#else
#define HL_TEST_DEVICE "cuda:0"

namespace heirloom::cuda {

// The names that the emulator has inside the backend's namespace.
using ::cudaFree, ::cudaMalloc, ::cudaMemcpy, ::cudaMemcpyDeviceToHost, ::cudaMemcpyHostToDevice, ::float2;

// What only the emulator can choose: a card does as it does.
struct PlayedDevice {
  int capability = 0;
};
inline PlayedDevice& device() {
  static PlayedDevice played;
  return played;
}
inline void set_order(uint64_t) {}
inline void set_late_events(int) {}

// Whether kernels of that compute capability can run. Machine code is there for the card's own; Turing's kernels, and 8.9's for e4m3, are empty in others'.
inline bool can_play(int capability) {
  static const int own = cards().at(0).capability;
  return capability == own || (capability >= 80 && capability < own && capability != 89 && capability != 90);
}

}  // namespace heirloom::cuda

#endif

// CUDA's words, types and functions: nvcc's, or (HL_CUDA_EMULATED) the emulator's. See platform.h.
#pragma once

#ifdef HL_CUDA_EMULATED

#include "../../../emulator/cuda.h"
#define HL_CUDA cuda_emulated
namespace heirloom::HL_CUDA {
using namespace ::heirloom::emulator;                 // NOLINT: CUDA's names are global under nvcc
}
#define HL_SHARED(type, name)       \
  using name##_type = type;         \
  static const char name##_key = 0; \
  auto& name = *static_cast<name##_type*>(::heirloom::emulator::static_shared(&name##_key, sizeof(name##_type), 16))
#define HL_DYNAMIC_SHARED(type, name) type* name = static_cast<type*>(::heirloom::emulator::dynamic_shared())

#else

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#define HL_CUDA cuda
#define HL_SHARED(type, name) \
  using name##_type = type;   \
  __shared__ __align__(16) name##_type name
#define HL_DYNAMIC_SHARED(type, name)                                  \
  extern __shared__ __align__(1024) unsigned char hl_dynamic_shared[]; \
  type* name = reinterpret_cast<type*>(hl_dynamic_shared)

#endif

// Kernels are compiled here; else only their launchers are called.
#if defined(HL_CUDA_EMULATED) || defined(__CUDACC__)
#define HL_DEVICE_CODE 1
#endif

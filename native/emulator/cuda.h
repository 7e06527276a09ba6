// What a .cu file needs to be C++17: CUDA's words, types, functions and runtime on the processor. Included by src/cuda/device/platform.h.
#pragma once
#include "engine.h"
#include "intrinsics.h"
#include "numbers.h"
#include "runtime.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__
#define __constant__ static const
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(n) alignas(n)

#define threadIdx (::heirloom::emulator::here->threadIdx)
#define blockIdx (::heirloom::emulator::here->blockIdx)
#define blockDim (::heirloom::emulator::here->blockDim)
#define gridDim (::heirloom::emulator::here->gridDim)
#define warpSize 32

// Where kernels run: nvcc's GPU, or (HL_CUDA_EMULATED) the emulator on the processor, for tests without a GPU. The same .cu files
// serve both. Everything of the backend lives in namespace heirloom::HL_CUDA, so that both can be linked into one program.
//
//   HL_LAUNCH(kernel, grid, block, dynamic_shared_bytes, stream, arguments...)   a template kernel in brackets: HL_LAUNCH((copy<float>), ...)
//   HL_SHARED(float[32][33], tile);                                              instead of __shared__
//   HL_DYNAMIC_SHARED(float, buffer);                                            float* buffer, on 1024 bytes
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "check.h"
#include "cuda/device/kernel_times.h"
#include "cuda/device/runtime.h"

namespace heirloom::HL_CUDA {

// Throws unless error is cudaSuccess: out-of-memory or internal, with what was attempted.
inline void check_cuda(cudaError_t error, const std::string& attempt) {
  if (error == cudaSuccess) return;
  fail(error == cudaErrorMemoryAllocation ? "out-of-memory" : "internal",
       "The graphics card could not " + attempt + ": " + cudaGetErrorString(error) + ".");
}

// Enough blocks of `size` for n items.
constexpr unsigned blocks_for(int64_t n, int64_t size) { return static_cast<unsigned>((n + size - 1) / size); }

#if defined(HL_CUDA_EMULATED)

template <class... P, class... A>
void launch(const char* name, void (*kernel)(P...), dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream,
            A&&... arguments) {
  const std::tuple<P...> values(static_cast<P>(arguments)...);
  submit(stream, "kernel", [=] { run_grid(name, grid, block, shared_bytes, [&] { std::apply(kernel, values); }); });
}

#elif defined(__CUDACC__)

template <class... P, class... A>
void launch(const char* name, void (*kernel)(P...), dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream,
            A&&... arguments) {
  constexpr size_t kWithoutAsking = 32 << 10;         // of 48 KiB: fixed shared memory counts as well
  if (shared_bytes > kWithoutAsking)
    check_cuda(
        cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes)),
        std::string("give ") + name + " its shared memory");
  const bool is_timed = KernelTimes::are_wanted();
  if (is_timed) KernelTimes::begin(name, stream);
  kernel<<<grid, block, shared_bytes, stream>>>(static_cast<P>(arguments)...);
  check_cuda(cudaGetLastError(), std::string("start ") + name);
  if (is_timed) KernelTimes::end(stream);
}

#endif

}  // namespace heirloom::HL_CUDA

#define HL_LAUNCH(kernel, ...) ::heirloom::HL_CUDA::launch(#kernel, kernel, __VA_ARGS__)

// gpu_peak: how many 10^12 operations per second a card does in bf16 (fp16 before 8.0) when nothing has to be fetched: the yardstick of gpu-proof.sh.
//   nvcc -std=c++17 -O3 -arch=native -Inative/include -Inative/src native/tools/gpu_peak.cu native/src/check.cpp native/src/cuda/device/kernel_times.cpp -o gpu_peak     (9.0: -arch=sm_90a)
// Prints one number. With wgmma on 9.0a, with mma.sync elsewhere: on 10.0, whose own instructions are not used, that is below what the card can do.
#include <algorithm>
#include <cstdio>
#include <type_traits>
#include <vector>

#include "cuda/device/hopper.h"

namespace heirloom::cuda {

// Two numbers near 1 in one register, other ones for every thread: zeros would cost the card less power than real work.
template <class T>
__device__ uint32_t some_pair(uint32_t i) {
  const float value = 0.5f + float(i * 2654435761u >> 20) / 4096.0f;
  if constexpr (std::is_same_v<T, __nv_bfloat16>) return pack_bf16(value, -value);
  else return pack_f16(value, -value);
}

__global__ void __launch_bounds__(256) peak_kernel(float* out, int rounds) {
#if HL_HAS_HOPPER
  HL_DYNAMIC_SHARED(uint32_t, memory);  // [64, 64] for each of two warpgroups, then [256, 64]
  constexpr int kLeft = 64 * 64 * 2, kAll = 2 * kLeft + 256 * 64 * 2;
  for (int i = int(threadIdx.x); i < kAll / 4; i += 256) memory[i] = some_pair<__nv_bfloat16>(uint32_t(i));
  __syncthreads();
  asm volatile("fence.proxy.async;" ::: "memory");  // wgmma reads what threads wrote
  const SharedAddress shared = shared_address(memory);
  const uint64_t a = wgmma_descriptor(shared + threadIdx.x / 128 * kLeft), b = wgmma_descriptor(shared + 2 * kLeft);
  float sums[32][4];
#pragma unroll
  for (int i = 0; i < 128; ++i) sums[i / 4][i % 4] = 0;
  for (int r = 0; r < rounds; ++r) {
    wgmma_fence();
#pragma unroll
    for (int k = 0; k < 4; ++k) wgmma(sums, a + k * 2, b + k * 2, true);
    wgmma_commit();
    wgmma_wait<1>();
  }
  wgmma_wait<0>();
  wgmma_done(sums);
#else
#if __CUDA_ARCH__ >= 800
  using T = __nv_bfloat16;
#else
  using T = __half;
#endif
  uint32_t a[4], b[2];
  for (int i = 0; i < 4; ++i) a[i] = some_pair<T>(threadIdx.x * 8 + i);
  for (int i = 0; i < 2; ++i) b[i] = some_pair<T>(threadIdx.x * 8 + 4 + i);
  float sums[16][4];
#pragma unroll
  for (int i = 0; i < 64; ++i) sums[i / 4][i % 4] = 0;
  for (int r = 0; r < rounds; ++r)
#pragma unroll
    for (int i = 0; i < 16; ++i) mma_m16n8k16<T>(sums[i], a, b);
#endif
  float sum = 0;
  for (const auto& four : sums)
    for (float value : four) sum += value;
  if (sum == 12345.0f) *out = sum;  // or the compiler would see that nobody asks
}

double peak() {
  cudaDeviceProp card;
  check_cuda(cudaGetDeviceProperties(&card, 0), "tell what it is");
  const bool is_hopper = card.major == 9;
  // Per block and round: two warpgroups of 64 x 256 x 64, or eight warps of 16 times 16 x 8 x 16.
  const double operations = is_hopper ? 2.0 * 2 * 64 * 256 * 64 : 2.0 * 8 * 16 * 16 * 8 * 16;
  const int blocks = card.multiProcessorCount * (is_hopper ? 1 : 2),
            rounds = 20000;  // all at once: registers are for three blocks
  const size_t shared = is_hopper ? 64 << 10 : 0;
  cudaEvent_t start, end;
  check_cuda(cudaEventCreate(&start), "time its work");
  check_cuda(cudaEventCreate(&end), "time its work");
  std::vector<float> times;
  for (int i = 0; i < 9; ++i) {
    check_cuda(cudaEventRecord(start), "time its work");
    HL_LAUNCH(peak_kernel, blocks, 256, shared, nullptr, nullptr, rounds);
    check_cuda(cudaEventRecord(end), "time its work");
    check_cuda(cudaEventSynchronize(end), "finish its work");
    float milliseconds = 0;
    check_cuda(cudaEventElapsedTime(&milliseconds, start, end), "time its work");
    if (i > 1) times.push_back(milliseconds);  // the first two wake it up
  }
  std::sort(times.begin(), times.end());
  return operations * rounds * blocks / (times[times.size() / 2] * 1e-3) * 1e-12;
}

}  // namespace heirloom::cuda

int main() {
  try {
    std::printf("%.1f\n", heirloom::cuda::peak());
  } catch (const heirloom::Error& error) {
    std::fprintf(stderr, "gpu_peak: %s\n", error.what());
    return 1;
  }
}

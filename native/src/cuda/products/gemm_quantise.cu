// The left operand of an e4m3 product: rows of wider numbers become eight bits and a scale each.
#include "check.h"
#include "cuda/features/elements.h"
#include "cuda/products/gemm.h"
#include "cuda/device/ptx.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kRows = 4;                             // of one block, a warp each

// x [m, k] -> q [m, k], scale [m]
template <class T>
__global__ void __launch_bounds__(kRows * 32)
    quantise_kernel(const T* x, int64_t ldx, int64_t m, int k, uint8_t* q, int64_t ldq, float* scale, bool is_aligned) {
  const int lane = int(threadIdx.x) % 32;
  const int64_t row = int64_t(blockIdx.x) * kRows + threadIdx.x / 32;
  if (row >= m) return;
  const T* from = x + row * ldx;
  uint8_t* to = q + row * ldq;
  float most = 0;
  if (is_aligned) {
    for (int i = lane * 8; i < k; i += 256) {
      float v[8];
      load8(from + i, v);
#pragma unroll
      for (int j = 0; j < 8; ++j) most = fmaxf(most, fabsf(v[j]));
    }
  } else {
    for (int i = lane; i < k; i += 32) most = fmaxf(most, fabsf(to_float(from[i])));
  }
  most = warp_max(most);
  const float one = most > 0 ? most / kMostE4m3 : 1.0f;
  if (lane == 0) scale[row] = one;
  if (is_aligned) {
    for (int i = lane * 8; i < k; i += 256) {
      float v[8];
      load8(from + i, v);
      uint32_t half[2];
#pragma unroll
      for (int j = 0; j < 2; ++j)
        half[j] = pack_e4m3(v[j * 4] / one, v[j * 4 + 1] / one) |
                  uint32_t(pack_e4m3(v[j * 4 + 2] / one, v[j * 4 + 3] / one)) << 16;
      *reinterpret_cast<uint2*>(to + i) = make_uint2(half[0], half[1]);
    }
  } else {
    for (int i = lane; i < k; i += 32) to[i] = uint8_t(pack_e4m3(to_float(from[i]) / one, 0.0f));
  }
}

}  // namespace

void quantise_rows(const Launch& on, int64_t m, int k, const void* x, Type type, int64_t ldx, void* q, int64_t ldq,
                   float* scale) {
  CHECK(on.capability >= 89, "quantise: e4m3 needs compute capability 8.9 or higher");
  if (m == 0) return;
  if (!ldx) ldx = k;
  if (!ldq) ldq = k;
  const bool is_aligned = k % 8 == 0 && ldx % 8 == 0 && ldq % 8 == 0 && reinterpret_cast<uintptr_t>(x) % 16 == 0 &&
                          reinterpret_cast<uintptr_t>(q) % 8 == 0;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(quantise_kernel<T>, blocks_for(m, kRows), kRows * 32, 0, on.stream, static_cast<const T*>(x), ldx, m, k,
              static_cast<uint8_t*>(q), ldq, scale, is_aligned);
  });
}

}  // namespace heirloom::HL_CUDA

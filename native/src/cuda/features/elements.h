// Numbers as they are stored and as they are computed with, eight at a time, and sums over a warp.
#pragma once
#include <cstring>
#include <string>

#include "cuda/device/platform.h"
#include "cuda/features/type.h"

namespace heirloom::HL_CUDA {

// f(T()) with the type of the stored numbers.
template <class F>
void with_type(Type type, F f) {
  switch (type) {
    case Type::f32: return f(float());
    case Type::bf16: return f(__nv_bfloat16());
    case Type::f16: return f(__half());
    case Type::e4m3: break;
  }
  fail("internal", "Only fp32, bf16 and fp16 are computed with here.");
}

__device__ inline float to_float(float x) { return x; }
__device__ inline float to_float(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ inline float to_float(__half x) { return __half2float(x); }
template <class T> __device__ T from_float(float x);
template <> __device__ inline float from_float<float>(float x) { return x; }
template <> __device__ inline __nv_bfloat16 from_float<__nv_bfloat16>(float x) { return __float2bfloat16_rn(x); }
template <> __device__ inline __half from_float<__half>(float x) { return __float2half_rn(x); }

#ifdef HL_DEVICE_CODE

// Eight neighbours on a 16-byte boundary.
template <class T>
__device__ inline void load8(const T* from, float (&to)[8]) {
  int4 raw[sizeof(T) / 2];
#pragma unroll
  for (int i = 0; i < static_cast<int>(sizeof(T) / 2); ++i) raw[i] = reinterpret_cast<const int4*>(from)[i];
  T part[8];
  memcpy(part, raw, sizeof part);
#pragma unroll
  for (int i = 0; i < 8; ++i) to[i] = to_float(part[i]);
}
template <class T>
__device__ inline void store8(T* to, const float (&from)[8]) {
  T part[8];
#pragma unroll
  for (int i = 0; i < 8; ++i) part[i] = from_float<T>(from[i]);
  int4 raw[sizeof(T) / 2];
  memcpy(raw, part, sizeof part);
#pragma unroll
  for (int i = 0; i < static_cast<int>(sizeof(T) / 2); ++i) reinterpret_cast<int4*>(to)[i] = raw[i];
}

constexpr unsigned kAllLanes = 0xffffffffu;

// Over all lanes of the warp, the same bits in every one.
__device__ inline float warp_sum(float x) {
#pragma unroll
  for (int step = 16; step > 0; step /= 2) x += __shfl_xor_sync(kAllLanes, x, step);
  return x;
}
__device__ inline float warp_max(float x) {
#pragma unroll
  for (int step = 16; step > 0; step /= 2) x = fmaxf(x, __shfl_xor_sync(kAllLanes, x, step));
  return x;
}
#endif

}  // namespace heirloom::HL_CUDA

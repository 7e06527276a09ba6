// Arrays whose number format is known only at run time, read and written eight (or one) at a time. The switch is the same for all threads of a
// launch and costs nothing beside memory, so that one kernel serves every mixture of formats.
#pragma once
#include "cuda/features/elements.h"

namespace heirloom::HL_CUDA {

struct Values {
  void* data = nullptr;
  Type type = Type::f32;
  // 16 bytes from every multiple of eight on?
  bool is_aligned() const { return reinterpret_cast<uintptr_t>(data) % 16 == 0; }
};

#ifdef HL_DEVICE_CODE

__device__ inline float read1(const Values& v, int64_t i) {
  switch (v.type) {
    case Type::bf16: return to_float(static_cast<const __nv_bfloat16*>(v.data)[i]);
    case Type::f16: return to_float(static_cast<const __half*>(v.data)[i]);
    default: return static_cast<const float*>(v.data)[i];
  }
}
__device__ inline void write1(const Values& v, int64_t i, float x) {
  switch (v.type) {
    case Type::bf16: static_cast<__nv_bfloat16*>(v.data)[i] = from_float<__nv_bfloat16>(x); break;
    case Type::f16: static_cast<__half*>(v.data)[i] = from_float<__half>(x); break;
    default: static_cast<float*>(v.data)[i] = x;
  }
}
// i: a multiple of eight, v aligned.
__device__ inline void read8(const Values& v, int64_t i, float (&x)[8]) {
  switch (v.type) {
    case Type::bf16: return load8(static_cast<const __nv_bfloat16*>(v.data) + i, x);
    case Type::f16: return load8(static_cast<const __half*>(v.data) + i, x);
    default: return load8(static_cast<const float*>(v.data) + i, x);
  }
}
__device__ inline void write8(const Values& v, int64_t i, const float (&x)[8]) {
  switch (v.type) {
    case Type::bf16: return store8(static_cast<__nv_bfloat16*>(v.data) + i, x);
    case Type::f16: return store8(static_cast<__half*>(v.data) + i, x);
    default: return store8(static_cast<float*>(v.data) + i, x);
  }
}

#endif

}  // namespace heirloom::HL_CUDA

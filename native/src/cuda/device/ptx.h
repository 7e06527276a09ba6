// The PTX instructions our portable kernels use, one small function each, with an emulated twin. Fragment layouts are those of the PTX ISA,
// sections "mma.m16n8k16", "mma.m16n8k8", "mma.m16n8k32" and "ldmatrix". An instruction that an architecture lacks traps there (the launcher
// never chooses it), except where a plain equivalent exists.
#pragma once
#include "cuda/device/platform.h"

#ifdef HL_CUDA_EMULATED
#include "../../../emulator/ptx.h"
#endif

namespace heirloom::HL_CUDA {

// An address in shared memory, as the instructions want it. Bytes may be added to it.
#ifdef HL_CUDA_EMULATED
using SharedAddress = uintptr_t;
__device__ __forceinline__ SharedAddress shared_address(const void* p) { return reinterpret_cast<uintptr_t>(p); }
#else
using SharedAddress = uint32_t;
__device__ __forceinline__ SharedAddress shared_address(const void* p) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(p));
}
#endif

#if defined(HL_CUDA_EMULATED)
#define HL_PTX(emulated, ...) emulated
#else
#define HL_PTX(emulated, ...) __VA_ARGS__
#endif
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
#define HL_PTX_80(emulated, ...) __trap()
#else
#define HL_PTX_80(emulated, ...) HL_PTX(emulated, __VA_ARGS__)
#endif
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 890
#define HL_PTX_89(emulated, ...) __trap()
#else
#define HL_PTX_89(emulated, ...) HL_PTX(emulated, __VA_ARGS__)
#endif

// ---- copies from global to shared memory that arrive later ----

// 16 bytes, of which the first `bytes` (0 to 16) are copied and the rest are zeros. Both addresses on 16 bytes; with bytes == 0, global is not
// read. On Turing the copy is made at once.
__device__ __forceinline__ void cp_async_16(SharedAddress shared, const void* global, int bytes = 16) {
#if defined(HL_CUDA_EMULATED)
  emulator::cp_async(shared, global, 16, bytes);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  uint32_t part[4] = {0, 0, 0, 0};
  if (bytes == 16) {
    const uint4 all = *static_cast<const uint4*>(global);
    part[0] = all.x, part[1] = all.y, part[2] = all.z, part[3] = all.w;
  } else {
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        if (i * 4 + j < bytes)
          part[i] |= static_cast<uint32_t>(static_cast<const unsigned char*>(global)[i * 4 + j]) << (8 * j);
  }
  asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(shared), "r"(part[0]), "r"(part[1]), "r"(part[2]),
               "r"(part[3])
               : "memory");
#else
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared), "l"(global), "r"(bytes) : "memory");
#endif
}

// 4 bytes, or zeros; for rows that do not begin on 16 bytes.
__device__ __forceinline__ void cp_async_4(SharedAddress shared, const void* global, int bytes = 4) {
#if defined(HL_CUDA_EMULATED)
  emulator::cp_async(shared, global, 4, bytes);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  const uint32_t value = bytes == 4 ? *static_cast<const uint32_t*>(global) : 0u;
  asm volatile("st.shared.b32 [%0], %1;" ::"r"(shared), "r"(value) : "memory");
#else
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(shared), "l"(global), "r"(bytes) : "memory");
#endif
}

__device__ __forceinline__ void cp_async_commit() {
#if defined(HL_CUDA_EMULATED)
  emulator::copy_commit();
#elif !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Until at most `Pending` of the newest groups of this thread are under way. Other threads see the data after a barrier.
template <int Pending>
__device__ __forceinline__ void cp_async_wait() {
#if defined(HL_CUDA_EMULATED)
  emulator::copy_wait(Pending);
#elif !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

// ---- 8x8 matrices of 16-bit numbers from shared memory ----
// Lane i gives the address of row i % 8 of matrix i / 8 (16 bytes, on 16 bytes). Register j of lane l: row l / 4, columns 2 (l % 4) and the next,
// of matrix j; transposed: column l / 4, rows 2 (l % 4) and the next.

__device__ __forceinline__ void ldmatrix_x4(uint32_t (&r)[4], SharedAddress row) {
  HL_PTX(emulator::ldmatrix(r, 4, row, false),
         asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]),
                      "=r"(r[2]), "=r"(r[3]) : "r"(row) : "memory"));
}
__device__ __forceinline__ void ldmatrix_x4_trans(uint32_t (&r)[4], SharedAddress row) {
  HL_PTX(emulator::ldmatrix(r, 4, row, true),
         asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]),
                      "=r"(r[2]), "=r"(r[3]) : "r"(row) : "memory"));
}
__device__ __forceinline__ void ldmatrix_x2(uint32_t (&r)[2], SharedAddress row) {
  HL_PTX(emulator::ldmatrix(r, 2, row, false),
         asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];" : "=r"(r[0]),
                      "=r"(r[1]) : "r"(row) : "memory"));
}
__device__ __forceinline__ void ldmatrix_x2_trans(uint32_t (&r)[2], SharedAddress row) {
  HL_PTX(emulator::ldmatrix(r, 2, row, true),
         asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];" : "=r"(r[0]),
                      "=r"(r[1]) : "r"(row) : "memory"));
}

// ---- d += a b, float accumulators ----

// a [16, 16] row major, b [16, 8] column major, bfloat16. Compute capability 8.0 and up.
__device__ __forceinline__ void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  HL_PTX_80(emulator::mma_m16n8k16_bf16(d, a, b),
            asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, "
                         "%9}, {%0, %1, %2, %3};" : "+f"(d[0]),
                         "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]),
                         "r"(b[1])));
}
// The same, half. Compute capability 8.0 and up.
__device__ __forceinline__ void mma_m16n8k16_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  HL_PTX_80(emulator::mma_m16n8k16_f16(d, a, b),
            asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, "
                         "%9}, {%0, %1, %2, %3};" : "+f"(d[0]),
                         "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]),
                         "r"(b[1])));
}
// a [16, 8], b [8, 8], half: what Turing has. The first half of the registers of m16n8k16 (a[0], a[1], b[0]) is the first of two such steps.
__device__ __forceinline__ void mma_m16n8k8_f16(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b0) {
  HL_PTX(
      emulator::mma_m16n8k8_f16(d, a0, a1, b0),
      asm volatile(
          "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};" : "+f"(
              d[0]),
          "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a0), "r"(a1), "r"(b0)));
}
// a [16, 32] row major, b [32, 8] column major, e4m3. Compute capability 8.9 and up.
__device__ __forceinline__ void mma_m16n8k32_e4m3(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  HL_PTX_89(emulator::mma_m16n8k32_e4m3(d, a, b),
            asm volatile("mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, "
                         "%9}, {%0, %1, %2, %3};" : "+f"(d[0]),
                         "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]),
                         "r"(b[1])));
}

// d += a b with 16-bit numbers of type T on whatever the architecture has: one k16 step, or two k8 steps on Turing (half only).
template <class T>
__device__ __forceinline__ void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
template <>
__device__ __forceinline__ void mma_m16n8k16<__nv_bfloat16>(float (&d)[4], const uint32_t (&a)[4],
                                                            const uint32_t (&b)[2]) {
  mma_m16n8k16_bf16(d, a, b);
}
template <>
__device__ __forceinline__ void mma_m16n8k16<__half>(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  mma_m16n8k8_f16(d, a[0], a[1], b[0]);
  mma_m16n8k8_f16(d, a[2], a[3], b[1]);
#else
  mma_m16n8k16_f16(d, a, b);
#endif
}

// ---- conversions, two numbers in one register: first in the lower half ----

__device__ __forceinline__ uint32_t pack_bf16(float first, float second) {
  const __nv_bfloat162 pair = __floats2bfloat162_rn(first, second);
  uint32_t bits;
  memcpy(&bits, &pair, 4);
  return bits;
}
__device__ __forceinline__ uint32_t pack_f16(float first, float second) {
  const __half2 pair = __floats2half2_rn(first, second);
  uint32_t bits;
  memcpy(&bits, &pair, 4);
  return bits;
}
template <class T>
__device__ __forceinline__ uint32_t pack(float first, float second);
template <>
__device__ __forceinline__ uint32_t pack<__nv_bfloat16>(float first, float second) {
  return pack_bf16(first, second);
}
template <>
__device__ __forceinline__ uint32_t pack<__half>(float first, float second) {
  return pack_f16(first, second);
}

// To e4m3, rounded to nearest even, saturated at 448. Compute capability 8.9 and up.
__device__ __forceinline__ uint16_t pack_e4m3(float first, float second) {
  uint16_t bits = 0;
  HL_PTX_89(bits = emulator::pack_e4m3(first, second),
            asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(bits) : "f"(second), "f"(first)));
  return bits;
}

// ---- approximations ----

// 2^x, about 2 units in the last place; denormal results become zero.
__device__ __forceinline__ float exp2_approx(float x) {
  float y;
  HL_PTX(y = emulator::exp2_approx(x), asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)));
  return y;
}
// tanh, error about 2^-11
__device__ __forceinline__ float tanh_approx(float x) {
  float y;
  HL_PTX(y = emulator::tanh_approx(x), asm("tanh.approx.f32 %0, %1;" : "=f"(y) : "f"(x)));
  return y;
}
// 1 / x, about 1 unit in the last place
__device__ __forceinline__ float rcp_approx(float x) {
  float y;
  HL_PTX(y = 1.0f / x, asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)));
  return y;
}

}  // namespace heirloom::HL_CUDA

// Hopper's own instructions, for compute capability 9.0a alone: barriers in shared memory, the tensor copy engine (TMA), wgmma, registers that
// warpgroups hand to each other. Emulated twins in emulator/hopper.h. Elsewhere nothing of this may be called.
#pragma once
#include "cuda/products/gemm_map.h"
#include "cuda/device/ptx.h"

#ifdef HL_CUDA_EMULATED
#include "../../../emulator/hopper.h"
#else
#include <cuda.h>
#endif

#if defined(HL_CUDA_EMULATED) || defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define HL_HAS_HOPPER 1
#else
#define HL_HAS_HOPPER 0
#endif

namespace heirloom::HL_CUDA {

#ifdef HL_CUDA_EMULATED
using TensorMap = emulator::TensorMap;
#else
using TensorMap = CUtensorMap;
#endif

// A map of bf16 numbers in device memory, up to three axes, for boxes of 64 x box[1] x box[2] in the 128-byte swizzle; outside reads as zero.
// size in numbers; stride in bytes, of the second and third axis, multiples of 16; base on 16 bytes. Throws if the driver refuses.
TensorMap tensor_map(const void* base, const int64_t (&size)[3], const int64_t (&stride)[2], const int (&box)[3]);

#if HL_HAS_HOPPER

// ---- barriers of 8 bytes in shared memory: a phase is complete when all have arrived and all announced bytes have come ------------------

__device__ __forceinline__ void mbarrier_init(SharedAddress barrier, int count) {
  HL_PTX(emulator::mbarrier_init(barrier, count),
         asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(count) : "memory"));
}
// After the inits, before the block's barrier: the tensor copy engine sees them too.
__device__ __forceinline__ void mbarrier_init_fence() {
  HL_PTX((void)0, asm volatile("fence.mbarrier_init.release.cluster;" :: : "memory"));
}
__device__ __forceinline__ void mbarrier_arrive(SharedAddress barrier) {
  HL_PTX(emulator::mbarrier_arrive(barrier),
         asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory"));
}
__device__ __forceinline__ void mbarrier_arrive_expect(SharedAddress barrier, int bytes) {
  HL_PTX(emulator::mbarrier_arrive_expect(barrier, bytes),
         asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory"));
}
// Until the phase of that parity is complete. A new barrier is in phase 0, so parity 1 does not wait.
__device__ __forceinline__ void mbarrier_wait(SharedAddress barrier, int parity) {
  HL_PTX(emulator::mbarrier_wait(barrier, parity),
         asm volatile("{\n"
                      ".reg .pred done;\n"
                      "again:\n"
                      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
                      "@!done bra again;\n"
                      "}" ::"r"(barrier),
                      "r"(parity) : "memory"));
}

// ---- tensor copies -----------------------------------------------------------------------------------------------------------------

// The box whose first corner is (c0, c1, c2), to shared memory on 1024 bytes; its bytes are counted at the barrier.
__device__ __forceinline__ void tensor_copy(SharedAddress to, const TensorMap& map, SharedAddress barrier, int c0,
                                            int c1, int c2) {
  HL_PTX(emulator::copy_box(to, map, barrier, c0, c1, c2),
         asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, "
                      "{%3, %4, %5}], [%2];" ::"r"(to),
                      "l"(&map), "r"(barrier), "r"(c0), "r"(c1), "r"(c2) : "memory"));
}
__device__ __forceinline__ void tensor_map_prefetch(const TensorMap& map) {
  HL_PTX((void)map, asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory"));
}

// ---- wgmma -------------------------------------------------------------------------------------------------------------------------

// The address as descriptors count it.
__device__ __forceinline__ uint32_t descriptor_address(SharedAddress address) {
#ifdef HL_CUDA_EMULATED
  return static_cast<uint32_t>(address - reinterpret_cast<uintptr_t>(emulator::dynamic_shared()));
#else
  return address;
#endif
}

#define HL_SUMS_4(i) "+f"(d[i][0]), "+f"(d[i][1]), "+f"(d[i][2]), "+f"(d[i][3])
#define HL_SUMS_16(i) HL_SUMS_4(i), HL_SUMS_4(i + 1), HL_SUMS_4(i + 2), HL_SUMS_4(i + 3)
#define HL_SUMS_64(i) HL_SUMS_16(i), HL_SUMS_16(i + 4), HL_SUMS_16(i + 8), HL_SUMS_16(i + 12)

// d [64, N] (+)= a [64, 16] b [N, 16]^T, bf16, N = 8 * fragments, by the four warps of a warpgroup: warp w has rows 16 w and on, in fragments
// as of mma.m16n8. a, b: descriptors. adds: whether d was there before.
__device__ __forceinline__ void wgmma(float (&d)[32][4], uint64_t a, uint64_t b, bool adds) {
  HL_PTX(
      emulator::wgmma(&d[0][0], 256, a, b, adds),
      asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %130, 0;\nwgmma.mma_async.sync.aligned.m64n256k16.f32.bf16.bf16 {"
                   "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                   "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                   "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                   "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, "
                   "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, "
                   "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, "
                   "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, "
                   "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127"
                   "}, %128, %129, p, 1, 1, 0, 0;\n}" : HL_SUMS_64(0),
                   HL_SUMS_64(16) : "l"(a), "l"(b), "r"(static_cast<int>(adds))));
}
__device__ __forceinline__ void wgmma(float (&d)[16][4], uint64_t a, uint64_t b, bool adds) {
  HL_PTX(
      emulator::wgmma(&d[0][0], 128, a, b, adds),
      asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %66, 0;\nwgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {"
                   "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                   "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                   "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                   "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
                   "}, %64, %65, p, 1, 1, 0, 0;\n}" : HL_SUMS_64(0) : "l"(a),
                   "l"(b), "r"(static_cast<int>(adds))));
}
// The same with the left operand in registers, as of mma.m16n8k16, and a right operand [16, 128] whose columns lie beside each other.
__device__ __forceinline__ void wgmma_values(float (&d)[16][4], const uint32_t (&a)[4], uint64_t b, bool adds) {
  HL_PTX(
      emulator::wgmma_values(&d[0][0], 128, a, b, adds),
      asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %69, 0;\nwgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 {"
                   "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                   "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                   "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                   "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
                   "}, {%64, %65, %66, %67}, %68, p, 1, 1, 1;\n}" : HL_SUMS_64(0) : "r"(a[0]),
                   "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<int>(adds))));
}
#undef HL_SUMS_4
#undef HL_SUMS_16
#undef HL_SUMS_64

// Before the first of a run of products: registers and shared memory are as the program says.
__device__ __forceinline__ void wgmma_fence() {
  HL_PTX((void)0, asm volatile("wgmma.fence.sync.aligned;" :: : "memory"));
}
__device__ __forceinline__ void wgmma_commit() {
  HL_PTX(emulator::wgmma_commit(), asm volatile("wgmma.commit_group.sync.aligned;" :: : "memory"));
}
// Until at most Pending of the newest groups are under way.
template <int Pending>
__device__ __forceinline__ void wgmma_wait() {
  HL_PTX(emulator::wgmma_wait(Pending), asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Pending) : "memory"));
}
// The compiler must not use the sums before this point.
template <int kFragments>
__device__ __forceinline__ void wgmma_done(float (&d)[kFragments][4]) {
#pragma unroll
  for (int i = 0; i < kFragments; ++i)
#pragma unroll
    for (int j = 0; j < 4; ++j) { HL_PTX((void)d, asm volatile("" : "+f"(d[i][j])::"memory")); }
}

// ---- registers: all warps of a warpgroup together ------------------------------------------------------------------------------------

template <int Count>
__device__ __forceinline__ void give_registers() {
  HL_PTX((void)0, asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Count)));
}
template <int Count>
__device__ __forceinline__ void take_registers() {
  HL_PTX((void)0, asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Count)));
}

#endif

}  // namespace heirloom::HL_CUDA

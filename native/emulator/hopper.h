// Twins of Hopper's instructions of src/cuda/device/hopper.h: mbarriers, the tensor copy engine, wgmma. As late as the rules allow: a box arrives when
// nobody can go on without it, a product reads its operands when it is waited for. Layouts after the PTX ISA, "asynchronous warpgroup level matrix".
// Not noticed: a stage handed back just before its product is waited for, since whoever hands it back goes on before anybody fills it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace heirloom::emulator {

// What cuTensorMapEncodeTiled puts into its 128 bytes, for 16-bit numbers in the 128-byte swizzle: up to three axes, the first one dense.
struct TensorMap {
  const unsigned char* base;
  int64_t size[3];  // numbers
  int64_t stride[2];  // bytes, of the second and third axis
  int box[3];  // numbers; box[0] is 64
};

void mbarrier_init(uintptr_t barrier, int count);
void mbarrier_arrive(uintptr_t barrier);
void mbarrier_arrive_expect(uintptr_t barrier, int bytes);
void mbarrier_wait(uintptr_t barrier, int parity);
// The box at (c0, c1, c2), zeros outside, to shared memory; its bytes are counted at the barrier.
void copy_box(uintptr_t to, const TensorMap& map, uintptr_t barrier, int c0, int c1, int c2);
// d [64, n] = a [64, 16] b [n, 16]^T (+ d); this thread's n / 2 numbers.
void wgmma(float* d, int n, uint64_t a, uint64_t b, bool adds);
// The same with a left operand in registers (a[k / 8 * 2 + row / 8 % 2] of the lane's quad, as of mma.m16n8k16) and a right operand whose columns
// lie beside each other: b [16, n]. The registers are read when the product is waited for, too.
void wgmma_values(float* d, int n, const uint32_t* a, uint64_t b, bool adds);
void wgmma_commit();
void wgmma_wait(int pending_groups);

}  // namespace heirloom::emulator

// Twins of the PTX instructions of src/cuda/device/ptx.h. Fragment layouts after the PTX ISA.
#pragma once
#include <cstdint>

namespace heirloom::emulator {

void cp_async(uintptr_t shared, const void* global, int size, int bytes);
void ldmatrix(uint32_t* registers, int matrices, uintptr_t row, bool transposed);
void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
void mma_m16n8k16_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
void mma_m16n8k8_f16(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b0);
void mma_m16n8k32_e4m3(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
uint16_t pack_e4m3(float first, float second);
float exp2_approx(float x);
float tanh_approx(float x);

}  // namespace heirloom::emulator

#include "ptx.h"

#include <cmath>
#include <cstring>
#include <string>

#include "engine.h"
#include "numbers.h"

namespace heirloom::emulator {

namespace {

struct MatrixOperands {
  uint32_t* registers;
  uintptr_t row;
  int matrices;
  bool transposed;
};

void load_matrices(void* const* all, uint32_t) {
  const auto& any = *static_cast<MatrixOperands*>(all[0]);
  for (int matrix = 0; matrix < any.matrices; ++matrix) {
    uint16_t value[8][8];
    for (int row = 0; row < 8; ++row) {
      const auto* from = reinterpret_cast<const void*>(static_cast<MatrixOperands*>(all[matrix * 8 + row])->row);
      check_shared("ldmatrix", from, 16, 16);
      std::memcpy(value[row], from, 16);
    }
    for (int lane = 0; lane < kWarp; ++lane) {
      const int a = lane / 4, b = lane % 4 * 2;
      const uint32_t low = any.transposed ? value[b][a] : value[a][b],
                     high = any.transposed ? value[b + 1][a] : value[a][b + 1];
      static_cast<MatrixOperands*>(all[lane])->registers[matrix] = low | high << 16;
    }
  }
}

float bf16_value(uint32_t bits) { return float_of(bits << 16); }
float half_value(uint32_t bits) { return float_from_half_bits(static_cast<uint16_t>(bits)); }
float e4m3_value(uint32_t bits) { return float_from_e4m3_bits(static_cast<uint8_t>(bits)); }

struct ProductOperands {
  float* d;
  const uint32_t *a, *b;
};

// One shape for all: a register holds P numbers of a row; a's registers go (row, row + 8) and then on along k, b's along k.
// K = 4 * P * (registers of b).
template <int K, int P, float (*Value)(uint32_t)>
void multiply(void* const* all, uint32_t) {
  constexpr int kBits = 32 / P, kStep = 4 * P;
  constexpr uint32_t kMask = (1u << kBits) - 1;
  float a[16][K], b[K][8], d[16][8];
  for (int lane = 0; lane < kWarp; ++lane) {
    const auto& own = *static_cast<ProductOperands*>(all[lane]);
    const int group = lane / 4, in_group = lane % 4;
    for (int step = 0; step < K / kStep; ++step)
      for (int i = 0; i < P; ++i) {
        const int k = step * kStep + in_group * P + i, shift = i * kBits;
        a[group][k] = Value(own.a[step * 2] >> shift & kMask);
        a[group + 8][k] = Value(own.a[step * 2 + 1] >> shift & kMask);
        b[k][group] = Value(own.b[step] >> shift & kMask);
      }
    for (int i = 0; i < 4; ++i) d[group + i / 2 * 8][in_group * 2 + i % 2] = own.d[i];
  }
  for (int row = 0; row < 16; ++row)
    for (int k = 0; k < K; ++k)
      for (int column = 0; column < 8; ++column) d[row][column] += a[row][k] * b[k][column];
  for (int lane = 0; lane < kWarp; ++lane) {
    const auto& own = *static_cast<ProductOperands*>(all[lane]);
    for (int i = 0; i < 4; ++i) own.d[i] = d[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2];
  }
}

constexpr uint32_t kAll = 0xffffffffu;

}  // namespace

void cp_async(uintptr_t shared, const void* global, int size, int bytes) {
  if (bytes < 0 || bytes > size)
    device_trap("cp.async of " + std::to_string(bytes) + " of " + std::to_string(size) + " bytes");
  if (bytes && reinterpret_cast<uintptr_t>(global) % static_cast<uintptr_t>(size) != 0)
    device_trap("cp.async from a global address that is not a multiple of " + std::to_string(size));
  copy_later(reinterpret_cast<void*>(shared), global, static_cast<size_t>(bytes), static_cast<size_t>(size - bytes));
}

void ldmatrix(uint32_t* registers, int matrices, uintptr_t row, bool transposed) {
  MatrixOperands mine = {registers, row, matrices, transposed};
  const char* name = transposed ? (matrices == 4 ? "ldmatrix.x4.trans" : "ldmatrix.x2.trans")
                                : (matrices == 4 ? "ldmatrix.x4" : "ldmatrix.x2");
  warp_meet(name, kAll, &mine, load_matrices);
}

void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  ProductOperands mine = {d, a, b};
  warp_meet("mma.m16n8k16.bf16", kAll, &mine, multiply<16, 2, bf16_value>);
}
void mma_m16n8k16_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  ProductOperands mine = {d, a, b};
  warp_meet("mma.m16n8k16.f16", kAll, &mine, multiply<16, 2, half_value>);
}
void mma_m16n8k8_f16(float (&d)[4], uint32_t a0, uint32_t a1, uint32_t b0) {
  const uint32_t a[2] = {a0, a1};
  ProductOperands mine = {d, a, &b0};
  warp_meet("mma.m16n8k8.f16", kAll, &mine, multiply<8, 2, half_value>);
}
void mma_m16n8k32_e4m3(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  ProductOperands mine = {d, a, b};
  warp_meet("mma.m16n8k32.e4m3", kAll, &mine, multiply<32, 4, e4m3_value>);
}

uint16_t pack_e4m3(float first, float second) {
  return static_cast<uint16_t>(bits_from_float_e4m3(first) | bits_from_float_e4m3(second) << 8);
}

float exp2_approx(float x) {
  const float y = std::exp2(x);
  return y < 1.17549435e-38f ? 0.0f : y;
}
float tanh_approx(float x) { return rounded(std::tanh(x), 10, -126); }

}  // namespace heirloom::emulator

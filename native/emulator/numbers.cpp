#include "numbers.h"

#include <array>

namespace heirloom::emulator {

namespace {

template <size_t N, class F>
std::array<float, N> table_of(F value) {
  std::array<float, N> table;
  for (size_t i = 0; i < N; ++i) table[i] = value(static_cast<int>(i));
  return table;
}

// sign | exponent | mantissa, without infinities or NaNs
float plain_value(int bits, int exponent_bits, int mantissa_bits) {
  const int mantissa = bits & ((1 << mantissa_bits) - 1), exponent = bits >> mantissa_bits & ((1 << exponent_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const float value = exponent
                          ? std::ldexp(1.0f + std::ldexp(static_cast<float>(mantissa), -mantissa_bits), exponent - bias)
                          : std::ldexp(static_cast<float>(mantissa), 1 - bias - mantissa_bits);
  return bits >> (exponent_bits + mantissa_bits) & 1 ? -value : value;
}

float half_value(int bits) {
  if ((bits >> 10 & 31) == 31)
    return float_of((bits & 0x8000 ? 0x80000000u : 0u) | 0x7f800000u | static_cast<uint32_t>(bits & 1023) << 13);
  return plain_value(bits, 5, 10);
}

float e4m3_value(int bits) { return (bits & 0x7f) == 0x7f ? std::nanf("") : plain_value(bits, 4, 3); }

const std::array<float, 65536> kHalf = table_of<65536>(half_value);
const std::array<float, 256> kE4m3 = table_of<256>(e4m3_value);

}  // namespace

float rounded(float f, int mantissa, int lowest) {
  if (f == 0.0f || !std::isfinite(f)) return f;
  int exponent;
  std::frexp(f, &exponent);                           // f = m * 2^exponent, 0.5 <= |m| < 1
  const int step = (exponent - 1 > lowest ? exponent - 1 : lowest) - mantissa;
  return std::ldexp(std::nearbyint(std::ldexp(f, -step)), step);
}

uint16_t bits_from_float_bf16(float f) {
  const uint32_t u = bits_of(f);
  if ((u & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
  return static_cast<uint16_t>((u + 0x7fffu + (u >> 16 & 1)) >> 16);
}

uint16_t bits_from_float_half(float f) {
  const uint16_t sign = static_cast<uint16_t>(bits_of(f) >> 16 & 0x8000u);
  if (std::isnan(f)) return 0x7fff;
  const float value = std::fabs(rounded(f, 10, -14));
  if (value > 65504.0f) return sign | 0x7c00;
  if (value < 6.103515625e-05f) return static_cast<uint16_t>(sign | static_cast<int>(std::ldexp(value, 24)));
  const uint32_t u = bits_of(value);
  return static_cast<uint16_t>(sign | ((u >> 23) - 112) << 10 | (u >> 13 & 1023));
}

float float_from_half_bits(uint16_t bits) { return kHalf[bits]; }

uint8_t bits_from_float_e4m3(float f) {
  const uint8_t sign = static_cast<uint8_t>(bits_of(f) >> 24 & 0x80u);
  if (std::isnan(f)) return 0x7f;
  const float value = std::fmin(std::fabs(rounded(f, 3, -6)), 448.0f);
  if (value < 0.015625f) return static_cast<uint8_t>(sign | static_cast<int>(std::ldexp(value, 9)));
  const uint32_t u = bits_of(value);
  return static_cast<uint8_t>(sign | ((u >> 23) - 120) << 3 | (u >> 20 & 7));
}

float float_from_e4m3_bits(uint8_t bits) { return kE4m3[bits]; }

}  // namespace heirloom::emulator

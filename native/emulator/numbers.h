// CUDA's number types on the processor: bfloat16, half, e4m3 and the short vectors, with the same bits and the same rounding.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace heirloom::emulator {

inline uint32_t bits_of(float f) {
  uint32_t u;
  std::memcpy(&u, &f, 4);
  return u;
}
inline float float_of(uint32_t u) {
  float f;
  std::memcpy(&f, &u, 4);
  return f;
}

// Round to nearest, ties to even, of a float to a format of `mantissa` explicit bits whose smallest normal exponent is `lowest`;
// returned as a float. Numbers below the smallest normal keep the spacing of the smallest normals.
float rounded(float f, int mantissa, int lowest);

uint16_t bits_from_float_bf16(float f);
uint16_t bits_from_float_half(float f);  // beyond 65504: infinity
float float_from_half_bits(uint16_t bits);
uint8_t bits_from_float_e4m3(float f);  // saturates at 448
float float_from_e4m3_bits(uint8_t bits);

struct __nv_bfloat16 {
  uint16_t bits;
  __nv_bfloat16() = default;
  __nv_bfloat16(float f) : bits(bits_from_float_bf16(f)) {}  // NOLINT: as in CUDA
  operator float() const { return float_of(static_cast<uint32_t>(bits) << 16); }  // NOLINT
};
struct __half {
  uint16_t bits;
  __half() = default;
  __half(float f) : bits(bits_from_float_half(f)) {}  // NOLINT
  operator float() const { return float_from_half_bits(bits); }  // NOLINT
};
using half = __half;
struct alignas(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
};
struct alignas(4) __half2 {
  __half x, y;
};

inline __nv_bfloat16 __float2bfloat16(float f) { return f; }
inline __nv_bfloat16 __float2bfloat16_rn(float f) { return f; }
inline float __bfloat162float(__nv_bfloat16 b) { return b; }
inline __half __float2half(float f) { return f; }
inline __half __float2half_rn(float f) { return f; }
inline float __half2float(__half h) { return h; }

struct float2 {
  float x, y;
};
struct float3 {
  float x, y, z;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) int2 {
  int x, y;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct ushort2 {
  unsigned short x, y;
};
struct alignas(8) ushort4 {
  unsigned short x, y, z, w;
};
struct uchar2 {
  unsigned char x, y;
};
struct alignas(4) uchar4 {
  unsigned char x, y, z, w;
};
struct double2 {
  double x, y;
};

inline float2 make_float2(float x, float y) { return {x, y}; }
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline double2 make_double2(double x, double y) { return {x, y}; }

inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return {x, y}; }
inline float2 __bfloat1622float2(__nv_bfloat162 b) { return {b.x, b.y}; }
inline __half2 __floats2half2_rn(float x, float y) { return {x, y}; }
inline float2 __half22float2(__half2 h) { return {h.x, h.y}; }

}  // namespace heirloom::emulator

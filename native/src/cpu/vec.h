// One vector of floats, as wide as the file that includes this is compiled for: 16 (AVX-512), 8 (AVX2) or 4 (anything).
// Only files of one Simd level include it. Everything is local to them: a function compiled for a newer CPU must never be
// the copy that the linker keeps for everybody.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // gcc 12 trips over its own AVX-512 header (GCC bug 105593)
#endif
#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

namespace heirloom::cpu {
namespace {

#if defined(__AVX512F__)

constexpr int kWidth = 16;
using Vec = __m512;

inline __mmask16 first(int n) { return static_cast<__mmask16>((1u << n) - 1u); }
inline Vec zero() { return _mm512_setzero_ps(); }
inline Vec set(float x) { return _mm512_set1_ps(x); }
inline Vec load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, Vec v) { _mm512_storeu_ps(p, v); }
inline Vec load_first(const float* p, int n) { return _mm512_maskz_loadu_ps(first(n), p); }  // zeros after the first n
inline void store_first(float* p, Vec v, int n) { _mm512_mask_storeu_ps(p, first(n), v); }
inline Vec fma(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }  // a * b + c
inline Vec add(Vec a, Vec b) { return _mm512_add_ps(a, b); }
inline Vec sub(Vec a, Vec b) { return _mm512_sub_ps(a, b); }
inline Vec mul(Vec a, Vec b) { return _mm512_mul_ps(a, b); }
inline Vec div(Vec a, Vec b) { return _mm512_div_ps(a, b); }
// Of all places, by a mask: GCC 12's plain form reads what it leaves undefined, and warns of that.
inline Vec max(Vec a, Vec b) { return _mm512_maskz_max_ps(first(kWidth), a, b); }  // b if either is NaN
inline Vec min(Vec a, Vec b) { return _mm512_maskz_min_ps(first(kWidth), a, b); }
inline Vec round(Vec a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline Vec magnitude(Vec a) { return _mm512_abs_ps(a); }
inline Vec with_sign_of(Vec a, Vec sign) {  // a >= 0
  return _mm512_or_ps(a, _mm512_and_ps(sign, _mm512_set1_ps(-0.0f)));
}
inline Vec where_less(Vec a, Vec b, Vec yes, Vec no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), no, yes);
}
inline Vec times_power_of_two(Vec a, Vec n) { return _mm512_scalef_ps(a, n); }  // denormals and overflow included
inline Vec gather(const float* p, const int32_t* at) { return _mm512_i32gather_ps(_mm512_loadu_si512(at), p, 4); }

#elif defined(__AVX2__)

constexpr int kWidth = 8;
using Vec = __m256;

alignas(32) const int32_t kFirst[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
inline __m256i first(int n) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kFirst + 8 - n)); }
inline Vec zero() { return _mm256_setzero_ps(); }
inline Vec set(float x) { return _mm256_set1_ps(x); }
inline Vec load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, Vec v) { _mm256_storeu_ps(p, v); }
inline Vec load_first(const float* p, int n) { return _mm256_maskload_ps(p, first(n)); }
inline void store_first(float* p, Vec v, int n) { _mm256_maskstore_ps(p, first(n), v); }
inline Vec fma(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
inline Vec add(Vec a, Vec b) { return _mm256_add_ps(a, b); }
inline Vec sub(Vec a, Vec b) { return _mm256_sub_ps(a, b); }
inline Vec mul(Vec a, Vec b) { return _mm256_mul_ps(a, b); }
inline Vec div(Vec a, Vec b) { return _mm256_div_ps(a, b); }
inline Vec max(Vec a, Vec b) { return _mm256_max_ps(a, b); }
inline Vec min(Vec a, Vec b) { return _mm256_min_ps(a, b); }
inline Vec round(Vec a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline Vec magnitude(Vec a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
inline Vec with_sign_of(Vec a, Vec sign) { return _mm256_or_ps(a, _mm256_and_ps(sign, _mm256_set1_ps(-0.0f))); }
inline Vec where_less(Vec a, Vec b, Vec yes, Vec no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}
// In two halves, so that results below 2^-126 come out as denormals. n is whole and |n| < 254.
inline Vec times_power_of_two(Vec a, Vec n) {
  const __m256i whole = _mm256_cvtps_epi32(n);
  const __m256i half = _mm256_srai_epi32(whole, 1), rest = _mm256_sub_epi32(whole, half), bias = _mm256_set1_epi32(127);
  const Vec x = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(half, bias), 23));
  const Vec y = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(rest, bias), 23));
  return _mm256_mul_ps(_mm256_mul_ps(a, x), y);
}
inline Vec gather(const float* p, const int32_t* at) {
  return _mm256_i32gather_ps(p, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), 4);
}

#else

constexpr int kWidth = 4;
typedef float Vec __attribute__((vector_size(16)));
typedef int32_t IntVec __attribute__((vector_size(16)));

inline Vec bits(IntVec v) {
  Vec r;
  memcpy(&r, &v, sizeof r);
  return r;
}
inline IntVec bits(Vec v) {
  IntVec r;
  memcpy(&r, &v, sizeof r);
  return r;
}
inline Vec choose(IntVec yes_mask, Vec yes, Vec no) { return bits((yes_mask & bits(yes)) | (~yes_mask & bits(no))); }
inline Vec zero() { return Vec{0, 0, 0, 0}; }
inline Vec set(float x) { return Vec{x, x, x, x}; }
inline Vec load(const float* p) {
  Vec v;
  memcpy(&v, p, sizeof v);
  return v;
}
inline void store(float* p, Vec v) { memcpy(p, &v, sizeof v); }
inline Vec load_first(const float* p, int n) {
  Vec v = zero();
  for (int i = 0; i < n; ++i) v[i] = p[i];
  return v;
}
inline void store_first(float* p, Vec v, int n) {
  for (int i = 0; i < n; ++i) p[i] = v[i];
}
inline Vec fma(Vec a, Vec b, Vec c) { return a * b + c; }
inline Vec add(Vec a, Vec b) { return a + b; }
inline Vec sub(Vec a, Vec b) { return a - b; }
inline Vec mul(Vec a, Vec b) { return a * b; }
inline Vec div(Vec a, Vec b) { return a / b; }
inline Vec max(Vec a, Vec b) { return choose(a > b, a, b); }
inline Vec min(Vec a, Vec b) { return choose(a < b, a, b); }
inline Vec magnitude(Vec a) { return bits(bits(a) & 0x7fffffff); }
inline Vec with_sign_of(Vec a, Vec sign) { return bits(bits(a) | (bits(sign) & INT32_MIN)); }
inline Vec round(Vec a) {                                                        // |a| < 2^22
  const Vec big = set(12582912.0f);  // 1.5 * 2^23: adding it drops the fraction
  return (a + big) - big;
}
inline Vec where_less(Vec a, Vec b, Vec yes, Vec no) { return choose(a < b, yes, no); }
inline Vec times_power_of_two(Vec a, Vec n) {
  const IntVec whole = __builtin_convertvector(n, IntVec), half = whole >> 1, rest = whole - half;
  return (a * bits((half + 127) << 23)) * bits((rest + 127) << 23);
}
inline Vec gather(const float* p, const int32_t* at) { return Vec{p[at[0]], p[at[1]], p[at[2]], p[at[3]]}; }

#endif

inline float sum(Vec v) {  // pairwise, the same order everywhere
  float lane[kWidth];
  store(lane, v);
  for (int half = kWidth / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
  return lane[0];
}

inline float largest(Vec v) {
  float lane[kWidth];
  store(lane, v);
  float m = lane[0];
  for (int i = 1; i < kWidth; ++i) m = lane[i] > m ? lane[i] : m;
  return m;
}

// e^x to about 1e-7 relative: x = n ln 2 + r, |r| <= ln 2 / 2, a Taylor polynomial in r, times 2^n. Denormal results are kept.
inline Vec exponential(Vec x) {
  x = max(set(-105.0f), min(set(89.0f), x));  // beyond: 0 and infinity; NaN stays NaN
  const Vec n = round(mul(x, set(1.44269504088896f)));
  Vec r = fma(n, set(-0.693359375f), x);  // ln 2 in two parts, the first exact in 10 bits
  r = fma(n, set(2.12194440054690e-4f), r);
  Vec p = set(1.0f / 5040);
  p = fma(p, r, set(1.0f / 720));
  p = fma(p, r, set(1.0f / 120));
  p = fma(p, r, set(1.0f / 24));
  p = fma(p, r, set(1.0f / 6));
  p = fma(p, r, set(0.5f));
  p = fma(p, r, set(1.0f));
  p = fma(p, r, set(1.0f));
  return times_power_of_two(p, n);
}

inline Vec sigmoid_times(Vec x, Vec u) {
  return div(x, add(set(1.0f), exponential(sub(zero(), u))));
}  // x / (1 + e^-u)
inline Vec silu(Vec x) { return sigmoid_times(x, x); }

// 0.5 x (1 + tanh(u)), u = sqrt(2/pi) (x + 0.044715 x^3), is x / (1 + e^-2u): no cancellation for negative x.
inline Vec gelu(Vec x) {
  const Vec inner = fma(mul(mul(x, x), x), set(0.044715f), x);
  return sigmoid_times(x, mul(inner, set(1.5957691216057308f)));
}

// tanh: an odd polynomial for small x (minimax coefficients, |x| < 0.625), 1 - 2 / (e^2x + 1) for the rest.
inline Vec hyperbolic_tangent(Vec x) {
  const Vec a = magnitude(x), s = mul(x, x);
  Vec p = set(-5.70498872745e-3f);
  p = fma(p, s, set(2.06390887954e-2f));
  p = fma(p, s, set(-5.37397155531e-2f));
  p = fma(p, s, set(1.33314422036e-1f));
  p = fma(p, s, set(-3.33332819422e-1f));
  const Vec small = fma(mul(p, s), x, x);
  const Vec large = sub(set(1.0f), div(set(2.0f), add(exponential(add(a, a)), set(1.0f))));
  return where_less(a, set(0.625f), small, with_sign_of(large, x));
}

}  // namespace
}  // namespace heirloom::cpu

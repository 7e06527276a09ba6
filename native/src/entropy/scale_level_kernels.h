// The body of every instruction level. Included by scale_level_<level>.cpp.
#pragma once
#include <cstring>

#include "entropy/scale_level.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace heirloom::entropy {
namespace {

#if defined(__AVX512BW__)
using Sums = __m512i;
constexpr int kWidth = 16;
inline Sums load(const int32_t* p) { return _mm512_loadu_si512(p); }
inline void store(int32_t* p, Sums v) { _mm512_storeu_si512(p, v); }
// Adds x[0] * w[2 i] + x[1] * w[2 i + 1] to sum i.
inline Sums add_products(Sums sums, int32_t x, const int16_t* w) {
  return _mm512_add_epi32(sums, _mm512_madd_epi16(_mm512_set1_epi32(x), _mm512_loadu_si512(w)));
}
#elif defined(__AVX2__)
using Sums = __m256i;
constexpr int kWidth = 8;
inline Sums load(const int32_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
inline void store(int32_t* p, Sums v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }
inline Sums add_products(Sums sums, int32_t x, const int16_t* w) {
  const __m256i weights = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w));
  return _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_set1_epi32(x), weights));
}
#else
constexpr int kWidth = 4;
struct Sums {
  int32_t at[kWidth];
};
inline Sums load(const int32_t* p) {
  Sums sums;
  std::memcpy(sums.at, p, sizeof sums.at);
  return sums;
}
inline void store(int32_t* p, const Sums& v) { std::memcpy(p, v.at, sizeof v.at); }
inline Sums add_products(Sums sums, int32_t x, const int16_t* w) {
  int16_t two[2];
  std::memcpy(two, &x, sizeof two);
  for (int i = 0; i < kWidth; ++i) sums.at[i] += two[0] * w[2 * i] + two[1] * w[2 * i + 1];
  return sums;
}
#endif

// The sums of N places from column x on, of kWidth channels from `out` on.
template <int N>
void place_sums(const ScaleRow& r, int x, int out) {
  Sums sums[N];
  for (int n = 0; n < N; ++n) sums[n] = load(r.bias + out);
  const int16_t* w = r.weights + 2 * out;
  for (int tap = 0; tap < 9; ++tap) {
    const int16_t* from = r.rows[tap / 3] + int64_t(x + tap % 3) * 2 * r.pairs;
    for (int pair = 0; pair < r.pairs; ++pair, w += 2 * r.outs)
      for (int n = 0; n < N; ++n) {
        int32_t both;
        std::memcpy(&both, from + 2 * (int64_t(n) * r.pairs + pair), sizeof both);
        sums[n] = add_products(sums[n], both, w);
      }
  }
  for (int n = 0; n < N; ++n) store(r.sums + int64_t(x + n) * r.outs + out, sums[n]);
}

void row_sums(const ScaleRow& r) {
  for (int out = 0; out < r.outs; out += kWidth) {
    int x = 0;
    for (; x + 4 <= r.columns; x += 4) place_sums<4>(r, x, out);
    for (; x < r.columns; ++x) place_sums<1>(r, x, out);
  }
}

}  // namespace
}  // namespace heirloom::entropy

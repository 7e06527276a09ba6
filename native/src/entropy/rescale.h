// The one place where a sum of products becomes the next layer's number, for the processor and for a card: whole numbers, the same everywhere.
#pragma once
#include <cstdint>

#if defined(__CUDACC__)
#define HL_WHOLE __host__ __device__ inline
#else
#define HL_WHOLE inline
#endif

namespace heirloom::entropy {

constexpr int kMostHidden = 127, kMostIndex = 63, kMostSymbol = 127;

// sum * factor / 2^shift, a half rounded up, kept in 0..most. Below 0 nothing is shifted: what that gives is the compiler's choice.   shift 1..40
HL_WHOLE int rescaled(int32_t sum, uint16_t factor, int shift, int most) {
  const int64_t product = int64_t(sum) * factor + (int64_t{1} << (shift - 1));
  if (product < 0) return 0;
  const int64_t value = product >> shift;
  return value > most ? most : static_cast<int>(value);
}

// A symbol as the first layer reads it.
HL_WHOLE int limited(int symbol) {
  return symbol > kMostSymbol ? kMostSymbol : symbol < -kMostSymbol ? -kMostSymbol : symbol;
}

}  // namespace heirloom::entropy

// The portable level: what every compiler can do, and which of the levels is in use.
#include "cpu/kernels.h"
#include "entropy/scale_level_kernels.h"

namespace heirloom::entropy {

ScaleSums portable_scale_sums() { return row_sums; }

ScaleSums scale_sums() {
#if defined(HL_HAVE_AVX2) && defined(HL_HAVE_AVX512)  // set by CMake where the compiler can make them
  if (cpu::simd() == cpu::Simd::avx512) return avx512_scale_sums();
  if (cpu::simd() == cpu::Simd::avx2) return avx2_scale_sums();
#endif
  return portable_scale_sums();
}

}  // namespace heirloom::entropy

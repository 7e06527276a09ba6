// The portable level: four floats at a time, what every compiler can do, and which of the levels is in use.
#include "kernels.h"
#include "motion_level_kernels.h"

namespace heirloom::cpu {

const MotionLevel* portable_motion_level() { return &kMotionLevel; }

const MotionLevel& motion_level() {
#if defined(HL_HAVE_AVX2) && defined(HL_HAVE_AVX512)  // set by CMake where the compiler can make them
  if (simd() == Simd::avx512) return *avx512_motion_level();
  if (simd() == Simd::avx2) return *avx2_motion_level();
#endif
  return *portable_motion_level();
}

}  // namespace heirloom::cpu

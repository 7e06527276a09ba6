// The AVX-512 level. Compiled with its own flags; without them (another processor) the level does not exist.
#include "motion_level.h"

#if defined(__AVX512F__)
#include "motion_level_kernels.h"
namespace heirloom::cpu {
const MotionLevel* avx512_motion_level() { return &kMotionLevel; }
}  // namespace heirloom::cpu
#else
namespace heirloom::cpu {
const MotionLevel* avx512_motion_level() { return nullptr; }
}  // namespace heirloom::cpu
#endif

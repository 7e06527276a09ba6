// The AVX2 + FMA level. Compiled with its own flags; without them (another processor) the level does not exist.
#include "level.h"

#if defined(__AVX2__)
#include "level_kernels.h"
namespace heirloom::cpu {
const Level* avx2_level() { return &kLevel; }
}  // namespace heirloom::cpu
#else
namespace heirloom::cpu {
const Level* avx2_level() { return nullptr; }
}  // namespace heirloom::cpu
#endif

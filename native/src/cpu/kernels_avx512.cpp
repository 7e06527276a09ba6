// The AVX-512 level. Compiled with its own flags; without them (another processor) the level does not exist.
#include "level.h"

#if defined(__AVX512F__)
#include "level_kernels.h"
namespace heirloom::cpu {
const Level* avx512_level() { return &kLevel; }
}  // namespace heirloom::cpu
#else
namespace heirloom::cpu {
const Level* avx512_level() { return nullptr; }
}  // namespace heirloom::cpu
#endif

// The AVX-512 level. Compiled with its own flags; without them (another processor) the level does not exist.
#include "entropy/scale_level.h"

#if defined(__AVX512BW__)
#include "entropy/scale_level_kernels.h"
namespace heirloom::entropy {
ScaleSums avx512_scale_sums() { return row_sums; }
}  // namespace heirloom::entropy
#else
namespace heirloom::entropy {
ScaleSums avx512_scale_sums() { return nullptr; }
}  // namespace heirloom::entropy
#endif

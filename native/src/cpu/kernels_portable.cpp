// The portable level: four floats at a time, what every compiler can do. The slow version, and the truth for the others.
#include "level_kernels.h"

namespace heirloom::cpu {
const Level* portable_level() { return &kLevel; }
}  // namespace heirloom::cpu

// Which positions of a map the cells that are made cover, as runs along its rows.
#pragma once
#include <vector>

#include "cpu/kernels.h"
#include "ops/motion.h"

namespace heirloom::cpu {

// The positions of a map of h x w that lie in the cells or at most `reach` around them (rounded up to whole cells); the others, where not is_made.
// Runs lie row of cells by row of cells, from left to right. Undefined cells: single rows.
std::vector<Run> runs_of(const Cells& cells, int64_t h, int64_t w, int64_t reach = 0, bool is_made = true);

// Every cell that is 1 in `marked` and those of the 3x3 around it. [rows * columns]
std::vector<float> widened(const std::vector<float>& marked, int64_t rows, int64_t columns, int64_t by = 1);

}  // namespace heirloom::cpu

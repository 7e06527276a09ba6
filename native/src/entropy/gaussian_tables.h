// The 64 tables of normal distributions of mean 0 that differences from a mean are coded with, rounded to whole numbers. Table i has the standard deviation
// 0.11 * (64 / 0.11)^(i / 63). The counts were made once by models/gaussian_counts.py and are data: none is computed here.
#pragma once
#include "entropy/symbol_table.h"

namespace heirloom::entropy {

constexpr int kScales = 64;

extern const uint16_t kGaussianEnds[kScales];  // where the counts of a table end, one after the other
extern const uint16_t kGaussianEscapes[kScales];
extern const uint16_t kGaussianCounts[2575];  // of 1, 2, ...; those of -1, -2, ... are the same, and 0 has what is left

const std::vector<SymbolTable>& gaussian_tables();  // 64

}  // namespace heirloom::entropy

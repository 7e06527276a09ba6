// The integers of a residual-codec model, exactly as its weight file has them: the tables of z and the scale net, made into a coder of symbols.
#pragma once
#include "entropy/side_coder.h"
#include "graphs/residual/config.h"
#include "weights/weight_file.h"

namespace heirloom {

// Throws weights-missing, weights-unsupported for numbers that are no integers or do not fit together.
entropy::SideCoder load_side_coder(const ResidualConfig& config, const Weights& file);

}  // namespace heirloom

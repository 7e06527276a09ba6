// Standard normal numbers that depend only on what they are for, never on the order in which they are drawn.
#pragma once
#include "tensor.h"

namespace heirloom {

// [rows * columns, channels] for one latent of a stream, keyed by (seed, latent, row, column, channel); of a part of the picture
// that begins at this row and column, the same numbers as of the whole.
Tensor keyed_noise(uint64_t seed, int64_t latent, int64_t rows, int64_t columns, int64_t channels,
                   int64_t first_row = 0, int64_t first_column = 0);

}  // namespace heirloom

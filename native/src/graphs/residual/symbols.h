// Latents as whole numbers in tiles, and back: what the coder of symbols takes and gives (entropy/side_coder.h). All on the host.
#pragma once
#include <vector>

#include "entropy/side_coder.h"
#include "tensor.h"

namespace heirloom {

// Of a picture with so many rows and columns of z: tiles of 4 x 4 of them, those at the right and the bottom smaller; row by row.
std::vector<entropy::TileSize> symbol_tiles(int64_t rows, int64_t columns);

// floor(x + 0.5), kept within 16 bits. Throws weights-unsupported where a number is none.
Tensor as_symbols(const Tensor& x);

// z [rows, columns, hyper], y [4 rows, 4 columns, latent], both of whole numbers
std::vector<entropy::SideTile> into_tiles(const Tensor& z, const Tensor& y);
struct Symbols {
  Tensor z, y;
};
Symbols from_tiles(const std::vector<entropy::SideTile>& tiles, int64_t rows, int64_t columns, int64_t hyper,
                   int64_t latent);

// Reads bytes again by the portable reference and throws internal unless every symbol is there as it was given.
void check_written(const entropy::SideCoder& coder, const std::vector<entropy::TileSize>& sizes,
                   const std::vector<entropy::SideTile>& tiles, const std::vector<uint8_t>& bytes, int threads,
                   const std::atomic<bool>* cancelled);

}  // namespace heirloom

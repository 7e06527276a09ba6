// Packed pixels and parts of pictures, and the noise that a residual begins with. All on the host.
#pragma once
#include <cstdint>
#include <vector>

#include "heirloom.h"
#include "tensor.h"

namespace heirloom {

// A part of a picture, in pixels.
struct Box {
  int64_t top = 0, left = 0, height = 0, width = 0;
};
// A picture in parts of at most `side`, row by row.
std::vector<Box> boxes_of(int64_t height, int64_t width, int64_t side);
// The box and `reach` pixels around it, where the picture has them.
Box widened(const Box& box, int64_t reach, int64_t height, int64_t width);

// Packed pixels as R'G'B' in [-1, 1], [3, box]; beyond the right and bottom edge its last pixels.
Tensor picture_in(const StillFormat& format, const uint8_t* pixels, const Box& box);

// How much of the residual is shown, by tile of 256 x 256 pixels.
struct Shares {
  int64_t columns = 0;  // of tiles
  std::vector<float> shares;
};
// Puts faithful + share * deviation * residual as pixels, for what a box has within the picture. faithful, residual [3, around]; residual may be undefined.
struct Shown {
  Tensor faithful, residual;
  Box around;
  float deviation = 0;
};
void put_pixels(const Shown& shown, const Box& box, const Shares& shares, const StillFormat& format, uint8_t* pixels);

// Normal numbers [3, box] that depend on the seed and the place in the picture alone.
Tensor noise_in(uint64_t seed, const Box& box);

}  // namespace heirloom

// motion.h: dense motion between two pictures, coarse to fine. Knows nothing of colour, formats or threads: it takes the row
// loop of pixel.h, and its results do not depend on it.
#pragma once
#include <vector>

#include "pixel/pixel.h"

namespace heirloom::registration {

// One plane of samples, rows without gaps. Outside of it the nearest sample counts.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> v;
  Plane() = default;
  Plane(int width_, int height_) : width(width_), height(height_), v(size_t(width_) * size_t(height_)) {}
  const float* row(int y) const { return v.data() + size_t(y) * size_t(width); }
  float* row(int y) { return v.data() + size_t(y) * size_t(width); }
};

// The picture and its halves, each from the one before by the 5-tap binomial; sample (x, y) lies at (2x, 2y) of the one before.
// Level 0 is smoothed by the 3-tap binomial, which costs little detail and takes much of the noise from the matching.
std::vector<Plane> pyramid(const Plane& luma, const pixel::Rows& rows);

// Motion on a grid of points `step` samples apart, the first at (0, 0): the chosen picture's (x, y) lies at (x + u, y + v) of the other one.
struct Motion {
  int step = 0, columns = 0, rows = 0;
  std::vector<float> u, v;
};

// chosen, other: pyramids of two pictures of one size.
//
// Dense inverse search (Kroeger et al., ECCV 2016), with two changes for noisy tapes: patches are held to the coarser level's motion by
// a Gaussian prior whose weight follows from the noise that was measured, so that flat places move with their surroundings instead of
// with the noise; and each patch may start from a neighbour's coarse motion if that fits better, so that small things keep their own.
Motion find_motion(const std::vector<Plane>& chosen, const std::vector<Plane>& other, const pixel::Rows& rows);

}  // namespace heirloom::registration

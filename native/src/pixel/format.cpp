// format.cpp: what a frame format means in numbers: plane sizes, code ranges, matrix weights, where chroma lies.
#include <string>

#include "pixel/pixel.h"

namespace heirloom {

std::array<size_t, 3> FrameFormat::plane_bytes() const {
  const size_t sample = bits > 8 ? 2 : 1;
  const pixel::ChromaGrid grid = pixel::chroma_grid(*this);
  const size_t chroma_plane = size_t(grid.width) * size_t(grid.height) * sample;
  return {size_t(width) * size_t(height) * sample, chroma_plane, chroma_plane};
}

size_t FrameFormat::bytes() const {
  const auto planes = plane_bytes();
  return planes[0] + planes[1] + planes[2];
}

namespace pixel {

void check_format(const FrameFormat& f, const char* what) {
  const auto refuse = [what](const std::string& why) {
    throw Error("bad-argument", std::string("The ") + what + " format cannot be used: " + why);
  };
  constexpr int kLargest = 16384;
  if (f.width < 16 || f.height < 16 || f.width > kLargest || f.height > kLargest)
    refuse("the picture is " + std::to_string(f.width) + "x" + std::to_string(f.height) +
           ", sizes from 16x16 to 16384x16384 work.");
  if (f.bits < 8 || f.bits > 16) refuse(std::to_string(f.bits) + " bits per sample; 8 to 16 work.");
  if (f.chroma < Chroma::c420 || f.chroma > Chroma::gray) refuse("unknown chroma layout.");
  if (f.siting < Siting::left || f.siting > Siting::topleft) refuse("unknown chroma siting.");
  if (f.matrix < Matrix::bt601 || f.matrix > Matrix::bt2020) refuse("unknown colour matrix.");
  if (f.range != Range::limited && f.range != Range::full) refuse("unknown code range.");
}

bool same_format(const FrameFormat& a, const FrameFormat& b) {
  return a.width == b.width && a.height == b.height && a.bits == b.bits && a.chroma == b.chroma &&
         a.siting == b.siting && a.matrix == b.matrix && a.range == b.range;
}

// ITU-R BT.601/709/2020: limited codes scale with 2^(bits-8); full range uses every code, chroma zero at the middle one.
CodeScale code_scale(const FrameFormat& f) {
  const double unit = double(1 << (f.bits - 8));
  const int largest = (1 << f.bits) - 1;
  if (f.range == Range::limited) return {16 * unit, 1 / (219 * unit), 128 * unit, 1 / (224 * unit), largest};
  return {0, 1.0 / largest, 128 * unit, 1.0 / largest, largest};
}

Luma luma_weights(Matrix matrix) {
  switch (matrix) {
    case Matrix::bt601: return {0.299, 0.587, 0.114};
    case Matrix::bt709: return {0.2126, 0.7152, 0.0722};
    case Matrix::bt2020: return {0.2627, 0.6780, 0.0593};
  }
  throw Error("bad-argument", "Unknown colour matrix.");
}

ChromaGrid chroma_grid(const FrameFormat& f) {
  ChromaGrid g{1, 1, 0, 0, 0, 0};
  if (f.chroma == Chroma::gray) return g;
  if (f.chroma == Chroma::c420 || f.chroma == Chroma::c422) g.step_x = 2;
  if (f.chroma == Chroma::c411) g.step_x = 4;
  if (f.chroma == Chroma::c420) g.step_y = 2;
  g.width = (f.width + g.step_x - 1) / g.step_x;
  g.height = (f.height + g.step_y - 1) / g.step_y;
  if (f.siting == Siting::center) g.offset_x = (g.step_x - 1) / 2.0;
  if (f.siting != Siting::topleft) g.offset_y = (g.step_y - 1) / 2.0;
  return g;
}

}  // namespace pixel
}  // namespace heirloom

// pixel.h: packed planar YUV frames to float R'G'B' planes and back, exact bicubic enlarging, edge padding.
// Knows nothing of models or threads: every function takes the loop that spreads rows over threads. Results never depend on it.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "heirloom.h"

namespace heirloom::pixel {

// Calls body(begin, end) for disjoint ranges that together are [0, rows).
using Rows = std::function<void(int rows, const std::function<void(int begin, int end)>& body)>;
void serial_rows(int rows, const std::function<void(int, int)>& body);
// A loop over `threads` threads (0: all cores) that live as long as it does. While *cancelled is true it throws cancelled.
Rows threaded_rows(int threads, const std::atomic<bool>* cancelled);

// Throws bad-argument, naming the frame as `what` ("input", "output"), unless the format is one we do.
void check_format(const FrameFormat& format, const char* what);
bool same_format(const FrameFormat& a, const FrameFormat& b);

// How samples become Y'CbCr values: y = (code - y_offset) * y_gain in [0,1], c = (code - c_offset) * c_gain in [-0.5,0.5].
struct CodeScale {
  double y_offset, y_gain, c_offset, c_gain;
  int largest;
};
CodeScale code_scale(const FrameFormat& format);
struct Luma {
  double red, green, blue;
};  // Y' = red R' + green G' + blue B'
Luma luma_weights(Matrix matrix);

// Where chroma sample i lies: luma position step * i + offset, along x and along y.
struct ChromaGrid {
  int step_x, step_y, width, height;
  double offset_x, offset_y;
};
ChromaGrid chroma_grid(const FrameFormat& format);

// frame: one packed frame -> rgb [3, height, width] in [-1, 1] (illegal codes go beyond). Chroma is interpolated linearly at its siting.
void to_rgb(const FrameFormat& format, const uint8_t* frame, float* rgb, const Rows& rows);

// rgb: 3 planes of `stride` floats a row, `plane` floats apart, values in [-1, 1]; the top left width x height is taken.
// Chroma is averaged with a triangle as wide as the chroma step, centred at its siting. Rounds to nearest.
void from_rgb(const FrameFormat& format, const float* rgb, size_t stride, size_t plane, uint8_t* frame,
              const Rows& rows);

// One output line of a separable bicubic filter, a = -0.5: taps outside are dropped, the rest sum to 1. As PyTorch's
// interpolate(mode="bicubic", antialias=True) and Pillow do.
struct Taps {
  int first;
  std::vector<float> weights;
};
std::vector<Taps> bicubic_taps(int in, int out);

// in [3, height, width] -> out [3, padded_height, padded_width]: enlarged by `scale`, clamped to [-1, 1], the last row and
// column repeated down and right. Scale 1 copies.
void enlarge(const float* in, int width, int height, int scale, float* out, int padded_width, int padded_height,
             const Rows& rows);

// picture += amount * (d - low(d)) on R', G' and B' alike, clamped to [-1, 1], with d = luma(input - picture): what was taken away, of which only
// what is finer than about 1.6 input pixels (the sigma of low: [1 2 1]/4 at distances 1, 2, .. 2 * scale) comes back, and no colour.
// input, picture [3, height, width] in [-1, 1], enlarged by `scale`; amount in [0, 1], 0 changes nothing; scratch: 3 * height * width floats.
void give_back_detail(const float* input, int width, int height, int scale, const Luma& luma, float amount,
                      float* picture, float* scratch, const Rows& rows);

}  // namespace heirloom::pixel

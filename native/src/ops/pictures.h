// Operations on pictures [3, H, W], planar R'G'B', and on the packed frames they come from and go to.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "heirloom.h"
#include "tensor.h"

namespace heirloom {

// A packed frame that a backend has made or is still making; whoever needs it waits for it.
struct PackedFrame {
  virtual ~PackedFrame() = default;
  virtual bool is_there() const { return true; }      // take() need not wait
  virtual void take(uint8_t* to) = 0;                 // FrameFormat::bytes() of them
};

class PictureOps {
 public:
  virtual ~PictureOps() = default;

  // ---- pictures [3, H, W] ----
  // channel = ((rgb*F + frame)*s + dy)*s + dx        F pictures [3, H, W] -> [H/s, W/s, 3*F*s*s]
  virtual Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) = 0;
  // channel = (rgb*s + dy)*s + dx; s may be 1        [H, W, 3*s*s] -> [3, H*s, W*s]
  virtual Tensor picture_shuffle(const Tensor& x, int64_t s) = 0;
  // the same, plus base [3, H*s, W*s]
  virtual Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) = 0;
  // Edge values repeated at the right and bottom.    [3, h, w] -> [3, H, W]
  virtual Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) = 0;
  // The top left corner.                             [3, H, W] -> [3, h, w]
  virtual Tensor crop(const Tensor& picture, int64_t h, int64_t w) = 0;
  // Per channel: (x - mean_x) / sd_x * sd_style + mean_style, clamped to [-1, 1]; sd = sqrt(population variance + 1e-5)
  virtual Tensor adain(const Tensor& picture, const Tensor& style) = 0;
  // The low bands (5 levels of [1 2 1]/4 blur) come from style, the rest from picture; clamped to [-1, 1].
  virtual Tensor wavelet_colour(const Tensor& picture, const Tensor& style) = 0;
  // Fine structure of input that picture has lost, in part: pixel::give_back_detail.
  virtual Tensor give_back_detail(const Tensor& picture, const Tensor& input, int scale, Matrix matrix,
                                  float amount) = 0;
  // m + (floor + (1-floor) * (1 - exp(-(e/sigma)^2))) * d, d = x - m, e = box5(|box3(mean over rgb of d)|): docs/heirloom-s.md step 2
  virtual Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) = 0;
  // Where every 8x8 block of `now` lay in `before`: whole pixels, found from coarse to fine on 8-bit luma in integers, the same vectors on every
  // backend (docs/heirloom-s.md step 2).   both [3, H, W], H and W multiples of 8 -> [H / 8, W / 8, 2] as dy, dx
  virtual Tensor find_motion(const Tensor& now, const Tensor& before) = 0;
  // Every 8x8 block of the result from (y + sign * dy, x + sign * dx) of picture; what lies outside is the nearest of the border.   sign 1 or -1
  virtual Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) = 0;

  // ---- frames ----
  // A packed frame as a picture [3, H, W] in [-1, 1]: enlarged by 1, 2 or 4 (pixel/pixel.h), its last row and column repeated down and right.
  virtual Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int scale, int64_t H, int64_t W) = 0;
  // The top left of a picture [3, H, W] as a packed frame. A card copies it to the computer while it goes on working.
  virtual std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) = 0;
};

}  // namespace heirloom

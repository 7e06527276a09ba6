// Pictures and packed frames on the processor.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "cpu/family.h"
#include "cpu/kernels.h"
#include "cpu/motion.h"
#include "ops/checks.h"
#include "pixel/pixel.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

struct ReadyFrame : PackedFrame {
  std::vector<uint8_t> bytes;
  void take(uint8_t* to) override { std::memcpy(to, bytes.data(), bytes.size()); }
};

class CpuPictures final : public PictureOps, Family {
 public:
  using Family::Family;

  Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) override {
    check_cancelled();
    CHECK(!pictures.empty(), "picture_unshuffle: no picture");
    const int64_t F = static_cast<int64_t>(pictures.size()), H = pictures[0].shape[1], W = pictures[0].shape[2];
    for (const Tensor& picture : pictures) {
      check_picture("picture_unshuffle", picture);
      check_same("picture_unshuffle", picture, pictures[0]);
    }
    CHECK(s > 0 && H % s == 0 && W % s == 0,
          "picture_unshuffle: " + str(pictures[0].shape) + " does not divide by " + str(s));
    Tensor planes = pictures[0];
    if (F > 1) {                                      // [3 * F, H, W], rgb first
      planes = empty({3 * F, H, W});
      for (int64_t c = 0; c < 3; ++c)
        for (int64_t f = 0; f < F; ++f)
          std::memcpy(planes.data() + (c * F + f) * H * W, pictures[static_cast<size_t>(f)].data() + c * H * W,
                      static_cast<size_t>(H * W) * sizeof(float));
    }
    Tensor out = empty({H / s, W / s, 3 * F * s * s});
    k::unshuffle_planar(work_.pool, planes.data(), small(3 * F), small(H), small(W), small(s), out.data());
    return out;
  }

  Tensor picture_shuffle(const Tensor& x, int64_t s) override {
    check_map("picture_shuffle", x);
    CHECK(s > 0 && x.channels() == 3 * s * s,
          "picture_shuffle: " + str(x.shape) + " does not have 3 * " + str(s * s) + " channels");
    Tensor out = empty({3, x.shape[0] * s, x.shape[1] * s});
    k::shuffle_planar(work_.pool, x.data(), 3, small(x.shape[0]), small(x.shape[1]), small(s), nullptr, out.data());
    return out;
  }

  Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) override {
    check_map("picture_shuffle_add", x);
    check_picture("picture_shuffle_add", base);
    CHECK(s > 0 && x.channels() == 3 * s * s && base.shape[1] == x.shape[0] * s && base.shape[2] == x.shape[1] * s,
          "picture_shuffle_add: " + str(x.shape) + " does not go with " + str(base.shape));
    Tensor out = like(base);
    k::shuffle_planar(work_.pool, x.data(), 3, small(x.shape[0]), small(x.shape[1]), small(s), base.data(), out.data());
    return out;
  }

  Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) override {
    check_cancelled();
    check_picture("pad_edge", picture);
    const int64_t h = picture.shape[1], w = picture.shape[2];
    CHECK(H >= h && W >= w && h > 0 && w > 0,
          "pad_edge: " + str(picture.shape) + " is larger than " + str(H) + " x " + str(W));
    Tensor out = empty({3, H, W});
    rows(3 * H, [&](int64_t row) {
      const float* from = picture.data() + (row / H * h + std::min(row % H, h - 1)) * w;
      float* to = out.data() + row * W;
      std::memcpy(to, from, static_cast<size_t>(w) * sizeof(float));
      std::fill(to + w, to + W, from[w - 1]);
    });
    return out;
  }

  Tensor crop(const Tensor& picture, int64_t h, int64_t w) override {
    check_cancelled();
    check_picture("crop", picture);
    const int64_t H = picture.shape[1], W = picture.shape[2];
    CHECK(h <= H && w <= W && h > 0 && w > 0, "crop: " + str(h) + " x " + str(w) + " from " + str(picture.shape));
    Tensor out = empty({3, h, w});
    rows(3 * h, [&](int64_t row) {
      std::memcpy(out.data() + row * w, picture.data() + (row / h * H + row % h) * W,
                  static_cast<size_t>(w) * sizeof(float));
    });
    return out;
  }

  Tensor adain(const Tensor& picture, const Tensor& style) override {
    check_cancelled();
    check_picture("adain", picture);
    check_same("adain", picture, style);
    const int64_t plane = picture.shape[1] * picture.shape[2];
    Tensor out = like(picture);
    work_.pool.parallel_for(3, [&](int64_t c) {
      double mean, variance, style_mean, style_variance;
      k::mean_variance(picture.data() + c * plane, plane, &mean, &variance);
      k::mean_variance(style.data() + c * plane, plane, &style_mean, &style_variance);
      const double gain = std::sqrt(style_variance + 1e-5) / std::sqrt(variance + 1e-5);
      const float* from = picture.data() + c * plane;
      float* to = out.data() + c * plane;
      for (int64_t i = 0; i < plane; ++i)
        to[i] = static_cast<float>(std::min(std::max((from[i] - mean) * gain + style_mean, -1.0), 1.0));
    });
    return out;
  }

  Tensor wavelet_colour(const Tensor& picture, const Tensor& style) override {
    check_cancelled();
    check_picture("wavelet_colour", picture);
    check_same("wavelet_colour", picture, style);
    const Tensor low = low_band(picture), low_style = low_band(style);
    Tensor out = like(picture);
    const int64_t W = picture.shape[2];
    const float *from = picture.data(), *minus = low.data(), *plus = low_style.data();
    float* to = out.data();
    rows(3 * picture.shape[1], [&](int64_t row) {
      for (int64_t i = row * W; i < (row + 1) * W; ++i)
        to[i] = std::min(std::max((from[i] - minus[i]) + plus[i], -1.0f), 1.0f);
    });
    return out;
  }

  Tensor give_back_detail(const Tensor& picture, const Tensor& input, int factor, Matrix matrix,
                          float amount) override {
    check_cancelled();
    check_picture("give_back_detail", picture);
    check_same("give_back_detail", picture, input);
    Tensor out = copy(picture), scratch = empty(picture.shape);
    pixel::give_back_detail(input.data(), small(picture.shape[2]), small(picture.shape[1]), factor,
                            pixel::luma_weights(matrix), amount, out.data(), scratch.data(), pixel_rows());
    return out;
  }

  Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) override {
    check_cancelled();
    check_picture("recursive_mean", picture);
    check_same("recursive_mean", picture, mean);
    Tensor out = like(picture);
    k::recursive_mean(work_.pool, picture.data(), mean.data(), small(picture.shape[1]), small(picture.shape[2]), floor,
                      sigma, out.data());
    return out;
  }

  Tensor find_motion(const Tensor& now, const Tensor& before) override {
    check_cancelled();
    check_motion_operands("find_motion", now, before);
    const int h = small(now.shape[1]), w = small(now.shape[2]);
    Tensor out = empty({now.shape[1] / 8, now.shape[2] / 8, 2});
    float* to = out.data();
    for (const MotionVector& v : cpu::find_motion(work_.pool, now.data(), before.data(), h, w)) {
      *to++ = static_cast<float>(v.dy);
      *to++ = static_cast<float>(v.dx);
    }
    return out;
  }

  Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) override {
    check_cancelled();
    check_moved_operands("move_blocks", picture, motion, sign);
    std::vector<MotionVector> vectors(static_cast<size_t>(motion.count() / 2));
    for (size_t i = 0; i < vectors.size(); ++i)
      vectors[i] = {sign * static_cast<int>(motion.data()[2 * i]), sign * static_cast<int>(motion.data()[2 * i + 1])};
    Tensor out = like(picture);
    cpu::move_blocks(work_.pool, picture.data(), vectors, small(picture.shape[1]), small(picture.shape[2]), out.data());
    return out;
  }

  // ---- frames ----
  Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int factor, int64_t H, int64_t W) override {
    check_cancelled();
    Tensor rgb = empty({3, format.height, format.width}), out = empty({3, H, W});
    pixel::to_rgb(format, frame, rgb.data(), pixel_rows());
    pixel::enlarge(rgb.data(), format.width, format.height, factor, out.data(), small(W), small(H), pixel_rows());
    return out;
  }

  std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) override {
    check_cancelled();
    check_picture("frame_of", picture);
    CHECK(picture.shape[1] >= format.height && picture.shape[2] >= format.width,
          "frame_of: " + str(picture.shape) + " is smaller than the frame");
    auto made = std::make_unique<ReadyFrame>();
    made->bytes.resize(format.bytes());
    pixel::from_rgb(format, picture.data(), static_cast<size_t>(picture.shape[2]),
                    static_cast<size_t>(picture.shape[1] * picture.shape[2]), made->bytes.data(), pixel_rows());
    return made;
  }

 private:
  // The same loop, as pixel/ wants it.
  pixel::Rows pixel_rows() {
    return [this](int count, const std::function<void(int, int)>& body) {
      constexpr int kGroup = 32;  // enough to pay for handing them out, few enough to share evenly
      work_.pool.parallel_for((count + kGroup - 1) / kGroup, [&](int64_t group) {
        body(static_cast<int>(group) * kGroup, std::min(count, (static_cast<int>(group) + 1) * kGroup));
      });
    };
  }

  // Blurred by [1 2 1]/4 both ways at distances 1, 2, 4, 8, 16, edges repeated.
  Tensor low_band(const Tensor& picture) {
    const int64_t H = picture.shape[1], W = picture.shape[2];
    Tensor now = copy(picture), across = empty(picture.shape);
    for (int64_t r = 1; r <= 16; r *= 2) {
      rows(3 * H, [&](int64_t row) {
        const float* from = now.data() + row * W;
        float* to = across.data() + row * W;
        for (int64_t x = 0; x < W; ++x)
          to[x] = 0.25f * from[std::max<int64_t>(x - r, 0)] + 0.5f * from[x] + 0.25f * from[std::min(x + r, W - 1)];
      });
      rows(3 * H, [&](int64_t row) {
        const int64_t y = row % H, base = row - y;
        const float *up = across.data() + (base + std::max<int64_t>(y - r, 0)) * W, *mid = across.data() + row * W,
                    *down = across.data() + (base + std::min(y + r, H - 1)) * W;
        float* to = now.data() + row * W;
        for (int64_t x = 0; x < W; ++x) to[x] = 0.25f * up[x] + 0.5f * mid[x] + 0.25f * down[x];
      });
    }
    return now;
  }
};

}  // namespace

std::unique_ptr<PictureOps> make_pictures(Work& work) { return std::make_unique<CpuPictures>(work); }

}  // namespace heirloom::cpu

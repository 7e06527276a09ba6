// Pictures and packed frames on a card (pictures.h, motion.h).
#include <algorithm>
#include <utility>
#include <vector>

#include "cuda/family.h"
#include "cuda/features/layout.h"
#include "cuda/pictures/motion.h"
#include "cuda/pictures/pictures.h"
#include "ops/checks.h"
#include "pixel/pixel.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

class CudaPictures final : public PictureOps, Family {
 public:
  using Family::Family;

  Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) override {
    check_cancelled();
    CHECK(!pictures.empty() && pictures.size() <= kMaxPictures,
          "picture_unshuffle: " + str(pictures.size()) + " pictures, 1 to " + str(kMaxPictures) + " are possible");
    Pictures list;
    for (const Tensor& picture : pictures) {
      check_picture("picture_unshuffle", picture);
      check_same("picture_unshuffle", picture, pictures[0]);
      list.at[list.count++] = floats(picture);
    }
    const int64_t F = list.count, H = pictures[0].shape[1], W = pictures[0].shape[2];
    CHECK(s > 0 && H % s == 0 && W % s == 0,
          "picture_unshuffle: " + str(pictures[0].shape) + " does not divide by " + str(s));
    Tensor out = empty({H / s, W / s, 3 * F * s * s});
    k::picture_unshuffle(list, small(H), small(W), small(s), values(out), stream());
    return out;
  }

  Tensor picture_shuffle(const Tensor& x, int64_t s) override {
    check_map("picture_shuffle", x);
    CHECK(s > 0 && x.channels() == 3 * s * s,
          "picture_shuffle: " + str(x.shape) + " does not have 3 * " + str(s * s) + " channels");
    Tensor out = picture_like({3, x.shape[0] * s, x.shape[1] * s});
    k::picture_shuffle(values(x), small(out.shape[1]), small(out.shape[2]), small(s), nullptr, floats(out), stream());
    return out;
  }

  Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) override {
    check_map("picture_shuffle_add", x);
    check_picture("picture_shuffle_add", base);
    CHECK(s > 0 && x.channels() == 3 * s * s && base.shape[1] == x.shape[0] * s && base.shape[2] == x.shape[1] * s,
          "picture_shuffle_add: " + str(x.shape) + " does not go with " + str(base.shape));
    Tensor out = picture_like(base.shape);
    k::picture_shuffle(values(x), small(out.shape[1]), small(out.shape[2]), small(s), floats(base), floats(out),
                       stream());
    return out;
  }

  Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) override {
    check_picture("pad_edge", picture);
    CHECK(H >= picture.shape[1] && W >= picture.shape[2] && picture.shape[1] > 0 && picture.shape[2] > 0,
          "pad_edge: " + str(picture.shape) + " is larger than " + str(H) + " x " + str(W));
    return on_canvas(picture, H, W);
  }

  Tensor crop(const Tensor& picture, int64_t h, int64_t w) override {
    check_picture("crop", picture);
    CHECK(h <= picture.shape[1] && w <= picture.shape[2] && h > 0 && w > 0,
          "crop: " + str(h) + " x " + str(w) + " from " + str(picture.shape));
    return on_canvas(picture, h, w);
  }

  Tensor adain(const Tensor& picture, const Tensor& style) override {
    check_picture("adain", picture);
    check_same("adain", picture, style);
    const std::shared_ptr<void> parts = work_.pool->take(sizeof(double) * 2 * 3 * kAdainParts * 2);
    Tensor out = picture_like(picture.shape);
    k::adain(floats(picture), floats(style), small(picture.shape[1]), small(picture.shape[2]),
             static_cast<double*>(parts.get()), floats(out), stream());
    return out;
  }

  Tensor wavelet_colour(const Tensor& picture, const Tensor& style) override {
    check_picture("wavelet_colour", picture);
    check_same("wavelet_colour", picture, style);
    const Tensor low = low_band(picture), low_style = low_band(style);
    Tensor out = picture_like(picture.shape);
    exchange_bands(floats(picture), floats(low), floats(low_style), picture.count(), floats(out), stream());
    return out;
  }

  // On the computer's side.
  Tensor give_back_detail(const Tensor& picture, const Tensor& input, int factor, Matrix matrix,
                          float amount) override {
    check_picture("give_back_detail", picture);
    check_same("give_back_detail", picture, input);
    const Tensor own = download(picture), given = download(input);
    Tensor out = Tensor::heap(own.shape), scratch = Tensor::heap(own.shape);
    std::copy(own.data(), own.data() + own.count(), out.data());
    pixel::give_back_detail(given.data(), int(own.shape[2]), int(own.shape[1]), factor, pixel::luma_weights(matrix),
                            amount, out.data(), scratch.data(), pixel::serial_rows);
    return upload(out);
  }

  Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) override {
    check_picture("recursive_mean", picture);
    check_same("recursive_mean", picture, mean);
    Tensor out = picture_like(picture.shape), change = make({picture.shape[1], picture.shape[2]}, DType::f32);
    k::recursive_mean(floats(picture), floats(mean), small(picture.shape[1]), small(picture.shape[2]), floor, sigma,
                      floats(change), floats(out), stream());
    return out;
  }

  Tensor find_motion(const Tensor& now, const Tensor& before) override {
    check_picture("find_motion", now);
    check_motion_operands("find_motion", now, before);
    const int h = small(now.shape[1]), w = small(now.shape[2]);
    const std::shared_ptr<void> scratch = work_.pool->take(motion_scratch(h, w));
    Tensor out = make({now.shape[1] / 8, now.shape[2] / 8, 2}, DType::f32);
    k::find_motion(floats(now), floats(before), h, w, scratch.get(), floats(out), stream());
    return out;
  }

  Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) override {
    check_picture("move_blocks", picture);
    check_moved_operands("move_blocks", picture, motion, sign);
    Tensor out = picture_like(picture.shape);
    k::move_blocks(floats(picture), floats(motion), sign, small(picture.shape[1]), small(picture.shape[2]), floats(out),
                   stream());
    return out;
  }

  // ---- frames ----
  Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int factor, int64_t H, int64_t W) override {
    check_cancelled();
    const int h = format.height, w = format.width;
    CHECK((factor == 1 || factor == 2 || factor == 4) && H >= int64_t{h} * factor && W >= int64_t{w} * factor,
          "picture_of: " + str(w) + " x " + str(h) + " enlarged by " + str(factor) + " does not go into " + str(W) +
              " x " + str(H));
    work_.graphs.interrupt();
    const cudaStream_t work = stream();
    const uint8_t* packed = work_.frames->upload(frame, format.bytes());
    Tensor rgb = picture_like({3, h, w}), out = picture_like({3, H, W});
    frame_to_rgb(packed, frame_shape(format), floats(rgb), work);
    work_.frames->uploaded_is_used();
    enlarge(floats(rgb), h, w, factor, floats(out), small(H), small(W), work);
    return out;
  }

  std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) override {
    check_picture("frame_of", picture);
    CHECK(picture.shape[1] >= format.height && picture.shape[2] >= format.width,
          "frame_of: " + str(picture.shape) + " is smaller than the frame");
    work_.graphs.interrupt();
    const cudaStream_t work = stream();
    uint8_t* packed = work_.frames->room(format.bytes());
    rgb_to_frame(floats(picture), small(picture.shape[1]), small(picture.shape[2]), frame_shape(format), packed, work);
    return work_.frames->send();
  }

 private:
  Tensor picture_like(const Shape& shape) { return make(shape, DType::f32); }

  Tensor on_canvas(const Tensor& picture, int64_t H, int64_t W) {
    check_cancelled();
    Tensor out = picture_like({3, H, W});
    resize_canvas(floats(picture), small(picture.shape[1]), small(picture.shape[2]), floats(out), small(H), small(W),
                  stream());
    return out;
  }

  Tensor low_band(const Tensor& picture) {
    check_cancelled();
    Tensor now = picture, next = picture_like(picture.shape), spare = picture_like(picture.shape);
    for (int distance = 1; distance <= 16; distance *= 2) {
      blur_121(floats(now), small(picture.shape[1]), small(picture.shape[2]), distance, floats(next), stream());
      now = next;
      std::swap(next, spare);
    }
    return now;
  }

  void check_picture(const char* op, const Tensor& x) const {
    check_cancelled();
    CHECK(x.shape.rank() == 3 && x.shape[0] == 3, std::string(op) + ": " + str(x.shape) + " is not [3, H, W]");
  }
};

}  // namespace

std::unique_ptr<PictureOps> make_pictures(Work& work) { return std::make_unique<CudaPictures>(work); }

}  // namespace heirloom::HL_CUDA

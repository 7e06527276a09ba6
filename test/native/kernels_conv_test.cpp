// Convolutions on every instruction level against a double-precision loop: sizes around the tiles, several sources, both paddings.
#include "kernels_check.h"

using namespace check;
using namespace heirloom::cpu;

namespace {

struct Input {
  std::vector<Floats> data;
  std::vector<Source> sources;
  int channels = 0;
  // value of channel c at (y, x), padded
  double at(int c, int y, int x, int h, int w, Padding p) const {
    if (y < 0 || x < 0 || y >= h || x >= w) {
      if (p == Padding::zero) return 0;
      y = std::clamp(y, 0, h - 1);
      x = std::clamp(x, 0, w - 1);
    }
    for (const Source& s : sources) {
      if (c < s.channels) return s.data[y * s.row_stride + x * s.pixel_stride + c];
      c -= s.channels;
    }
    return NAN;
  }
};

Input random_input(Random& r, int h, int w, const std::vector<int>& channels) {
  Input in;
  for (int c : channels) {
    Source s;
    s.channels = c;
    s.pixel_stride = c + r.below(2) * 6;
    s.row_stride = w * s.pixel_stride + r.below(2) * 10;
    in.data.push_back(random_floats(r, size_t(h * s.row_stride)));
    s.data = in.data.back().data();
    in.sources.push_back(s);
    in.channels += c;
  }
  for (size_t i = 0; i < in.data.size(); ++i) in.sources[i].data = in.data[i].data();
  return in;
}

void compare(const Input& in, int h, int w, int n, Padding p, const Floats& weight, const RandomEpilogue& e,
             const Floats& out, int64_t stride, Random& r) {
  const int samples = h * w * n < 1000 ? h * w * n : 1000;
  for (int i = 0; i < samples; ++i) {
    const int64_t at = samples < 1000 ? i : r.below(int64_t(h) * w * n);
    const int o = int(at % n), x = int(at / n % w), y = int(at / n / w);
    double sum = 0, size = 1;
    for (int c = 0; c < in.channels; ++c)
      for (int ky = 0; ky < 3; ++ky)
        for (int kx = 0; kx < 3; ++kx) {
          const double v =
              in.at(c, y + ky - 1, x + kx - 1, h, w, p) * weight[((size_t(o) * in.channels + c) * 3 + ky) * 3 + kx];
          sum += v;
          size += std::fabs(v);
        }
    EXPECT_NEAR(out[(int64_t(y) * w + x) * stride + o], e.apply(sum, int64_t(y) * w + x, o),
                sum_bound(size, in.channels * 9));
  }
}

void check_conv(Random& r, int h, int w, const std::vector<int>& channels, int n) {
  const Padding p = r.below(2) ? Padding::zero : Padding::replicate;
  const Input in = random_input(r, h, w, channels);
  const Floats weight = random_floats(r, size_t(n) * in.channels * 9);
  const int64_t stride = n + r.below(2) * 5;
  const RandomEpilogue e(r, int64_t(h) * w, n);
  const Packed packed = pack_conv3x3(weight.data(), n, in.channels);
  const Floats out = any_threads(size_t(h * w * stride), [&](Pool& pool, float* to) {
    conv3x3(pool, h, w, in.sources.data(), int(in.sources.size()), p, packed, e.e, to, stride);
  });
  compare(in, h, w, n, p, weight, e, out, stride, r);
}

}  // namespace

TEST("conv3x3 equals the double loop for one source of any size") {
  each_level([] {
    Random r(21);
    check_conv(r, 1, 1, {1}, 1);
    check_conv(r, 2, 1, {3}, 2);
    check_conv(r, 1, 300, {4}, 5);
    check_conv(r, 300, 1, {4}, 5);
    check_conv(r, 9, 81, {40}, 40);
    check_conv(r, 16, 160, {64}, 40);
    check_conv(r, 8, 48, {160}, 160);
    check_conv(r, 5, 7, {200}, 33);
    for (int i = 0; i < 10; ++i)
      check_conv(r, int(1 + r.below(30)), int(1 + r.below(200)), {int(1 + r.below(90))}, int(1 + r.below(70)));
  });
}

TEST("conv3x3 takes its channels from several sources with their own strides") {
  each_level([] {
    Random r(22);
    check_conv(r, 12, 80, {48, 16}, 40);
    check_conv(r, 12, 80, {10, 30}, 40);
    check_conv(r, 12, 80, {40, 48}, 48);
    check_conv(r, 6, 10, {70, 1, 65}, 17);
    check_conv(r, 6, 10, {32, 32, 32, 32, 32}, 160);
    check_conv(r, 4, 9, {768 / 2, 16}, 64);
    for (int i = 0; i < 6; ++i)
      check_conv(r, int(1 + r.below(20)), int(1 + r.below(100)), {int(1 + r.below(90)), int(1 + r.below(90))},
                 int(1 + r.below(70)));
  });
}

TEST("a convolution's residual may be its output") {
  each_level([] {
    Random r(23);
    const int h = 11, w = 90, c = 40;
    const Floats x = random_floats(r, size_t(h) * w * c), before = random_floats(r, x.size()),
                 weight = random_floats(r, size_t(c) * c * 9);
    const Packed packed = pack_conv3x3(weight.data(), c, c);
    Source s;
    s.data = x.data();
    s.channels = c;
    Epilogue e;
    e.residual = before.data();
    const Floats apart = any_threads(
        x.size(), [&](Pool& pool, float* out) { conv3x3(pool, h, w, &s, 1, Padding::zero, packed, e, out); });
    const Floats in_place = any_threads(x.size(), [&](Pool& pool, float* out) {
      std::memcpy(out, before.data(), before.size() * sizeof(float));
      Epilogue here = e;
      here.residual = out;
      conv3x3(pool, h, w, &s, 1, Padding::zero, packed, here, out);
    });
    EXPECT(same_bits(apart, in_place));
  });
}

TEST("conv3d_frame is the causal convolution over kt frames") {
  each_level([] {
    Random r(24);
    const int h = 6, w = 11, channels = 21, kt = 4, n = 37;
    const Floats video = random_floats(r, size_t(kt) * h * w * channels),
                 weight = random_floats(r, size_t(n) * channels * kt * 9);
    const Packed packed = pack_conv3d(weight.data(), n, channels, kt);
    const float* frames[kt];
    for (int t = 0; t < kt; ++t) frames[t] = video.data() + size_t(t) * h * w * channels;
    const RandomEpilogue e(r, h * w, n, false);
    const Floats out = any_threads(size_t(h) * w * n, [&](Pool& pool, float* to) {
      conv3d_frame(pool, h, w, channels, frames, kt, Padding::replicate, packed, e.e, to);
    });
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        for (int o = 0; o < n; ++o) {
          double sum = 0, size = 1;
          for (int c = 0; c < channels; ++c)
            for (int t = 0; t < kt; ++t)
              for (int ky = 0; ky < 3; ++ky)
                for (int kx = 0; kx < 3; ++kx) {
                  const int yy = std::clamp(y + ky - 1, 0, h - 1), xx = std::clamp(x + kx - 1, 0, w - 1);
                  const double v = double(frames[t][(yy * w + xx) * channels + c]) *
                                   weight[(((size_t(o) * channels + c) * kt + t) * 3 + ky) * 3 + kx];
                  sum += v;
                  size += std::fabs(v);
                }
          EXPECT_NEAR(out[(y * w + x) * n + o], e.apply(sum, y * w + x, o), sum_bound(size, channels * kt * 9));
        }
  });
}

TEST("an upsampling convolution equals the double loop over the upsampled map") {
  each_level([] {
    Random r(25);
    for (int i = 0; i < 12; ++i) {
      const int h = int(1 + r.below(20)), w = int(1 + r.below(100)), channels = i % 3 ? int(1 + r.below(60)) : 200,
                n = int(1 + r.below(50));
      const Floats x = random_floats(r, size_t(h) * w * channels), weight = random_floats(r, size_t(n) * channels * 9);
      const Packed packed = pack_upsample_conv3x3(weight.data(), n, channels);
      const RandomEpilogue e(r, int64_t(h) * w * 4, n);
      Input large;
      large.channels = channels;
      large.data.push_back(Floats(x.size() * 4));
      upsample2_nearest(one_thread(), x.data(), h, w, channels, large.data[0].data());
      large.sources.push_back({large.data[0].data(), channels, channels, int64_t(2) * w * channels});
      Source small_map;
      small_map.data = x.data();
      small_map.channels = channels;
      const Floats out = any_threads(size_t(h) * w * 4 * n, [&](Pool& pool, float* to) {
        upsample_conv3x3(pool, h, w, small_map, packed, e.e, to);
      });
      compare(large, 2 * h, 2 * w, n, Padding::zero, weight, e, out, n, r);
    }
  });
}

TEST("conv3x3 refuses sources that do not have the weight's channels") {
  Floats x(9 * 3, 1.0f), weight(4 * 9 * 2, 1.0f), out(9 * 2);
  Source s;
  s.data = x.data();
  s.channels = 3;
  EXPECT(error_code([&] {
           conv3x3(one_thread(), 3, 3, &s, 1, Padding::zero, pack_conv3x3(weight.data(), 2, 4), {}, out.data());
         }) == "internal");
}

TEST_MAIN

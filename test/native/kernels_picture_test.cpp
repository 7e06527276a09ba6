// Picture operations on every instruction level: moves are exact, means against double precision.
#include "cpu/motion.h"
#include "kernels_check.h"

using namespace check;
using namespace heirloom::cpu;

TEST("pixel unshuffle from planes and from pixels, and the shuffle that undoes it") {
  each_level([] {
    Random r(61);
    for (int s : {1, 2, 4, 8}) {
      const int h = 3 * s, w = 5 * s, channels = 3, d = channels * s * s;
      const Floats planar = random_floats(r, size_t(channels) * h * w), base = random_floats(r, planar.size());
      const Floats pixels = any_threads(
          planar.size(), [&](Pool& p, float* out) { planar_to_pixels(p, planar.data(), channels, h, w, out); });
      const Floats a = any_threads(
          planar.size(), [&](Pool& p, float* out) { unshuffle_planar(p, planar.data(), channels, h, w, s, out); });
      const Floats b = any_threads(
          planar.size(), [&](Pool& p, float* out) { unshuffle_pixels(p, pixels.data(), h, w, channels, s, out); });
      EXPECT(same_bits(a, b));
      for (int c = 0; c < channels; ++c)
        for (int y = 0; y < h; ++y)
          for (int x = 0; x < w; ++x)
            EXPECT(a[(size_t(y / s) * (w / s) + x / s) * d + (c * s + y % s) * s + x % s] ==
                   planar[(size_t(c) * h + y) * w + x]);
      const Floats back = any_threads(planar.size(), [&](Pool& p, float* out) {
        shuffle_planar(p, a.data(), channels, h / s, w / s, s, nullptr, out);
      });
      EXPECT(same_bits(back, planar));
      const Floats sum = any_threads(planar.size(), [&](Pool& p, float* out) {
        shuffle_planar(p, a.data(), channels, h / s, w / s, s, base.data(), out);
      });
      for (size_t i = 0; i < sum.size(); ++i) EXPECT(sum[i] == planar[i] + base[i]);
      const Floats again = any_threads(
          planar.size(), [&](Pool& p, float* out) { pixels_to_planar(p, pixels.data(), channels, h, w, out); });
      EXPECT(same_bits(again, planar));
    }
  });
}

TEST("nearest upsampling doubles every pixel") {
  each_level([] {
    Random r(62);
    const int h = 7, w = 9, c = 21;
    const Floats x = random_floats(r, size_t(h) * w * c);
    const Floats y =
        any_threads(x.size() * 4, [&](Pool& p, float* out) { upsample2_nearest(p, x.data(), h, w, c, out); });
    for (int i = 0; i < 2 * h; ++i)
      for (int j = 0; j < 2 * w; ++j)
        for (int k = 0; k < c; ++k)
          EXPECT(y[(size_t(i) * 2 * w + j) * c + k] == x[(size_t(i / 2) * w + j / 2) * c + k]);
  });
}

TEST("box means count only samples inside the picture") {
  each_level([] {
    Random r(63);
    struct {
      int h, w, radius;
    } cases[] = {{1, 1, 1}, {2, 3, 2}, {17, 40, 1}, {33, 70, 2}, {5, 200, 4}};
    for (auto s : cases) {
      const Floats x = random_floats(r, size_t(s.h) * s.w);
      const Floats y =
          any_threads(x.size(), [&](Pool& p, float* out) { box_mean(p, x.data(), s.h, s.w, s.radius, out); });
      for (int i = 0; i < s.h; ++i)
        for (int j = 0; j < s.w; ++j) {
          double sum = 0;
          int n = 0;
          for (int dy = -s.radius; dy <= s.radius; ++dy)
            for (int dx = -s.radius; dx <= s.radius; ++dx)
              if (i + dy >= 0 && i + dy < s.h && j + dx >= 0 && j + dx < s.w) {
                sum += x[size_t(i + dy) * s.w + j + dx];
                ++n;
              }
          EXPECT_NEAR(y[size_t(i) * s.w + j], sum / n,
                      (2 * s.radius + 4) * 0x1p-23);   // two short sums of values below 1
        }
    }
  });
}

TEST("the recursive mean follows docs/heirloom-s.md step 2 for any size") {
  each_level([] {
    Random r(65);
    struct {
      int h, w;
    } cases[] = {{1, 1}, {2, 3}, {4, 20}, {16, 33}, {19, 17}, {50, 100}};
    for (auto s : cases) {
      const size_t plane = size_t(s.h) * s.w;
      const Floats m = random_floats(r, 3 * plane);
      Floats x = m;
      for (float& v : x) v += 0.08f * r.uniform();                                  // changes on the scale of sigma
      const float floor = 0.12f, sigma = 0.035f;
      const Floats y = any_threads(
          x.size(), [&](Pool& p, float* out) { recursive_mean(p, x.data(), m.data(), s.h, s.w, floor, sigma, out); });
      std::vector<double> change(plane), smooth(plane), twice(plane);
      for (size_t i = 0; i < plane; ++i)
        change[i] = (double(x[i]) - m[i] + (double(x[i + plane]) - m[i + plane]) +
                     (double(x[i + 2 * plane]) - m[i + 2 * plane])) /
                    3;
      const auto box = [&](const std::vector<double>& from, int radius, std::vector<double>& to) {
        for (int i = 0; i < s.h; ++i)
          for (int j = 0; j < s.w; ++j) {
            double sum = 0;
            int n = 0;
            for (int a = std::max(0, i - radius); a <= std::min(s.h - 1, i + radius); ++a)
              for (int b = std::max(0, j - radius); b <= std::min(s.w - 1, j + radius); ++b, ++n)
                sum += from[size_t(a) * s.w + b];
            to[size_t(i) * s.w + j] = sum / n;
          }
      };
      box(change, 1, smooth);
      for (double& v : smooth) v = std::fabs(v);
      box(smooth, 2, twice);
      for (size_t i = 0; i < 3 * plane; ++i) {
        const double e = twice[i % plane] / sigma, gain = floor + (1.0 - floor) * (1 - std::exp(-e * e));
        // e is made of differences of values near 1: off by 1e-7 / sigma, and the gain with it; it moves d, at most 0.08.
        EXPECT_NEAR(y[i], m[i] + gain * (double(x[i]) - m[i]), 1e-6);
      }
    }
  });
}

TEST(
    "motion of a pan is found where the past shows it, whatever the number of threads, and the picture is carried "
    "along") {
  const int h = 64, w = 128, dy = -5, dx = 7, wide = w + 100, high = h + 100;
  Random r(66);
  Floats coarse = random_floats(r, size_t(high / 4) * (wide / 4) * 3), before(3 * h * w), now(3 * h * w);
  const auto texture = [&](int c, int y, int x) {
    return coarse[(size_t(c) * (high / 4) + size_t(y + 50) / 4) * (wide / 4) + size_t(x + 50) / 4];
  };   // patches of 4 x 4
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        before[size_t((c * h + y) * w + x)] = texture(c, y, x);
        now[size_t((c * h + y) * w + x)] = texture(c, y + dy, x + dx);  // what is at (y, x) now lay at (y + dy, x + dx)
      }
  Pool one(1), three(3);
  const std::vector<MotionVector> found = find_motion(one, now.data(), before.data(), h, w);
  EXPECT(found == find_motion(three, now.data(), before.data(), h, w));
  Floats carried(before.size());
  move_blocks(three, before.data(), found, h, w, carried.data());
  for (int row = 1; row < h / 8; ++row)
    for (int column = 0; column < w / 8 - 1; ++column) {
      const MotionVector& v = found[size_t(row) * (w / 8) + column];
      EXPECT(v.dy == dy && v.dx == dx);
      for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(carried[size_t((c * h + row * 8 + 3) * w + column * 8 + 5)],
                    now[size_t((c * h + row * 8 + 3) * w + column * 8 + 5)], 0);
    }
  EXPECT(find_motion(one, now.data(), now.data(), h, w) == std::vector<MotionVector>(found.size()));
}

TEST("mean and variance of a large plane far from zero keep their digits") {
  Random r(64);
  const int64_t n = 1000003;
  Floats x(n);
  for (float& v : x) v = 100 + 0.01f * r.uniform();
  double mean, variance, m = 0, q = 0;
  mean_variance(x.data(), n, &mean, &variance);
  for (float v : x) m += double(v) / double(n);
  for (float v : x) q += (v - m) * (v - m) / double(n);
  EXPECT_NEAR(mean, m, 1e-10);  // a million additions in double
  EXPECT_NEAR(variance / q, 1, 1e-9);
}

TEST_MAIN

// Merging of frames, on drawn scenes whose motion is known exactly: what is followed, what is left alone, what noise is lost.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <string>

#include "check_test.h"
#include "registration/motion.h"

using namespace heirloom;
using registration::Motion;
using registration::Plane;

namespace {

// A landscape without end: waves of many directions and lengths, in [0, 1].
struct Scene {
  struct Wave {
    double x, y, phase, height;
  };
  std::vector<Wave> waves;
  explicit Scene(uint64_t seed) {
    check::Random random(seed);
    for (int i = 0; i < 24; ++i) {
      const double length = 5.0 * std::pow(1.17, i), angle = M_PI * random.uniform(), k = 2 * M_PI / length;
      waves.push_back({k * std::cos(angle), k * std::sin(angle), M_PI * random.uniform(), 0.035});
    }
  }
  double operator()(double x, double y) const {
    double sum = 0.5;
    for (const Wave& w : waves) sum += w.height * std::sin(w.x * x + w.y * y + w.phase);
    return std::min(std::max(sum, 0.0), 1.0);
  }
};

using Picture = std::function<double(double x, double y)>;  // luma in [0, 1] at a place of the frame

FrameFormat format(int width, int height, int bits = 8, Chroma chroma = Chroma::c420) {
  FrameFormat f;
  f.width = width;
  f.height = height;
  f.bits = bits;
  f.chroma = chroma;
  return f;
}

void put(const FrameFormat& f, std::vector<uint8_t>& frame, size_t i, double code) {
  const int whole = int(std::min(std::max(code, 0.0), double((1 << f.bits) - 1)) + 0.5);
  if (f.bits > 8) {
    frame[2 * i] = uint8_t(whole & 255);
    frame[2 * i + 1] = uint8_t(whole >> 8);
  } else frame[i] = uint8_t(whole);
}
double get(const FrameFormat& f, const std::vector<uint8_t>& frame, size_t i) {
  return f.bits > 8 ? frame[2 * i] | (frame[2 * i + 1] << 8) : frame[i];
}

// The picture as a frame: luma over the middle of the code range, half as strong in chroma, with white noise of `sigma` 8-bit codes.
std::vector<uint8_t> draw(const FrameFormat& f, const Picture& picture, double sigma = 0, uint64_t seed = 1) {
  check::Random random(seed);
  const auto noise = [&] {  // the sum of 12 uniform numbers, close to normal
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += random.uniform();
    return sigma * sum / 2;
  };
  const double unit = double(1 << (f.bits - 8));
  std::vector<uint8_t> frame(f.bytes());
  const pixel::ChromaGrid g = pixel::chroma_grid(f);
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x)
      put(f, frame, size_t(y) * size_t(f.width) + size_t(x), unit * (30 + 190 * picture(x, y) + noise()));
  const size_t luma = size_t(f.width) * size_t(f.height), chroma = size_t(g.width) * size_t(g.height);
  for (size_t c = 0; c < 2 && chroma > 0; ++c)
    for (int y = 0; y < g.height; ++y)
      for (int x = 0; x < g.width; ++x)
        put(f, frame, luma + c * chroma + size_t(y) * size_t(g.width) + size_t(x),
            unit * (80 + 95 * picture(g.step_x * x + g.offset_x, g.step_y * y + g.offset_y) + noise()));
  return frame;
}

struct Result {
  std::vector<uint8_t> merged;
  std::vector<Neighbour> neighbours;
};
Result merge(const FrameFormat& f, const std::vector<std::vector<uint8_t>>& frames, size_t chosen, int threads = 2) {
  std::vector<const uint8_t*> pointers;
  for (const auto& frame : frames) pointers.push_back(frame.data());
  Result result;
  result.merged.resize(f.bytes());
  result.neighbours = merge_frames(f, pointers, chosen, result.merged.data(), threads);
  return result;
}

// PSNR of luma, a border left out: what comes into the picture from outside has fewer neighbours.
double psnr(const FrameFormat& f, const std::vector<uint8_t>& a, const std::vector<uint8_t>& b, int border = 12) {
  double sum = 0;
  int count = 0;
  for (int y = border; y < f.height - border; ++y)
    for (int x = border; x < f.width - border; ++x, ++count) {
      const size_t i = size_t(y) * size_t(f.width) + size_t(x);
      const double d = get(f, a, i) - get(f, b, i);
      sum += d * d;
    }
  return 10 * std::log10(255.0 * 255.0 / std::max(sum / count, 1e-9));
}

Plane plane_of(int width, int height, const Picture& picture) {
  Plane plane(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) plane.row(y)[x] = float(0.1 + 0.75 * picture(x, y));
  return plane;
}

// Mean distance between found and true motion over points whose partner lies inside the picture. truth: where (x, y) is in the other picture.
double motion_error(int width, int height, const Scene& scene,
                    const std::function<std::pair<double, double>(double, double)>& truth,
                    const std::function<std::pair<double, double>(double, double)>& back) {
  const Plane chosen = plane_of(width, height, scene);
  const Plane other = plane_of(width, height, [&](double x, double y) {
    const auto p = back(x, y);
    return scene(p.first, p.second);
  });
  const Motion m = registration::find_motion(registration::pyramid(chosen, pixel::serial_rows),
                                             registration::pyramid(other, pixel::serial_rows), pixel::serial_rows);
  double sum = 0;
  int count = 0;
  for (int row = 0; row < m.rows; ++row)
    for (int column = 0; column < m.columns; ++column) {
      const double x = column * m.step, y = row * m.step;
      const auto [tx, ty] = truth(x, y);
      constexpr int kMargin = 8;
      if (std::min({x, y, tx, ty}) < kMargin || std::max(x, tx) > width - kMargin || std::max(y, ty) > height - kMargin)
        continue;
      const size_t i = size_t(row) * size_t(m.columns) + size_t(column);
      sum += std::hypot(x + m.u[i] - tx, y + m.v[i] - ty);
      ++count;
    }
  return sum / count;
}

// A pan of 17 frames, 0.7 and 0.3 samples a frame, with noise; the chosen one is in the middle.
std::vector<std::vector<uint8_t>> pan(const FrameFormat& f, const Scene& scene, double speed, double sigma) {
  std::vector<std::vector<uint8_t>> frames;
  for (int t = -8; t <= 8; ++t)
    frames.push_back(draw(
        f, [&](double x, double y) { return scene(x + 0.7 * speed * t, y + 0.3 * speed * t); }, sigma,
        uint64_t(100 + t)));
  return frames;
}

}  // namespace

TEST("a shift by parts of a sample is found to a twentieth of one") {
  const double u = 5.3, v = -2.6;
  const double error = motion_error(
      160, 120, Scene(1), [=](double x, double y) { return std::make_pair(x + u, y + v); },
      [=](double x, double y) { return std::make_pair(x - u, y - v); });
  EXPECT_NEAR(error, 0, 0.05);
}

TEST("a shift by a fifth of the picture is found") {
  const double u = 33, v = 21;
  const double error = motion_error(
      160, 120, Scene(2), [=](double x, double y) { return std::make_pair(x + u, y + v); },
      [=](double x, double y) { return std::make_pair(x - u, y - v); });
  EXPECT_NEAR(error, 0, 0.1);
}

TEST("turning by three degrees and zooming by four percent are followed everywhere") {
  const double a = 3 * M_PI / 180, zoom = 1.04, cx = 80, cy = 60;
  const auto map = [&](double x, double y, double angle, double scale) {
    const double dx = x - cx, dy = y - cy;
    return std::make_pair(cx + scale * (std::cos(angle) * dx - std::sin(angle) * dy),
                          cy + scale * (std::sin(angle) * dx + std::cos(angle) * dy));
  };
  const double error = motion_error(
      160, 120, Scene(3), [&](double x, double y) { return map(x, y, a, zoom); },
      [&](double x, double y) { return map(x, y, -a, 1 / zoom); });
  EXPECT_NEAR(error, 0, 0.1);
}

TEST("noise on a still and on a panned picture is lost as averaging 17 frames allows") {
  const FrameFormat f = format(160, 120);
  const Scene scene(4);
  const auto truth = draw(f, scene);
  for (const double speed : {0.0, 1.0}) {
    const auto frames = pan(f, scene, speed, 8);
    const Result result = merge(f, frames, 8);
    const double gain = psnr(f, result.merged, truth) - psnr(f, frames[8], truth);
    std::printf("      gain at speed %.0f: %.2f dB\n", speed, gain);
    EXPECT(gain >
           (speed == 0 ? 9.0 : 7.5));  // 12.3 dB would be perfect; weights and moving between samples cost the rest
    for (const Neighbour& neighbour : result.neighbours) EXPECT(neighbour.is_used);
  }
}

TEST("a clean panned picture is not blurred: it stays within a code of itself") {
  const FrameFormat f = format(160, 120);
  const Scene scene(5);
  const auto frames = pan(f, scene, 1, 0);
  const double kept = psnr(f, merge(f, frames, 8).merged, frames[8]);
  std::printf("      %.2f dB\n", kept);
  EXPECT(kept > 48);  // 48.1 dB: one code everywhere
}

TEST("at the picture's borders nothing comes in from outside, in colour neither") {
  for (const Chroma chroma : {Chroma::c420, Chroma::c422, Chroma::c411}) {
    const FrameFormat f = format(160, 120, 8, chroma);
    const auto frames = pan(f, Scene(13), 2, 0);
    const Result result = merge(f, frames, 8);
    int worst = 0;
    for (size_t i = 0; i < f.bytes(); ++i) worst = std::max(worst, std::abs(int(result.merged[i]) - int(frames[8][i])));
    EXPECT(worst <= 8);
  }
}

TEST(
    "a thing that moves on its own leaves no ghost: nothing in its way differs from the chosen frame by more than "
    "noise does") {
  const FrameFormat f = format(160, 120);
  const Scene scene(6);
  constexpr double kSigma = 4;
  const auto hand = [&](int t) {  // a bright square of 28 samples that goes 9 a frame over a still ground
    return [&scene, t](double x, double y) {
      return std::abs(x - 80 - 9 * t) < 14 && std::abs(y - 60) < 14 ? 0.9 : 0.7 * scene(x, y);
    };
  };
  std::vector<std::vector<uint8_t>> frames;
  for (int t = -8; t <= 8; ++t) frames.push_back(draw(f, hand(t), kSigma, uint64_t(300 + t)));
  const auto truth = draw(f, hand(0));
  const Result result = merge(f, frames, 8);
  // A ghost is wide: means over 5x5 samples show it and hide the noise, whose own means have a standard deviation of kSigma / 5.
  double worst = 0;
  for (int y = 40; y < 80; ++y)
    for (int x = 8; x < 152; ++x) {
      double sum = 0;
      for (int j = -2; j <= 2; ++j)
        for (int i = -2; i <= 2; ++i) {
          const size_t at = size_t(y + j) * size_t(f.width) + size_t(x + i);
          sum += get(f, result.merged, at) - get(f, truth, at);
        }
      worst = std::max(worst, std::abs(sum / 25));
    }
  std::printf("      worst %.2f codes; gain %.2f dB\n", worst,
              psnr(f, result.merged, truth) - psnr(f, frames[8], truth));
  EXPECT(worst <
         5 * kSigma / 5 +
             1);  // the object stands out by about 70 codes: one frame's ghost at full weight would be 4, eight 30
  EXPECT(psnr(f, result.merged, truth) > psnr(f, frames[8], truth) + 4);
}

TEST("another scene is left out, and alone it changes nothing") {
  const FrameFormat f = format(160, 120);
  const auto chosen = draw(f, Scene(7), 3, 1), other = draw(f, Scene(8), 3, 2);
  const Result cut = merge(f, {other, other, chosen}, 2);
  EXPECT(!cut.neighbours[0].is_used && !cut.neighbours[1].is_used);
  EXPECT(cut.neighbours[0].matched < 0.5f);
  EXPECT(cut.merged == chosen);
}

TEST("a lamp that flickers does not make frames unusable, nor the picture brighter") {
  const FrameFormat f = format(160, 120);
  const Scene scene(9);
  std::vector<std::vector<uint8_t>> frames;
  for (int t = 0; t < 9; ++t)
    frames.push_back(draw(f, [&, t](double x, double y) { return scene(x, y) + (t % 2 ? 0.06 : 0); }, 4, uint64_t(t)));
  const auto truth = draw(f, scene);
  const Result result = merge(f, frames, 4);
  for (const Neighbour& neighbour : result.neighbours) EXPECT(neighbour.is_used);
  EXPECT(psnr(f, result.merged, truth) > psnr(f, frames[4], truth) + 4);
}

TEST("every layout and odd sizes work, and a frame alone comes back as it is") {
  struct Case {
    int width, height, bits;
    Chroma chroma;
  };
  for (const Case& c : {Case{51, 39, 8, Chroma::c420}, Case{64, 48, 10, Chroma::c422}, Case{33, 47, 16, Chroma::c444},
                        Case{40, 40, 8, Chroma::c411}, Case{16, 16, 12, Chroma::gray}}) {
    const FrameFormat f = format(c.width, c.height, c.bits, c.chroma);
    const auto one = draw(f, Scene(10), 3, 1), two = draw(f, Scene(10), 3, 2);
    EXPECT(merge(f, {one}, 0).merged == one);
    EXPECT(merge(f, {two, one}, 1).merged.size() == f.bytes());
  }
}

TEST("the number of threads does not change a bit") {
  const FrameFormat f = format(160, 120);
  const auto frames = pan(f, Scene(11), 1, 5);
  EXPECT(merge(f, frames, 8, 1).merged == merge(f, frames, 8, 3).merged);
}

TEST("a merge that is told to stop stops, and wrong numbers are refused") {
  const FrameFormat f = format(64, 48);
  const auto frame = draw(f, Scene(12));
  std::vector<uint8_t> out(f.bytes());
  const std::atomic<bool> stop{true};
  Progress progress;
  progress.cancelled = &stop;
  EXPECT(check::error_code([&] { merge_frames(f, {frame.data(), frame.data()}, 0, out.data(), 1, progress); }) ==
         "cancelled");
  EXPECT(check::error_code([&] { merge_frames(f, {frame.data()}, 1, out.data()); }) == "bad-argument");
  EXPECT(check::error_code([&] { merge_frames(format(8, 8), {frame.data()}, 0, out.data()); }) == "bad-argument");
}

TEST_MAIN

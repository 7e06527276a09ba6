// Colour conversion, chroma siting and enlarging, held against plain double-precision formulas.
#include "pixel/pixel.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "check_test.h"

using namespace heirloom;
using namespace heirloom::pixel;

namespace {

constexpr Matrix kMatrices[] = {Matrix::bt601, Matrix::bt709, Matrix::bt2020};
constexpr Range kRanges[] = {Range::limited, Range::full};
constexpr Chroma kChromas[] = {Chroma::c420, Chroma::c422, Chroma::c444, Chroma::c411};
constexpr Siting kSitings[] = {Siting::left, Siting::center, Siting::topleft};

FrameFormat format(int width, int height, int bits, Chroma chroma, Siting siting, Matrix matrix, Range range) {
  FrameFormat f;
  f.width = width;
  f.height = height;
  f.bits = bits;
  f.chroma = chroma;
  f.siting = siting;
  f.matrix = matrix;
  f.range = range;
  return f;
}

int sample(const FrameFormat& f, const std::vector<uint8_t>& frame, int plane, int x, int y) {
  const auto bytes = f.plane_bytes();
  const ChromaGrid g = chroma_grid(f);
  size_t at = 0;
  for (int p = 0; p < plane; ++p) at += bytes[size_t(p)];
  const size_t i = size_t(y) * size_t(plane ? g.width : f.width) + size_t(x);
  return f.bits > 8 ? frame[at + 2 * i] | (frame[at + 2 * i + 1] << 8) : frame[at + i];
}

void set_sample(const FrameFormat& f, std::vector<uint8_t>& frame, int plane, int x, int y, int code) {
  const auto bytes = f.plane_bytes();
  const ChromaGrid g = chroma_grid(f);
  size_t at = 0;
  for (int p = 0; p < plane; ++p) at += bytes[size_t(p)];
  const size_t i = size_t(y) * size_t(plane ? g.width : f.width) + size_t(x);
  if (f.bits > 8) {
    frame[at + 2 * i] = uint8_t(code & 255);
    frame[at + 2 * i + 1] = uint8_t(code >> 8);
  } else frame[at + i] = uint8_t(code);
}

// Codes of an R'G'B' colour in [0,1], straight from the definition of the standards, in double.
struct Codes {
  double y, cb, cr;
};
Codes codes_of(const FrameFormat& f, double r, double g, double b) {
  const double kr = f.matrix == Matrix::bt601 ? 0.299 : f.matrix == Matrix::bt709 ? 0.2126 : 0.2627;
  const double kb = f.matrix == Matrix::bt601 ? 0.114 : f.matrix == Matrix::bt709 ? 0.0722 : 0.0593;
  const double y = kr * r + (1 - kr - kb) * g + kb * b, cb = (b - y) / (2 * (1 - kb)), cr = (r - y) / (2 * (1 - kr));
  const double unit = std::pow(2.0, f.bits - 8), full = std::pow(2.0, f.bits) - 1;
  if (f.range == Range::limited) return {unit * (16 + 219 * y), unit * (128 + 224 * cb), unit * (128 + 224 * cr)};
  return {full * y, full * cb + 128 * unit, full * cr + 128 * unit};
}

constexpr double kBars[][3] = {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0},        {1, 0, 1},
                               {1, 0, 0}, {0, 0, 1}, {0, 0, 0}, {0.5, 0.25, 0.75}};

// A smooth picture: slow waves of different direction in R, G and B, in [-0.9, 0.9].
std::vector<float> smooth(int width, int height) {
  std::vector<float> rgb(size_t(3 * width * height));
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        rgb[size_t((c * height + y) * width + x)] =
            float(0.9 * std::sin(0.02 * (x + 1) * (c + 1) + 0.025 * (y + 3) * (3 - c)));
  return rgb;
}

std::string name(const FrameFormat& f) {
  return "bits " + std::to_string(f.bits) + ", chroma " + std::to_string(int(f.chroma)) + ", siting " +
         std::to_string(int(f.siting)) + ", matrix " + std::to_string(int(f.matrix)) + ", range " +
         std::to_string(int(f.range)) + ", " + std::to_string(f.width) + "x" + std::to_string(f.height);
}

void expect(bool condition, const std::string& what) {
  if (!condition) check::failed(__FILE__, __LINE__, what);
}

}  // namespace

TEST("plane sizes round chroma up, samples above 8 bit take two bytes") {
  FrameFormat f = format(17, 19, 8, Chroma::c420, Siting::left, Matrix::bt601, Range::limited);
  EXPECT((f.plane_bytes() == std::array<size_t, 3>{17 * 19, 9 * 10, 9 * 10}) && f.bytes() == 17 * 19 + 180);
  f.chroma = Chroma::c411;
  EXPECT(f.plane_bytes()[1] == 5 * 19);
  f.chroma = Chroma::gray;
  EXPECT(f.bytes() == 17 * 19);
  f.bits = 10;
  f.chroma = Chroma::c422;
  EXPECT(f.bytes() == 2 * (17 * 19 + 2 * 9 * 19));
}

TEST("formats outside the limits are refused with their numbers") {
  FrameFormat f = format(15, 16, 8, Chroma::c420, Siting::left, Matrix::bt601, Range::limited);
  std::string sentence;
  EXPECT(check::error_code([&] { check_format(f, "input"); }, &sentence) == "bad-argument");
  EXPECT(sentence.find("15x16") != std::string::npos);
  f.width = 16;
  check_format(f, "input");
  f.bits = 17;
  EXPECT(check::error_code([&] { check_format(f, "input"); }) == "bad-argument");
  f.bits = 7;
  EXPECT(check::error_code([&] { check_format(f, "input"); }) == "bad-argument");
}

TEST("colour bars of every matrix, range and depth match the formula both ways") {
  for (Matrix matrix : kMatrices)
    for (Range range : kRanges)
      for (int bits : {8, 9, 10, 12, 14, 16})
        for (const auto& bar : kBars) {
          const FrameFormat f = format(16, 16, bits, Chroma::c444, Siting::left, matrix, range);
          std::vector<float> rgb(3 * 256);
          for (size_t i = 0; i < 256; ++i)
            for (size_t c = 0; c < 3; ++c) rgb[c * 256 + i] = float(2 * bar[c] - 1);
          std::vector<uint8_t> frame(f.bytes());
          from_rgb(f, rgb.data(), 16, 256, frame.data(), serial_rows);
          const Codes wanted = codes_of(f, bar[0], bar[1], bar[2]);
          const double values[3] = {wanted.y, wanted.cb, wanted.cr};
          for (int p = 0; p < 3; ++p) {
            const double limit = std::min(
                values[p], std::pow(2.0, bits) - 1);  // full range Cb = Cr = +0.5 lies half a code above the last one
            // 0.5 is the rounding; fp32 carries 24 bits, so 16-bit codes may be off by another 1/64
            expect(std::abs(sample(f, frame, p, 5, 7) - limit) <= 0.5 + 1.0 / 64,
                   name(f) + ", plane " + std::to_string(p) + ": " + std::to_string(sample(f, frame, p, 5, 7)) +
                       " for " + std::to_string(values[p]));
          }
          std::vector<float> back(3 * 256);
          to_rgb(f, frame.data(), back.data(), serial_rows);
          const double step =
              2.0 * 2.2 /
              (219 * std::pow(2.0, bits - 8));  // half a code in Y and in chroma, through gains up to 2 * 1.89
          for (size_t c = 0; c < 3; ++c)
            expect(std::abs(back[c * 256 + 40] - rgb[c * 256 + 40]) <= step + 2e-6, name(f) + ": bar comes back");
        }
}

TEST("every 8-bit 4:4:4 code that is a legal colour survives a round trip exactly") {
  check::Random random(11);
  for (Matrix matrix : kMatrices)
    for (Range range : kRanges) {
      const FrameFormat f = format(64, 64, 8, Chroma::c444, Siting::left, matrix, range);
      std::vector<uint8_t> frame(f.bytes()), again(f.bytes());
      for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) {
          const Codes codes =
              codes_of(f, (random.uniform() + 1) / 2, (random.uniform() + 1) / 2, (random.uniform() + 1) / 2);
          const double v[3] = {codes.y, codes.cb, codes.cr};
          for (int p = 0; p < 3; ++p) set_sample(f, frame, p, x, y, std::min(255, int(v[p] + 0.5)));
        }
      std::vector<float> rgb(3 * 64 * 64);
      to_rgb(f, frame.data(), rgb.data(), serial_rows);
      from_rgb(f, rgb.data(), 64, 64 * 64, again.data(), serial_rows);
      expect(frame == again, name(f));
    }
}

TEST("a flat colour stays flat and unchanged in every layout, siting and odd size") {
  for (int bits : {8, 10, 16})
    for (Chroma chroma : kChromas)
      for (Siting siting : kSitings)
        for (Range range : kRanges)
          for (auto [w, h] : {std::pair{16, 16}, std::pair{17, 19}, std::pair{23, 18}}) {
            const FrameFormat f = format(w, h, bits, chroma, siting, Matrix::bt709, range);
            std::vector<uint8_t> frame(f.bytes()), again(f.bytes());
            const Codes codes = codes_of(f, 0.7, 0.4, 0.2);
            const double v[3] = {codes.y, codes.cb, codes.cr};
            const ChromaGrid g = chroma_grid(f);
            for (int p = 0; p < 3; ++p)
              for (int y = 0; y < (p ? g.height : h); ++y)
                for (int x = 0; x < (p ? g.width : w); ++x) set_sample(f, frame, p, x, y, int(v[p] + 0.5));
            std::vector<float> rgb(size_t(3 * w * h));
            to_rgb(f, frame.data(), rgb.data(), serial_rows);
            from_rgb(f, rgb.data(), size_t(w), size_t(w * h), again.data(), serial_rows);
            expect(frame == again, name(f));
          }
}

TEST("gray has no colour, and colour turns gray by its luma") {
  const FrameFormat gray = format(17, 16, 8, Chroma::gray, Siting::left, Matrix::bt601, Range::limited);
  std::vector<uint8_t> frame(gray.bytes());
  for (size_t i = 0; i < frame.size(); ++i) frame[i] = uint8_t(16 + i % 220);
  std::vector<float> rgb(3 * 17 * 16);
  to_rgb(gray, frame.data(), rgb.data(), serial_rows);
  for (size_t i = 0; i < frame.size(); ++i) EXPECT(rgb[i] == rgb[i + 17 * 16] && rgb[i] == rgb[i + 2 * 17 * 16]);
  std::vector<uint8_t> again(gray.bytes());
  from_rgb(gray, rgb.data(), 17, 17 * 16, again.data(), serial_rows);
  EXPECT(frame == again);
}

// Chroma laid down by hand at its siting, from a chroma field that is linear in x and y: linear interpolation must find it again
// between the samples, and the triangle must give the samples back, away from the border.
TEST("chroma sits where the siting says, up and down, to a hundredth of a code") {
  for (Chroma chroma : kChromas)
    for (Siting siting : kSitings) {
      const FrameFormat f = format(48, 40, 16, chroma, siting, Matrix::bt601, Range::limited);
      const ChromaGrid g = chroma_grid(f);
      const double left = siting == Siting::center ? (g.step_x - 1) / 2.0 : 0,
                   top = siting == Siting::topleft ? 0 : (g.step_y - 1) / 2.0;
      const auto cb = [](double x, double y) { return -0.2 + 0.005 * x + 0.003 * y; };
      std::vector<uint8_t> frame(f.bytes()), again(f.bytes());
      for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 48; ++x) set_sample(f, frame, 0, x, y, 30000);
      for (int y = 0; y < g.height; ++y)
        for (int x = 0; x < g.width; ++x) {
          set_sample(f, frame, 1, x, y, int(256 * (128 + 224 * cb(x * g.step_x + left, y * g.step_y + top)) + 0.5));
          set_sample(f, frame, 2, x, y, 32768);
        }
      std::vector<float> rgb(3 * 48 * 40);
      to_rgb(f, frame.data(), rgb.data(), serial_rows);
      const double luma = 2 * (30000.0 / 256 - 16) / 219 - 1;
      for (int y = 4; y < 36; ++y)
        for (int x = 4; x < 44; ++x) {
          const double blue = luma + 4 * (1 - 0.114) * cb(x, y);
          expect(std::abs(rgb[size_t(2 * 48 * 40 + y * 48 + x)] - blue) < 4 * 0.01 / 224,
                 name(f) + " at " + std::to_string(x) + "," + std::to_string(y));
        }
      from_rgb(f, rgb.data(), 48, 48 * 40, again.data(), serial_rows);
      for (int y = 2; y < g.height - 2; ++y)
        for (int x = 2; x < g.width - 2; ++x)
          expect(std::abs(sample(f, again, 1, x, y) - sample(f, frame, 1, x, y)) <= 2, name(f) + " down");  // of 65536
    }
}

TEST("smooth pictures come back within a code value and a half of chroma, luma within one") {
  for (Chroma chroma : kChromas)
    for (Siting siting : kSitings)
      for (auto [w, h] : {std::pair{96, 64}, std::pair{97, 65}}) {
        const FrameFormat f = format(w, h, 8, chroma, siting, Matrix::bt709, Range::limited);
        const std::vector<float> picture = smooth(w, h);
        std::vector<uint8_t> frame(f.bytes()), again(f.bytes());
        from_rgb(f, picture.data(), size_t(w), size_t(w * h), frame.data(), serial_rows);
        std::vector<float> rgb(picture.size());
        to_rgb(f, frame.data(), rgb.data(), serial_rows);
        from_rgb(f, rgb.data(), size_t(w), size_t(w * h), again.data(), serial_rows);
        const auto bytes = f.plane_bytes();
        const int chroma_bound =
            chroma == Chroma::c411 ? 5 : 2;  // at the picture's border a wide triangle pulls inwards
        for (size_t i = 0; i < frame.size(); ++i)
          expect(std::abs(frame[i] - again[i]) <= (i < bytes[0] ? 1 : chroma_bound),
                 name(f) + " byte " + std::to_string(i) + ": " + std::to_string(frame[i]) + " -> " +
                     std::to_string(again[i]));
      }
}

TEST("enlarging equals a plain double bicubic, clamped, with repeated edges") {
  check::Random random(5);
  for (int scale : {1, 2, 4})
    for (auto [w, h] : {std::pair{16, 16}, std::pair{17, 19}, std::pair{61, 33}}) {
      const int W = w * scale, H = h * scale, Wp = (W + 63) / 64 * 64, Hp = (H + 63) / 64 * 64 + 64;
      std::vector<float> in(size_t(3 * w * h)), out(size_t(3 * Wp) * size_t(Hp), NAN);
      for (float& v : in) v = 1.2f * random.uniform();
      enlarge(in.data(), w, h, scale, out.data(), Wp, Hp, serial_rows);
      const auto kernel = [](double t) {
        t = std::abs(t);
        return t < 1 ? 1.5 * t * t * t - 2.5 * t * t + 1 : t < 2 ? -0.5 * (t * t * t - 5 * t * t + 8 * t - 4) : 0.0;
      };
      const auto weights = [&](int i, int n) {
        std::vector<double> k(size_t(n), 0.0);
        double sum = 0;
        for (int j = 0; j < n; ++j) sum += k[size_t(j)] = kernel(j + 0.5 - (i + 0.5) / scale);
        for (double& v : k) v /= sum;
        return k;
      };
      double worst = 0;
      for (int y = 0; y < Hp; y += 3) {
        const auto ky = weights(std::min(y, H - 1), h);
        for (int x = 0; x < Wp; ++x) {
          const auto kx = weights(std::min(x, W - 1), w);
          for (int c = 0; c < 3; ++c) {
            double sum = 0;
            for (int j = 0; j < h; ++j)
              if (ky[size_t(j)] != 0)
                for (int i = 0; i < w; ++i) sum += ky[size_t(j)] * kx[size_t(i)] * in[size_t((c * h + j) * w + i)];
            worst = std::max(worst, std::abs(std::clamp(sum, -1.0, 1.0) - out[size_t((c * Hp + y) * Wp + x)]));
          }
        }
      }
      EXPECT_NEAR(worst, 0.0, 1e-6);  // a few fp32 roundings of values around 1
    }
}

TEST("the number of threads changes no bit") {
  const FrameFormat f = format(101, 77, 10, Chroma::c420, Siting::left, Matrix::bt709, Range::limited);
  check::Random random(3);
  std::vector<uint8_t> frame(f.bytes());
  for (size_t i = 0; i < frame.size(); ++i) frame[i] = uint8_t(i % 2 ? random.below(4) : random.below(256));
  std::vector<float> first, enlarged;
  std::vector<uint8_t> bytes;
  for (int threads : {1, 2, 3}) {
    const Rows rows = threaded_rows(threads, nullptr);
    std::vector<float> rgb(3 * 101 * 77), big(3 * 256 * 192);
    std::vector<uint8_t> back(f.bytes());
    to_rgb(f, frame.data(), rgb.data(), rows);
    enlarge(rgb.data(), 101, 77, 2, big.data(), 256, 192, rows);
    from_rgb(f, rgb.data(), 101, 101 * 77, back.data(), rows);
    if (threads == 1) {
      first = rgb;
      enlarged = big;
      bytes = back;
    }
    EXPECT(rgb == first && big == enlarged && back == bytes);
  }
}

TEST("a cancelled row loop says so") {
  std::atomic<bool> cancelled{true};
  const Rows rows = threaded_rows(2, &cancelled);
  EXPECT(check::error_code([&] { rows(1000, [](int, int) {}); }) == "cancelled");
}

TEST(
    "detail is luma that is finer than the blur, times the amount; colour and slow changes stay as the picture has "
    "them") {
  constexpr int W = 37, H = 23, plane = W * H;
  const Luma luma = luma_weights(Matrix::bt601);
  const std::vector<float> input = smooth(W, H);
  for (int scale : {1, 2}) {
    std::vector<float> picture = input, wanted(3 * plane), scratch(3 * plane);
    for (int i = 0; i < 3 * plane; ++i)
      picture[size_t(i)] = 0.5f * input[size_t(i)] + 0.1f * float(i * 7 % 11) / 11 - 0.1f;
    std::vector<double> taken(plane), low(plane), next(plane);
    for (int i = 0; i < plane; ++i) {
      const auto d = [&](int c) {
        return double(input[size_t(i + c * plane)]) - double(picture[size_t(i + c * plane)]);
      };
      taken[size_t(i)] = luma.red * d(0) + luma.green * d(1) + luma.blue * d(2);
    }
    low = taken;
    for (int r = 1; r <= 2 * scale; r *= 2) {
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) {
          double sum = 0;
          for (int dy = -1; dy <= 1; ++dy)
            for (int dx = -1; dx <= 1; ++dx)
              sum +=
                  (dy ? 0.25 : 0.5) * (dx ? 0.25 : 0.5) *
                  low[size_t(std::min(std::max(y + dy * r, 0), H - 1) * W + std::min(std::max(x + dx * r, 0), W - 1))];
          next[size_t(y * W + x)] = sum;
        }
      std::swap(low, next);
    }
    for (int i = 0; i < 3 * plane; ++i)
      wanted[size_t(i)] = float(std::min(
          std::max(double(picture[size_t(i)]) + 0.6 * (taken[size_t(i % plane)] - low[size_t(i % plane)]), -1.0), 1.0));
    give_back_detail(input.data(), W, H, scale, luma, 0.6f, picture.data(), scratch.data(), serial_rows);
    double worst = 0;
    for (int i = 0; i < 3 * plane; ++i)
      worst = std::max(worst, std::abs(double(picture[size_t(i)]) - double(wanted[size_t(i)])));
    EXPECT(worst < 2e-6);
  }
}

TEST_MAIN

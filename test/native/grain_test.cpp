// Grain: chance by its published vectors, the statistics that were asked for, and the same bits in every form, on any number of threads and from any frame on.
#include <cmath>
#include <string>
#include <vector>

#include "check_test.h"
#include "grain/field.h"
#include "grain/philox.h"
#include "heirloom.h"
#include "weights/sha256.h"

using namespace heirloom;

namespace {

FrameFormat format_of(int bits, Chroma chroma, Range range = Range::limited, int width = 208, int height = 176) {
  FrameFormat f;
  f.width = width, f.height = height, f.bits = bits, f.chroma = chroma, f.range = range;
  return f;
}

Grain grain_of(uint16_t level, uint16_t size, uint16_t chroma) {
  Grain g;
  g.levels.fill(level);
  g.size = size, g.chroma = chroma;
  return g;
}

using Bytes = std::vector<uint8_t>;

// A ramp from dark to bright, left to right; chroma in the middle.
Bytes ramp(const FrameFormat& f) {
  Bytes frame(f.bytes());
  const int most = (1 << f.bits) - 1;
  const auto put = [&](size_t sample, int code) {
    if (f.bits == 8) frame[sample] = uint8_t(code);
    else frame[2 * sample] = uint8_t(code & 255), frame[2 * sample + 1] = uint8_t(code >> 8);
  };
  const size_t luma = size_t(f.width) * size_t(f.height), wide = f.bits > 8 ? 2 : 1;
  for (size_t i = 0; i < f.bytes() / wide; ++i)
    put(i, i < luma ? int(size_t(most) * (i % size_t(f.width)) / size_t(f.width)) : (most + 1) / 2);
  return frame;
}

int code_at(const FrameFormat& f, const Bytes& frame, size_t sample) {
  return f.bits == 8 ? frame[sample] : frame[2 * sample] | frame[2 * sample + 1] << 8;
}

Bytes drawn(const FrameFormat& f, const Grain& grain, const GrainPlace& place, int threads = 1) {
  Bytes frame = ramp(f);
  GrainLayer::open(f, threads)->draw(grain, place, frame.data(), frame.size());
  return frame;
}

std::string sha(const Bytes& bytes) { return Sha256().add(bytes.data(), bytes.size()).hex(); }

struct Form {
  int bits;
  Chroma chroma;
  Range range;
};
const std::vector<Form> kForms = {
    {8, Chroma::c420, Range::limited}, {10, Chroma::c420, Range::limited}, {10, Chroma::c422, Range::full},
    {12, Chroma::c444, Range::full},   {8, Chroma::c411, Range::limited},  {8, Chroma::gray, Range::full},
};

}  // namespace

TEST("Philox4x32-10 gives the published vectors") {
  using grain::philox;
  EXPECT((philox({0, 0, 0, 0}, {0, 0}) == grain::Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t all = 0xffffffff;
  EXPECT((philox({all, all, all, all}, {all, all}) == grain::Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          grain::Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST("the field has deviation 1 and what neighbours have in common by its size, along both axes") {
  for (const double size : {0.0, 0.35, 0.5, 0.8, 1.0, 1.7, 2.5, 6.0}) {
    const grain::Taps taps = grain::taps_of(uint32_t(4096 * size));
    const int width = 640, height = 480;
    std::vector<double> field;
    grain::each_row({{3, 4}, 0, 0, width, taps, taps}, 0, height, [&](int, const int32_t* row) {
      for (int x = 0; x < width; ++x) field.push_back(row[x] / 1024.0);
    });
    double sum = 0, squares = 0, across = 0, down = 0;
    for (int y = 0; y + 1 < height; ++y)
      for (int x = 0; x + 1 < width; ++x) {
        const size_t i = size_t(y) * width + size_t(x);
        sum += field[i], squares += field[i] * field[i];
        across += field[i] * field[i + 1], down += field[i] * field[i + width];
      }
    const double count = double(width - 1) * (height - 1), wanted = size > 0 ? std::exp(-1 / (4 * size * size)) : 0;
    // A grain covers about 12 size^2 samples: of so many independent ones the mean square is known to a few in a hundred.
    const double doubt = 0.012 + 0.012 * size;
    EXPECT_NEAR(sum / count, 0, doubt);
    EXPECT_NEAR(squares / count, 1, 2 * doubt);
    EXPECT_NEAR(across / squares, wanted, 0.015);
    EXPECT_NEAR(down / squares, wanted, 0.015);
  }
}

TEST("levels are those of the base's brightness, between the middles of two bands what lies between") {
  const FrameFormat f = format_of(12, Chroma::gray, Range::full, 512, 512);
  Grain g;
  for (size_t band = 0; band < 8; ++band) g.levels[band] = uint16_t(300 + 150 * band);
  const Bytes base = ramp(f), frame = drawn(f, g, {1, 2, 0});
  for (int column = 64; column < 448; column += 32) {
    double squares = 0;
    for (int y = 0; y < 512; ++y)
      for (int x = column; x < column + 8; ++x) {
        const size_t i = size_t(y) * 512 + size_t(x);
        squares += std::pow(code_at(f, frame, i) - code_at(f, base, i), 2);
      }
    const double wanted = (300 + 150 * ((column + 4) / 64.0 - 0.5)) / 65535 * 4095;
    EXPECT_NEAR(std::sqrt(squares / (512 * 8)) / wanted, 1, 0.06);
  }
}

TEST("chroma has its share of luma's grain, and grain of its own") {
  const FrameFormat f = format_of(10, Chroma::c420, Range::full, 512, 384);
  const Bytes base = ramp(f), frame = drawn(f, grain_of(655, 0, 2048), {1, 2, 0});
  const size_t luma = 512 * 384, own = luma / 4;
  double u = 0, v = 0, both = 0;
  for (size_t i = 0; i < own; ++i) {
    const double a = code_at(f, frame, luma + i) - code_at(f, base, luma + i);
    const double b = code_at(f, frame, luma + own + i) - code_at(f, base, luma + own + i);
    u += a * a, v += b * b, both += a * b;
  }
  EXPECT_NEAR(std::sqrt(u / double(own)), 1023 * 0.005, 0.1);
  EXPECT_NEAR(std::sqrt(v / double(own)), 1023 * 0.005, 0.1);
  EXPECT_NEAR(both / std::sqrt(u * v), 0, 0.02);
}

TEST("a drawn frame is the same bits on every machine") {
  const std::vector<std::string> golden = {
      "dd1f7aed865865ea78f901ad9ee99d28c43c4e76c385ab9892b4f3b57ac26762",
      "9b0b3e4df421ef7a5ef244753cedbe9bb1e8b0607724426060fdf28057f1f23c",
      "2f9e7f765f6358217b8d0ca033ab11a941844e9e1433a991bbf4ff9d49e1a149",
      "a9b32035537a3f85fefe13878c078a9f2f5524cb72e9f077d260457e3e9942ef",
      "a919a34980c1adc5b448011880d4492e80440a432c15ddd66df21a58f07327b0",
      "7e74501ff3196863dda0dc1d4c645cd0e3c2579e9190a0226bb073504a687a17",
  };
  for (size_t i = 0; i < kForms.size(); ++i) {
    const FrameFormat f = format_of(kForms[i].bits, kForms[i].chroma, kForms[i].range);
    Grain g = grain_of(1000, 3000, 2048);
    for (size_t band = 0; band < 8; ++band) g.levels[band] = uint16_t(600 + 100 * band);
    const std::string found = sha(drawn(f, g, {0x12345678, 77, 250000}));
    if (found != golden[i]) check::failed(__FILE__, __LINE__, "form " + std::to_string(i) + " is " + found);
  }
}

TEST("any number of threads, and any frame by itself: the same bits; another frame, seed or way is another grain") {
  for (const Form& form : kForms) {
    const FrameFormat f = format_of(form.bits, form.chroma, form.range);
    const Grain g = grain_of(900, 6000, 2048);
    const Bytes one = drawn(f, g, {5, 9, 0});
    for (const int threads : {2, 3, 7}) EXPECT(drawn(f, g, {5, 9, 0}, threads) == one);
    const auto layer = GrainLayer::open(f, 2);
    for (uint32_t frame = 7; frame <= 9; ++frame) {
      Bytes run = ramp(f);
      layer->draw(g, {5, frame, 0}, run.data(), run.size());
      EXPECT((run == one) == (frame == 9));
    }
    EXPECT(drawn(f, g, {6, 9, 0}) != one);
    EXPECT(drawn(f, g, {5, 9, 1}) != one);
  }
}

TEST("legal codes stay legal, and those beyond are drawn no further out") {
  const FrameFormat f = format_of(8, Chroma::c420);
  const Bytes base = ramp(f), frame = drawn(f, grain_of(6000, 0, 4096), {5, 9, 0});
  for (size_t i = 0; i < frame.size(); ++i) {
    const int high = i < size_t(f.width) * size_t(f.height) ? 235 : 240;
    EXPECT(frame[i] >= std::min<int>(base[i], 16));
    EXPECT(frame[i] <= std::max<int>(base[i], high));
  }
}

TEST("no grain changes nothing; the largest of all kinds stays inside; a frame of another length is refused") {
  for (const Form& form : kForms) {
    const FrameFormat f = format_of(form.bits, form.chroma, form.range, 16, 18);
    EXPECT(drawn(f, grain_of(0, 9000, 4096), {1, 1, 1}) == ramp(f));
    Bytes frame = drawn(f, grain_of(65535, 65535, 65535), {0xffffffff, 0xffffffff, 0xffffffff});
    for (size_t i = 0; form.bits > 8 && i < frame.size(); i += 2) EXPECT(frame[i + 1] < 1 << (form.bits - 8));
    EXPECT(check::error_code([&] { GrainLayer::open(f, 1)->draw({}, {}, frame.data(), 5); }) == "internal");
  }
}

TEST_MAIN

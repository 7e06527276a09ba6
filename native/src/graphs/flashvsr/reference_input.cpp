#include "graphs/flashvsr/reference_input.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace heirloom {

namespace {

constexpr int kPrecision = 22;

struct Taps8 {
  int first;
  std::vector<int> weights;                           // sum about 2^22
};

double cubic(double t) {
  constexpr double a = -0.5;
  t = std::fabs(t);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return a * (((t - 5) * t + 8) * t - 4);
  return 0;
}

std::vector<Taps8> taps_for(int in, int out) {
  const double scale = static_cast<double>(in) / out, filter = std::max(scale, 1.0), support = 2 * filter;
  std::vector<Taps8> list;
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * scale;
    const int lo = std::max(0, static_cast<int>(centre - support + 0.5)),
              hi = std::min(in, static_cast<int>(centre + support + 0.5));
    std::vector<double> k;
    double sum = 0;
    for (int j = lo; j < hi; ++j) {
      k.push_back(cubic((j - centre + 0.5) / filter));
      sum += k.back();
    }
    Taps8 taps{lo, {}};
    for (double v : k) {
      const double fixed = v / sum * (1 << kPrecision);
      taps.weights.push_back(static_cast<int>(fixed < 0 ? fixed - 0.5 : fixed + 0.5));
    }
    list.push_back(taps);
  }
  return list;
}

uint8_t apply(const Taps8& taps, const uint8_t* from, int stride) {
  int64_t sum = int64_t{1} << (kPrecision - 1);
  for (size_t j = 0; j < taps.weights.size(); ++j)
    sum += static_cast<int64_t>(taps.weights[j]) *
           from[static_cast<size_t>(taps.first + static_cast<int>(j)) * static_cast<size_t>(stride)];
  return static_cast<uint8_t>(std::min<int64_t>(std::max<int64_t>(sum >> kPrecision, 0), 255));
}

// The generator of Matsumoto and Nishimura, seeded as init_genrand does.
class Mt19937 {
 public:
  explicit Mt19937(uint32_t seed) {
    state_[0] = seed;
    for (uint32_t i = 1; i < 624; ++i) state_[i] = 1812433253u * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
  }
  uint32_t next() {
    if (at_ == 624) refill();
    uint32_t y = state_[at_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
  }

 private:
  void refill() {
    for (size_t i = 0; i < 624; ++i) {
      const uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % 624] & 0x7fffffffu);
      state_[i] = state_[(i + 397) % 624] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0u);
    }
    at_ = 0;
  }
  std::array<uint32_t, 624> state_{};
  size_t at_ = 624;
};

}  // namespace

std::vector<uint8_t> pillow_bicubic(const std::vector<uint8_t>& rgb, int height, int width, int out_height,
                                    int out_width) {
  CHECK(rgb.size() == static_cast<size_t>(height) * static_cast<size_t>(width) * 3,
        "pillow_bicubic: the picture has another size");
  const std::vector<Taps8> across = taps_for(width, out_width), down = taps_for(height, out_height);
  std::vector<uint8_t> wide(static_cast<size_t>(height) * static_cast<size_t>(out_width) * 3),
      out(static_cast<size_t>(out_height) * static_cast<size_t>(out_width) * 3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < out_width; ++x)
      for (int c = 0; c < 3; ++c)
        wide[(static_cast<size_t>(y) * static_cast<size_t>(out_width) + static_cast<size_t>(x)) * 3 +
             static_cast<size_t>(c)] =
            apply(across[static_cast<size_t>(x)],
                  rgb.data() + static_cast<size_t>(y) * static_cast<size_t>(width) * 3 + c, 3);
  for (int y = 0; y < out_height; ++y)
    for (int i = 0; i < out_width * 3; ++i)
      out[static_cast<size_t>(y) * static_cast<size_t>(out_width) * 3 + static_cast<size_t>(i)] =
          apply(down[static_cast<size_t>(y)], wide.data() + i, out_width * 3);
  return out;
}

std::vector<int> reference_frame_index(int frames) {
  const int fed = 8 * ((frames + 4 - 1) / 8) + 1;
  std::vector<int> index;
  for (int i = 0; i < fed; ++i) index.push_back(std::min(i, frames - 1));
  return index;
}

std::vector<float> torch_normal(uint32_t seed, int64_t count) {
  CHECK(count % 16 == 0, "torch_normal: only multiples of 16");
  Mt19937 generator(seed);
  std::vector<float> values(static_cast<size_t>(count));
  for (float& v : values) v = static_cast<float>(generator.next() & 0xffffffu) * 5.9604644775390625e-08f;
  for (size_t group = 0; group < values.size(); group += 16)
    for (size_t j = group; j < group + 8; ++j) {
      const float radius = std::sqrt(-2.0f * std::log(1.0f - values[j])),
                  angle = 2.0f * 3.14159265358979323846f * values[j + 8];
      values[j] = radius * std::cos(angle);
      values[j + 8] = radius * std::sin(angle);
    }
  return values;
}

}  // namespace heirloom

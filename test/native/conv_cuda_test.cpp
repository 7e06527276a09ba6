// Convolutions of the CUDA backend, run on the emulator, against a double loop over the numbers the device was given.
#include "cuda/products/conv.h"

#include "conv_algebra.h"
#include "product_check.h"

using namespace check;
using device::Padding;
using device::Source;

namespace {

// Feature maps side by side, some of them channels of a wider map, some with gaps between rows.
struct Input {
  int height, width, channels = 0;
  std::vector<std::vector<float>> maps;
  std::vector<std::unique_ptr<DeviceArray<unsigned char>>> memory;
  std::vector<Source> sources;                        // data on the device
  std::vector<int64_t> first;                         // channel of the map that the source begins with

  Input(Random& r, Type type, int h, int w, const std::vector<int>& parts, int gap) : height(h), width(w) {
    for (int c : parts) {
      Source s;
      s.channels = c;
      first.push_back(r.below(2) * gap);
      s.pixel_stride = c + first.back() + r.below(2) * gap;
      s.row_stride = w * s.pixel_stride + r.below(2) * gap;
      maps.push_back(rounded(type, random_floats(r, h * s.row_stride)));
      memory.push_back(std::make_unique<DeviceArray<unsigned char>>(stored(type, maps.back())));
      s.data = memory.back()->data() + first.back() * device::size_of(type);
      sources.push_back(s);
      channels += c;
    }
  }
  // Value of channel c at (y, x) of the picture enlarged `zoom` times by repetition, padded.
  double at(int c, int y, int x, Padding padding, int zoom = 1) const {
    if (y < 0 || x < 0 || y >= height * zoom || x >= width * zoom) {
      if (padding == Padding::zero) return 0;
      y = std::clamp(y, 0, height * zoom - 1);
      x = std::clamp(x, 0, width * zoom - 1);
    }
    size_t s = 0;
    while (c >= sources[s].channels) c -= sources[s++].channels;
    return maps[s][size_t(y / zoom * sources[s].row_stride + x / zoom * sources[s].pixel_stride + first[s] + c)];
  }
};

// The sum of a 3x3 convolution at a pixel, and the magnitudes it is made of. w [n, channels, 3, 3]
double convolve(const Input& in, const std::vector<float>& w, int64_t row, int column, Padding padding, int zoom,
                double* magnitude) {
  const int y = int(row / (in.width * zoom)), x = int(row % (in.width * zoom));
  double sum = 0;
  for (int c = 0; c < in.channels; ++c)
    for (int tap = 0; tap < 9; ++tap) {
      const double v = in.at(c, y + tap / 3 - 1, x + tap % 3 - 1, padding, zoom) *
                       w[(size_t(column) * size_t(in.channels) + size_t(c)) * 9 + size_t(tap)];
      sum += v;
      *magnitude += std::fabs(v);
    }
  return sum;
}

void check_conv(Random& r, const Card& card, Type type, int h, int w, const std::vector<int>& parts, int n, int gap) {
  const Padding padding = r.below(2) ? Padding::zero : Padding::replicate;
  const Input in(r, type, h, w, parts, gap);
  const std::vector<float> weight = rounded(type, random_floats(r, int64_t(n) * in.channels * 9));
  const bool is_spread = n <= device::kMostSpread && type != Type::f32;
  const device::HostWeight packed =
      (is_spread ? device::pack_spread_conv3x3 : device::pack_conv3x3)(weight.data(), n, in.channels, type);
  DeviceArray<unsigned char> weight_d(packed.bytes);
  RandomThen then(r, int64_t(h) * w, n, r.below(2) ? type : Type::f32);
  if (is_spread) {
    DeviceArray<float> products(size_t(h) * size_t(w) * size_t(packed.packing.n));
    device::spread_conv3x3(card.on, h, w, in.sources.data(), int(in.sources.size()), padding,
                           {weight_d.data(), packed.packing}, then.then, then.out, products.data());
  } else {
    device::conv3x3(card.on, h, w, in.sources.data(), int(in.sources.size()), padding,
                    {weight_d.data(), packed.packing}, then.then, then.out);
  }
  then.compare(r, in.channels * 9, [&](int64_t row, int column, double* magnitude) {
    return convolve(in, weight, row, column, padding, 1, magnitude);
  });
  EXPECT(card.has_clean_tickets());
}

}  // namespace

TEST("conv3x3 equals the double loop for one source of any size, in every type, few outputs too") {
  Random r(51);
  const Card card(80);
  for (Type type : kTypes) {
    check_conv(r, card, type, 1, 1, {1}, 1, 0);
    check_conv(r, card, type, 2, 1, {3}, 2, 1);
    check_conv(r, card, type, 1, 70, {4}, 5, 0);
    check_conv(r, card, type, 70, 1, {8}, 5, 8);
    check_conv(r, card, type, 9, 21, {40}, 40, 8);
    check_conv(r, card, type, 12, 13, {64}, 40, 0);
    check_conv(r, card, type, 11, 12, {128}, 3, 0);
    check_conv(r, card, type, 6, 9, {72}, 130, 8);
    for (int i = 0; i < 4; ++i)
      check_conv(r, card, type, int(1 + r.below(12)), int(1 + r.below(20)), {int(1 + r.below(50))},
                 int(1 + r.below(70)), int(r.below(4)));
  }
}

TEST("conv3x3 takes its channels from several sources with their own strides") {
  Random r(52);
  const Card card(86);
  for (Type type : kTypes) {
    check_conv(r, card, type, 9, 17, {48, 16}, 40, 8);
    check_conv(r, card, type, 9, 17, {10, 30}, 40, 10);
    check_conv(r, card, type, 9, 17, {40, 48}, 48, 0);
    check_conv(r, card, type, 6, 10, {24, 1, 35}, 17, 3);
    check_conv(r, card, type, 6, 8, {8, 8, 8, 8, 8, 16, 8, 8}, 64, 8);
  }
}

TEST("four frames as sources make one output frame of the causal convolution (4, 3, 3) with replicate padding") {
  Random r(53);
  const Card card(80, 16);
  const int h = 6, w = 11, channels = 24, kt = 4, n = 48;
  for (Type type : kTypes) {
    const std::vector<float> video = rounded(type, random_floats(r, int64_t(kt) * h * w * channels));
    const std::vector<float> weight =
        rounded(type, random_floats(r, int64_t(n) * channels * kt * 9));     // [n, channels, kt, 3, 3]
    std::vector<float> by_time(weight.size());  // [n, kt * channels, 3, 3]
    for (int o = 0; o < n; ++o)
      for (int c = 0; c < channels; ++c)
        for (int t = 0; t < kt; ++t)
          for (int tap = 0; tap < 9; ++tap)
            by_time[size_t(((o * kt + t) * channels + c) * 9 + tap)] =
                weight[size_t(((o * channels + c) * kt + t) * 9 + tap)];
    DeviceArray<unsigned char> video_d(stored(type, video));
    const device::HostWeight packed = device::pack_conv3x3(by_time.data(), n, kt * channels, type);
    DeviceArray<unsigned char> weight_d(packed.bytes);
    Source frames[kt];
    for (int t = 0; t < kt; ++t) {
      frames[t].data = video_d.data() + int64_t(t) * h * w * channels * device::size_of(type);
      frames[t].channels = channels;
    }
    RandomThen then(r, h * w, n, type);
    device::conv3x3(card.on, h, w, frames, kt, Padding::replicate, {weight_d.data(), packed.packing}, then.then,
                    then.out);
    then.compare(r, channels * kt * 9, [&](int64_t row, int o, double* magnitude) {
      const int y = int(row) / w, x = int(row) % w;
      double sum = 0;
      for (int c = 0; c < channels; ++c)
        for (int t = 0; t < kt; ++t)
          for (int tap = 0; tap < 9; ++tap) {
            const int yy = std::clamp(y + tap / 3 - 1, 0, h - 1), xx = std::clamp(x + tap % 3 - 1, 0, w - 1);
            const double v = double(video[size_t(((t * h + yy) * w + xx) * channels + c)]) *
                             weight[size_t(((o * channels + c) * kt + t) * 9 + tap)];
            sum += v;
            *magnitude += std::fabs(v);
          }
      return sum;
    });
  }
}

TEST("an upsampling convolution equals upsampling and convolving, borders included") {
  Random r(54);
  const Card card(80, 8);
  for (Type type : kTypes)
    for (int i = 0; i < 5; ++i) {
      const int h = int(1 + r.below(9)), w = int(1 + r.below(9)), channels = i == 0 ? 32 : int(1 + r.below(24)),
                n = i == 0 ? 64 : int(1 + r.below(40));
      const Input in(r, type, h, w, {channels}, i % 2 * 8);
      const std::vector<float> weight = random_floats(r, int64_t(n) * channels * 9);
      const device::HostWeight packed = device::pack_upsample_conv3x3(weight.data(), n, channels, type);
      DeviceArray<unsigned char> weight_d(packed.bytes);
      RandomThen then(r, int64_t(h) * w * 4, n, type);
      device::upsample_conv3x3(card.on, h, w, in.sources[0], {weight_d.data(), packed.packing}, then.then, then.out);
      // The folded weights are rounded to the type once more: up to half a unit of each, as if 2^15 (bf16) or 2^12 (f16) more terms were summed.
      const int folding = type == Type::f32 ? 0 : int(storage_error(type) * 0x1p23);
      then.compare(r, channels * 9 + folding, [&](int64_t row, int column, double* magnitude) {
        return convolve(in, weight, row, column, Padding::zero, 2, magnitude);
      });
    }
}

TEST("convolutions on Hopper's kernel equal the double loop: patches, several sources, both paddings, upsampling") {
  Random r(56);
  const Card card(90, 2);
  check_conv(r, card, Type::bf16, 9, 21, {64}, 128, 0);
  check_conv(r, card, Type::bf16, 17, 20, {40, 48}, 96, 8);
  check_conv(r, card, Type::bf16, 16, 8, {8, 72, 64, 16}, 256, 8);
  for (int i = 0; i < 6; ++i)
    check_conv(r, card, Type::bf16, int(1 + r.below(20)), int(1 + r.below(40)), {int(8 + r.below(8) * 8)},
               int(96 + r.below(60)), 8);
  for (int i = 0; i < 3; ++i)
    check_conv(r, Card(90, 4), Type::bf16, 16, 16, {128}, 128, 8);  // cut along K, the padded map in the same scratch
  const int h = 7, w = 13, channels = 40, n = 100;
  const Input in(r, Type::bf16, h, w, {channels}, 8);
  const std::vector<float> weight = random_floats(r, int64_t(n) * channels * 9);
  const device::HostWeight packed = device::pack_upsample_conv3x3(weight.data(), n, channels, Type::bf16);
  DeviceArray<unsigned char> weight_d(packed.bytes);
  RandomThen then(r, int64_t(h) * w * 4, n, Type::bf16);
  device::upsample_conv3x3(card.on, h, w, in.sources[0], {weight_d.data(), packed.packing}, then.then, then.out);
  const int folding = int(storage_error(Type::bf16) * 0x1p23);  // as above
  then.compare(r, channels * 9 + folding, [&](int64_t row, int column, double* magnitude) {
    return convolve(in, weight, row, column, Padding::zero, 2, magnitude);
  });
}

TEST("a 1x1 convolution folded into the 3x3 behind it gives the same picture") {
  Random r(55);
  const int h = 7, w = 6, channels = 9, middle = 14, n = 11;
  const std::vector<float> x = random_floats(r, h * w * channels), before = random_floats(r, middle * channels),
                           conv = random_floats(r, n * middle * 9);
  const std::vector<float> folded = heirloom::compose_1x1_3x3(conv.data(), n, middle, before.data(), channels);
  const auto value = [&](int y, int xx, int c) {
    return y < 0 || xx < 0 || y >= h || xx >= w ? 0.0 : double(x[size_t((y * w + xx) * channels + c)]);
  };
  for (int y = 0; y < h; ++y)
    for (int xx = 0; xx < w; ++xx)
      for (int o = 0; o < n; ++o) {
        double direct = 0, short_cut = 0;
        for (int tap = 0; tap < 9; ++tap)
          for (int c = 0; c < channels; ++c) {
            const double v = value(y + tap / 3 - 1, xx + tap % 3 - 1, c);
            short_cut += v * folded[size_t((o * channels + c) * 9 + tap)];
            for (int m = 0; m < middle; ++m)
              direct += v * before[size_t(m * channels + c)] * conv[size_t((o * middle + m) * 9 + tap)];
          }
        EXPECT_NEAR(direct, short_cut, 9 * channels * middle * 0x1p-24);  // every folded weight is rounded once
      }
}

TEST("a convolution refuses inputs and weights that do not go together") {
  const Card card(80);
  DeviceArray<float> x(512);
  const std::vector<float> w(4 * 4 * 9, 1.0f);
  const device::HostWeight conv = device::pack_conv3x3(w.data(), 4, 4, Type::f32),
                           linear = device::pack_linear(w.data(), 4, 4, Type::f32);
  DeviceArray<unsigned char> conv_d(conv.bytes), linear_d(linear.bytes);
  Source source;
  source.data = x.data();
  source.channels = 3;
  const auto code = [&](const device::HostWeight& weight, const DeviceArray<unsigned char>&, const void* data) {
    return error_code([&] {
      device::conv3x3(card.on, 2, 2, &source, 1, Padding::zero, {data, weight.packing}, {}, {x.data(), Type::f32, 0});
    });
  };
  EXPECT(code(conv, conv_d, conv_d.data()) == "internal");
  source.channels = 4;
  EXPECT(code(linear, linear_d, linear_d.data()) == "internal");
  EXPECT(error_code([&] {
           device::upsample_conv3x3(card.on, 2, 2, source, {conv_d.data(), conv.packing}, {}, {x.data(), Type::f32, 0});
         }) == "internal");
}

TEST_MAIN

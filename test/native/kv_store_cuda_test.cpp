// Keys and values in eight bits, run on the emulator: how far the numbers move, and what attention makes of it.
#include "cuda/attention/kv_store.h"

#include <cmath>

#include "check_test.h"
#include "cuda/attention/attention.h"
#include "device_array.h"

using namespace heirloom;
using check::Bytes;
using check::DeviceArray;
using check::device::Type;
namespace device = check::device;

namespace {

std::vector<float> normal(check::Random& random, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  for (float& x : values) {
    const double u = (static_cast<double>(random.next() >> 11) + 1) * 0x1p-53,
                 angle = 6.283185307179586 * static_cast<double>(random.next() >> 11) * 0x1p-53;
    x = static_cast<float>(std::sqrt(-2 * std::log(u)) * std::cos(angle));
  }
  return values;
}

// x, stored in eight bits and expanded again.
Bytes there_and_back(Type type, Bytes x, const device::StoredSegment& segment) {
  DeviceArray<unsigned char> from(x), to(x.size());
  DeviceArray<int8_t> q(static_cast<size_t>(segment.values()));
  DeviceArray<float> scale(static_cast<size_t>(segment.scales()));
  device::store_windows(type, from.data(), segment, q.data(), scale.data(), nullptr);
  device::expand_windows(type, q.data(), scale.data(), segment, to.data(), nullptr);
  return to.host();
}

double decibels(const std::vector<float>& wanted, const std::vector<float>& ours) {
  double signal = 0, noise = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    signal += static_cast<double>(wanted[i]) * wanted[i];
    noise += std::pow(static_cast<double>(ours[i]) - wanted[i], 2);
  }
  return 10 * std::log10(signal / noise);
}

}  // namespace

TEST("no number moves by more than half a step of its window and head; zeros stay") {
  check::Random random(1);
  for (int round = 0; round < 9; ++round) {
    const Type type = check::kTypes[round % 3];
    device::StoredSegment s;
    s.windows = 1 + random.below(4), s.heads = 1 + random.below(3), s.window_tokens = 1 + random.below(20);
    const int64_t d = 8 * (1 + random.below(5));
    s.D = s.heads * d;
    std::vector<float> x = check::random_floats(random, s.values(), 5);
    for (int64_t i = 0; i < s.window_tokens * s.D; ++i)
      if (i % s.D < d) x[static_cast<size_t>(i)] = 0;  // the first head of the first window
    x = check::rounded(type, x);
    const std::vector<float> back = check::read(type, there_and_back(type, check::stored(type, x), s));
    for (int64_t window = 0; window < s.windows; ++window)
      for (int64_t head = 0; head < s.heads; ++head) {
        const auto each = [&](auto f) {
          for (int64_t t = 0; t < s.window_tokens; ++t)
            for (int64_t c = 0; c < d; ++c) f(static_cast<size_t>((window * s.window_tokens + t) * s.D + head * d + c));
        };
        float largest = 0;
        each([&](size_t i) { largest = std::max(largest, std::fabs(x[i])); });
        each([&](size_t i) {
          EXPECT_NEAR(back[i], x[i], largest * (0.5 / 127 + 4 * 0x1p-24 + check::storage_error(type)));
        });
      }
  }
}

TEST("the price: attention of 128 normally distributed tokens over four windows of them keeps 36 dB") {
  check::Random random(2);
  device::StoredSegment s;
  s.windows = 4, s.window_tokens = 128, s.heads = 1, s.D = 128;
  const std::vector<float> q = normal(random, 128 * 128), k = normal(random, s.values()),
                           v = normal(random, s.values());
  const auto attend = [&](Type type, const Bytes& keys, const Bytes& values) {
    DeviceArray<unsigned char> dq(check::stored(type, q)), dk(keys), dv(values), out(check::stored(type, q).size());
    device::CrossAttention a;
    a.type = type, a.T = 128, a.S = 512, a.D = 128, a.q = dq.data(), a.k = dk.data(), a.v = dv.data(),
    a.out = out.data();
    device::cross_attention(a, 80, nullptr);
    return check::read(type, out.host());
  };
  const auto run = [&](Type type, bool eight_bits) {
    Bytes keys = check::stored(type, k), values = check::stored(type, v);
    if (eight_bits) {
      keys = there_and_back(type, keys, s);
      values = there_and_back(type, values, s);
    }
    return attend(type, keys, values);
  };
  const std::vector<float> exact = run(Type::f32, false);
  const double bf16 = decibels(exact, run(Type::bf16, false)), both = decibels(exact, run(Type::bf16, true)),
               eight = decibels(exact, run(Type::f32, true));
  std::printf("      against fp32: bf16 %.1f dB, eight bits %.1f dB, eight bits and bf16 %.1f dB\n", bf16, eight, both);
  // A step is a 127th of the largest of 16384 normal numbers, about 4: noise of 0.009 on numbers of size 1, 41 dB, for keys and values each.
  EXPECT(bf16 > 44 && eight > 36 && both > 36);
  EXPECT(eight < bf16);  // it does cost something
}

TEST("heads that are no multiple of eight are refused") {
  device::StoredSegment s;
  s.windows = 1, s.window_tokens = 1, s.D = 12, s.heads = 1;
  EXPECT(check::error_code([&] { device::store_windows(Type::f32, nullptr, s, nullptr, nullptr, nullptr); }) ==
         "internal");
}

TEST_MAIN

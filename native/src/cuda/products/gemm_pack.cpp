#include "cuda/products/gemm_pack.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "conv_algebra.h"

namespace heirloom::HL_CUDA {

namespace {

uint32_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
float float_of(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The magnitude of a number in a narrower format, rounded to nearest, ties to even: exponent (with its bias) and mantissa side by side.
template <int kMantissa, int kBias>
uint32_t narrow(float magnitude) {
  constexpr uint32_t kLeastNormal = uint32_t(128 - kBias) << 23, kMagic = uint32_t(127 + 24 - kBias - kMantissa) << 23;
  const uint32_t bits = bits_of(magnitude);
  if (bits < kLeastNormal)
    return bits_of(magnitude + float_of(kMagic)) - kMagic;   // the magic number's last place is the subnormal step
  return ((bits + ((1u << (22 - kMantissa)) - 1) + ((bits >> (23 - kMantissa)) & 1)) >> (23 - kMantissa)) -
         (uint32_t(127 - kBias) << kMantissa);
}

void store(float value, Type type, unsigned char* to) {
  const auto put = [&](auto bits) { std::memcpy(to, &bits, sizeof bits); };
  switch (type) {
    case Type::f32: put(value); break;
    case Type::bf16: put(to_bf16(value)); break;
    case Type::f16: put(to_f16(value)); break;
    case Type::e4m3: put(to_e4m3(value)); break;
  }
}

// at(phase, n, channel, tap)
template <class At>
HostWeight pack(const Packing& p, At at) {
  HostWeight out;
  out.packing = p;
  out.bytes.assign(p.bytes(), 0);
  const int size = size_of(p.type);
  for (int phase = 0; phase < p.phases; ++phase)
    for (int n = 0; n < p.n; ++n) {
      unsigned char* row = out.bytes.data() + (int64_t(phase) * p.n + n) * p.row() * size;
      for (int tap = 0; tap < p.taps; ++tap)
        for (int c = 0; c < p.channels; ++c)
          store(at(phase, n, c, tap), p.type, row + (int64_t(tap) * p.channel_row() + c) * size);
    }
  return out;
}

}  // namespace

uint16_t to_bf16(float value) {
  const uint32_t bits = bits_of(value);
  if (std::isnan(value)) return uint16_t((bits >> 16) | 0x40);
  return uint16_t((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}
float from_bf16(uint16_t bits) { return float_of(uint32_t(bits) << 16); }

uint16_t to_f16(float value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return uint16_t(sign | 0x7E00);
  return uint16_t(sign | narrow<10, 15>(std::min(std::fabs(value), 65504.0f)));
}
float from_f16(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  const float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY)
                          : exponent     ? std::ldexp(float(1024 + mantissa), exponent - 25)
                                         : std::ldexp(float(mantissa), -24);
  return bits & 0x8000 ? -magnitude : magnitude;
}

uint8_t to_e4m3(float value) {
  const uint8_t sign = std::signbit(value) ? 0x80 : 0;
  if (std::isnan(value)) return uint8_t(sign | 0x7F);
  return uint8_t(sign | narrow<3, 7>(std::min(std::fabs(value), kMostE4m3)));
}
float from_e4m3(uint8_t bits) {
  const int exponent = (bits >> 3) & 15, mantissa = bits & 7;
  const float magnitude = (bits & 0x7F) == 0x7F ? NAN
                          : exponent            ? std::ldexp(float(8 + mantissa), exponent - 10)
                                                : std::ldexp(float(mantissa), -9);
  return bits & 0x80 ? -magnitude : magnitude;
}

HostWeight pack_linear(const float* w, int n, int k, Type type) {
  std::vector<float> scale;  // of each row, so that its largest number is e4m3's largest
  if (type == Type::e4m3)
    for (int o = 0; o < n; ++o) {
      float most = 0;
      for (int i = 0; i < k; ++i) most = std::max(most, std::fabs(w[int64_t(o) * k + i]));
      scale.push_back(most > 0 ? most / kMostE4m3 : 1.0f);
    }
  HostWeight out = pack({type, n, k}, [&](int, int o, int c, int) {
    return w[int64_t(o) * k + c] / (scale.empty() ? 1.0f : scale[size_t(o)]);
  });
  out.column_scale = std::move(scale);
  return out;
}

HostWeight pack_conv3x3(const float* w, int n, int channels, Type type) {
  return pack({type, n, channels, 9},
              [&](int, int o, int c, int tap) { return w[(int64_t(o) * channels + c) * 9 + tap]; });
}

HostWeight pack_spread_conv3x3(const float* w, int n, int channels, Type type) {
  Packing packing{type, (9 * n + 3) / 4 * 4, channels};
  packing.spread = n;
  return pack(packing, [&](int, int row, int c, int) {
    return row < 9 * n ? w[(int64_t(row % n) * channels + c) * 9 + row / n] : 0.0f;
  });
}

HostWeight pack_upsample_conv3x3(const float* w, int n, int channels, Type type) {
  const std::vector<float> phases = upsample_phases(w, n, channels);
  return pack({type, n, channels, 4, 4}, [&](int phase, int o, int c, int tap) {
    return phases[((size_t(phase) * size_t(n) + size_t(o)) * size_t(channels) + size_t(c)) * 4 + size_t(tap)];
  });
}

}  // namespace heirloom::HL_CUDA

// Weights in the order the product kernels read them, made once at load on the host.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cuda/features/type.h"

namespace heirloom::HL_CUDA {

constexpr int kPieceBytes = 16;                      // the unit of every load
constexpr int kTileBytes = 64;                       // of the K axis, in one step of a product

// A weight on the device: [phases][n][row()], a row being [taps][channel_row()] with zeros behind the channels and behind the taps.
struct Packing {
  Type type = Type::f32;
  int n = 0, channels = 0;
  int taps = 1;  // 1: linear; 9: 3x3; 4: 2x2, of an upsampling convolution
  int phases = 1;  // 4 for an upsampling convolution
  int spread = 0;  // outputs of a 3x3 convolution that was made a linear product with one output for each of its taps
  int piece() const { return kPieceBytes / size_of(type); }
  int channel_row() const { return (channels + piece() - 1) / piece() * piece(); }
  int k_tiles() const { return (taps * channel_row() * size_of(type) + kTileBytes - 1) / kTileBytes; }
  int64_t row() const { return int64_t(k_tiles()) * kTileBytes / size_of(type); }
  size_t bytes() const { return size_t(phases) * size_t(n) * size_t(row()) * size_t(size_of(type)); }
};

struct HostWeight {
  Packing packing;
  std::vector<unsigned char> bytes;
  std::vector<float> column_scale;  // [n] for e4m3: the stored numbers times this are the weights; else empty
};

HostWeight pack_linear(const float* w, int n, int k, Type type);  // w [n, k]
// Not for e4m3: its scales belong to whole rows, and a convolution's row mixes pixels.
HostWeight pack_conv3x3(const float* w, int n, int channels, Type type);  // w [n, channels, 3, 3]
// The same w for spread_conv3x3: a linear product with n outputs for every tap, tap after tap, and zeros up to a multiple of 4.
HostWeight pack_spread_conv3x3(const float* w, int n, int channels, Type type);
constexpr int kMostSpread = 3;  // outputs for which that pays: a picture's
// The same w, for upsample_conv3x3: folded into four 2x2 convolutions (conv_algebra.h).
HostWeight pack_upsample_conv3x3(const float* w, int n, int channels, Type type);

// Rounded to nearest, ties to even; beyond the largest f16 or e4m3 that largest (65504, 448); NaN stays NaN.
uint16_t to_bf16(float value);
uint16_t to_f16(float value);
uint8_t to_e4m3(float value);
float from_bf16(uint16_t bits);
float from_f16(uint16_t bits);
float from_e4m3(uint8_t bits);

constexpr float kMostE4m3 = 448.0f;

}  // namespace heirloom::HL_CUDA

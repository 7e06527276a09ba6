// tables.h: what grain is drawn with, as data (models/grain_tables.py): nothing is computed by a mathematical library, so every machine draws the same.
#pragma once
#include <cstdint>

namespace heirloom::grain {

constexpr int kNormalBits = 10;  // a standard deviation is 1 << kNormalBits
constexpr int kBellSteps = 64;  // places of the bell to a deviation
constexpr int kBellEnd = 256;  // from here on it is 0
constexpr int kSizeSteps = 32;  // sizes of grain to a pixel
constexpr int kSizes = 64;  // above two pixels taps are as wide as the blur

extern const uint16_t
    kNormal[4096];  // half of a normal distribution in slices that are equally likely: the mean of each
extern const uint16_t kBell[kBellEnd + 2];  // exp(-x^2 / 2), 1 << 14 at 0
extern const uint16_t kTapDeviation[kSizes + 1];  // deviation of the sampled taps for a size, in 1/4096 pixel

}  // namespace heirloom::grain

// Pictures that are drawn out of a seed, and the small model of the goldens through heirloom.h.
#pragma once
#include <cstring>

#include "check_test.h"
#include "heirloom.h"

namespace still {

using namespace heirloom;

inline const std::string kGolden = HL_ROOT "/test/fixtures/residual-codec-golden";

inline StillOptions options(int width, int height, int bits = 8) {
  StillOptions o;
  o.format = {width, height, bits};
  o.quality = 40;
  o.threads = 2;
  return o;
}

// Waves of several lengths and colours, with some noise.
inline std::vector<uint8_t> picture(const StillFormat& f, uint64_t seed = 1) {
  check::Random random(seed);
  std::vector<uint8_t> pixels(f.bytes());
  const double most = f.bits == 8 ? 255 : 65535;
  size_t at = 0;
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x)
      for (int c = 0; c < 3; ++c) {
        const double wave = std::sin(x * (0.03 + 0.05 * c)) + std::cos(y * 0.07 + c) + std::sin((x + y) * 0.4);
        const double v = std::min(1.0, std::max(0.0, 0.5 + 0.15 * wave + 0.02 * double(random.uniform())));
        const int sample = static_cast<int>(v * most);
        pixels[at++] = static_cast<uint8_t>(sample & 255);
        if (f.bits == 16) pixels[at++] = static_cast<uint8_t>(sample >> 8);
      }
  return pixels;
}

inline EncodedStill encoded(const StillCodec& codec, const StillOptions& o, const std::vector<uint8_t>& pixels) {
  return codec.encode(o, pixels.data(), pixels.size());
}
inline DecodedStill decoded(const StillCodec& codec, const StillOptions& o, const std::vector<uint8_t>& bytes) {
  return codec.decode(o, bytes.data(), bytes.size());
}

}  // namespace still

#include "entropy/crc32c.h"

#include <array>

namespace heirloom::entropy {

namespace {

constexpr std::array<uint32_t, 256> make_remainders() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t r = i;
    for (int bit = 0; bit < 8; ++bit) r = (r >> 1) ^ (r & 1 ? 0x82f63b78u : 0u);
    table[i] = r;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kRemainders = make_remainders();

}  // namespace

uint32_t crc32c(const uint8_t* bytes, size_t count, uint32_t before) {
  uint32_t r = ~before;
  for (size_t i = 0; i < count; ++i) r = (r >> 8) ^ kRemainders[(r ^ bytes[i]) & 0xff];
  return ~r;
}

}  // namespace heirloom::entropy

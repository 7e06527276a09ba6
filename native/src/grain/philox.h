// philox.h: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): chance as a function of a key and a place, so that any
// part of a picture can be drawn by itself.
#pragma once
#include <array>
#include <cstdint>

namespace heirloom::grain {

using Counter = std::array<uint32_t, 4>;
using Key = std::array<uint32_t, 2>;

inline Counter philox(Counter c, Key k) {
  constexpr uint64_t kFirst = 0xD2511F53u, kSecond = 0xCD9E8D57u;
  constexpr uint32_t kWeylFirst = 0x9E3779B9u, kWeylSecond = 0xBB67AE85u;
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = kFirst * c[0], b = kSecond * c[2];
    c = {uint32_t(b >> 32) ^ c[1] ^ k[0], uint32_t(b), uint32_t(a >> 32) ^ c[3] ^ k[1], uint32_t(a)};
    k = {k[0] + kWeylFirst, k[1] + kWeylSecond};
  }
  return c;
}

}  // namespace heirloom::grain

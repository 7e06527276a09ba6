// SHA-256 of bytes and of whole files: the name that weights are known by. Uses the processor's SHA instructions where it has them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace heirloom {

class Sha256 {
 public:
  // is_portable: without the special instructions; for the test that both say the same.
  explicit Sha256(bool is_portable = false);
  Sha256& add(const void* bytes, size_t n);
  std::string hex();  // ends the computation

 private:
  using Blocks = void (*)(uint32_t* state, const uint8_t* p, size_t count);
  Blocks blocks_;
  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> rest_{};
  uint64_t length_ = 0;
};

// Throws weights-missing when the file cannot be read. went_on is told the bytes of every piece, and may throw.
std::string sha256_of_file(const std::string& path, const std::function<void(size_t)>& went_on = {});

}  // namespace heirloom

// SHA-256 of bytes and of whole files: the name that weights are known by.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace heirloom {

class Sha256 {
 public:
  Sha256& add(const void* bytes, size_t n);
  std::string hex();                                  // ends the computation

 private:
  void block(const uint8_t* p);
  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> rest_{};
  uint64_t length_ = 0;
};

std::string sha256_of_file(const std::string& path);  // throws weights-missing when the file cannot be read

}  // namespace heirloom

// sha256.h: the SHA-256 digest (FIPS 180-4) by which weight files are known.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace heirloom {

class Sha256 {
 public:
  void add(const void* bytes, size_t count);
  std::string hex();                                  // 64 lower-case digits; ends the digest

 private:
  void block(const uint8_t* bytes);
  uint32_t h_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint8_t rest_[64] = {};
  size_t held_ = 0;
  uint64_t count_ = 0;
};

std::string sha256_of_file(const std::string& path);  // throws weights-missing
// One digest over the digests of several files, in the order given.
std::string sha256_of_files(const std::vector<std::string>& paths);

}  // namespace heirloom

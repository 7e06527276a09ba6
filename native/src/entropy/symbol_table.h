// How likely each symbol is, as counts of 65536: what the coder divides its numbers by. Symbols are whole numbers from `lowest` on without gaps; whatever is
// below or above them takes the escape, the last entry, and is written out behind it (rans.h).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heirloom::entropy {

constexpr int kCountBits = 16;
constexpr uint32_t kCounts = 1u << kCountBits;

// The part of [0, 65536) that an entry has.
struct Span {
  uint32_t start, size;
};

// log2(65536 / size) in 1/65536 bit.   size 1..65536
uint32_t bits_of(uint32_t size);

class SymbolTable {
 public:
  // starts: where the span of lowest, lowest + 1, ... begins, and last that of the escape. The first is 0 and they rise, so that nothing has no count;
  // the escape's span ends at 65536. Throws weights-unsupported where that does not hold, or a symbol is beyond int16.
  SymbolTable(int lowest, const std::vector<uint16_t>& starts);

  int lowest() const { return lowest_; }
  int symbols() const { return symbols_; }  // without the escape
  int escape() const { return symbols_; }
  // The entry of a symbol: its distance from the lowest, or the escape.
  int entry(int symbol) const {
    const int64_t at = int64_t(symbol) - lowest_;
    return at >= 0 && at < symbols_ ? static_cast<int>(at) : symbols_;
  }
  Span span(int entry) const {
    const uint32_t start = starts_[static_cast<size_t>(entry)];
    return {start, starts_[static_cast<size_t>(entry) + 1] - start};
  }
  // The entry whose span a number below 65536 is in.
  int find(uint32_t number) const {
    size_t at = first_[number >> 8];
    while (starts_[at + 1] <= number) ++at;
    return static_cast<int>(at);
  }
  uint32_t bits(int entry) const { return bits_[static_cast<size_t>(entry)]; }  // in 1/65536 bit

 private:
  int lowest_, symbols_;
  std::vector<uint32_t> starts_;  // of every entry, and 65536
  std::vector<uint32_t> bits_;
  std::array<uint16_t, 256> first_{};  // the entry that 256 i is in
};

}  // namespace heirloom::entropy

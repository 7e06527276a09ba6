#include "entropy/symbol_table.h"

#include "check.h"

namespace heirloom::entropy {

// By squaring a number between 1 and 2: each time it passes 2 there is a one in its logarithm.
uint32_t bits_of(uint32_t size) {
  CHECK(size >= 1 && size <= kCounts, "bits_of: a count of " + str(size));
  uint32_t whole = 0;
  while (size >> (whole + 1) != 0) ++whole;
  uint64_t x = uint64_t(size) << (31 - whole);  // 1 is 2^31
  uint32_t logarithm = whole;
  for (int bit = 0; bit < 16; ++bit) {
    x = x * x >> 31;
    const uint32_t is_two = static_cast<uint32_t>(x >> 32);
    x >>= is_two;
    logarithm = logarithm << 1 | is_two;
  }
  return (kCountBits << 16) - logarithm;
}

SymbolTable::SymbolTable(int lowest, const std::vector<uint16_t>& starts)
    : lowest_(lowest),
      symbols_(static_cast<int>(starts.size()) - 1),
      starts_(starts.begin(), starts.end()) {
  CHECK_AS("weights-unsupported", symbols_ >= 1 && starts[0] == 0,
           "A table of counts has no symbol, or does not begin at 0.");
  CHECK_AS("weights-unsupported", lowest >= INT16_MIN && int64_t(lowest) + symbols_ - 1 <= INT16_MAX,
           "A table of counts has symbols beyond 16 bits, from " + str(lowest) + " on.");
  starts_.push_back(kCounts);
  for (int i = 0; i <= symbols_; ++i) {
    CHECK_AS("weights-unsupported", starts_[static_cast<size_t>(i)] < starts_[static_cast<size_t>(i) + 1],
             "A table of counts has none for the symbol " + str(lowest + i) + ".");
    bits_.push_back(bits_of(span(i).size));
  }
  size_t entry = 0;
  for (uint32_t i = 0; i < first_.size(); ++i) {
    while (starts_[entry + 1] <= i << 8) ++entry;
    first_[i] = static_cast<uint16_t>(entry);
  }
}

}  // namespace heirloom::entropy

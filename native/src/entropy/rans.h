// Symbols to bytes and back by range asymmetric numeral systems (Duda 2009, in the form that Giesen described in 2014): a state of 64 bits in
// [2^31, 2^63) that gives and takes words of 32 bits, in one lane or in eight that take turns and share the words. Integers only.
// A symbol that is not in its table is written behind the escape: a sign, four bits that say how many follow, and those.
#pragma once
#include <cstdint>
#include <vector>

#include "entropy/symbol_table.h"

namespace heirloom::entropy {

constexpr int kManyLanes = 8;

// What escapes take for a distance of 1.. behind the last symbol: sign, number of bits, bits.
constexpr int kEscapeHead = 5;

// Bits that a symbol takes, in 1/65536 bit.
uint64_t bits_of_symbol(const SymbolTable& table, int symbol);

class RansEncoder {
 public:
  explicit RansEncoder(int lanes);  // 1 or 8
  // Symbols are given from the last to the first. position: which one it is, counted from the first.   symbol: within int16
  void put(int64_t position, const SymbolTable& table, int symbol);
  // The states and the words, for RansDecoder. With one lane, and nothing put: 5 bytes.
  std::vector<uint8_t> finish() const;

 private:
  void put(uint64_t& state, Span span);
  int lanes_;
  uint64_t states_[kManyLanes];
  std::vector<uint32_t> words_;  // the last first
};

class RansDecoder {
 public:
  // Reads `bytes` as long as it lives. Any bytes may be given: what cannot be is told by is_good, nothing outside of them is read.
  RansDecoder(const uint8_t* bytes, size_t count, int lanes);
  // The symbol at a position; positions are asked from 0 on, one after the other. Where the bytes end too soon: any symbol.
  int get(int64_t position, const SymbolTable& table) {
    uint64_t& state = states_[position & mask_];
    const uint32_t number = static_cast<uint32_t>(state) & (kCounts - 1);
    const int entry = table.find(number);
    take(state, table.span(entry), number);
    return entry == table.escape() ? escaped(state, table) : table.lowest() + entry;
  }
  bool is_good() const { return is_good_; }  // so far
  bool is_at_end() const;  // whether all bytes were used up, and what was put is what was got

 private:
  void take(uint64_t& state, Span span, uint32_t number) {
    state = span.size * (state >> kCountBits) + number - span.start;
    if (state < uint64_t{1} << 31) state = state << 32 | next_word();
  }
  uint32_t take_bits(uint64_t& state, int count);
  int escaped(uint64_t& state, const SymbolTable& table);
  uint32_t next_word();

  const uint8_t *at_, *end_;
  int64_t mask_;
  uint64_t states_[kManyLanes];
  bool is_good_ = true;
};

}  // namespace heirloom::entropy

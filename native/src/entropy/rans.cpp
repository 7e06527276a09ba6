#include "entropy/rans.h"

#include "check.h"

namespace heirloom::entropy {

namespace {

constexpr uint64_t kLowest = uint64_t{1} << 31, kEnd = uint64_t{1} << 63;
constexpr size_t kWord = 4, kState = 8, kLeastState = 5;  // bytes

int bits_in(uint32_t x) {
  int bits = 0;
  while (x >> bits != 0) ++bits;
  return bits;
}

// How far a symbol is behind the first or the last of its table, 1 for the next one; its sign is the side.
struct Escape {
  uint32_t distance;
  bool is_above;
  Escape(const SymbolTable& table, int symbol) : distance(0), is_above(symbol > table.lowest()) {
    distance =
        static_cast<uint32_t>(is_above ? symbol - (table.lowest() + table.symbols() - 1) : table.lowest() - symbol);
  }
  int bits() const { return bits_in(distance) - 1; }  // behind its highest one
};

Span bits_span(uint32_t value, int count) {
  const int width = kCountBits - count;
  return {value << width, 1u << width};
}

void check_lanes(int lanes) { CHECK(lanes == 1 || lanes == kManyLanes, "rANS in " + str(lanes) + " lanes"); }

}  // namespace

uint64_t bits_of_symbol(const SymbolTable& table, int symbol) {
  const int entry = table.entry(symbol);
  const uint64_t bits = table.bits(entry);
  if (entry != table.escape()) return bits;
  return bits + (static_cast<uint64_t>(kEscapeHead + Escape(table, symbol).bits()) << 16);
}

RansEncoder::RansEncoder(int lanes) : lanes_(lanes) {
  check_lanes(lanes);
  for (uint64_t& state : states_) state = kLowest;
}

void RansEncoder::put(uint64_t& state, Span span) {
  if (state >= uint64_t(span.size) << 47) {
    words_.push_back(static_cast<uint32_t>(state));
    state >>= 32;
  }
  state = (state / span.size << kCountBits) + state % span.size + span.start;
}

void RansEncoder::put(int64_t position, const SymbolTable& table, int symbol) {
  CHECK(symbol >= INT16_MIN && symbol <= INT16_MAX, "rANS: the symbol " + str(symbol));
  uint64_t& state = states_[position & (lanes_ - 1)];
  const int entry = table.entry(symbol);
  if (entry == table.escape()) {  // read from the front, so the last first
    const Escape escape(table, symbol);
    const int bits = escape.bits();
    put(state, bits_span(escape.distance ^ (1u << bits), bits));
    put(state, bits_span(static_cast<uint32_t>(bits), 4));
    put(state, bits_span(escape.is_above, 1));
  }
  put(state, table.span(entry));
}

std::vector<uint8_t> RansEncoder::finish() const {
  std::vector<uint8_t> bytes;
  const auto add = [&](uint64_t value, size_t count) {
    for (size_t i = count; i > 0; --i) bytes.push_back(static_cast<uint8_t>(value >> 8 * (i - 1)));
  };
  for (int lane = 0; lane < lanes_; ++lane) {
    size_t size = lanes_ == 1 ? kLeastState : kState;
    while (size < kState && states_[lane] >> 8 * size != 0) ++size;
    add(states_[lane], size);
  }
  for (size_t i = words_.size(); i > 0; --i) add(words_[i - 1], kWord);
  return bytes;
}

// One lane's state has 5 to 8 bytes, by what is left over beside the words: 5 bytes hold the smallest.
RansDecoder::RansDecoder(const uint8_t* bytes, size_t count, int lanes)
    : at_(bytes),
      end_(bytes + count),
      mask_(lanes - 1) {
  check_lanes(lanes);
  const size_t size = lanes == 1 ? (count - kLeastState) % kWord + kLeastState : kState;
  for (uint64_t& state : states_) state = kLowest;
  is_good_ = count >= size * static_cast<size_t>(lanes) && (count - size * static_cast<size_t>(lanes)) % kWord == 0;
  if (!is_good_) {
    end_ = at_;
    return;
  }
  for (int lane = 0; lane < lanes; ++lane) {
    uint64_t state = 0;
    for (size_t i = 0; i < size; ++i) state = state << 8 | *at_++;
    if (state < kLowest || state >= kEnd) is_good_ = false;
    else states_[lane] = state;
  }
}

uint32_t RansDecoder::next_word() {
  if (at_ == end_) {
    is_good_ = false;
    return 0;
  }
  uint32_t word = 0;
  for (size_t i = 0; i < kWord; ++i) word = word << 8 | *at_++;
  return word;
}

uint32_t RansDecoder::take_bits(uint64_t& state, int count) {
  const uint32_t number = static_cast<uint32_t>(state) & (kCounts - 1), value = number >> (kCountBits - count);
  take(state, bits_span(value, count), number);
  return value;
}

int RansDecoder::escaped(uint64_t& state, const SymbolTable& table) {
  const bool is_above = take_bits(state, 1) != 0;
  const int bits = static_cast<int>(take_bits(state, 4));
  const int distance = static_cast<int>(1u << bits | take_bits(state, bits));
  const int symbol = is_above ? table.lowest() + table.symbols() - 1 + distance : table.lowest() - distance;
  if (symbol >= INT16_MIN && symbol <= INT16_MAX) return symbol;
  is_good_ = false;
  return 0;
}

bool RansDecoder::is_at_end() const {
  bool is_start = is_good_ && at_ == end_;
  for (const uint64_t state : states_) is_start = is_start && state == kLowest;
  return is_start;
}

}  // namespace heirloom::entropy

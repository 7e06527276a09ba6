// Symbols to bytes and back: exact for every table, symbol and number of lanes, within 0.1 % + 8 bytes of what the tables allow, and safe with any bytes.
#include "entropy/rans.h"

#include <algorithm>

#include "check_test.h"
#include "entropy/crc32c.h"
#include "entropy/gaussian_tables.h"

using namespace heirloom::entropy;

namespace {

struct Coded {
  const SymbolTable* table;
  int symbol;
};

std::vector<uint8_t> encode(const std::vector<Coded>& all, int lanes) {
  RansEncoder encoder(lanes);
  for (size_t i = all.size(); i > 0; --i)
    encoder.put(static_cast<int64_t>(i) - 1, *all[i - 1].table, all[i - 1].symbol);
  return encoder.finish();
}

// Whether these bytes are those symbols and nothing else.
bool holds(const std::vector<uint8_t>& bytes, const std::vector<Coded>& all, int lanes) {
  RansDecoder decoder(bytes.data(), bytes.size(), lanes);
  bool are_same = true;
  for (size_t i = 0; i < all.size(); ++i)
    are_same = decoder.get(static_cast<int64_t>(i), *all[i].table) == all[i].symbol && are_same;
  return are_same && decoder.is_at_end();
}

// A symbol as often as its table has it; behind the escape, one that is not far.
Coded draw(check::Random& random, const SymbolTable& table) {
  const int entry = table.find(static_cast<uint32_t>(random.below(kCounts)));
  if (entry != table.escape()) return {&table, table.lowest() + entry};
  const int distance = static_cast<int>(1 + random.below(40));
  return {&table, random.below(2) ? table.lowest() - distance : table.lowest() + table.symbols() - 1 + distance};
}

// What the tables allow, in bytes; an escape has its five bits and those that they announce.
double entropy_bytes(const std::vector<Coded>& all) {
  double bits = 0;
  for (const Coded& each : all) {
    const int entry = each.table->entry(each.symbol);
    bits += 16 - std::log2(each.table->span(entry).size);
    if (entry != each.table->escape()) continue;
    const int last = each.table->lowest() + each.table->symbols() - 1;
    const int distance = each.symbol > last ? each.symbol - last : each.table->lowest() - each.symbol;
    bits += 5 + std::floor(std::log2(distance));
  }
  return bits / 8;
}

void expect_small(const std::vector<uint8_t>& bytes, const std::vector<Coded>& all) {
  const double least = entropy_bytes(all);
  if (double(bytes.size()) <= least * 1.001 + 8) return;
  check::failed(__FILE__, __LINE__, std::to_string(bytes.size()) + " bytes, the entropy is " + std::to_string(least));
}

const SymbolTable& gaussian(int index) { return gaussian_tables()[static_cast<size_t>(index)]; }

SymbolTable lopsided() { return {-2, {0, 1, 60000, 60001, 65000, 65535}}; }

}  // namespace

TEST("a count's share of bits is its logarithm") {
  for (uint32_t bits = 0; bits <= 16; ++bits) EXPECT(bits_of(1u << bits) == (16 - bits) << 16);
  for (uint32_t size = 1; size <= 65536; size += 97) EXPECT_NEAR(bits_of(size), (16 - std::log2(size)) * 65536, 2);
}

TEST("CRC-32C is the one of the standard, in pieces too") {
  const std::string digits = "123456789";
  const auto* bytes = reinterpret_cast<const uint8_t*>(digits.data());
  EXPECT(crc32c(bytes, 9) == 0xe3069283u);
  EXPECT(crc32c(bytes + 4, 5, crc32c(bytes, 4)) == 0xe3069283u);
  EXPECT(crc32c(nullptr, 0) == 0);
}

TEST("the Gaussian tables have what the normal distribution has, to a count") {
  for (int i = 0; i < kScales; ++i) {
    const SymbolTable& table = gaussian(i);
    const double deviation = 0.11 * std::pow(64 / 0.11, i / 63.0);
    const auto below = [&](double x) { return std::erfc(-x / deviation / std::sqrt(2.0)) / 2; };
    EXPECT(table.symbols() == 1 - 2 * table.lowest());
    for (int q = 1; q <= -table.lowest(); ++q) {
      const double count = table.span(table.entry(q)).size;
      EXPECT_NEAR(count, std::max(1.0, 65536 * (below(q + 0.5) - below(q - 0.5))), 1.001);
      EXPECT(count == table.span(table.entry(-q)).size);
    }
    EXPECT_NEAR(table.span(table.escape()).size, 65536 * 2 * below(table.lowest() - 0.5), 1);
    EXPECT_NEAR(table.span(table.entry(0)).size, 65536 * (below(0.5) - below(-0.5)), 8);  // 0 pays for the least counts
  }
}

TEST("tables that cannot be are refused") {
  const auto refused = [](int lowest, const std::vector<uint16_t>& starts) {
    return check::error_code([&] { SymbolTable(lowest, starts); }) == "weights-unsupported";
  };
  EXPECT(refused(0, {}));
  EXPECT(refused(0, {0}));
  EXPECT(refused(0, {1, 2}));
  EXPECT(refused(0, {0, 5, 5}));
  EXPECT(refused(0, {0, 5, 4}));
  EXPECT(refused(32767, {0, 5, 9}));
  EXPECT(refused(-32769, {0, 5}));
  EXPECT(!refused(32767, {0, 5}));
  EXPECT(!refused(-32768, {0, 65535}));
}

TEST("every number finds the entry whose span it is in") {
  for (const SymbolTable& table : {gaussian(0), gaussian(20), gaussian(63), lopsided()})
    for (uint32_t number = 0; number < kCounts; ++number) {
      const Span span = table.span(table.find(number));
      EXPECT(span.start <= number && number < span.start + span.size);
    }
}

TEST("a million symbols of all tables come back, in 0.1 % + 8 bytes more than their entropy") {
  check::Random random(1);
  std::vector<Coded> all;
  for (int i = 0; i < 1000000; ++i) all.push_back(draw(random, gaussian(i % kScales)));
  for (const int lanes : {1, kManyLanes}) {
    const std::vector<uint8_t> bytes = encode(all, lanes);
    EXPECT(holds(bytes, all, lanes));
    expect_small(bytes, all);
    uint64_t estimate = 0;
    for (const Coded& each : all) estimate += bits_of_symbol(*each.table, each.symbol);
    EXPECT_NEAR(double(estimate) / 65536 / 8, double(bytes.size()), 0.001 * double(bytes.size()));
  }
}

TEST("short streams of one table keep to the same bound in one lane") {
  check::Random random(2);
  for (int i = 0; i < kScales; ++i)
    for (const int count : {0, 1, 2, 7, 100, 3000}) {
      std::vector<Coded> all;
      for (int n = 0; n < count; ++n) all.push_back(draw(random, gaussian(i)));
      const std::vector<uint8_t> bytes = encode(all, 1);
      EXPECT(holds(bytes, all, 1));
      expect_small(bytes, all);
      const std::vector<uint8_t> many = encode(all, kManyLanes);
      EXPECT(holds(many, all, kManyLanes));
      EXPECT(double(many.size()) <= entropy_bytes(all) * 1.001 + 8 * kManyLanes);
    }
}

TEST("every symbol of 16 bits comes back, whatever the table") {
  for (const SymbolTable& table :
       {gaussian(0), gaussian(63), lopsided(), SymbolTable(-32768, {0, 1}), SymbolTable(32767, {0, 65535})}) {
    std::vector<Coded> all;
    for (int symbol = INT16_MIN; symbol <= INT16_MAX; ++symbol) all.push_back({&table, symbol});
    for (const int lanes : {1, kManyLanes}) EXPECT(holds(encode(all, lanes), all, lanes));
  }
}

TEST("any bytes are read to their end and not beyond; what is not all of the stream is told") {
  check::Random random(3);
  std::vector<Coded> all;
  for (int i = 0; i < 300; ++i) all.push_back(draw(random, gaussian(i % kScales)));
  for (const int lanes : {1, kManyLanes}) {
    const std::vector<uint8_t> whole = encode(all, lanes);
    for (size_t count = 0; count < whole.size(); ++count)
      EXPECT(!holds(std::vector<uint8_t>(whole.begin(), whole.begin() + static_cast<long>(count)), all, lanes));
    for (size_t i = 0; i < whole.size(); ++i)
      for (int bit = 0; bit < 8; ++bit) {
        std::vector<uint8_t> bytes = whole;
        bytes[i] = static_cast<uint8_t>(bytes[i] ^ 1 << bit);
        EXPECT(!holds(bytes, all, lanes));
      }
    std::vector<uint8_t> longer = whole;
    longer.insert(longer.end(), 4, 0);
    EXPECT(!holds(longer, all, lanes));
  }
  for (size_t count = 0; count < 200; ++count) {
    std::vector<uint8_t> bytes(count);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
    for (const int lanes : {1, kManyLanes}) EXPECT(!holds(bytes, all, lanes));
  }
}

TEST_MAIN

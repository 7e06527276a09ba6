// A model of side symbols out of a seed, and tiles that are drawn from its tables: integers only, the same on every machine.
#pragma once
#include <algorithm>
#include <fstream>
#include <iterator>

#include "check_test.h"
#include "entropy/gaussian_tables.h"
#include "entropy/side_coder.h"
#include "weights/sha256.h"

namespace side {

using namespace heirloom::entropy;

inline ScaleLayer layer(check::Random& random, int in, int out, int enlarge, bool is_last) {
  ScaleLayer l;
  l.in = in, l.out = out, l.enlarge = enlarge;
  l.shift = is_last ? 24 : 22;
  for (int i = 0; i < out * 9 * in; ++i) l.weights.push_back(static_cast<int8_t>(random.below(256) - 128));
  for (int i = 0; i < out; ++i) {
    l.bias.push_back(static_cast<int32_t>(random.below(40001) - 10000));
    l.factors.push_back(static_cast<uint16_t>(1 + random.below(65535)));
  }
  return l;
}

inline ScaleNet scale_net(uint64_t seed, int in = 6, int out = 7) {
  check::Random random(seed);
  return ScaleNet({layer(random, in, 11, 1, false), layer(random, 11, 19, 2, false), layer(random, 19, out, 2, true)});
}

// Counts that rise and fall around 0, different for every channel.
inline SymbolTable z_table(check::Random& random) {
  const int lowest = static_cast<int>(-1 - random.below(12)), symbols = static_cast<int>(2 - 2 * lowest);
  std::vector<uint16_t> starts = {0};
  const int64_t left = 60000 / symbols;
  for (int i = 0; i < symbols; ++i) starts.push_back(static_cast<uint16_t>(starts.back() + 1 + random.below(left)));
  return {lowest, starts};
}

inline SideCoder coder(uint64_t seed, int in = 6, int out = 7) {
  check::Random random(seed);
  std::vector<SymbolTable> tables;
  for (int i = 0; i < in; ++i) tables.push_back(z_table(random));
  return {tables, scale_net(seed + 1, in, out)};
}

// As often as the table has it; behind the escape, one that is not far.
inline int16_t draw(check::Random& random, const SymbolTable& table) {
  const int entry = table.find(static_cast<uint32_t>(random.below(kCounts)));
  if (entry != table.escape()) return static_cast<int16_t>(table.lowest() + entry);
  const int distance = static_cast<int>(1 + random.below(300));
  return static_cast<int16_t>(random.below(2) ? table.lowest() - distance
                                              : table.lowest() + table.symbols() - 1 + distance);
}

// tables: those of z that the coder was made of.
inline SideTile tile(check::Random& random, const SideCoder& coder, TileSize size) {
  SideTile t = coder.zeros(size);
  for (int16_t& symbol : t.z) symbol = static_cast<int16_t>(random.below(13) - 6);
  const std::vector<uint8_t> scales = coder.scales().indices(t.z, size.rows, size.columns);
  for (size_t i = 0; i < t.y.size(); ++i) t.y[i] = draw(random, gaussian_tables()[scales[i]]);
  return t;
}

struct Stream {
  std::vector<TileSize> sizes;
  std::vector<SideTile> tiles;
};
// Tiles of several sizes, one of them without anything and one all zeros.
inline Stream stream(uint64_t seed, const SideCoder& coder) {
  check::Random random(seed);
  Stream s;
  s.sizes = {{4, 4}, {0, 0}, {1, 1}, {4, 2}, {2, 3}, {3, 4}};
  for (const TileSize size : s.sizes) s.tiles.push_back(tile(random, coder, size));
  s.tiles[3] = coder.zeros(s.sizes[3]);
  return s;
}

inline bool are_same(const SideTile& a, const SideTile& b) { return a.z == b.z && a.y == b.y; }

inline std::string sha256(const std::vector<SideTile>& tiles) {
  heirloom::Sha256 sum;
  for (const SideTile& t : tiles)
    for (const std::vector<int16_t>* symbols : {&t.z, &t.y})
      for (const int16_t symbol : *symbols) {
        const uint8_t bytes[2] = {static_cast<uint8_t>(symbol), static_cast<uint8_t>(uint16_t(symbol) >> 8)};
        sum.add(bytes, 2);
      }
  return sum.hex();
}

// The stream of coder(7) and stream(8, it). It is made anew only with a new form of the bytes, which older ones then have to be told from.
inline std::vector<uint8_t> golden(const std::string& root) {
  std::ifstream file(root + "/test/fixtures/native/side-tiles.bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
constexpr char kGoldenSymbols[] = "407096d6c0318e2129b4a666e332e70e9d12f6587439b867efe57742bc9a4655";

}  // namespace side

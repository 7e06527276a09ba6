// How many symbols a second the entropy coder writes and reads: one lane and eight of all Gaussian tables in turn, and side symbols in tiles of 256x256 pixels,
// whose tables a net of integers of a likely size chooses (native/src/entropy). Symbols are drawn from their tables, so that they are as long as real ones.
#pragma once
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "check.h"
#include "cpu/threads.h"
#include "entropy/gaussian_tables.h"
#include "entropy/rans.h"
#include "entropy/side_coder.h"

namespace bench_entropy {

using namespace heirloom::entropy;

struct Rate {
  std::string name;
  int threads = 1;
  double written = 0, read = 0;  // 10^6 symbols per second, the best of all rounds
  double bits = 0;  // of a symbol
};

struct Random {
  uint64_t state;
  int64_t below(int64_t n) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<int64_t>(state >> 33) % n;
  }
  int16_t symbol(const SymbolTable& table) {
    const int entry = table.find(static_cast<uint32_t>(below(kCounts)));
    return static_cast<int16_t>(table.lowest() + entry);  // the escape's is the one behind the last
  }
};

// seconds(work): how long it takes.
using Seconds = std::function<double(const std::function<void()>&)>;

inline Rate lanes_rate(int lanes, int rounds, const Seconds& seconds) {
  constexpr int64_t kSymbols = 1 << 20;
  Random random = {1};
  std::vector<const SymbolTable*> tables;
  std::vector<int16_t> symbols;
  for (int64_t i = 0; i < kSymbols; ++i) {
    tables.push_back(&gaussian_tables()[static_cast<size_t>(i % kScales)]);
    symbols.push_back(random.symbol(*tables.back()));
  }
  Rate rate = {lanes == 1 ? "one lane" : "eight lanes"};
  std::vector<uint8_t> bytes;
  for (int round = 0; round < rounds; ++round) {
    rate.written = std::max(rate.written, kSymbols * 1e-6 / seconds([&] {
                                            RansEncoder encoder(lanes);
                                            for (int64_t i = kSymbols; i-- > 0;)
                                              encoder.put(i, *tables[size_t(i)], symbols[size_t(i)]);
                                            bytes = encoder.finish();
                                          }));
    bool are_same = true;
    rate.read = std::max(rate.read, kSymbols * 1e-6 / seconds([&] {
                                      RansDecoder decoder(bytes.data(), bytes.size(), lanes);
                                      for (int64_t i = 0; i < kSymbols; ++i)
                                        are_same &= decoder.get(i, *tables[size_t(i)]) == symbols[size_t(i)];
                                    }));
    CHECK(are_same, "bench: other symbols were read than written");
  }
  rate.bits = 8.0 * double(bytes.size()) / kSymbols;
  return rate;
}

inline ScaleLayer layer(Random& random, int in, int out, int enlarge) {
  ScaleLayer l;
  l.in = in, l.out = out, l.enlarge = enlarge, l.shift = 25;
  for (int i = 0; i < out * 9 * in; ++i) l.weights.push_back(static_cast<int8_t>(random.below(255) - 127));
  for (int i = 0; i < out; ++i) {
    l.bias.push_back(static_cast<int32_t>(random.below(20001)));
    l.factors.push_back(static_cast<uint16_t>(20000 + random.below(20000)));
  }
  return l;
}

inline Rate tiles_rate(int threads, int rounds, const Seconds& seconds) {
  constexpr int kTiles = 6;  // 480p
  Random random = {2};
  const SideCoder coder(std::vector<SymbolTable>(32, gaussian_tables()[30]),
                        ScaleNet({layer(random, 32, 64, 1), layer(random, 64, 64, 2), layer(random, 64, 96, 2)}));
  const std::vector<TileSize> sizes(kTiles, {4, 4});
  std::vector<SideTile> tiles;
  double symbols = 0;
  for (const TileSize size : sizes) {
    tiles.push_back(coder.zeros(size));
    SideTile& tile = tiles.back();
    for (int16_t& symbol : tile.z) symbol = random.symbol(gaussian_tables()[30]);
    const std::vector<uint8_t> indices = coder.scales().indices(tile.z, size.rows, size.columns);
    for (size_t i = 0; i < tile.y.size(); ++i) tile.y[i] = random.symbol(gaussian_tables()[indices[i]]);
    symbols += double(tile.z.size() + tile.y.size());
  }
  heirloom::cpu::Pool pool(threads);
  Rate rate = {"tiles with their scales", threads};
  std::vector<uint8_t> bytes;
  for (int round = 0; round < rounds; ++round) {
    rate.written = std::max(rate.written, symbols * 1e-6 / seconds([&] { bytes = coder.encode(pool, sizes, tiles); }));
    bool is_whole = false;
    rate.read = std::max(rate.read, symbols * 1e-6 / seconds([&] {
                                      is_whole = coder.decode(pool, sizes, bytes.data(), bytes.size()).is_whole;
                                    }));
    CHECK(is_whole, "bench: tiles were not read as they were written");
  }
  rate.bits = 8.0 * double(bytes.size()) / symbols;
  return rate;
}

inline std::vector<Rate> rates(const std::vector<int>& threads, int rounds, const Seconds& seconds) {
  std::vector<Rate> list = {lanes_rate(1, rounds, seconds), lanes_rate(kManyLanes, rounds, seconds)};
  for (const int each : threads) list.push_back(tiles_rate(each, rounds, seconds));
  return list;
}

inline void print(const std::vector<Rate>& rates) {
  for (const Rate& rate : rates)
    std::printf("entropy %-24s %d  %7.1f million symbols written a second, %7.1f read, %.2f bits each\n",
                rate.name.c_str(), rate.threads, rate.written, rate.read, rate.bits);
}

}  // namespace bench_entropy

// Side symbols through the scale net and the coder: the same bytes on every instruction level and number of threads, what is damaged named, the rest exact.
#include "entropy/side_coder.h"

#include "cpu/kernels.h"
#include "cpu/threads.h"
#include "entropy/rescale.h"
#include "side_fixture.h"

using namespace heirloom;
using namespace heirloom::entropy;
using cpu::Pool;
using cpu::Simd;

namespace {

// A layer as it is written down: every place and channel for itself.   x [rows, columns, in], not yet enlarged
std::vector<int> naive(const ScaleLayer& l, const std::vector<int>& x, int rows, int columns, int most) {
  std::vector<int> out;
  const int e = l.enlarge;
  for (int y = 0; y < rows * e; ++y)
    for (int u = 0; u < columns * e; ++u)
      for (int o = 0; o < l.out; ++o) {
        int64_t sum = l.bias[size_t(o)];
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx)
            for (int c = 0; c < l.in; ++c) {
              const int v = y + dy, w = u + dx;
              if (v < 0 || v >= rows * e || w < 0 || w >= columns * e) continue;
              sum += int64_t(l.weights[size_t(((o * 3 + dy + 1) * 3 + dx + 1) * l.in + c)]) *
                     x[size_t((v / e * columns + w / e) * l.in + c)];
            }
        const double exact = std::floor(double(sum) * l.factors[size_t(o)] / std::pow(2.0, l.shift) + 0.5);
        out.push_back(static_cast<int>(std::max(0.0, std::min(double(most), exact))));
      }
  return out;
}

std::vector<uint8_t> naive_indices(const ScaleNet& net, const std::vector<int16_t>& z, int rows, int columns) {
  std::vector<int> x;
  for (const int16_t symbol : z) x.push_back(std::max(-127, std::min(127, int(symbol))));
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const ScaleLayer& l = net.layers()[i];
    x = naive(l, x, rows, columns, i + 1 == net.layers().size() ? 63 : 127);
    rows *= l.enlarge, columns *= l.enlarge;
  }
  return std::vector<uint8_t>(x.begin(), x.end());
}

void on_every_level(const std::function<void()>& body) {
  const Simd before = cpu::simd();
  for (const Simd level : {Simd::portable, Simd::avx2, Simd::avx512})
    if (cpu::simd_available(level)) {
      cpu::use_simd(level);
      body();
    }
  cpu::use_simd(before);
}

std::vector<uint8_t> encoded(const SideCoder& coder, const side::Stream& s, int threads = 1) {
  Pool pool(threads);
  return coder.encode(pool, s.sizes, s.tiles);
}
SideTiles decoded(const SideCoder& coder, const side::Stream& s, const std::vector<uint8_t>& bytes, int threads = 1) {
  Pool pool(threads);
  return coder.decode(pool, s.sizes, bytes.data(), bytes.size());
}

// Every tile is either exact or named; answers which are named.
std::vector<size_t> named(const SideCoder& coder, const side::Stream& s, const std::vector<uint8_t>& bytes) {
  const SideTiles read = decoded(coder, s, bytes);
  std::vector<size_t> bad;
  for (size_t i = 0; i < s.tiles.size(); ++i) {
    const bool is_whole = read.states[i] == TileState::whole;
    EXPECT(side::are_same(read.tiles[i], is_whole ? s.tiles[i] : coder.zeros(s.sizes[i])));
    if (!is_whole) bad.push_back(i);
  }
  EXPECT(read.is_whole == (bytes == encoded(coder, s)));
  return bad;
}

}  // namespace

TEST("the scale net is the sums that it is written as, on every instruction level") {
  on_every_level([] {
    check::Random random(5);
    for (int round = 0; round < 6; ++round) {
      const int in = static_cast<int>(1 + random.below(9)), out = static_cast<int>(1 + random.below(40));
      const ScaleNet net = side::scale_net(100 + uint64_t(round), in, out);
      const int rows = static_cast<int>(1 + random.below(5)), columns = static_cast<int>(1 + random.below(6));
      std::vector<int16_t> z;
      for (int i = 0; i < rows * columns * in; ++i)
        z.push_back(static_cast<int16_t>(random.below(8) ? random.below(41) - 20 : random.below(65536) - 32768));
      const std::vector<uint8_t> found = net.indices(z, rows, columns);
      EXPECT(found == naive_indices(net, z, rows, columns));
      EXPECT(*std::max_element(found.begin(), found.end()) > *std::min_element(found.begin(), found.end()));
    }
  });
}

TEST("a half is rounded up, and what is beyond the tables is kept at their ends") {
  EXPECT(rescaled(1, 1, 1, 63) == 1 && rescaled(3, 1, 2, 63) == 1 && rescaled(1, 1, 2, 63) == 0);
  EXPECT(rescaled(-1, 1, 1, 63) == 0 && rescaled(-5, 1, 1, 63) == 0 && rescaled(INT32_MIN, 65535, 1, 63) == 0);
  EXPECT(rescaled(INT32_MAX, 65535, 1, 63) == 63 && rescaled(INT32_MAX, 65535, 40, 127) == 127);
}

TEST("a net whose layers do not fit, or whose sums could leave 32 bits, is refused") {
  check::Random random(1);
  const auto refused = [](std::vector<ScaleLayer> layers) {
    return check::error_code([&] { ScaleNet net(std::move(layers)); }) == "weights-unsupported";
  };
  const ScaleLayer good = side::layer(random, 3, 4, 2, true);
  EXPECT(!refused({good}));
  EXPECT(refused({}));
  EXPECT(refused({good, good}));
  for (const int which : {0, 1, 2, 3, 4, 5, 6}) {
    ScaleLayer bad = good;
    if (which == 0) bad.shift = 0;
    if (which == 1) bad.enlarge = 3;
    if (which == 2) bad.weights.pop_back();
    if (which == 3) bad.bias.pop_back();
    if (which == 4) bad.bias[1] = INT32_MAX;
    if (which == 5) bad.bias[1] = INT32_MIN;
    if (which == 6) bad.in = 0;
    EXPECT(refused({bad}));
  }
  EXPECT(check::error_code([] { SideCoder({SymbolTable(0, {0, 9})}, side::scale_net(1, 2)); }) ==
         "weights-unsupported");
}

TEST("symbols and bytes are the same on every instruction level and number of threads, and those of the golden file") {
  const std::vector<uint8_t> file = side::golden(HL_ROOT);
  EXPECT(file.size() > 1000);
  on_every_level([&] {
    const SideCoder coder = side::coder(7);
    const side::Stream s = side::stream(8, coder);
    EXPECT(side::sha256(s.tiles) == side::kGoldenSymbols);
    for (const int threads : {1, 4}) {
      EXPECT(encoded(coder, s, threads) == file);
      const SideTiles read = decoded(coder, s, file, threads);
      EXPECT(read.is_whole && side::sha256(read.tiles) == side::kGoldenSymbols);
    }
  });
}

TEST("whichever byte is changed, the tile that it is in is named and every other one exact") {
  const SideCoder coder = side::coder(7);
  const side::Stream s = side::stream(8, coder);
  const std::vector<uint8_t> whole = encoded(coder, s);
  EXPECT(named(coder, s, whole).empty());
  const size_t index = 4 + 1 + 2 * 2 + 3 * 1 + 1;  // checksum; lengths of one to two bytes
  std::vector<int> hits(s.tiles.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    std::vector<uint8_t> bytes = whole;
    bytes[i] = static_cast<uint8_t>(bytes[i] ^ (1 << i % 8));
    const std::vector<size_t> bad = named(coder, s, bytes);
    EXPECT(bad.size() <= 1);
    for (const size_t tile : bad) ++hits[tile];
    if (i < 8 || i + 8 >= whole.size()) EXPECT(bad.empty());  // one index is enough
  }
  for (size_t i = 0; i < hits.size(); ++i) EXPECT((hits[i] > 0) == !(i == 1 || i == 3));
  EXPECT(whole.size() > index);
}

TEST("what is cut off at the end is named, tiles before it are exact; bytes at the end change nothing") {
  const SideCoder coder = side::coder(7);
  const side::Stream s = side::stream(8, coder);
  const std::vector<uint8_t> whole = encoded(coder, s);
  size_t before = s.tiles.size();
  for (size_t count = 0; count < whole.size(); ++count) {
    std::vector<uint8_t> bytes = whole;
    bytes.resize(count);
    const size_t bad = named(coder, s, bytes).size();
    EXPECT(bad <= before);
    before = bad;
  }
  EXPECT(before == 0);  // only the second index was not all there
  std::vector<uint8_t> longer = whole;
  longer.push_back(0);
  EXPECT(named(coder, s, longer).empty());
}

TEST("bytes whose checksums hold and that no coder wrote are told, tile by tile") {
  const SideCoder coder = side::coder(7);
  const side::Stream s = side::stream(8, coder);
  check::Random random(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<TileBytes> tiles;
    for (size_t i = 0; i < s.tiles.size(); ++i) {
      std::vector<uint8_t> bytes(static_cast<size_t>(random.below(90)));
      for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.below(5) ? random.next() : 0);
      tiles.push_back({bytes, random.below(2) ? 8 : 1});
    }
    const SideTiles read = decoded(coder, s, join_tiles(tiles));
    EXPECT(!read.is_whole);
    for (size_t i = 0; i < s.tiles.size(); ++i)
      EXPECT((read.states[i] == TileState::unreadable) == !tiles[i].bytes.empty());
  }
}

TEST("a stream of no tiles, tiles of nothing and zeros come back, and take next to nothing") {
  const SideCoder coder = side::coder(7);
  side::Stream s;
  EXPECT(encoded(coder, s).size() == 8 && named(coder, s, encoded(coder, s)).empty());
  s.sizes = {{0, 4}, {4, 4}, {0, 0}};
  for (const TileSize size : s.sizes) s.tiles.push_back(coder.zeros(size));
  EXPECT(encoded(coder, s).size() == 8 + 2 * 3 && named(coder, s, encoded(coder, s)).empty());
  s.tiles[1].y[3] = 1;
  EXPECT(named(coder, s, encoded(coder, s)).empty());
}

TEST("sizes are estimated to 1 % where there are 4 kB of them, in one lane and in eight") {
  const SideCoder coder = side::coder(9);
  check::Random random(10);
  for (const int side : {14, 16, 80}) {
    side::Stream s;
    s.sizes = {{side, side}};
    s.tiles = {side::tile(random, coder, s.sizes[0])};
    const std::vector<uint8_t> bytes = encoded(coder, s);
    EXPECT(bytes.size() > 4000 && (bytes.size() > 80000) == (side == 80));
    EXPECT_NEAR(double(coder.estimated_bytes(s.sizes[0], s.tiles[0]) + 8), double(bytes.size()),
                0.01 * double(bytes.size()));
    EXPECT(named(coder, s, bytes).empty());
  }
}

TEST_MAIN

#include "entropy/side_coder.h"

#include <algorithm>

#include "check.h"
#include "cpu/threads.h"
#include "entropy/gaussian_tables.h"
#include "entropy/rans.h"

namespace heirloom::entropy {

namespace {

constexpr int kMostSide = 256;
// From here on the states of eight lanes, at most 63 bytes too many, are less than a thousandth.
constexpr size_t kManyLanesBytes = size_t{64} << 10;

void check_size(TileSize size) {
  CHECK(size.rows >= 0 && size.rows <= kMostSide && size.columns >= 0 && size.columns <= kMostSide,
        "SideCoder: a tile of " + str(size.rows) + "x" + str(size.columns));
}

bool is_zero(const std::vector<int16_t>& symbols) {
  return std::all_of(symbols.begin(), symbols.end(), [](int16_t symbol) { return symbol == 0; });
}

size_t number_bytes(size_t number) {
  size_t bytes = 1;
  for (; number >> 7 != 0; number >>= 7) ++bytes;
  return bytes;
}

}  // namespace

SideCoder::SideCoder(std::vector<SymbolTable> z, ScaleNet scales) : z_(std::move(z)), scales_(std::move(scales)) {
  CHECK_AS(
      "weights-unsupported", static_cast<int>(z_.size()) == scales_.in(),
      "There are tables for " + str(z_.size()) + " channels, and scales are found out of " + str(scales_.in()) + ".");
}

SideTile SideCoder::zeros(TileSize size) const {
  check_size(size);
  const size_t places = size_t(size.rows) * size_t(size.columns),
               enlarged = places * size_t(scales_.enlargement()) * size_t(scales_.enlargement());
  return {std::vector<int16_t>(places * z_.size()), std::vector<int16_t>(enlarged * size_t(scales_.out()))};
}

void SideCoder::check_tile(TileSize size, const SideTile& tile) const {
  const SideTile wanted = zeros(size);
  CHECK(tile.z.size() == wanted.z.size() && tile.y.size() == wanted.y.size(),
        "SideCoder: " + str(tile.z.size()) + " and " + str(tile.y.size()) + " symbols in a tile of " + str(size.rows) +
            "x" + str(size.columns));
}

std::vector<uint8_t> SideCoder::indices_of(const ScaleIndices& indices, const std::vector<int16_t>& z,
                                           TileSize size) const {
  if (!indices) return scales_.indices(z, size.rows, size.columns);
  const std::vector<uint8_t> found = indices(z, size);
  CHECK(found.size() == zeros(size).y.size() &&
            std::all_of(found.begin(), found.end(), [](uint8_t index) { return index < kScales; }),
        "SideCoder: the scales of a tile are not 0 to 63 for each of its symbols");
  return found;
}

uint64_t SideCoder::bits(const SideTile& tile, const std::vector<uint8_t>& indices) const {
  uint64_t sum = 0;
  for (size_t i = 0; i < tile.z.size(); ++i) sum += bits_of_symbol(z_[i % z_.size()], tile.z[i]);
  for (size_t i = 0; i < tile.y.size(); ++i) sum += bits_of_symbol(gaussian_tables()[indices[i]], tile.y[i]);
  return sum;
}

size_t SideCoder::estimated_bytes(TileSize size, const SideTile& tile) const {
  check_tile(size, tile);
  if (is_zero(tile.z) && is_zero(tile.y)) return 2;
  const size_t symbols = static_cast<size_t>(bits(tile, scales_.indices(tile.z, size.rows, size.columns)) >> 19),
               states = symbols >= kManyLanesBytes ? 6 * kManyLanes : 5, checksum = 4;
  return symbols + states + checksum + 2 * number_bytes(2 * (symbols + states));
}

TileBytes SideCoder::encode_tile(TileSize size, const SideTile& tile, const ScaleIndices& indices) const {
  check_tile(size, tile);
  if (is_zero(tile.z) && is_zero(tile.y)) return {};
  const std::vector<uint8_t> scale = indices_of(indices, tile.z, size);
  const int lanes = bits(tile, scale) >> 19 >= kManyLanesBytes ? kManyLanes : 1;
  RansEncoder encoder(lanes);
  const int64_t first = static_cast<int64_t>(tile.z.size());
  for (size_t i = tile.y.size(); i-- > 0;)
    encoder.put(first + static_cast<int64_t>(i), gaussian_tables()[scale[i]], tile.y[i]);
  for (size_t i = tile.z.size(); i-- > 0;) encoder.put(static_cast<int64_t>(i), z_[i % z_.size()], tile.z[i]);
  return {encoder.finish(), lanes};
}

bool SideCoder::decode_tile(const TilePlace& place, TileSize size, const ScaleIndices& indices, SideTile& tile) const {
  if (place.count == 0) return true;
  RansDecoder decoder(place.bytes, place.count, place.lanes);
  for (size_t i = 0; i < tile.z.size() && decoder.is_good(); ++i)
    tile.z[i] = static_cast<int16_t>(decoder.get(static_cast<int64_t>(i), z_[i % z_.size()]));
  if (!decoder.is_good()) return false;
  const std::vector<uint8_t> scale = indices_of(indices, tile.z, size);
  const int64_t first = static_cast<int64_t>(tile.z.size());
  for (size_t i = 0; i < tile.y.size() && decoder.is_good(); ++i)
    tile.y[i] = static_cast<int16_t>(decoder.get(first + static_cast<int64_t>(i), gaussian_tables()[scale[i]]));
  return decoder.is_at_end();
}

std::vector<uint8_t> SideCoder::encode(cpu::Pool& pool, const std::vector<TileSize>& sizes,
                                       const std::vector<SideTile>& tiles, const ScaleIndices& indices) const {
  CHECK(sizes.size() == tiles.size(), "SideCoder: sizes of " + str(sizes.size()) + " tiles, and " + str(tiles.size()));
  std::vector<TileBytes> coded(tiles.size());
  pool.parallel_for(static_cast<int64_t>(tiles.size()), [&](int64_t i) {
    const size_t at = static_cast<size_t>(i);
    coded[at] = encode_tile(sizes[at], tiles[at], indices);
  });
  return join_tiles(coded);
}

SideTiles SideCoder::decode(cpu::Pool& pool, const std::vector<TileSize>& sizes, const uint8_t* bytes, size_t count,
                            const ScaleIndices& indices) const {
  const TilePlaces places = find_tiles(bytes, count, sizes.size());
  SideTiles read;
  read.tiles.resize(sizes.size());
  read.states.resize(sizes.size());
  pool.parallel_for(static_cast<int64_t>(sizes.size()), [&](int64_t i) {
    const size_t at = static_cast<size_t>(i);
    read.tiles[at] = zeros(sizes[at]);
    read.states[at] = places.tiles[at].state;
    if (read.states[at] != TileState::whole) return;
    if (decode_tile(places.tiles[at], sizes[at], indices, read.tiles[at])) return;
    read.tiles[at] = zeros(sizes[at]);
    read.states[at] = TileState::unreadable;
  });
  read.is_whole = places.is_whole;
  for (const TileState state : read.states) read.is_whole = read.is_whole && state == TileState::whole;
  return read;
}

std::vector<uint8_t> SideCoder::encode(int threads, const std::atomic<bool>* cancelled,
                                       const std::vector<TileSize>& sizes, const std::vector<SideTile>& tiles) const {
  cpu::Pool pool(threads);
  pool.watch(cancelled);
  return encode(pool, sizes, tiles);
}

SideTiles SideCoder::decode(int threads, const std::atomic<bool>* cancelled, const std::vector<TileSize>& sizes,
                            const uint8_t* bytes, size_t count, const ScaleIndices& indices) const {
  cpu::Pool pool(threads);
  pool.watch(cancelled);
  return decode(pool, sizes, bytes, count, indices);
}

}  // namespace heirloom::entropy

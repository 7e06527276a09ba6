#include "entropy/tile_stream.h"

#include <algorithm>

#include "check.h"
#include "entropy/crc32c.h"

namespace heirloom::entropy {

namespace {

constexpr size_t kChecksum = 4, kMostTileBytes = size_t{1} << 27;
constexpr int kMostNumberBytes = 4;

void add_checksum(std::vector<uint8_t>& bytes, uint32_t checksum) {
  for (size_t i = kChecksum; i > 0; --i) bytes.push_back(static_cast<uint8_t>(checksum >> 8 * (i - 1)));
}
uint32_t read_checksum(const uint8_t* bytes) {
  uint32_t checksum = 0;
  for (size_t i = 0; i < kChecksum; ++i) checksum = checksum << 8 | bytes[i];
  return checksum;
}

uint32_t tile_checksum(size_t tile, const uint8_t* bytes, size_t count) {
  const uint8_t number[4] = {static_cast<uint8_t>(tile >> 24), static_cast<uint8_t>(tile >> 16),
                             static_cast<uint8_t>(tile >> 8), static_cast<uint8_t>(tile)};
  return crc32c(bytes, count, crc32c(number, sizeof number));
}

struct Index {
  std::vector<uint32_t> numbers;  // of each tile: 2 * bytes + (1 if eight lanes)
  size_t size = 0;  // in bytes
};

// step 1: read forwards from `at`; -1: backwards. False where it is no index.
bool read_index(const uint8_t* bytes, size_t count, int step, size_t tiles, Index& index) {
  std::vector<uint8_t> read;
  const auto next = [&](uint8_t& byte) {
    if (read.size() == count) return false;
    byte = bytes[step > 0 ? read.size() : count - 1 - read.size()];
    read.push_back(byte);
    return true;
  };
  for (size_t tile = 0; tile < tiles; ++tile) {
    uint32_t number = 0;
    uint8_t byte = 0x80;
    for (int i = 0; byte & 0x80; ++i) {
      if (i == kMostNumberBytes || !next(byte)) return false;
      number |= uint32_t(byte & 0x7f) << 7 * i;
    }
    index.numbers.push_back(number);
  }
  const uint32_t checksum = crc32c(read.data(), read.size());
  uint8_t byte = 0;
  for (size_t i = 0; i < kChecksum; ++i)
    if (!next(byte)) return false;
  index.size = read.size();
  return read_checksum(read.data() + read.size() - kChecksum) == checksum;
}

// Of the tile whose bytes begin behind `at`; goes on to the next one.
TilePlace place_tile(const uint8_t* bytes, size_t count, size_t tile, uint32_t number, size_t& at) {
  TilePlace place;
  place.lanes = number & 1 ? 8 : 1;
  place.count = number >> 1;
  if (place.count == 0) return place;
  if (count - at < kChecksum + place.count) {
    place.state = TileState::cut_off;
    at = count;
    return place;
  }
  place.bytes = bytes + at + kChecksum;
  if (read_checksum(bytes + at) != tile_checksum(tile, place.bytes, place.count)) place.state = TileState::changed;
  at += kChecksum + place.count;
  return place;
}

}  // namespace

std::vector<uint8_t> join_tiles(const std::vector<TileBytes>& tiles) {
  std::vector<uint8_t> index, bytes;
  for (const TileBytes& tile : tiles) {
    CHECK(tile.bytes.size() < kMostTileBytes, "join_tiles: a tile of " + str(tile.bytes.size()) + " bytes");
    uint32_t number = 2 * static_cast<uint32_t>(tile.bytes.size()) + (tile.lanes > 1);
    for (; number >> 7 != 0; number >>= 7) index.push_back(static_cast<uint8_t>(number | 0x80));
    index.push_back(static_cast<uint8_t>(number));
  }
  add_checksum(index, crc32c(index.data(), index.size()));
  bytes = index;
  for (size_t i = 0; i < tiles.size(); ++i) {
    const std::vector<uint8_t>& own = tiles[i].bytes;
    if (own.empty()) continue;
    add_checksum(bytes, tile_checksum(i, own.data(), own.size()));
    bytes.insert(bytes.end(), own.begin(), own.end());
  }
  bytes.insert(bytes.end(), index.rbegin(), index.rend());
  return bytes;
}

TilePlaces find_tiles(const uint8_t* bytes, size_t count, size_t tiles) {
  TilePlaces places;
  Index first, last;
  const bool has_first = read_index(bytes, count, 1, tiles, first);
  const bool has_last = read_index(bytes, count, -1, tiles, last);
  const Index& index = has_first ? first : last;
  if (!has_first && !has_last) {
    places.tiles.resize(tiles);
    for (TilePlace& place : places.tiles) place.state = TileState::lost;
    places.is_whole = false;
    return places;
  }
  size_t at = std::min(index.size, count);
  for (size_t tile = 0; tile < tiles; ++tile) {
    places.tiles.push_back(place_tile(bytes, count, tile, index.numbers[tile], at));
    places.is_whole = places.is_whole && places.tiles.back().state == TileState::whole;
  }
  places.is_whole =
      places.is_whole && has_first && has_last && first.numbers == last.numbers && at + last.size == count;
  return places;
}

}  // namespace heirloom::entropy

// Tiles in one run of bytes, so that damage stays where it is: an index of lengths at either end, the second one backwards, and before each tile's bytes
// a CRC-32C of them and of the tile's number. Whatever one changed byte hits, every other tile is found and known to be whole.
//   index      per tile 7 bits a byte, the lowest first: 2 * bytes + (1 if eight lanes), then CRC-32C of that
//   tile       CRC-32C of its number (4 bytes) and its bytes, its bytes; nothing at all where a tile has none
// Checksums and numbers of 4 bytes are big-endian, as in all of a Keepsake's part of a file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heirloom::entropy {

struct TileBytes {
  std::vector<uint8_t> bytes;  // less than 2^27
  int lanes = 1;
};
std::vector<uint8_t> join_tiles(const std::vector<TileBytes>& tiles);

enum class TileState {
  whole,
  changed,  // its checksum is another one
  cut_off,  // the bytes end before it does
  lost,  // neither index can be read
  unreadable  // its checksum holds, and yet these are no symbols: nothing that was written by a coder
};

struct TilePlace {
  const uint8_t* bytes = nullptr;  // of a tile that is whole
  size_t count = 0;
  int lanes = 1;
  TileState state = TileState::whole;
};
struct TilePlaces {
  std::vector<TilePlace> tiles;
  bool is_whole = true;  // every byte is as it was written, those of both indices too
};
// Where each of so many tiles lies within any bytes.
TilePlaces find_tiles(const uint8_t* bytes, size_t count, size_t tiles);

}  // namespace heirloom::entropy

// The symbols that a Keepsake's model sends beside the picture, as bytes: z, each channel with a table of its own, and y, each symbol with one of the 64
// Gaussian tables, which the scale net chooses out of z alone. The means that the symbols are differences from stay outside and may be floats: nothing is
// decoded by them. Tiles are coded for themselves, on any number of threads, to the same bytes (docs/KEEPSAKE.md).
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "entropy/scale_net.h"
#include "entropy/symbol_table.h"
#include "entropy/tile_stream.h"

namespace heirloom::cpu {
class Pool;
}

namespace heirloom::entropy {

struct TileSize {
  int rows = 0, columns = 0;  // of z, 0..256
};
struct SideTile {
  std::vector<int16_t> z;  // [rows, columns, z channels]
  std::vector<int16_t> y;  // [rows * e, columns * e, y channels], e the enlargement of the scale net
};

struct SideTiles {
  std::vector<SideTile> tiles;  // zeros where a tile could not be read
  std::vector<TileState> states;  // of each tile
  bool is_whole = true;  // all of them, and every byte between them
};

// Which table each y symbol has, by z: ScaleNet::indices, or the same on another device.
using ScaleIndices = std::function<std::vector<uint8_t>(const std::vector<int16_t>& z, TileSize size)>;

class SideCoder {
 public:
  // z: of every channel that the scale net reads. Throws weights-unsupported where they do not fit together.
  SideCoder(std::vector<SymbolTable> z, ScaleNet scales);

  const ScaleNet& scales() const { return scales_; }
  SideTile zeros(TileSize size) const;
  // A tile that is all zeros takes no bytes beside its place in the index.
  std::vector<uint8_t> encode(cpu::Pool& pool, const std::vector<TileSize>& sizes, const std::vector<SideTile>& tiles,
                              const ScaleIndices& indices = {}) const;
  // sizes: as they were encoded. Any bytes may be given: what is not whole is told, tile by tile.
  SideTiles decode(cpu::Pool& pool, const std::vector<TileSize>& sizes, const uint8_t* bytes, size_t count,
                   const ScaleIndices& indices = {}) const;
  // The same with threads of their own, for those who may not see cpu/. threads 0: all cores; cancelled may be null.
  std::vector<uint8_t> encode(int threads, const std::atomic<bool>* cancelled, const std::vector<TileSize>& sizes,
                              const std::vector<SideTile>& tiles) const;
  SideTiles decode(int threads, const std::atomic<bool>* cancelled, const std::vector<TileSize>& sizes,
                   const uint8_t* bytes, size_t count, const ScaleIndices& indices = {}) const;
  // Bytes that a tile will take in a stream, without encoding it: the sum of its symbols' -log2 p in 1/65536 bit, and what surrounds them.
  size_t estimated_bytes(TileSize size, const SideTile& tile) const;

 private:
  std::vector<uint8_t> indices_of(const ScaleIndices& indices, const std::vector<int16_t>& z, TileSize size) const;
  uint64_t bits(const SideTile& tile, const std::vector<uint8_t>& indices) const;
  TileBytes encode_tile(TileSize size, const SideTile& tile, const ScaleIndices& indices) const;
  bool decode_tile(const TilePlace& place, TileSize size, const ScaleIndices& indices, SideTile& tile) const;
  void check_tile(TileSize size, const SideTile& tile) const;

  std::vector<SymbolTable> z_;
  ScaleNet scales_;
};

}  // namespace heirloom::entropy

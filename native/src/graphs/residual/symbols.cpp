#include "graphs/residual/symbols.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "check.h"
#include "graphs/residual/config.h"

namespace heirloom {
namespace {

constexpr int64_t kTile = ResidualConfig::kTile, kEnlarged = ResidualConfig::kAlign / ResidualConfig::kLatent;

// body(symbol of the tile, number of the map) for each symbol of the tile at this row and column.   tile: of a map's positions, from a corner on
template <class Body>
void each_symbol(int64_t top, int64_t left, int64_t rows, int64_t columns, int64_t width, int64_t channels,
                 Body&& body) {
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t i = 0; i < columns * channels; ++i)
      body(static_cast<size_t>(y * columns * channels + i), ((top + y) * width + left) * channels + i);
}

// body(tile, its corner in z) for each tile.
template <class Body>
void each_tile(int64_t rows, int64_t columns, Body&& body) {
  size_t tile = 0;
  for (int64_t y = 0; y < rows; y += kTile)
    for (int64_t x = 0; x < columns; x += kTile) body(tile++, y, x);
}

}  // namespace

std::vector<entropy::TileSize> symbol_tiles(int64_t rows, int64_t columns) {
  std::vector<entropy::TileSize> sizes;
  each_tile(rows, columns, [&](size_t, int64_t y, int64_t x) {
    sizes.push_back({static_cast<int>(std::min(kTile, rows - y)), static_cast<int>(std::min(kTile, columns - x))});
  });
  return sizes;
}

Tensor as_symbols(const Tensor& x) {
  Tensor out = Tensor::heap(x.shape);
  for (int64_t i = 0; i < x.count(); ++i) {
    const float value = x.data()[i];
    CHECK_AS("weights-unsupported", std::isfinite(value),
             "The model makes of this picture what is no number. Get the model again.");
    out.data()[i] = std::clamp(std::floor(value + 0.5f), float(INT16_MIN), float(INT16_MAX));
  }
  return out;
}

std::vector<entropy::SideTile> into_tiles(const Tensor& z, const Tensor& y) {
  const std::vector<entropy::TileSize> sizes = symbol_tiles(z.shape[0], z.shape[1]);
  std::vector<entropy::SideTile> tiles(sizes.size());
  const auto take = [](const Tensor& map, int64_t top, int64_t left, int64_t rows, int64_t columns) {
    std::vector<int16_t> symbols(static_cast<size_t>(rows * columns * map.channels()));
    each_symbol(top, left, rows, columns, map.shape[1], map.channels(),
                [&](size_t symbol, int64_t at) { symbols[symbol] = static_cast<int16_t>(map.data()[at]); });
    return symbols;
  };
  each_tile(z.shape[0], z.shape[1], [&](size_t tile, int64_t top, int64_t left) {
    const int64_t rows = sizes[tile].rows, columns = sizes[tile].columns;
    tiles[tile] = {take(z, top, left, rows, columns),
                   take(y, kEnlarged * top, kEnlarged * left, kEnlarged * rows, kEnlarged * columns)};
  });
  return tiles;
}

Symbols from_tiles(const std::vector<entropy::SideTile>& tiles, int64_t rows, int64_t columns, int64_t hyper,
                   int64_t latent) {
  const std::vector<entropy::TileSize> sizes = symbol_tiles(rows, columns);
  Symbols symbols = {Tensor::heap({rows, columns, hyper}),
                     Tensor::heap({kEnlarged * rows, kEnlarged * columns, latent})};
  each_tile(rows, columns, [&](size_t tile, int64_t top, int64_t left) {
    const int64_t h = sizes[tile].rows, w = sizes[tile].columns;
    each_symbol(top, left, h, w, columns, hyper,
                [&](size_t symbol, int64_t at) { symbols.z.data()[at] = tiles[tile].z[symbol]; });
    each_symbol(kEnlarged * top, kEnlarged * left, kEnlarged * h, kEnlarged * w, kEnlarged * columns, latent,
                [&](size_t symbol, int64_t at) { symbols.y.data()[at] = tiles[tile].y[symbol]; });
  });
  return symbols;
}

void check_written(const entropy::SideCoder& coder, const std::vector<entropy::TileSize>& sizes,
                   const std::vector<entropy::SideTile>& tiles, const std::vector<uint8_t>& bytes, int threads,
                   const std::atomic<bool>* cancelled) {
  const entropy::ScaleIndices portable = [&](const std::vector<int16_t>& z, entropy::TileSize size) {
    return coder.scales().portable_indices(z, size.rows, size.columns);
  };
  const entropy::SideTiles read = coder.decode(threads, cancelled, sizes, bytes.data(), bytes.size(), portable);
  bool is_same = read.is_whole && read.tiles.size() == tiles.size();
  for (size_t i = 0; is_same && i < tiles.size(); ++i)
    is_same = read.tiles[i].z == tiles[i].z && read.tiles[i].y == tiles[i].y;
  CHECK(is_same, "The written picture, read again, is not what was written. Nothing was kept; try again.");
}

}  // namespace heirloom

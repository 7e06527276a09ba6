// Where things lie in the attention kernels: pure functions of integers, shared by the kernels and the host's tests.
#pragma once
#include <cstdint>

#include "cuda/platform.h"

namespace heirloom::HL_CUDA {

// ---- tiles of 16-bit rows for mma.sync ----
// A tile is [keys, kHead], cut into pieces of 16 bytes. The pieces of a row change places with the row, so that the eight rows that one
// quarter of an ldmatrix reads lie in eight different groups of four banks.

template <int kHead>
__host__ __device__ constexpr int pieces_of_row() { return kHead * 2 / 16; }

// Byte offset of piece `piece` of row `row`.
template <int kHead>
__host__ __device__ constexpr int tile_offset(int row, int piece) {
  constexpr int kPieces = pieces_of_row<kHead>(), kMask = (kPieces < 8 ? kPieces : 8) - 1, kRowsPerTurn = kPieces < 8 ? 8 / kPieces : 1;
  return (row * kPieces + (piece ^ (row / kRowsPerTurn & kMask))) * 16;
}

// What lane `lane` points ldmatrix.x4 at, within 16 keys and 16 channels. Keys: two fragments [16 channels, 8 keys], one after the other
// along the keys. Values (transposed): two fragments [16 keys, 8 channels], one after the other along the channels.
__host__ __device__ constexpr int key_row(int lane) { return lane % 8 + lane / 16 * 8; }
__host__ __device__ constexpr int key_piece(int lane) { return lane / 8 % 2; }
__host__ __device__ constexpr int value_row(int lane) { return lane % 16; }
__host__ __device__ constexpr int value_piece(int lane) { return lane / 16; }

}  // namespace heirloom::HL_CUDA

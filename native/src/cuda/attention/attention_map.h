// Where things lie in the attention kernels: pure functions of integers, shared by the kernels and the host's tests.
#pragma once
#include <cstdint>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

// ---- tiles of 16-bit rows for mma.sync ----
// A tile is [keys, kHead], cut into pieces of 16 bytes. The pieces of a row change places with the row, so that the eight rows that one
// quarter of an ldmatrix reads lie in eight different groups of four banks.

template <int kHead>
__host__ __device__ constexpr int pieces_of_row() {
  return kHead * 2 / 16;
}

// Byte offset of piece `piece` of row `row`.
template <int kHead>
__host__ __device__ constexpr int tile_offset(int row, int piece) {
  constexpr int kPieces = pieces_of_row<kHead>(), kMask = (kPieces < 8 ? kPieces : 8) - 1,
                kRowsPerTurn = kPieces < 8 ? 8 / kPieces : 1;
  return (row * kPieces + (piece ^ (row / kRowsPerTurn & kMask))) * 16;
}

// What lane `lane` points ldmatrix.x4 at, within 16 keys and 16 channels. Keys: two fragments [16 channels, 8 keys], one after the other
// along the keys. Values (transposed): two fragments [16 keys, 8 channels], one after the other along the channels.
__host__ __device__ constexpr int key_row(int lane) { return lane % 8 + lane / 16 * 8; }
__host__ __device__ constexpr int key_piece(int lane) { return lane / 8 % 2; }
__host__ __device__ constexpr int value_row(int lane) { return lane % 16; }
__host__ __device__ constexpr int value_piece(int lane) { return lane / 16; }

// ---- tiles for wgmma ----
// 128 keys of a head of 128 lie as two halves of 64 channels, each 128 rows of 128 bytes in the 128-byte swizzle, as the tensor copy engine
// delivers boxes. Queries and keys are read along the channels (gemm_map.h's wgmma_descriptor), values across: their columns are channels.

constexpr int kHalfBytes = 128 * 128;                 // of a tile: 64 channels of 128 keys

// The matrix descriptor of sixteen rows of values, 128 channels wide: bits 0..13 address / 16, 16..29 the way to the next 64 columns / 16,
// 32..45 the way to the next eight rows / 16, 62..63 the 128-byte swizzle.
__host__ __device__ constexpr uint64_t values_descriptor(uint32_t shared_address) {
  return uint64_t((shared_address & 0x3FFFF) >> 4) | uint64_t(kHalfBytes >> 4) << 16 | uint64_t(1024 >> 4) << 32 |
         uint64_t(1) << 62;
}
// Bytes from a tile's start to its step of sixteen channels (queries, keys) or sixteen keys (values).
__host__ __device__ constexpr int channel_step(int i) { return i / 4 * kHalfBytes + i % 4 * 32; }
__host__ __device__ constexpr int key_step(int i) { return i * 16 * 128; }

}  // namespace heirloom::HL_CUDA

// Where everything lies in the product kernels: shared memory swizzles, fragments, tile schedules, Hopper's descriptors. Pure functions of
// integers, shared by the kernels and the host's exhaustive tests (test/native/gemm_map_test.cpp).
#pragma once
#include <cstdint>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

// ---- mma.sync: rows of 64 bytes, four pieces of 16 --------------------------------------------------------------

// The place, in pieces, of piece p of row r. Eight rows of one column of pieces lie in eight different bank groups, so ldmatrix never waits.
__host__ __device__ constexpr int swizzle64(int row, int piece) { return row * 4 + (piece ^ ((row >> 1) & 3)); }

// What each lane gives ldmatrix.x4 for a 16 x 32 byte block. Left operand: rows of A; right operand: 16 rows of W, two n8 fragments.
__host__ __device__ constexpr int left_row(int lane) { return lane % 16; }
__host__ __device__ constexpr int left_piece(int lane) { return lane / 16; }
__host__ __device__ constexpr int right_row(int lane) { return lane % 8 + lane / 16 * 8; }
__host__ __device__ constexpr int right_piece(int lane) { return lane / 8 % 2; }

// The sums of one m16n8 fragment that a lane holds, i = 0..3. wgmma's are the same per warp: 16 rows, one fragment after the other along N.
__host__ __device__ constexpr int sum_row(int lane, int i) { return lane / 4 + i / 2 * 8; }
__host__ __device__ constexpr int sum_column(int lane, int i) { return lane % 4 * 2 + i % 2; }

// ---- schedules ---------------------------------------------------------------------------------------------------

struct Spot {
  int m, n;  // in tiles
};
// Tiles in the order they run: bands of eight tiles down, so that blocks at work at the same time share rows of A and of W in L2.
__host__ __device__ constexpr Spot spot(int tile, int down, int across) {
  constexpr int kBand = 8;
  const int band = tile / (kBand * across), first = band * kBand;
  const int high = down - first < kBand ? down - first : kBand;
  const int within = tile - band * kBand * across;
  return {first + within % high, within / high};
}

// Steps [first, first + count) of K that part `split` of `splits` sums.
__host__ __device__ constexpr int split_first(int steps, int splits, int split) {
  return int(int64_t(steps) * split / splits);
}

// Along K into how many parts a product is cut, `slots` blocks running at once. Whole waves of blocks cost steps / splits each; handing over
// and adding up the parts costs about kOverhead steps more (on paper: the sums are written and read once, a step reads as much).
constexpr int choose_splits(int64_t tiles, int steps, int slots) {
  constexpr int kMost = 16, kLeastSteps = 8, kOverhead = 8;
  int best = 1;
  int64_t least = ((tiles + slots - 1) / slots) * steps;
  for (int splits = 2; splits <= kMost && steps / splits >= kLeastSteps; ++splits) {
    const int64_t cost = ((tiles * splits + slots - 1) / slots) * ((steps + splits - 1) / splits + kOverhead);
    if (cost < least) {
      least = cost;
      best = splits;
    }
  }
  return best;
}

// Which blocks sum what, `slots` running at once: whole waves of tiles first, all of K each; what is left, less than a wave, is cut along K so that it
// fills the card too. Without a whole wave that is everything.
struct Schedule {
  int whole = 0, rest = 0, splits = 1;  // tiles of all of K; tiles that are cut, into so many parts each
  struct Item {
    int tile, split, splits;
  };
  __host__ __device__ constexpr int items() const { return whole + rest * splits; }
  __host__ __device__ constexpr Item item(int i) const {
    return i < whole ? Item{i, 0, 1} : Item{whole + (i - whole) % rest, (i - whole) / rest, splits};
  }
};
constexpr Schedule choose_schedule(int64_t tiles, int steps, int slots) {
  const int64_t rest = tiles % slots;
  const int splits = rest ? choose_splits(rest, steps, slots) : 1;
  if (splits == 1) return {int(tiles), 0, 1};
  return {int(tiles - rest), int(rest), splits};
}

// The tiles of the mma.sync kernel: rows, columns, and the share of the tensor cores' rate that a tile's reads of shared memory and its waiting
// leave, in percent. The shares are paper: which tile wins at a given size is for a measurement to correct.
struct TileShape {
  int m, n, share;
};
constexpr TileShape kTileShapes[] = {{128, 16, 40}, {128, 48, 70}, {64, 64, 60}, {128, 128, 90}, {128, 256, 100}};
// Of tiles first..last the one whose busiest multiprocessor has the least to do. Sums beyond the edge count as work.
constexpr int choose_tile(int64_t m, int n, int phases, int multiprocessors, int first, int last) {
  int best = first;
  int64_t least = INT64_MAX;
  for (int i = first; i <= last; ++i) {
    const TileShape& shape = kTileShapes[i];
    const int64_t tiles = ((m + shape.m - 1) / shape.m) * ((n + shape.n - 1) / shape.n) * phases;
    const int64_t cost = (tiles + multiprocessors - 1) / multiprocessors * shape.m * shape.n * 100 / shape.share;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}

// ---- Hopper: rows of 128 bytes, TMA's and wgmma's 128-byte swizzle -------------------------------------------------

// The swizzle is a function of the address: bits 4..6 are exchanged with bits 7..9. Tiles start at multiples of 1024 bytes.
__host__ __device__ constexpr uint32_t swizzle128(uint32_t address) { return address ^ ((address >> 3) & 0x70); }

// The matrix descriptor of a K-major operand in that swizzle: eight rows of 128 bytes follow each other, the next eight 1024 bytes further.
// Bits 0..13 address / 16, 16..29 leading offset / 16 (unused under a swizzle: 1), 32..45 stride / 16, 62..63 the 128-byte swizzle.
__host__ __device__ constexpr uint64_t wgmma_descriptor(uint32_t shared_address) {
  return uint64_t((shared_address & 0x3FFFF) >> 4) | uint64_t(1) << 16 | uint64_t(1024 >> 4) << 32 | uint64_t(1) << 62;
}
constexpr uint32_t wgmma_address(uint64_t descriptor) { return uint32_t(descriptor & 0x3FFF) << 4; }
constexpr uint32_t wgmma_stride(uint64_t descriptor) { return uint32_t(descriptor >> 32 & 0x3FFF) << 4; }
// The address wgmma reads for byte `byte` (0..31) of row `row` of the operand a descriptor names.
constexpr uint32_t wgmma_operand(uint64_t descriptor, int row, int byte) {
  return swizzle128(wgmma_address(descriptor) + uint32_t(row / 8) * wgmma_stride(descriptor) + uint32_t(row % 8) * 128 +
                    uint32_t(byte));
}

// The pixels of one tile of 128 rows: a rectangle, so that a shifted box of TMA is a tap of a convolution and outside reads as zero.
struct Patch {
  int rows, columns;  // rows * columns = 128
};
constexpr int kPatchPixels = 128;
constexpr int64_t patches(Patch p, int height, int width) {
  return int64_t((height + p.rows - 1) / p.rows) * ((width + p.columns - 1) / p.columns);
}
// The shape with the fewest patches, the widest of these. A matrix is a picture of height 1.
constexpr Patch choose_patch(int height, int width) {
  Patch best{1, kPatchPixels};
  for (int rows = 2; rows <= 32; rows *= 2) {
    const Patch p{rows, kPatchPixels / rows};
    if (patches(p, height, width) < patches(best, height, width)) best = p;
  }
  return best;
}
// Row r of a tile is this pixel, relative to the patch's corner: TMA writes the box column by column of pixels, row after row.
__host__ __device__ constexpr int patch_y(Patch p, int r) { return r / p.columns; }
__host__ __device__ constexpr int patch_x(Patch p, int r) { return r % p.columns; }

}  // namespace heirloom::HL_CUDA

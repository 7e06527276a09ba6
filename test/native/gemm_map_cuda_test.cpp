// The index maps of the product kernels, exhaustively: what is written where, and that it is read from there.
#include "cuda/products/gemm_map.h"

#include <set>
#include <vector>

#include "check_test.h"

using namespace check;
using namespace heirloom::HL_CUDA;  // NOLINT: the maps are what is tested

TEST("the 64-byte swizzle keeps every piece in its row and lets eight rows be read at once") {
  std::set<int> places;
  for (int row = 0; row < 256; ++row)
    for (int piece = 0; piece < 4; ++piece) {
      EXPECT(swizzle64(row, piece) / 4 == row);
      places.insert(swizzle64(row, piece));
    }
  EXPECT(places.size() == 1024);
  for (int row = 0; row < 256; row += 8)
    for (int piece = 0; piece < 4; ++piece) {
      std::set<int> banks;                            // groups of four banks: a piece each
      for (int r = row; r < row + 8; ++r) banks.insert(swizzle64(r, piece) % 8);
      EXPECT(banks.size() == 8);
    }
}

TEST("tiles are scheduled once each, and neighbours in time share rows or columns") {
  Random r(61);
  for (int round = 0; round < 200; ++round) {
    const int down = int(1 + r.below(40)), across = int(1 + r.below(40));
    std::set<std::pair<int, int>> seen;
    for (int tile = 0; tile < down * across; ++tile) {
      const Spot at = spot(tile, down, across);
      EXPECT(at.m >= 0 && at.m < down && at.n >= 0 && at.n < across);
      seen.insert({at.m, at.n});
    }
    EXPECT(int(seen.size()) == down * across);
  }
}

TEST("the parts of K join without gap or overlap, and K is cut only when that leaves the card less to do") {
  Random r(62);
  for (int round = 0; round < 500; ++round) {
    const int steps = int(1 + r.below(500)), slots = int(1 + r.below(300));
    const int64_t tiles = 1 + r.below(600);
    const int splits = choose_splits(tiles, steps, slots);
    EXPECT(split_first(steps, splits, 0) == 0 && split_first(steps, splits, splits) == steps);
    for (int s = 0; s < splits; ++s) EXPECT(split_first(steps, splits, s) < split_first(steps, splits, s + 1));
    if (splits > 1)
      EXPECT((tiles * splits + slots - 1) / slots * ((steps + splits - 1) / splits) <
             (tiles + slots - 1) / slots * steps);
  }
  EXPECT(choose_splits(264, 1000, 264) == 1);         // whole waves: nothing to gain
  EXPECT(choose_splits(4, 1000, 264) == 16);
  EXPECT(choose_splits(1, 15, 264) == 1);             // too short to cut
}

TEST("whole waves of tiles are followed by one of parts, and every step of every tile is summed once") {
  Random r(64);
  int cut = 0;
  for (int round = 0; round < 500; ++round) {
    const int steps = int(1 + r.below(200)), slots = int(1 + r.below(140)), tiles = int(1 + r.below(400));
    const Schedule schedule = choose_schedule(tiles, steps, slots);
    std::vector<int> seen(size_t(tiles) * size_t(steps), 0);
    for (int i = 0; i < schedule.items(); ++i) {
      const Schedule::Item item = schedule.item(i);
      EXPECT(item.tile >= 0 && item.tile < tiles && (item.splits > 1) == (item.tile >= schedule.whole));
      for (int step = split_first(steps, item.splits, item.split);
           step < split_first(steps, item.splits, item.split + 1); ++step)
        ++seen[size_t(item.tile) * size_t(steps) + size_t(step)];
    }
    for (int count : seen) EXPECT(count == 1);
    if (schedule.rest == 0) continue;
    ++cut;
    EXPECT(schedule.whole % slots == 0 && schedule.whole + schedule.rest == tiles && schedule.rest < slots);
  }
  EXPECT(cut > 100);
  EXPECT(choose_schedule(132, 24, 132).rest == 0 && choose_schedule(264, 24, 132).rest == 0);   // whole waves
  const Schedule tail = choose_schedule(408, 140, 132);  // FlashVSR's ffn.2 at 1080p on 132 multiprocessors
  EXPECT(tail.whole == 396 && tail.rest == 12 && tail.splits == 11);
}

TEST("every sum of a warpgroup's product belongs to one register of one lane") {
  for (int n : {128, 256}) {
    std::vector<int> owners(size_t(64 * n), 0);
    for (int warp = 0; warp < 4; ++warp)
      for (int lane = 0; lane < 32; ++lane)
        for (int fragment = 0; fragment < n / 8; ++fragment)
          for (int i = 0; i < 4; ++i)
            ++owners[size_t((warp * 16 + sum_row(lane, i)) * n + fragment * 8 + sum_column(lane, i))];
    for (int count : owners) EXPECT(count == 1);
  }
}

TEST("wgmma's descriptors read every byte where the tensor copy engine's swizzle wrote it") {
  for (int tile_rows : {128, 256}) {  // A, or B of 256 columns
    const uint32_t tile = 3 * 49152;  // a stage's start in shared memory
    std::set<uint32_t> written;
    for (int row = 0; row < tile_rows; ++row)
      for (int byte = 0; byte < 128; ++byte) written.insert(swizzle128(tile + uint32_t(row) * 128 + uint32_t(byte)));
    EXPECT(int(written.size()) == tile_rows * 128 && *written.begin() == tile &&
           *written.rbegin() == tile + uint32_t(tile_rows) * 128 - 1);
    for (int first = 0; first < tile_rows; first += 64) {
      const uint64_t descriptor = wgmma_descriptor(tile + uint32_t(first) * 128);
      EXPECT(wgmma_stride(descriptor) == 1024 && descriptor >> 62 == 1 && (descriptor >> 16 & 0x3FFF) == 1 &&
             (descriptor >> 49 & 7) == 0);
      for (int k = 0; k < 4; ++k)  // steps of 16 numbers
        for (int row = 0; first + row < tile_rows; ++row)
          for (int byte = 0; byte < 32; ++byte)
            EXPECT(wgmma_operand(descriptor + uint64_t(k) * 2, row, byte) ==
                   swizzle128(tile + uint32_t(first + row) * 128 + uint32_t(k * 32 + byte)));
    }
  }
}

TEST("every pixel of a picture lies in one row of one patch") {
  Random r(63);
  for (int round = 0; round < 60; ++round) {
    const int height = int(1 + r.below(40)), width = int(1 + r.below(300));
    const Patch patch = choose_patch(height, width);
    EXPECT(patch.rows * patch.columns == kPatchPixels);
    const int across = (width + patch.columns - 1) / patch.columns;
    std::vector<int> seen(size_t(height) * size_t(width), 0);
    for (int tile = 0; tile < int(patches(patch, height, width)); ++tile)
      for (int row = 0; row < kPatchPixels; ++row) {
        const int y = tile / across * patch.rows + patch_y(patch, row),
                  x = tile % across * patch.columns + patch_x(patch, row);
        if (y < height && x < width) ++seen[size_t(y) * size_t(width) + size_t(x)];
      }
    for (int count : seen) EXPECT(count == 1);
  }
  EXPECT(choose_patch(1, 5000).rows == 1);  // a matrix
  EXPECT(patches(choose_patch(48, 88), 48, 88) == 33);  // FlashVSR's token grid at 768x1408: no waste
}

TEST_MAIN

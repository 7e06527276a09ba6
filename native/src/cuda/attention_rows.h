// Sixteen queries of one warp against tiles of keys and values in shared memory: the inner loop of the mma.sync roads of attention.
#pragma once
#include "cuda/attention_map.h"
#include "cuda/elements.h"
#include "cuda/ptx.h"

namespace heirloom::HL_CUDA {

// How far, in powers of two, a score may exceed the maximum that the sums refer to before they are rescaled. Probabilities up to 2^8 cost
// 16-bit numbers no precision and leave fp16 room; after the first tiles rescaling becomes rare (the idea is FlashAttention-4's).
constexpr float kSlack = 8;

// kHead channels of a head, kKeys keys of a tile; a tile is [kKeys, kHead] in the order of tile_offset. Lane l holds, of the rows l / 4 and
// l / 4 + 8 of the sixteen, channels (of o) or keys (of scores) 8 j + 2 (l % 4) and the next.
template <class T, int kHead, int kKeys>
struct AttentionRows {
  uint32_t q[kHead / 16][4];
  float o[kHead / 8][4];
  float maximum[2], sum[2];                           // of scores * scale, and of this lane's probabilities

  // q: the first of the sixteen rows, D apart; rows from `rows` on count as zeros.
  __device__ __forceinline__ void start(const T* from, int64_t D, int rows, int lane) {
    const int row = lane / 4;
    const T* const upper = from + row * D + lane % 4 * 2;
    const T* const lower = upper + 8 * D;
#pragma unroll
    for (int i = 0; i < kHead / 16; ++i)
#pragma unroll
      for (int j = 0; j < 2; ++j) {
        q[i][2 * j] = row < rows ? *reinterpret_cast<const uint32_t*>(upper + 16 * i + 8 * j) : 0u;
        q[i][2 * j + 1] = row + 8 < rows ? *reinterpret_cast<const uint32_t*>(lower + 16 * i + 8 * j) : 0u;
      }
#pragma unroll
    for (int i = 0; i < kHead / 8; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) o[i][j] = 0;
    maximum[0] = maximum[1] = -INFINITY;
    sum[0] = sum[1] = 0;
  }

  // scale: of the scores, times log2 e. keys: how many of the tile's are there.
  __device__ __forceinline__ void tile(SharedAddress k, SharedAddress v, float scale, int keys, int lane) {
    float s[kKeys / 8][4];
#pragma unroll
    for (int i = 0; i < kKeys / 8; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) s[i][j] = 0;
#pragma unroll
    for (int i = 0; i < kHead / 16; ++i)
#pragma unroll
      for (int n = 0; n < kKeys / 16; ++n) {
        uint32_t b[4];
        ldmatrix_x4(b, k + static_cast<uint32_t>(tile_offset<kHead>(16 * n + key_row(lane), 2 * i + key_piece(lane))));
        const uint32_t left[2] = {b[0], b[1]}, right[2] = {b[2], b[3]};
        mma_m16n8k16<T>(s[2 * n], q[i], left);
        mma_m16n8k16<T>(s[2 * n + 1], q[i], right);
      }
    if (keys < kKeys) {
#pragma unroll
      for (int i = 0; i < kKeys / 8; ++i)
#pragma unroll
        for (int j = 0; j < 4; ++j)
          if (8 * i + lane % 4 * 2 + j % 2 >= keys) s[i][j] = -INFINITY;
    }
    float largest[2];
    bool far = false;
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      largest[r] = -INFINITY;
#pragma unroll
      for (int i = 0; i < kKeys / 8; ++i) largest[r] = fmaxf(largest[r], fmaxf(s[i][2 * r], s[i][2 * r + 1]));
      largest[r] = fmaxf(largest[r], __shfl_xor_sync(kAllLanes, largest[r], 1));
      largest[r] = fmaxf(largest[r], __shfl_xor_sync(kAllLanes, largest[r], 2));
      largest[r] *= scale;
      far = far || largest[r] > maximum[r] + kSlack;
    }
    if (__any_sync(kAllLanes, far)) {
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        const float now = fmaxf(maximum[r], largest[r]), shrink = exp2_approx(maximum[r] - now);
        maximum[r] = now;
        sum[r] *= shrink;
#pragma unroll
        for (int i = 0; i < kHead / 8; ++i) {
          o[i][2 * r] *= shrink;
          o[i][2 * r + 1] *= shrink;
        }
      }
    }
#pragma unroll
    for (int i = 0; i < kKeys / 8; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        s[i][j] = exp2_approx(fmaf(s[i][j], scale, -maximum[j / 2]));
        sum[j / 2] += s[i][j];
      }
#pragma unroll
    for (int n = 0; n < kKeys / 16; ++n) {
      const uint32_t p[4] = {pack<T>(s[2 * n][0], s[2 * n][1]), pack<T>(s[2 * n][2], s[2 * n][3]), pack<T>(s[2 * n + 1][0], s[2 * n + 1][1]),
                             pack<T>(s[2 * n + 1][2], s[2 * n + 1][3])};
#pragma unroll
      for (int i = 0; i < kHead / 16; ++i) {
        uint32_t b[4];
        ldmatrix_x4_trans(b, v + static_cast<uint32_t>(tile_offset<kHead>(16 * n + value_row(lane), 2 * i + value_piece(lane))));
        const uint32_t left[2] = {b[0], b[1]}, right[2] = {b[2], b[3]};
        mma_m16n8k16<T>(o[2 * i], p, left);
        mma_m16n8k16<T>(o[2 * i + 1], p, right);
      }
    }
  }

  // place(row): where the row of the sixteen goes, or null.
  template <class Place>
  __device__ __forceinline__ void finish(int lane, Place place) {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      float total = sum[r];
      total += __shfl_xor_sync(kAllLanes, total, 1);
      total += __shfl_xor_sync(kAllLanes, total, 2);
      const float share = 1.0f / total;
      T* const to = place(lane / 4 + 8 * r);
      if (!to) continue;
#pragma unroll
      for (int i = 0; i < kHead / 8; ++i)
        *reinterpret_cast<uint32_t*>(to + 8 * i + lane % 4 * 2) = pack<T>(o[i][2 * r] * share, o[i][2 * r + 1] * share);
    }
  }
};

}  // namespace heirloom::HL_CUDA

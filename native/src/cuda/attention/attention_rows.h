// The softmax that runs along with the tiles of keys, and sixteen queries of one warp against tiles of keys and values in shared memory: the
// inner loop of the mma.sync kernels of attention.
#pragma once
#include "cuda/attention/attention_map.h"
#include "cuda/features/elements.h"
#include "cuda/device/ptx.h"

namespace heirloom::HL_CUDA {

// How far, in powers of two, a score may exceed the maximum that the sums refer to before they are rescaled. Probabilities up to 2^8 cost
// 16-bit numbers no precision and leave fp16 room; after the first tiles rescaling becomes rare (the idea is FlashAttention-4's).
constexpr float kSlack = 8;

// The softmax of two rows per lane as their scores come, tile by tile. Lane l holds, of sixteen rows, rows l / 4 and l / 4 + 8, and of every
// eight columns 2 (l % 4) and the next: the fragments of mma and wgmma. scale: of the scores, times log2 e.
struct RunningSoftmax {
  float maximum[2] = {-INFINITY, -INFINITY};  // of scores * scale, near enough
  float sum[2] = {0, 0};  // of this lane's probabilities
  float shrink[2] = {1, 1};

  // Scores become probabilities, relative to `maximum`. True if what was summed with earlier ones must be multiplied by shrink.
  template <int kFragments>
  __device__ __forceinline__ bool absorb(float (&s)[kFragments][4], float scale) {
    float largest[2];
    bool is_far = false;
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      largest[r] = -INFINITY;
#pragma unroll
      for (int i = 0; i < kFragments; ++i) largest[r] = fmaxf(largest[r], fmaxf(s[i][2 * r], s[i][2 * r + 1]));
      largest[r] = fmaxf(largest[r], __shfl_xor_sync(kAllLanes, largest[r], 1));
      largest[r] = fmaxf(largest[r], __shfl_xor_sync(kAllLanes, largest[r], 2));
      largest[r] *= scale;
      is_far = is_far || largest[r] > maximum[r] + kSlack;
    }
    is_far = __any_sync(kAllLanes, is_far);
    if (is_far) {
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        const float now = fmaxf(maximum[r], largest[r]);
        shrink[r] = exp2_approx(maximum[r] - now);
        maximum[r] = now;
        sum[r] *= shrink[r];
      }
    }
#pragma unroll
    for (int i = 0; i < kFragments; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        s[i][j] = exp2_approx(fmaf(s[i][j], scale, -maximum[j / 2]));
        sum[j / 2] += s[i][j];
      }
    return is_far;
  }

  template <int kFragments>
  __device__ __forceinline__ void shrink_sums(float (&o)[kFragments][4]) const {
#pragma unroll
    for (int i = 0; i < kFragments; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) o[i][j] *= shrink[j / 2];
  }

  // o / sum to where place(row of the sixteen) points, if it does.
  template <class T, int kFragments, class Place>
  __device__ __forceinline__ void finish(const float (&o)[kFragments][4], int lane, Place place) const {
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      float total = sum[r];
      total += __shfl_xor_sync(kAllLanes, total, 1);
      total += __shfl_xor_sync(kAllLanes, total, 2);
      const float share = 1.0f / total;
      T* const to = place(lane / 4 + 8 * r);
      if (!to) continue;
#pragma unroll
      for (int i = 0; i < kFragments; ++i)
        *reinterpret_cast<uint32_t*>(to + 8 * i + lane % 4 * 2) = pack<T>(o[i][2 * r] * share, o[i][2 * r + 1] * share);
    }
  }
};

// Probabilities of sixteen keys (fragments 2 n and 2 n + 1) as the left operand of the product with the values.
template <class T, int kFragments>
__device__ __forceinline__ void pack_probabilities(const float (&s)[kFragments][4], int n, uint32_t (&p)[4]) {
  p[0] = pack<T>(s[2 * n][0], s[2 * n][1]);
  p[1] = pack<T>(s[2 * n][2], s[2 * n][3]);
  p[2] = pack<T>(s[2 * n + 1][0], s[2 * n + 1][1]);
  p[3] = pack<T>(s[2 * n + 1][2], s[2 * n + 1][3]);
}

// A warp clears the sixteen rows, `head` channels each, that nothing is kept for.
template <class T, class Place>
__device__ __forceinline__ void clear_rows(int head, int lane, Place place) {
  for (int row = 0; row < 16; ++row)
    if (T* const to = place(row))
      for (int i = lane; i < head / 2; i += 32) reinterpret_cast<uint32_t*>(to)[i] = 0;
}

// kHead channels of a head, kKeys keys of a tile; a tile is [kKeys, kHead] in the order of tile_offset.
template <class T, int kHead, int kKeys>
struct AttentionRows {
  uint32_t q[kHead / 16][4];
  float o[kHead / 8][4];
  RunningSoftmax softmax;

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
    for (int i = 0; i < kHead / 2; ++i) o[i / 4][i % 4] = 0;
  }

  // keys: how many of the tile's are there.
  __device__ __forceinline__ void tile(SharedAddress k, SharedAddress v, float scale, int keys, int lane) {
    float s[kKeys / 8][4];
#pragma unroll
    for (int i = 0; i < kKeys / 2; ++i) s[i / 4][i % 4] = 0;
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
    if (softmax.absorb(s, scale)) softmax.shrink_sums(o);
#pragma unroll
    for (int n = 0; n < kKeys / 16; ++n) {
      uint32_t p[4];
      pack_probabilities<T>(s, n, p);
#pragma unroll
      for (int i = 0; i < kHead / 16; ++i) {
        uint32_t b[4];
        ldmatrix_x4_trans(
            b, v + static_cast<uint32_t>(tile_offset<kHead>(16 * n + value_row(lane), 2 * i + value_piece(lane))));
        const uint32_t left[2] = {b[0], b[1]}, right[2] = {b[2], b[3]};
        mma_m16n8k16<T>(o[2 * i], p, left);
        mma_m16n8k16<T>(o[2 * i + 1], p, right);
      }
    }
  }
};

}  // namespace heirloom::HL_CUDA

// Tokens on their way into attention windows and out again: the whole-width RMS norm, the three-axis RoPE and the partition in one pass,
// the partition alone, the merge, and the mean of every window. Plain device pointers; the CPU twins are rms_norm, rope,
// window_partition, window_merge and pool_blocks of cpu/attention_ops.cpp.
#pragma once
#include <cstddef>
#include <cstdint>

#include "cuda/device/platform.h"
#include "cuda/features/elements.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// The cached and current segments of keys, values or pooled keys, oldest first. By value into kernels: nothing is copied on the device.
constexpr int kMaxSegments = 32;
struct SegmentPointers {
  void* at[kMaxSegments] = {};
  int count = 0;
};

// A Grid as kernels want it. Windows are ordered (segment, row, column), tokens inside one (time, row, column).
struct WindowMap {
  int h, w;  // tokens of one latent
  int wt, wh, ww;  // tokens of a window
  int rows, columns;  // windows of one segment

  struct Place {
    int segment;
    int64_t row;  // of [per_segment * window_tokens] within the segment
  };
  __host__ __device__ Place place_of(int64_t token) const {  // token: of the raster order (latent, row, column)
    const int x = static_cast<int>(token % w), y = static_cast<int>(token / w % h), t = static_cast<int>(token / w / h);
    const int64_t window = static_cast<int64_t>(y / wh) * columns + x / ww;
    return {t / wt, window * (wt * wh * ww) + (t % wt * wh + y % wh) * ww + x % ww};
  }
  // window: of all segments together
  __host__ __device__ int64_t token_of(int64_t window, int inside) const {
    const int64_t per_segment = static_cast<int64_t>(rows) * columns, segment = window / per_segment,
                  spatial = window % per_segment;
    const int64_t t = segment * wt + inside / (wh * ww), y = spatial / columns * wh + inside / ww % wh,
                  x = spatial % columns * ww + inside % ww;
    return (t * h + y) * w + x;
  }
};
WindowMap window_map(const Grid& grid);  // throws if the grid does not divide into its windows

// cos and sin of the grid's angles: [f][dims[0] / 2], [h][dims[1] / 2], [w][dims[2] / 2] one after the other. The same for every layer of a
// chunk: make it once per chunk, outside a captured graph, whose kernels read it at a fixed address.
int64_t rope_table_size(const Grid& grid, const Rope& rope);
// Angles (t0 + latent, row, column) * base^(-2i/d) in double, exact at any latent index below 2^53.
void rope_table(const Grid& grid, const Rope& rope, int64_t t0, float2* table, cudaStream_t stream);

// x * rsqrt(mean(x^2) + eps) * weight over the whole width, every head turned by its position, into windows.
// x [tokens, D], rows `stride` elements apart (a slice of a wider product may be read in place); weight [D];
// out: one [per_segment, window_tokens, D] per segment of the grid. D a multiple of 8, at most kMaxNormRope; heads of an even size.
constexpr int64_t kMaxNormRope = 1536;
void norm_rope_windows(Type type, const void* x, int64_t stride, int64_t D, const Grid& grid, const float* weight,
                       float eps, const Rope& rope, const float2* table, const SegmentPointers& out,
                       cudaStream_t stream);

// x [tokens, D], rows `stride` elements apart -> out as above
void window_partition(Type type, const void* x, int64_t stride, int64_t D, const Grid& grid, const SegmentPointers& out,
                      cudaStream_t stream);

// x [windows, window_tokens, D] -> out [tokens, D] in raster order
void window_merge(Type type, const void* x, int64_t D, const Grid& grid, void* out, cudaStream_t stream);

// Turns every head of x [tokens, D] in raster order by its position, in place. For graphs that norm elsewhere.
void rope_in_place(Type type, void* x, int64_t D, const Grid& grid, const Rope& rope, const float2* table,
                   cudaStream_t stream);

// The mean of every window, summed in the order of its tokens as the CPU does. x [windows, window_tokens, D] -> out fp32 [windows, D]
void pool_blocks(Type type, const void* x, int64_t windows, int64_t window_tokens, int64_t D, float* out,
                 cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

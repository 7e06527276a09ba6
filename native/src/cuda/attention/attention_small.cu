// Attention of windows of 16 tokens with heads of 32 (heirloom-s), bf16 or fp16, on mma.sync: one warp per row (head, query window), several
// rows in a block, each with a ring of its own. A row keeps about eight windows of 2 KB, so that what counts is many loads in flight.
#include "cuda/attention/attention_kernels.h"
#include "cuda/attention/attention_rows.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kHead = 32, kWindow = 16, kWarps = 4, kStages = 4;
constexpr int kTileBytes = kWindow * kHead * 2;  // of keys; as many of values

template <class T>
__global__ void __launch_bounds__(kWarps * 32)
    small_attention_kernel(const T* q, int D, float scale, const SegmentPointers keys, const SegmentPointers values,
                           int per_segment, const KeptWindows keep, int rows, const RowPlace place, T* out) {
  using Ring = unsigned char[kWarps][kStages][2][kTileBytes];
  HL_SHARED(Ring, shared);
  const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32,
            at = static_cast<int>(blockIdx.x) * kWarps + warp;
  if (at >= rows) return;
  const KeptWindows::Row row = keep.row_at(at);
  const int head = row.head * kHead;
  const auto to = [&](int token) { return out + place.row_of(row.window, token, kWindow) * D + head; };
  if (row.count == 0) return clear_rows<T>(kHead, lane, to);
  const auto load = [&](int i) {
    if (i < row.count) {
      const int key = row.key[i], segment = key / per_segment;
      const int64_t first = static_cast<int64_t>(key - segment * per_segment) * kWindow * D + head;
      const SharedAddress k = shared_address(shared[warp][i % kStages][0]);
#pragma unroll
      for (int part = 0; part < 2; ++part) {
        const int token = lane / 4 + 8 * part, piece = lane % 4;
        const int64_t from = first + static_cast<int64_t>(token) * D + piece * 8;
        cp_async_16(k + static_cast<uint32_t>(tile_offset<kHead>(token, piece)),
                    static_cast<const T*>(keys.at[segment]) + from);
        cp_async_16(k + static_cast<uint32_t>(kTileBytes + tile_offset<kHead>(token, piece)),
                    static_cast<const T*>(values.at[segment]) + from);
      }
    }
    cp_async_commit();
  };
  for (int i = 0; i < kStages - 1; ++i) load(i);
  AttentionRows<T, kHead, kWindow> sixteen;
  sixteen.start(q + static_cast<int64_t>(row.window) * kWindow * D + head, D, kWindow, lane);
  for (int i = 0; i < row.count; ++i) {
    cp_async_wait<kStages - 2>();
    __syncwarp();  // the window is there for all lanes, and all are done with the one before
    load(i + kStages - 1);
    const SharedAddress k = shared_address(shared[warp][i % kStages][0]);
    sixteen.tile(k, k + kTileBytes, scale, kWindow, lane);
  }
  sixteen.softmax.template finish<T>(sixteen.o, lane, to);
}

}  // namespace

void sparse_attention_small(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream) {
  with_half(a.type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(small_attention_kernel<T>, blocks_for(a.keep.rows(), kWarps), kWarps * 32, 0, stream,
              static_cast<const T*>(a.q), static_cast<int>(a.D), scale * kLog2E, a.k, a.v, a.keep.keys / a.k.count,
              a.keep, static_cast<int>(a.keep.rows()), place, static_cast<T*>(a.out));
  });
}

}  // namespace heirloom::HL_CUDA

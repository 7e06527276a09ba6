// Softmax attention of tokens in windows over the key windows that were kept for them (select.h), and plain attention over a fixed set of
// keys. Exact: one pass over the keys with a running maximum, sums in fp32. A query window that keeps nothing gives zeros. The result depends
// neither on the order of the rows nor on the card's load.
//
// Kernels: wgmma with the tensor copy engine (9.0, bf16, windows of 128 tokens with heads of 128, cross attention over whole windows of keys), mma.sync with cp.async (bf16 from 8.0, fp16
// from 7.5; the same windows, cross attention with heads of 128, and windows of 16 with heads of 32), and a plain kernel for every other size
// and for fp32.
//
// The ring of keys and values stays in place. A new segment is written (norm_rope_windows, window_partition, pool_blocks) into memory of its own,
// [per_segment, window_tokens, D], and stays there while it lives; one that leaves frees its memory, where the pool puts the next layer's new one:
// nothing is copied or shifted. The kernels take the segments' addresses by value, oldest first; they change from chunk to chunk, which a captured
// graph is told by an update of its parameters (cuda_graphs.h).
#pragma once
#include <cstddef>
#include <cstdint>

#include "cuda/features/elements.h"
#include "cuda/device/platform.h"
#include "cuda/attention/select.h"
#include "cuda/attention/windows.h"

namespace heirloom::HL_CUDA {

enum class AttentionKernel : uint8_t { plain, small, mma, wgmma };

// Heads of 128 and windows of 128 tokens: mma or wgmma; heads of 32 and windows of 16 tokens: small; everything else: plain.
// capability: 75, 80, 86, 89, 90, 100, 120. window_tokens 0: cross attention.
AttentionKernel select_kernel(int capability, Type type, int64_t window_tokens, int64_t head);

struct SparseAttention {
  Type type = Type::bf16;  // of q, k, v and out
  int64_t D = 0, window_tokens = 0;
  const void* q = nullptr;  // [queries, window_tokens, D]
  SegmentPointers k, v;  // [per_segment, window_tokens, D] each, oldest first
  KeptWindows keep;
  void* out = nullptr;
  // The grid of the queries: then out is [tokens, D] in raster order, and no merge is needed. Null: out is like q.
  const Grid* raster = nullptr;
};
void sparse_attention(const SparseAttention& a, int capability, cudaStream_t stream);

// Every query over all keys. q, out [T, D]; k, v [S, D]
struct CrossAttention {
  Type type = Type::bf16;
  int64_t T = 0, S = 0, D = 0, heads = 1;
  const void *q = nullptr, *k = nullptr, *v = nullptr;
  void* out = nullptr;
};
void cross_attention(const CrossAttention& a, int capability, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

// Which key windows every (head, query window) attends to, decided on the device without a trip to the host: pooled scores inside the local
// range, softmax over all keys, the exact global top-k per (head, query segment) with a strict ">". The same bits as CpuOps::select_blocks:
// the sums have the same order and exact.h the same exponential. Plain device pointers.
#pragma once
#include <cstdint>

#include "cuda/device/platform.h"
#include "cuda/attention/windows.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// The kept windows of every row, row = head * queries + query, in device memory: the first count[row] of key[row * capacity ...], ascending.
struct KeptWindows {
  int heads = 0, queries = 0, keys = 0;
  int capacity = 0;  // the most a row can keep: the windows inside the local range of all segments
  int32_t* count = nullptr;  // [heads * queries]
  int32_t* key = nullptr;  // [heads * queries, capacity]
  int32_t* order =
      nullptr;  // [heads * queries]: the rows, group by (head, query segment), the longest of a group first
  // Without the three arrays every query keeps all keys.
  int64_t rows() const { return static_cast<int64_t>(heads) * queries; }

  struct Row {
    int head, window, count;
    const int32_t* key;  // null: the i-th is i
    __device__ int key_at(int i) const { return key ? key[i] : i; }
  };
  // The i-th in the order.
  __device__ Row row_at(int i) const {
    if (!order) return {i / queries, i % queries, keys, nullptr};
    const int row = order[i];
    return {row / queries, row % queries, count[row], key + static_cast<int64_t>(row) * capacity};
  }
};

// capacity for a rule and so many segments of keys.
int64_t keep_capacity(const SelectRule& rule, int64_t key_segments);

// Probabilities of the candidates, in the order of their keys, zeros behind the last: [heads * queries, capacity].
// q [queries, D] fp32: pooled, the newest of the keys; k: one [rows * columns, D] fp32 per segment, oldest first.
void candidate_probabilities(const float* q, int64_t query_segments, const SegmentPointers& k, int64_t D,
                             const SelectRule& rule, float* probabilities, cudaStream_t stream);

// The whole matrix [heads, queries, keys] from the candidates: for taps and tests.
void spread_probabilities(const float* probabilities, int64_t query_segments, int64_t key_segments,
                          const SelectRule& rule, float* out, cudaStream_t stream);

// probabilities: as above, made by the caller's previous call. keep: heads, queries, keys, capacity and room for the three arrays.
void keep_windows(const float* probabilities, const SelectRule& rule, const KeptWindows& keep, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

// What a block of an attention kernel works on, kQueries queries over tiles of kKeys keys: the kept key windows of a query window (KeptSource), or
// all keys there are (AllSource). block() gives a block's head, its queries and how many tiles it attends to, tile() where one begins and how many
// keys it has, row_of() where a query's result goes. kWindow: the tokens of a window, where they are known when the kernel is compiled.
#pragma once
#include <type_traits>

#include "cuda/attention/attention_kernels.h"

namespace heirloom::HL_CUDA {

template <class T>
struct KeyTile {
  const T *k, *v;  // first row of the tile, first channel of the first head
  int keys;
};

template <class T, int kQueries, int kKeys, int kWindow = 0>
struct KeptSource {
  SegmentPointers k, v;
  KeptWindows keep;
  RowPlace place;
  int per_segment, any_window;

  struct Block {
    int head, queries, tiles;
    int64_t first_query, window;
    const int32_t* list;
    int first;  // of the window's tokens
  };
  __device__ __forceinline__ int window_tokens() const { return kWindow ? kWindow : any_window; }
  __device__ __forceinline__ int tiles_of_window() const { return (window_tokens() + kKeys - 1) / kKeys; }
  // x: the row in the order of the list; y: which queries of its window.
  __device__ __forceinline__ Block block(int x, int y) const {
    const KeptWindows::Row row = keep.row_at(x);
    const int first = y * kQueries;
    return {row.head,
            min(kQueries, window_tokens() - first),
            tiles_of_window() * row.count,
            static_cast<int64_t>(row.window) * window_tokens() + first,
            row.window,
            row.key,
            first};
  }
  __device__ __forceinline__ KeyTile<T> tile(const Block& block, int i, int D) const {
    const int key = block.list[i / tiles_of_window()], segment = key / per_segment,
              first = i % tiles_of_window() * kKeys;
    const int64_t at = (static_cast<int64_t>(key - segment * per_segment) * window_tokens() + first) * D;
    return {static_cast<const T*>(k.at[segment]) + at, static_cast<const T*>(v.at[segment]) + at,
            min(kKeys, window_tokens() - first)};
  }
  __device__ __forceinline__ int64_t row_of(const Block& block, int token) const {
    return place.row_of(block.window, block.first + token, window_tokens());
  }
};
template <class T, int kQueries, int kKeys, int kWindow = 0>
KeptSource<T, kQueries, kKeys, kWindow> kept_source(const SparseAttention& a, const RowPlace& place) {
  return {a.k, a.v, a.keep, place, a.keep.keys / a.k.count, static_cast<int>(a.window_tokens)};
}

template <class T, int kQueries, int kKeys>
struct AllSource {
  const T *k, *v;
  int keys, total;  // total: queries

  struct Block {
    int head, queries, tiles;
    int64_t first_query;
  };
  __device__ __forceinline__ Block block(int x, int head) const {
    return {head, min(kQueries, total - x * kQueries), (keys + kKeys - 1) / kKeys, static_cast<int64_t>(x) * kQueries};
  }
  __device__ __forceinline__ KeyTile<T> tile(const Block&, int i, int D) const {
    const int64_t at = static_cast<int64_t>(i) * kKeys * D;
    return {k + at, v + at, min(kKeys, keys - i * kKeys)};
  }
  __device__ __forceinline__ int64_t row_of(const Block& block, int token) const { return block.first_query + token; }
};
template <class T, int kQueries, int kKeys>
AllSource<T, kQueries, kKeys> all_source(const CrossAttention& a) {
  return {static_cast<const T*>(a.k), static_cast<const T*>(a.v), static_cast<int>(a.S), static_cast<int>(a.T)};
}

}  // namespace heirloom::HL_CUDA

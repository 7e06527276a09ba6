// Attention of 128 queries with heads of 128, bf16 or fp16, on mma.sync: eight warps of 16 queries each, keys and values in tiles of 64 through
// a ring of stages that cp.async fills.
#include "cuda/attention_roads.h"
#include "cuda/attention_rows.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kHead = 128, kQueries = 128, kKeys = 64;
constexpr int kWarps = 8, kThreads = kWarps * 32;
constexpr int kTileBytes = kKeys * kHead * 2;         // of keys; as many of values

template <class T>
struct KeyTile {
  const T *k, *v;                                     // first row of the tile, first channel of the first head
  int keys;
};

// Source says what a block works on: block() gives its head, its queries and how many tiles it attends to, tile() where one begins and how
// many keys it has, row_of() where a query's result goes.
template <class T, class Source>
__global__ void __launch_bounds__(kThreads, 1) attention_kernel(const T* q, int D, float scale, const Source source, int stages, T* out) {
  HL_DYNAMIC_SHARED(unsigned char, shared);
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const SharedAddress ring = shared_address(shared);
  const typename Source::Block block = source.block(static_cast<int>(blockIdx.x), static_cast<int>(blockIdx.y));
  const int head = block.head * kHead, tiles = block.tiles;
  const auto place = [&](int row) -> T* {
    const int token = 16 * warp + row;
    return token < block.queries ? out + source.row_of(block, token) * D + head : nullptr;
  };
  if (tiles == 0) return clear_rows<T>(kHead, lane, place);
  const auto load = [&](int i, int slot) {
    if (i < tiles) {
      const SharedAddress to = ring + static_cast<uint32_t>(slot * 2 * kTileBytes);
      const KeyTile<T> tile = source.tile(block, i, D);
#pragma unroll
      for (int part = 0; part < kKeys * 16 / kThreads; ++part) {
        const int row = thread / 16 + part * (kThreads / 16), piece = thread % 16, bytes = row < tile.keys ? 16 : 0;
        const int64_t at = static_cast<int64_t>(row) * D + head + piece * 8;
        cp_async_16(to + static_cast<uint32_t>(tile_offset<kHead>(row, piece)), tile.k + at, bytes);
        cp_async_16(to + static_cast<uint32_t>(kTileBytes + tile_offset<kHead>(row, piece)), tile.v + at, bytes);
      }
    }
    cp_async_commit();
  };
  for (int i = 0; i < stages - 1; ++i) load(i, i);
  AttentionRows<T, kHead, kKeys> rows;
  rows.start(q + (block.first_query + 16 * warp) * D + head, D, block.queries - 16 * warp, lane);
  int slot = 0;
  for (int i = 0; i < tiles; ++i) {
    if (stages == 2) cp_async_wait<0>();
    else cp_async_wait<1>();
    __syncthreads();                                  // the tile is there for all, and all are done with the one before
    load(i + stages - 1, slot == 0 ? stages - 1 : slot - 1);
    const SharedAddress k = ring + static_cast<uint32_t>(slot * 2 * kTileBytes);
    rows.tile(k, k + kTileBytes, scale, source.keys_of(i), lane);
    slot = slot + 1 == stages ? 0 : slot + 1;
  }
  rows.softmax.template finish<T>(rows.o, lane, place);
}

// One query window of one head over its kept key windows, two tiles each.
template <class T>
struct KeptSource {
  SegmentPointers k, v;
  KeptWindows keep;
  RowPlace place;
  int per_segment;

  struct Block {
    int head, queries, tiles;
    int64_t first_query, window;
    const int32_t* list;
  };
  __device__ __forceinline__ Block block(int x, int) const {
    const KeptWindows::Row row = keep.row_at(x);
    return {row.head, kQueries, 2 * row.count, static_cast<int64_t>(row.window) * kQueries, row.window, row.key};
  }
  __device__ __forceinline__ KeyTile<T> tile(const Block& block, int i, int D) const {
    const int key = block.list[i / 2], segment = key / per_segment;
    const int64_t at = (static_cast<int64_t>(key - segment * per_segment) * kQueries + i % 2 * kKeys) * D;
    return {static_cast<const T*>(k.at[segment]) + at, static_cast<const T*>(v.at[segment]) + at, kKeys};
  }
  __device__ __forceinline__ int keys_of(int) const { return kKeys; }
  __device__ __forceinline__ int64_t row_of(const Block& block, int token) const { return place.row_of(block.window, token, kQueries); }
};

// 128 queries of one head over all keys.
template <class T>
struct AllSource {
  const T *k, *v;
  int keys, total;                                    // total: queries

  struct Block {
    int head, queries, tiles;
    int64_t first_query;
  };
  __device__ __forceinline__ Block block(int x, int head) const {
    return {head, min(kQueries, total - x * kQueries), (keys + kKeys - 1) / kKeys, static_cast<int64_t>(x) * kQueries};
  }
  __device__ __forceinline__ KeyTile<T> tile(const Block&, int i, int D) const {
    const int64_t at = static_cast<int64_t>(i) * kKeys * D;
    return {k + at, v + at, keys_of(i)};
  }
  __device__ __forceinline__ int keys_of(int i) const { return min(keys - i * kKeys, kKeys); }
  __device__ __forceinline__ int64_t row_of(const Block& block, int token) const { return block.first_query + token; }
};

// Turing's blocks get 64 KB of shared memory, all others at least 99.
int stages_for(int capability) { return capability < 80 ? 2 : 3; }

}  // namespace

void sparse_attention_mma(const SparseAttention& a, float scale, const RowPlace& place, int capability, cudaStream_t stream) {
  const int stages = stages_for(capability);
  with_half(a.type, [&](auto element) {
    using T = decltype(element);
    const KeptSource<T> source = {a.k, a.v, a.keep, place, a.keep.keys / a.k.count};
    HL_LAUNCH((attention_kernel<T, KeptSource<T>>), static_cast<unsigned>(a.keep.rows()), kThreads, static_cast<size_t>(stages * 2 * kTileBytes), stream,
              static_cast<const T*>(a.q), static_cast<int>(a.D), scale * kLog2E, source, stages, static_cast<T*>(a.out));
  });
}

void cross_attention_mma(const CrossAttention& a, float scale, int capability, cudaStream_t stream) {
  const int stages = stages_for(capability);
  with_half(a.type, [&](auto element) {
    using T = decltype(element);
    const AllSource<T> source = {static_cast<const T*>(a.k), static_cast<const T*>(a.v), static_cast<int>(a.S), static_cast<int>(a.T)};
    HL_LAUNCH((attention_kernel<T, AllSource<T>>), dim3(blocks_for(a.T, kQueries), static_cast<unsigned>(a.heads)), kThreads, static_cast<size_t>(stages * 2 * kTileBytes),
              stream, static_cast<const T*>(a.q), static_cast<int>(a.D), scale * kLog2E, source, stages, static_cast<T*>(a.out));
  });
}

}  // namespace heirloom::HL_CUDA

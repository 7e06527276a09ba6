// Attention of 128 queries with heads of 128, bf16 or fp16, on mma.sync: eight warps of 16 queries each, keys and values in tiles of 64 through
// a ring of stages that cp.async fills.
#include "cuda/attention/attention_rows.h"
#include "cuda/attention/attention_sources.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kHead = 128, kQueries = 128, kKeys = 64;
constexpr int kWarps = 8, kThreads = kWarps * 32;
constexpr int kTileBytes = kKeys * kHead * 2;  // of keys; as many of values

template <class T, class Source>
__global__ void __launch_bounds__(kThreads, 1)
    attention_kernel(const T* q, int D, float scale, const Source source, int stages, T* out) {
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
    __syncthreads();  // the tile is there for all, and all are done with the one before
    load(i + stages - 1, slot == 0 ? stages - 1 : slot - 1);
    const SharedAddress k = ring + static_cast<uint32_t>(slot * 2 * kTileBytes);
    rows.tile(k, k + kTileBytes, scale, source.tile(block, i, D).keys, lane);
    slot = slot + 1 == stages ? 0 : slot + 1;
  }
  rows.softmax.template finish<T>(rows.o, lane, place);
}

// Turing's blocks get 64 KB of shared memory, all others at least 99.
int stages_for(int capability) { return capability < 80 ? 2 : 3; }

}  // namespace

void sparse_attention_mma(const SparseAttention& a, float scale, const RowPlace& place, int capability,
                          cudaStream_t stream) {
  const int stages = stages_for(capability);
  with_half(a.type, [&](auto element) {
    using T = decltype(element);
    const auto source = kept_source<T, kQueries, kKeys, kQueries>(a, place);
    HL_LAUNCH((attention_kernel<T, std::decay_t<decltype(source)>>), static_cast<unsigned>(a.keep.rows()), kThreads,
              static_cast<size_t>(stages * 2 * kTileBytes), stream, static_cast<const T*>(a.q), static_cast<int>(a.D),
              scale * kLog2E, source, stages, static_cast<T*>(a.out));
  });
}

void cross_attention_mma(const CrossAttention& a, float scale, int capability, cudaStream_t stream) {
  const int stages = stages_for(capability);
  with_half(a.type, [&](auto element) {
    using T = decltype(element);
    const auto source = all_source<T, kQueries, kKeys>(a);
    HL_LAUNCH((attention_kernel<T, std::decay_t<decltype(source)>>),
              dim3(blocks_for(a.T, kQueries), static_cast<unsigned>(a.heads)), kThreads,
              static_cast<size_t>(stages * 2 * kTileBytes), stream, static_cast<const T*>(a.q), static_cast<int>(a.D),
              scale * kLog2E, source, stages, static_cast<T*>(a.out));
  });
}

}  // namespace heirloom::HL_CUDA

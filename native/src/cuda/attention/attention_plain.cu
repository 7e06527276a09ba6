// Attention of any size and type on the ordinary cores, in fp32: the reference kernel. A warp has four queries; its lanes are the keys of a tile
// while scores are made, and the channels while values are summed.
#include "cuda/attention/attention_sources.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kWarps = 4, kPerWarp = 4, kQueries = kWarps * kPerWarp, kKeys = 32;
constexpr int kMaxHead = 128, kChannels = kMaxHead / 32;

template <class T, class Source>
__global__ void plain_attention_kernel(const T* q, int D, int d, float scale, const Source source, T* out) {
  using Queries = float[kQueries][kMaxHead];
  using Keys = float[kKeys][kMaxHead + 1];  // one more, so that the lanes' keys lie in different banks
  using Values = float[kKeys][kMaxHead];
  HL_SHARED(Queries, shared_q);
  HL_SHARED(Keys, shared_k);
  HL_SHARED(Values, shared_v);
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const typename Source::Block block = source.block(static_cast<int>(blockIdx.x), static_cast<int>(blockIdx.y));
  const int head = block.head * d;
  for (int i = thread; i < kQueries * d; i += kWarps * 32) {
    const int row = i / d, c = i % d;
    shared_q[row][c] = row < block.queries ? to_float(q[(block.first_query + row) * D + head + c]) : 0;
  }
  float o[kPerWarp][kChannels] = {}, maximum[kPerWarp], sum[kPerWarp] = {};
#pragma unroll
  for (int a = 0; a < kPerWarp; ++a) maximum[a] = -INFINITY;
  for (int t = 0; t < block.tiles; ++t) {
    const KeyTile<T> tile = source.tile(block, t, D);
    __syncthreads();
    for (int i = thread; i < kKeys * d; i += kWarps * 32) {
      const int row = i / d, c = i % d;
      const bool there = row < tile.keys;
      const int64_t at = static_cast<int64_t>(row) * D + head + c;
      shared_k[row][c] = there ? to_float(tile.k[at]) : 0;
      shared_v[row][c] = there ? to_float(tile.v[at]) : 0;
    }
    __syncthreads();
    float s[kPerWarp] = {};
    for (int c = 0; c < d; ++c) {
      const float key = shared_k[lane][c];
#pragma unroll
      for (int a = 0; a < kPerWarp; ++a) s[a] = fmaf(shared_q[warp * kPerWarp + a][c], key, s[a]);
    }
#pragma unroll
    for (int a = 0; a < kPerWarp; ++a) {
      s[a] = lane < tile.keys ? s[a] * scale : -INFINITY;
      const float now = fmaxf(maximum[a], warp_max(s[a])), shrink = expf(maximum[a] - now);
      maximum[a] = now;
      s[a] = expf(s[a] - now);
      sum[a] = sum[a] * shrink + warp_sum(s[a]);
#pragma unroll
      for (int j = 0; j < kChannels; ++j) o[a][j] *= shrink;
    }
    for (int i = 0; i < tile.keys; ++i) {
      float value[kChannels];
#pragma unroll
      for (int j = 0; j < kChannels; ++j) value[j] = lane + 32 * j < d ? shared_v[i][lane + 32 * j] : 0;
#pragma unroll
      for (int a = 0; a < kPerWarp; ++a) {
        const float p = __shfl_sync(kAllLanes, s[a], i);
#pragma unroll
        for (int j = 0; j < kChannels; ++j) o[a][j] = fmaf(p, value[j], o[a][j]);
      }
    }
  }
#pragma unroll
  for (int a = 0; a < kPerWarp; ++a) {
    const int row = warp * kPerWarp + a;
    if (row >= block.queries) continue;
    T* const to = out + source.row_of(block, row) * D + head;
#pragma unroll
    for (int j = 0; j < kChannels; ++j)
      if (lane + 32 * j < d) to[lane + 32 * j] = from_float<T>(block.tiles ? o[a][j] / sum[a] : 0);
  }
}

}  // namespace

void sparse_attention_plain(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream) {
  const int window_tokens = static_cast<int>(a.window_tokens), d = static_cast<int>(a.D / a.keep.heads);
  CHECK(d <= kMaxHead, "attention: heads of " + str(d) + " channels, the kernel takes at most " + str(kMaxHead));
  with_type(a.type, [&](auto element) {
    using T = decltype(element);
    const auto source = kept_source<T, kQueries, kKeys>(a, place);
    HL_LAUNCH((plain_attention_kernel<T, std::decay_t<decltype(source)>>),
              dim3(static_cast<unsigned>(a.keep.rows()), blocks_for(window_tokens, kQueries)), kWarps * 32, 0, stream,
              static_cast<const T*>(a.q), static_cast<int>(a.D), d, scale, source, static_cast<T*>(a.out));
  });
}

void cross_attention_plain(const CrossAttention& a, float scale, cudaStream_t stream) {
  const int d = static_cast<int>(a.D / a.heads);
  CHECK(d <= kMaxHead, "attention: heads of " + str(d) + " channels, the kernel takes at most " + str(kMaxHead));
  with_type(a.type, [&](auto element) {
    using T = decltype(element);
    const auto source = all_source<T, kQueries, kKeys>(a);
    HL_LAUNCH((plain_attention_kernel<T, std::decay_t<decltype(source)>>),
              dim3(blocks_for(a.T, kQueries), static_cast<unsigned>(a.heads)), kWarps * 32, 0, stream,
              static_cast<const T*>(a.q), static_cast<int>(a.D), d, scale, source, static_cast<T*>(a.out));
  });
}

}  // namespace heirloom::HL_CUDA

// Attention of 128 queries with heads of 128, bf16, on Hopper: one producer thread asks the tensor copy engine for kept windows of keys and
// values, two warpgroups of 64 queries each attend to them with wgmma. While a window's probabilities are made, the tensor cores already sum
// the values of the window before, and the warpgroups take turns in issuing products, so that one makes probabilities while the other's products
// run (both overlaps are FlashAttention-3's).
#include "cuda/attention/attention_map.h"
#include "cuda/attention/attention_kernels.h"
#include "cuda/attention/attention_rows.h"
#include "cuda/device/hopper.h"

namespace heirloom::HL_CUDA {

namespace {

[[maybe_unused]] constexpr int kHead = 128;  // not in the trap that other architectures get
constexpr int kWindow = 128, kMaxMaps = 8;
constexpr int kConsumers = 2, kThreads = (1 + kConsumers) * 128;
constexpr int kStages = 2;  // of keys, and of values
constexpr int kTileBytes = 2 * kHalfBytes;  // of queries, of a window of keys, of one of values
constexpr int kKeys = kTileBytes, kValues = kKeys + kStages * kTileBytes,
              kBarriers = kValues + kStages * kTileBytes;  // where they lie
constexpr int kBarrierCount =
    1 + 4 * kStages + kConsumers;  // queries; keys full, keys empty, values full, values empty; turns
constexpr size_t kSharedBytes = kBarriers + kBarrierCount * 8;
static_assert(kSharedBytes <= 227 << 10, "the shared memory of one block");

struct HopperAttention {
  TensorMap q, k[kMaxMaps], v[kMaxMaps];  // [tokens, D], of every segment
  KeptWindows keep;
  RowPlace place;
  int per_segment, D;
  int64_t tokens;  // of the queries
  float scale;
  __nv_bfloat16* out;
};

#if HL_HAS_HOPPER

struct Barriers {
  SharedAddress first;
  __device__ SharedAddress queries() const { return first; }
  __device__ SharedAddress keys_full(int stage) const { return first + 8 * (1 + stage); }
  __device__ SharedAddress keys_empty(int stage) const { return first + 8 * (1 + kStages + stage); }
  __device__ SharedAddress values_full(int stage) const { return first + 8 * (1 + 2 * kStages + stage); }
  __device__ SharedAddress values_empty(int stage) const { return first + 8 * (1 + 3 * kStages + stage); }
  __device__ SharedAddress turn(int group) const { return first + 8 * (1 + 4 * kStages + group); }
};

// 128 tokens of a head, in two halves.
__device__ __forceinline__ void fetch(SharedAddress to, const TensorMap& map, SharedAddress barrier, int head,
                                      int token) {
  mbarrier_arrive_expect(barrier, kTileBytes);
  tensor_copy(to, map, barrier, head * kHead, token, 0);
  tensor_copy(to + kHalfBytes, map, barrier, head * kHead + 64, token, 0);
}

__device__ __forceinline__ void produce(const HopperAttention& a, const KeptWindows::Row& row, SharedAddress shared,
                                        Barriers barriers) {
  fetch(shared, a.q, barriers.queries(), row.head, row.window * kWindow);
  for (int i = 0; i < row.count; ++i) {
    const int stage = i % kStages, empty = ((i / kStages) & 1) ^ 1, key = row.key_at(i), segment = key / a.per_segment,
              token = (key - segment * a.per_segment) * kWindow;
    mbarrier_wait(barriers.keys_empty(stage), empty);
    fetch(shared + kKeys + stage * kTileBytes, a.k[segment], barriers.keys_full(stage), row.head, token);
    mbarrier_wait(barriers.values_empty(stage), empty);
    fetch(shared + kValues + stage * kTileBytes, a.v[segment], barriers.values_full(stage), row.head, token);
  }
}

// s [64, 128] = queries of the warpgroup * keys^T
__device__ __forceinline__ void score(float (&s)[16][4], SharedAddress queries, SharedAddress keys) {
  const uint64_t q = wgmma_descriptor(descriptor_address(queries)), k = wgmma_descriptor(descriptor_address(keys));
#pragma unroll
  for (int i = 0; i < kHead / 16; ++i) wgmma(s, q + (channel_step(i) >> 4), k + (channel_step(i) >> 4), i > 0);
  wgmma_commit();
}

// o [64, 128] += probabilities * values
__device__ __forceinline__ void sum_values(float (&o)[16][4], const uint32_t (&p)[8][4], SharedAddress values) {
  const uint64_t v = values_descriptor(descriptor_address(values));
#pragma unroll
  for (int i = 0; i < kWindow / 16; ++i) wgmma_values(o, p[i], v + (key_step(i) >> 4), true);
  wgmma_commit();
}

// The registers were read: the compiler may use them again from here on.
__device__ __forceinline__ void values_done(uint32_t (&p)[8][4]) {
#pragma unroll
  for (int i = 0; i < 32; ++i) { HL_PTX((void)p, asm volatile("" : "+r"(p[i / 4][i % 4])::"memory")); }
}

__device__ __forceinline__ void pack_all(const float (&s)[16][4], uint32_t (&p)[8][4]) {
#pragma unroll
  for (int i = 0; i < 8; ++i) pack_probabilities<__nv_bfloat16>(s, i, p[i]);
}

template <class Place>
__device__ __forceinline__ void consume(const HopperAttention& a, int count, int group, int lane, SharedAddress shared,
                                        Barriers barriers, Place place) {
  const SharedAddress queries = shared + group * 64 * 128;  // the warpgroup's rows in either half
  float s[16][4], o[16][4];
  uint32_t p[8][4];
  RunningSoftmax softmax;
#pragma unroll
  for (int i = 0; i < 64; ++i) o[i / 4][i % 4] = s[i / 4][i % 4] = 0;
  mbarrier_wait(barriers.queries(), 0);
  mbarrier_wait(barriers.keys_full(0), 0);
  wgmma_fence();
  score(s, queries, shared + kKeys);
  wgmma_wait<0>();
  wgmma_done(s);
  if (lane == 0) mbarrier_arrive(barriers.keys_empty(0));
  if (group == 1 && lane == 0) mbarrier_arrive(barriers.turn(0));  // the first warpgroup begins
  softmax.absorb(s, a.scale);
  pack_all(s, p);
  for (int i = 1; i < count; ++i) {
    const int stage = i % kStages, before = (i - 1) % kStages;
    mbarrier_wait(barriers.keys_full(stage), (i / kStages) & 1);
    mbarrier_wait(barriers.turn(group), (i - 1) & 1);
    wgmma_fence();
    score(s, queries, shared + kKeys + stage * kTileBytes);
    mbarrier_wait(barriers.values_full(before), (i - 1) / kStages & 1);
    wgmma_fence();
    sum_values(o, p, shared + kValues + before * kTileBytes);
    if (lane == 0) mbarrier_arrive(barriers.turn(1 - group));
    wgmma_wait<1>();
    wgmma_done(s);
    if (lane == 0) mbarrier_arrive(barriers.keys_empty(stage));
    const bool shrinks = softmax.absorb(s, a.scale);  // while the values are being summed
    wgmma_wait<0>();
    wgmma_done(o);
    values_done(p);
    if (lane == 0) mbarrier_arrive(barriers.values_empty(before));
    if (shrinks) softmax.shrink_sums(o);
    pack_all(s, p);
  }
  const int last = (count - 1) % kStages;
  mbarrier_wait(barriers.values_full(last), (count - 1) / kStages & 1);
  wgmma_fence();
  sum_values(o, p, shared + kValues + last * kTileBytes);
  wgmma_wait<0>();
  wgmma_done(o);
  softmax.finish<__nv_bfloat16>(o, lane, place);
}

#endif

__global__ void __launch_bounds__(kThreads, 1) wgmma_attention_kernel(const __grid_constant__ HopperAttention a) {
#if HL_HAS_HOPPER
  HL_DYNAMIC_SHARED(unsigned char, memory);
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32;
  const SharedAddress shared = shared_address(memory);
  const Barriers barriers = {shared + kBarriers};
  const KeptWindows::Row row = a.keep.row_at(static_cast<int>(blockIdx.x));
  if (thread == 0) {
    mbarrier_init(barriers.queries(), 1);
    for (int stage = 0; stage < kStages; ++stage) {
      mbarrier_init(barriers.keys_full(stage), 1);
      mbarrier_init(barriers.values_full(stage), 1);
      mbarrier_init(barriers.keys_empty(stage), kConsumers * 4);  // one lane of every consumer warp
      mbarrier_init(barriers.values_empty(stage), kConsumers * 4);
    }
    for (int group = 0; group < kConsumers; ++group)
      mbarrier_init(barriers.turn(group), 4);  // one lane of every warp of the other
    mbarrier_init_fence();
  }
  __syncthreads();
  if (thread < 128) {
    give_registers<24>();
    if (thread == 0 && row.count > 0) produce(a, row, shared, barriers);
  } else {
    take_registers<240>();
    const int warp = thread / 32 - 4;  // of the consumers
    const auto place = [&](int r) -> __nv_bfloat16* {
      const int64_t token = a.place.row_of(row.window, 16 * warp + r, kWindow);
      return token < a.tokens ? a.out + token * a.D + row.head * kHead : nullptr;
    };
    if (row.count == 0) clear_rows<__nv_bfloat16>(kHead, lane, place);
    else consume(a, row.count, warp / 4, lane, shared, barriers, place);
  }
#else
  (void)a;
  __trap();
#endif
}

// [tokens, D], fetched a window and half a head at a time.
TensorMap map_of(const void* data, int64_t tokens, int64_t D) {
  return tensor_map(data, {D, tokens, 1}, {D * 2, tokens * D * 2}, {64, kWindow, 1});
}

// What h says of maps, rows and places, of an attention a of either kind.
template <class Attention>
void start(HopperAttention& h, const Attention& a, float scale, cudaStream_t stream) {
  h.q = map_of(a.q, h.tokens, a.D);
  h.D = static_cast<int>(a.D);
  h.scale = scale * kLog2E;
  h.out = static_cast<__nv_bfloat16*>(a.out);
  HL_LAUNCH(wgmma_attention_kernel, static_cast<unsigned>(h.keep.rows()), kThreads, kSharedBytes, stream, h);
}

}  // namespace

bool sparse_attention_wgmma(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream) {
  if (a.k.count > kMaxMaps) return false;
  HopperAttention h = {};
  h.per_segment = a.keep.keys / a.k.count;
  h.tokens = int64_t(a.keep.queries) * kWindow;
  for (int i = 0; i < a.k.count; ++i) {
    h.k[i] = map_of(a.k.at[i], int64_t(h.per_segment) * kWindow, a.D);
    h.v[i] = map_of(a.v.at[i], int64_t(h.per_segment) * kWindow, a.D);
  }
  h.keep = a.keep;
  h.place = place;
  start(h, a, scale, stream);
  return true;
}

// Windows that nobody chose: a last one of queries may be short, one of keys may not.
bool cross_attention_wgmma(const CrossAttention& a, float scale, cudaStream_t stream) {
  if (a.S % kWindow != 0) return false;
  HopperAttention h = {};
  h.per_segment = static_cast<int>(a.S / kWindow);
  h.tokens = a.T;
  h.k[0] = map_of(a.k, a.S, a.D);
  h.v[0] = map_of(a.v, a.S, a.D);
  h.keep.heads = static_cast<int>(a.heads);
  h.keep.queries = static_cast<int>((a.T + kWindow - 1) / kWindow);
  h.keep.keys = h.per_segment;
  start(h, a, scale, stream);
  return true;
}

}  // namespace heirloom::HL_CUDA

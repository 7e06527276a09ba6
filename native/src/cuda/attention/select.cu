#include "cuda/attention/select.h"

#include <algorithm>
#include <cmath>

#include "check.h"
#include "cuda/features/elements.h"
#include "exact.h"

namespace heirloom::HL_CUDA {

namespace {

// The windows of one segment and how far a query sees.
struct Range {
  int rows, columns, before, after;                   // before and after: windows up and down, left and right alike
  int key_segments, capacity;

  // The candidates of one query: a box of windows, the same in every segment.
  struct Box {
    int top, left, height, width;
  };
  __device__ Box box(int spatial) const {
    const int y = spatial / columns, x = spatial % columns;
    const int top = max(y - before, 0), left = max(x - before, 0);
    return {top, left, min(y + after, rows - 1) - top + 1, min(x + after, columns - 1) - left + 1};
  }
  __device__ int key_of(const Box& b, int candidate) const {
    const int segment = candidate / (b.height * b.width), y = candidate / b.width % b.height, x = candidate % b.width;
    return (segment * rows + b.top + y) * columns + b.left + x;
  }
};

Range range_of(const SelectRule& rule, int64_t key_segments) {
  CHECK(rule.rows > 0 && rule.columns > 0 && rule.heads > 0 && rule.topk >= 0 && rule.local_range >= 1 &&
            key_segments > 0,
        "select_blocks: nothing to select from");
  Range range;
  range.rows = static_cast<int>(rule.rows);
  range.columns = static_cast<int>(rule.columns);
  const int64_t widest = std::max(rule.rows, rule.columns) * 2;  // a longer range changes nothing and might overflow
  range.before = static_cast<int>(std::min(rule.local_range / 2, widest));
  range.after = static_cast<int>(std::min(rule.local_range - 1 - rule.local_range / 2, widest));
  range.key_segments = static_cast<int>(key_segments);
  range.capacity = static_cast<int>(keep_capacity(rule, key_segments));
  return range;
}

constexpr int kMaxHead = 128;  // channels of a head that fit in registers
constexpr int kWarps = 4;

// One warp per row: a query window of a head. Eight lanes share a key: lane j of them holds the j-th of the CPU's eight partial sums. kIsFull: d is kMaxHead.
template <bool kIsFull>
__global__ void probabilities_kernel(const float* q, int queries, SegmentPointers k, int D, int d, float scale,
                                     Range range, int rows, float* probabilities) {
  const int row = static_cast<int>(blockIdx.x) * kWarps + static_cast<int>(threadIdx.x) / 32,
            lane = static_cast<int>(threadIdx.x) % 32, j = lane % 8;
  if (row >= rows) return;
  const int head = row / queries, query = row % queries;
  const auto is_inside = [&](int i) { return kIsFull || j + 8 * i < d; };
  float part[kMaxHead / 8];  // the query's channels j, j + 8, ...
  const float* const from = q + static_cast<int64_t>(query) * D + head * d;
#pragma unroll
  for (int i = 0; i < kMaxHead / 8; ++i) part[i] = is_inside(i) ? from[j + 8 * i] : 0;
  const Range::Box box = range.box(query % (range.rows * range.columns));
  const int count = range.key_segments * box.height * box.width;
  float* const p = probabilities + static_cast<int64_t>(row) * range.capacity;
  int at = lane / 8, x = at % box.width, y = at / box.width % box.height,
      segment = at / (box.width * box.height);  // of this lane's candidate
  for (int base = 0; base < count; base += 4) {
    const bool is_there = at < count;
    const float* const key = static_cast<const float*>(k.at[is_there ? segment : 0]) +
                             (static_cast<int64_t>(box.top + y) * range.columns + box.left + x) * D + head * d;
    float value[kMaxHead / 8], sum = 0;
#pragma unroll
    for (int i = 0; i < kMaxHead / 8; ++i) value[i] = is_inside(i) ? key[j + 8 * i] : 0;
#pragma unroll
    for (int i = 0; i < kMaxHead / 8; ++i)
      if (is_inside(i)) sum = exact::add(sum, exact::multiply(part[i], value[i]));
    sum = exact::add(sum, __shfl_xor_sync(kAllLanes, sum, 4));
    sum = exact::add(sum, __shfl_xor_sync(kAllLanes, sum, 1));
    sum = exact::add(sum, __shfl_xor_sync(kAllLanes, sum, 2));
    if (j == 0 && is_there) p[at] = exact::multiply(sum, scale);
    at += 4;
    for (x += 4; x >= box.width; x -= box.width)
      if (++y == box.height) y = 0, ++segment;
  }
  __syncwarp();
  float largest = -INFINITY;
  for (int c = lane; c < count; c += 32) largest = fmaxf(largest, p[c]);
  largest = warp_max(largest);
  float sum = 0;  // one after the other, as the CPU does
  for (int base = 0; base < count; base += 32) {
    const int c = base + lane;
    const float e = c < count ? exact::exponential(exact::add(p[c], -largest)) : 0;
    if (c < count) p[c] = e;
#pragma unroll
    for (int i = 0; i < 32; ++i)
      sum = exact::add(sum, __shfl_sync(kAllLanes, e, i));  // adding the zeros behind the last changes nothing
  }
  for (int c = lane; c < range.capacity; c += 32) p[c] = c < count ? exact::divide(p[c], sum) : 0;
}

__global__ void spread_kernel(const float* probabilities, int queries, int keys, Range range, int64_t count,
                              float* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= count) return;
  const int64_t row = at / keys;
  const int per_segment = range.rows * range.columns, key = static_cast<int>(at % keys), spatial = key % per_segment;
  const Range::Box box = range.box(static_cast<int>(row % queries) % per_segment);
  const int y = spatial / range.columns - box.top, x = spatial % range.columns - box.left;
  const bool inside = y >= 0 && y < box.height && x >= 0 && x < box.width;
  out[at] = inside ? probabilities[row * range.capacity + (key / per_segment * box.height + y) * box.width + x] : 0;
}

constexpr int kThreads = 1024;  // as many as a digit has values
constexpr int kDigitBits = 10;

// One block per (head, query segment). The (budget + 1)-th largest value is found digit by digit over the bits of the floats, whose order is
// that of the numbers as none is negative and none exceeds 1. Then every warp writes down rows, and every row its place in the order.
__global__ void keep_kernel(const float* probabilities, Range range, int queries, int64_t budget, bool force_own,
                            KeptWindows keep) {
  HL_SHARED(int[kThreads], bins);
  HL_SHARED(int[kThreads / 32 + 1], above);  // of every warp's bins and those over them
  HL_SHARED(int[2], chosen);  // the digit, and how many values are above it
  const int n = range.rows * range.columns, segments = queries / n, head = static_cast<int>(blockIdx.x) / segments,
            first = static_cast<int>(blockIdx.x) % segments * n;
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const int64_t row0 = static_cast<int64_t>(head) * queries + first, count = static_cast<int64_t>(n) * range.capacity;
  const float* const p = probabilities + row0 * range.capacity;

  uint32_t theta = 0;
  int64_t left = budget;
  bool found = true;
  for (int shift = 2 * kDigitBits; shift >= 0 && found; shift -= kDigitBits) {
    bins[thread] = 0;
    __syncthreads();
    for (int64_t i = thread; i < count; i += kThreads) {
      const uint32_t bits = __float_as_uint(p[i]);
      if (bits != 0 && bits >> (shift + kDigitBits) == theta >> (shift + kDigitBits))
        atomicAdd(&bins[bits >> shift & (kThreads - 1)], 1);
    }
    __syncthreads();
    // Thread t looks at the digit kThreads - 1 - t: how many values have a larger one?
    const int own = bins[kThreads - 1 - thread];
    int through = own;  // with my own digit, within the warp
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
      const int from = __shfl_up_sync(kAllLanes, through, step);
      if (lane >= step) through += from;
    }
    if (lane == 31) above[warp + 1] = through;
    if (thread == 0) {
      above[0] = 0;
      chosen[0] = -1;
    }
    __syncthreads();
    if (thread == 0)
      for (int i = 1; i <= kThreads / 32; ++i) above[i] += above[i - 1];
    __syncthreads();
    const int larger = above[warp] + through - own;
    if (larger <= left && left < larger + own) {
      chosen[0] = kThreads - 1 - thread;
      chosen[1] = larger;
    }
    __syncthreads();
    found = chosen[0] >= 0;  // only the first digit may find none: fewer values above zero than the budget
    if (found) {
      theta |= static_cast<uint32_t>(chosen[0]) << shift;
      left -= chosen[1];
    }
    __syncthreads();
  }
  const float threshold = found ? __uint_as_float(theta) : 0.0f;

  for (int i = warp; i < n; i += kThreads / 32) {
    const Range::Box box = range.box(i);
    const int candidates = range.key_segments * box.height * box.width, own = keep.keys - queries + first + i;
    int32_t* const key = keep.key + (row0 + i) * range.capacity;
    int kept = 0;
    for (int base = 0; base < candidates; base += 32) {
      const int c = base + lane, index = range.key_of(box, min(c, candidates - 1));
      const bool keeps = c < candidates &&
                         (p[static_cast<int64_t>(i) * range.capacity + c] > threshold || (force_own && index == own));
      const uint32_t mask = __ballot_sync(kAllLanes, keeps);
      if (keeps) key[kept + __popc(mask & ((1u << lane) - 1))] = index;
      kept += __popc(mask);
    }
    if (lane == 0) keep.count[row0 + i] = kept;
  }
  __syncthreads();
  for (int i = thread; i < n; i += kThreads) {  // n is at most a few thousand: everybody counts who is longer
    const int mine = keep.count[row0 + i];
    int rank = 0;
    for (int other = 0; other < n; ++other) {
      const int count_of_other = keep.count[row0 + other];
      rank += count_of_other > mine || (count_of_other == mine && other < i);
    }
    keep.order[row0 + rank] = static_cast<int32_t>(row0 + i);
  }
}

}  // namespace

int64_t keep_capacity(const SelectRule& rule, int64_t key_segments) {
  return key_segments * std::min(rule.local_range, rule.rows) * std::min(rule.local_range, rule.columns);
}

void candidate_probabilities(const float* q, int64_t query_segments, const SegmentPointers& k, int64_t D,
                             const SelectRule& rule, float* probabilities, cudaStream_t stream) {
  const Range range = range_of(rule, k.count);
  CHECK(D % rule.heads == 0 && D / rule.heads <= kMaxHead,
        "select_blocks: " + str(rule.heads) + " heads of a width of " + str(D) + " are beyond the kernel");
  CHECK(query_segments > 0 && query_segments <= k.count,
        "select_blocks: " + str(query_segments) + " query segments, but " + str(k.count) + " segments of keys");
  const int64_t queries = query_segments * rule.rows * rule.columns, d = D / rule.heads, rows = rule.heads * queries;
  const float scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
  const auto start = [&](auto kernel) {
    HL_LAUNCH(kernel, blocks_for(rows, kWarps), kWarps * 32, 0, stream, q, static_cast<int>(queries), k,
              static_cast<int>(D), static_cast<int>(d), scale, range, static_cast<int>(rows), probabilities);
  };
  if (d == kMaxHead) start(probabilities_kernel<true>);
  else start(probabilities_kernel<false>);
}

void spread_probabilities(const float* probabilities, int64_t query_segments, int64_t key_segments,
                          const SelectRule& rule, float* out, cudaStream_t stream) {
  const Range range = range_of(rule, key_segments);
  const int64_t n = rule.rows * rule.columns, queries = query_segments * n, keys = key_segments * n,
                count = rule.heads * queries * keys;
  HL_LAUNCH(spread_kernel, blocks_for(count, 256), 256, 0, stream, probabilities, static_cast<int>(queries),
            static_cast<int>(keys), range, count, out);
}

void keep_windows(const float* probabilities, const SelectRule& rule, const KeptWindows& keep, cudaStream_t stream) {
  const int64_t n = rule.rows * rule.columns;
  CHECK(n > 0 && keep.queries % n == 0 && keep.keys % n == 0 && keep.heads == rule.heads,
        "select_blocks: the list was made for another rule");
  const Range range = range_of(rule, keep.keys / n);
  CHECK(keep.capacity == range.capacity,
        "select_blocks: rows of " + str(keep.capacity) + " keys, " + str(range.capacity) + " are wanted");
  const int64_t budget = std::min<int64_t>(rule.topk, n * keep.keys - 1);
  HL_LAUNCH(keep_kernel, static_cast<unsigned>(rule.heads * (keep.queries / n)), kThreads, 0, stream, probabilities,
            range, keep.queries, budget, rule.force_own, keep);
}

}  // namespace heirloom::HL_CUDA

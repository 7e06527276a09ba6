#include "cuda/attention/windows.h"

#include "check.h"
#include "cuda/features/elements.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kTokensPerBlock = 8;                    // one warp each

struct RopeMap {
  int head, pairs[3], from[3];  // of one head; pairs of every axis and where its part of the table starts
  int h, w;

  // Where the cos and sin of one token's three positions begin.
  struct Angles {
    const float2 *time, *row, *column;
  };
  __device__ Angles angles_of(const float2* table, int64_t token) const {
    const int64_t line = token / w, latent = line / h;
    return {table + from[0] + latent * pairs[0], table + from[1] + (line - latent * h) * pairs[1],
            table + from[2] + (token - line * w) * pairs[2]};
  }
  // pair: of a head
  __device__ float2 angle(const Angles& angles, int pair) const {
    if (pair < pairs[0]) return angles.time[pair];
    pair -= pairs[0];
    return pair < pairs[1] ? angles.row[pair] : angles.column[pair - pairs[1]];
  }
};

RopeMap rope_map(const Grid& grid, const Rope& rope, int64_t D) {
  const int64_t head = rope.dims[0] + rope.dims[1] + rope.dims[2];
  CHECK(head * rope.heads == D && rope.dims[0] % 2 == 0 && rope.dims[1] % 2 == 0 && rope.dims[2] % 2 == 0,
        "rope: " + str(rope.heads) + " heads of " + str(rope.dims[0]) + " + " + str(rope.dims[1]) + " + " +
            str(rope.dims[2]) + " do not make a width of " + str(D));
  RopeMap map;
  map.head = static_cast<int>(head);
  for (size_t axis = 0; axis < 3; ++axis) map.pairs[axis] = static_cast<int>(rope.dims[axis] / 2);
  map.from[0] = 0;
  map.from[1] = static_cast<int>(grid.f) * map.pairs[0];
  map.from[2] = map.from[1] + static_cast<int>(grid.h) * map.pairs[1];
  map.h = static_cast<int>(grid.h);
  map.w = static_cast<int>(grid.w);
  return map;
}

__device__ void turn(float& a, float& b, float2 angle) {
  const float before = a;
  a = before * angle.x - b * angle.y;
  b = before * angle.y + b * angle.x;
}

// One thread per pair of the table.
__global__ void rope_table_kernel(RopeMap map, double base, int64_t t0, int size, float2* table) {
  const int at = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (at >= size) return;
  const int axis = at >= map.from[2] ? 2 : at >= map.from[1] ? 1 : 0;
  const int pairs = map.pairs[axis], local = at - map.from[axis], pair = local % pairs;
  const double position = static_cast<double>((axis == 0 ? t0 : 0) + local / pairs);
  const double angle = position * pow(base, -static_cast<double>(pair) / pairs);
  table[at] = make_float2(static_cast<float>(cos(angle)), static_cast<float>(sin(angle)));
}

// One warp per token, the token in its registers: lane l holds pieces l, l + 32, ... of 8 channels.
template <class T, int kPieces>
__global__ void norm_rope_kernel(const T* x, int64_t stride, int D, int64_t tokens, WindowMap windows,
                                 const float* weight, float eps, RopeMap rope, const float2* table,
                                 SegmentPointers out) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int64_t token = static_cast<int64_t>(blockIdx.x) * kTokensPerBlock + threadIdx.x / 32;
  if (token >= tokens) return;
  float v[kPieces][8];
  float squares = 0;
#pragma unroll
  for (int i = 0; i < kPieces; ++i) {
    const int at = (lane + 32 * i) * 8;
    if (at >= D) continue;
    load8(x + token * stride + at, v[i]);
#pragma unroll
    for (int j = 0; j < 8; ++j) squares = fmaf(v[i][j], v[i][j], squares);
  }
  squares = warp_sum(squares);
  const float scale = 1.0f / sqrtf(squares / static_cast<float>(D) + eps);
  const WindowMap::Place place = windows.place_of(token);
  T* to = static_cast<T*>(out.at[place.segment]) + place.row * D;
  const bool same_pairs = 256 % rope.head == 0;  // then a lane's pieces lie at the same place of their heads
  const RopeMap::Angles angles = rope.angles_of(table, token);
  float2 angle[4] = {};
#pragma unroll
  for (int i = 0; i < kPieces; ++i) {
    const int at = (lane + 32 * i) * 8;
    if (at >= D) continue;
    float gain[8];
    load8(weight + at, gain);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      if (i == 0 || !same_pairs) angle[j] = rope.angle(angles, (at + 2 * j) % rope.head / 2);
      float a = v[i][2 * j] * scale * gain[2 * j], b = v[i][2 * j + 1] * scale * gain[2 * j + 1];
      turn(a, b, angle[j]);
      v[i][2 * j] = a;
      v[i][2 * j + 1] = b;
    }
    store8(to + at, v[i]);
  }
}

// One thread per pair.
template <class T>
__global__ void rope_kernel(T* x, int D, int64_t pairs, RopeMap rope, const float2* table) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= pairs) return;
  const int64_t token = at / (D / 2);
  float a = to_float(x[2 * at]), b = to_float(x[2 * at + 1]);
  turn(a, b, rope.angle(rope.angles_of(table, token), static_cast<int>(at - token * (D / 2)) % (rope.head / 2)));
  x[2 * at] = from_float<T>(a);
  x[2 * at + 1] = from_float<T>(b);
}

// One thread per 16 bytes (E: int4), or per element where rows are no multiple of that. Rows of `row` E's.
template <class E>
__global__ void partition_kernel(const E* x, int64_t stride, int row, int64_t count, WindowMap windows,
                                 SegmentPointers out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= count) return;
  const int64_t token = at / row, piece = at % row;
  const WindowMap::Place place = windows.place_of(token);
  static_cast<E*>(out.at[place.segment])[place.row * row + piece] = x[token * stride + piece];
}

template <class E>
__global__ void merge_kernel(const E* x, int row, int64_t count, WindowMap windows, E* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= count) return;
  const int64_t from = at / row;
  const int window_tokens = windows.wt * windows.wh * windows.ww;
  out[windows.token_of(from / window_tokens, static_cast<int>(from % window_tokens)) * row + at % row] = x[at];
}

// One thread per channel of a window.
template <class T>
__global__ void pool_kernel(const T* x, int window_tokens, int D, int64_t count, float* out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= count) return;
  const T* from = x + at / D * window_tokens * D + at % D;
  float sum = 0;
#pragma unroll 32
  for (int i = 0; i < window_tokens; ++i) sum += to_float(from[static_cast<int64_t>(i) * D]);
  out[at] = sum / static_cast<float>(window_tokens);
}

constexpr int kThreads = 256;

void check_segments(const char* op, const Grid& grid, const SegmentPointers& out) {
  CHECK(out.count == grid.segments(),
        std::string(op) + ": " + str(out.count) + " places for " + str(grid.segments()) + " segments");
}

// f(int4()) where whole rows go in 16-byte pieces, else f(an element of that many bytes).
template <class F>
void with_pieces(Type type, int64_t D, int64_t stride, F f) {
  const int bytes = size_of(type);
  if (D * bytes % 16 == 0 && stride * bytes % 16 == 0) f(int4(), 16 / bytes);
  else if (bytes == 4) f(uint32_t(), 1);
  else f(uint16_t(), 1);
}

}  // namespace

WindowMap window_map(const Grid& grid) {
  CHECK(grid.f % grid.window[0] == 0 && grid.h % grid.window[1] == 0 && grid.w % grid.window[2] == 0,
        "a grid of " + str(grid.f) + " x " + str(grid.h) + " x " + str(grid.w) + " does not divide into its windows");
  WindowMap map;
  map.h = static_cast<int>(grid.h);
  map.w = static_cast<int>(grid.w);
  map.wt = static_cast<int>(grid.window[0]);
  map.wh = static_cast<int>(grid.window[1]);
  map.ww = static_cast<int>(grid.window[2]);
  map.rows = static_cast<int>(grid.rows());
  map.columns = static_cast<int>(grid.columns());
  return map;
}

int64_t rope_table_size(const Grid& grid, const Rope& rope) {
  return (grid.f * rope.dims[0] + grid.h * rope.dims[1] + grid.w * rope.dims[2]) / 2;
}

void rope_table(const Grid& grid, const Rope& rope, int64_t t0, float2* table, cudaStream_t stream) {
  const RopeMap map = rope_map(grid, rope, rope.heads * (rope.dims[0] + rope.dims[1] + rope.dims[2]));
  const int size = static_cast<int>(rope_table_size(grid, rope));
  HL_LAUNCH(rope_table_kernel, blocks_for(size, kThreads), kThreads, 0, stream, map, rope.base, t0, size, table);
}

void norm_rope_windows(Type type, const void* x, int64_t stride, int64_t D, const Grid& grid, const float* weight,
                       float eps, const Rope& rope, const float2* table, const SegmentPointers& out,
                       cudaStream_t stream) {
  check_segments("norm_rope_windows", grid, out);
  CHECK(D % 8 == 0 && D <= kMaxNormRope && stride % 8 == 0,
        "norm_rope_windows: a width of " + str(D) + " in rows of " + str(stride) + " is beyond the kernel");
  const WindowMap windows = window_map(grid);
  const RopeMap map = rope_map(grid, rope, D);
  with_type(type, [&](auto element) {
    using T = decltype(element);
    const auto run = [&](auto kernel) {
      HL_LAUNCH(kernel, blocks_for(grid.tokens(), kTokensPerBlock), kTokensPerBlock * 32, 0, stream,
                static_cast<const T*>(x), stride, static_cast<int>(D), grid.tokens(), windows, weight, eps, map, table,
                out);
    };
    if (D <= 256) run(norm_rope_kernel<T, 1>);
    else run(norm_rope_kernel<T, kMaxNormRope / 256>);
  });
}

void window_partition(Type type, const void* x, int64_t stride, int64_t D, const Grid& grid, const SegmentPointers& out,
                      cudaStream_t stream) {
  check_segments("window_partition", grid, out);
  const WindowMap windows = window_map(grid);
  with_pieces(type, D, stride, [&](auto piece, int elements) {
    using E = decltype(piece);
    const int64_t count = grid.tokens() * (D / elements);
    HL_LAUNCH(partition_kernel<E>, blocks_for(count, kThreads), kThreads, 0, stream, static_cast<const E*>(x),
              stride / elements, static_cast<int>(D / elements), count, windows, out);
  });
}

void window_merge(Type type, const void* x, int64_t D, const Grid& grid, void* out, cudaStream_t stream) {
  const WindowMap windows = window_map(grid);
  with_pieces(type, D, D, [&](auto piece, int elements) {
    using E = decltype(piece);
    const int64_t count = grid.tokens() * (D / elements);
    HL_LAUNCH(merge_kernel<E>, blocks_for(count, kThreads), kThreads, 0, stream, static_cast<const E*>(x),
              static_cast<int>(D / elements), count, windows, static_cast<E*>(out));
  });
}

void rope_in_place(Type type, void* x, int64_t D, const Grid& grid, const Rope& rope, const float2* table,
                   cudaStream_t stream) {
  const RopeMap map = rope_map(grid, rope, D);
  const int64_t pairs = grid.tokens() * (D / 2);
  with_type(type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(rope_kernel<T>, blocks_for(pairs, kThreads), kThreads, 0, stream, static_cast<T*>(x), static_cast<int>(D),
              pairs, map, table);
  });
}

void pool_blocks(Type type, const void* x, int64_t windows, int64_t window_tokens, int64_t D, float* out,
                 cudaStream_t stream) {
  const int64_t count = windows * D;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(pool_kernel<T>, blocks_for(count, kThreads), kThreads, 0, stream, static_cast<const T*>(x),
              static_cast<int>(window_tokens), static_cast<int>(D), count, out);
  });
}

}  // namespace heirloom::HL_CUDA

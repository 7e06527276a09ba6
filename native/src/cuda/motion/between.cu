// Maps and pictures at places between their samples, and what is made of them.
#include "cuda/motion/motion.h"
#include "cuda/motion/places.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;
constexpr int kCell = 8, kFeather = 4;  // pixels

__device__ inline int64_t my_item() { return static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; }

// One thread per position and kPiece channels.
template <int kPiece>
__global__ void warp_kernel(Warp p, int64_t count) {
  const int64_t item = my_item();
  if (item >= count) return;
  const int pieces = p.channels / kPiece, channel = static_cast<int>(item % pieces) * kPiece;
  const int64_t at = item / pieces;
  const int x = static_cast<int>(at % p.w), y = static_cast<int>(at / p.w);
  float sum[kPiece] = {};
  if (is_near(p.mask, y, x, p.around)) {
    const float* f = p.flow + at * p.flow_channels + p.first;
    const float cell = static_cast<float>(p.cell);
    const Corners c = corners(static_cast<float>(x) + f[0] / cell, static_cast<float>(y) + f[1] / cell, p.w, p.h);
#pragma unroll
    for (int corner = 0; corner < 4; ++corner) {
      float v[kPiece];
      const int64_t from = c.at[corner] * p.channels + channel;
      if constexpr (kPiece == 8) read8(p.x, from, v);
      else v[0] = read1(p.x, from);
#pragma unroll
      for (int i = 0; i < kPiece; ++i) sum[i] = fmaf(c.share[corner], v[i], sum[i]);
    }
  }
  if constexpr (kPiece == 8) write8(p.out, at * p.channels + channel, sum);
  else write1(p.out, at * p.channels + channel, sum[0]);
}

// One thread per value of the fine planes' positions.
__global__ void convex_kernel(Values x, Values weights, int h, int w, int channels, int s, Mask mask, float* out) {
  const int64_t item = my_item(), fine_w = static_cast<int64_t>(w) * s;
  if (item >= fine_w * h * s) return;
  const int row = static_cast<int>(item / fine_w), column = static_cast<int>(item % fine_w), y = row / s,
            u = column / s, fine = s * s;
  if (!is_near(mask, y, u, 0)) return;
  const int64_t from = (static_cast<int64_t>(y) * w + u) * 9 * fine + row % s * s + column % s;
  float share[9], largest = read1(weights, from), total = 0;
#pragma unroll
  for (int n = 0; n < 9; ++n) largest = fmaxf(largest, share[n] = read1(weights, from + n * fine));
#pragma unroll
  for (int n = 0; n < 9; ++n) total += share[n] = expf(share[n] - largest);
  for (int c = 0; c < channels; ++c) {
    float sum = 0;
#pragma unroll
    for (int n = 0; n < 9; ++n) {
      const int64_t place = static_cast<int64_t>(held(y + n / 3 - 1, h)) * w + held(u + n % 3 - 1, w);
      sum = fmaf(share[n], read1(x, place * channels + c), sum);
    }
    out[c * fine_w * h * s + item] = sum / total;
  }
}

__device__ inline float sample(const float* plane, const Corners& c) {
  return plane[c.at[0]] * c.share[0] + plane[c.at[1]] * c.share[1] + plane[c.at[2]] * c.share[2] +
         plane[c.at[3]] * c.share[3];
}

// One thread per pixel.
__global__ void blend_kernel(Gap p, float lean) {
  const int64_t at = my_item(), plane = static_cast<int64_t>(p.H) * p.W;
  if (at >= plane) return;
  const int x = static_cast<int>(at % p.W), y = static_cast<int>(at / p.W);
  if (!is_near(p.mask, y, x, 0)) return;
  const float* f = p.planes + at;
  const float m = sigmoid(f[4 * plane] + lean), o = sigmoid(f[5 * plane]);
  const Corners before = corners(static_cast<float>(x) + f[0], static_cast<float>(y) + f[plane], p.W, p.H),
                after = corners(static_cast<float>(x) + f[2 * plane], static_cast<float>(y) + f[3 * plane], p.W, p.H);
#pragma unroll
  for (int c = 0; c < 3; ++c) {
    const float *a = p.a + c * plane, *b = p.b + c * plane;
    const float mixed = m * sample(a, before) + (1 - m) * sample(b, after);
    p.out[c * plane + at] = (1 - o) * mixed + o * ((1 - p.t) * a[at] + p.t * b[at]);
  }
}

// How much a pixel of a marked cell has of what is made there, by its distance to the nearest cell that is not marked.
__device__ inline float feather(const Mask& mask, int y, int x) {
  if (!mask.at) return 1.0f;
  const int row = y / kCell, column = x / kCell, i = y % kCell, j = x % kCell;
  int distance = kFeather + 1;
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      const int v = row + dy, u = column + dx;
      if (v < 0 || u < 0 || v >= mask.rows || u >= mask.columns || mask.at[v * mask.columns + u] != 0.0f) continue;
      const int down = dy < 0 ? i + 1 : dy > 0 ? kCell - i : 0, across = dx < 0 ? j + 1 : dx > 0 ? kCell - j : 0;
      distance = min(distance, max(down, across));
    }
  return static_cast<float>(min(max(distance - 1, 0), kFeather)) / static_cast<float>(kFeather);
}

__global__ void compose_kernel(Gap p) {
  const int64_t at = my_item(), plane = static_cast<int64_t>(p.H) * p.W;
  if (at >= plane) return;
  const int x = static_cast<int>(at % p.W), y = static_cast<int>(at / p.W);
  const float share = feather(p.mask, y, x);
  const float away = p.is_none_doubtful ? 0.0f : feather(p.doubtful, y, x);
  const float* nearest = p.t <= 0.5f ? p.a : p.b;
#pragma unroll
  for (int c = 0; c < 3; ++c) {
    const int64_t i = c * plane + at;
    const float plain = (1 - p.t) * p.a[i] + p.t * p.b[i];
    float v = share == 1 ? p.made[i] : share == 0 ? plain : share * p.made[i] + (1 - share) * plain;
    if (away > 0) v = away * nearest[i] + (1 - away) * v;
    p.out[i] = fminf(fmaxf(v, -1.0f), 1.0f);
  }
}

}  // namespace

void warp(const Warp& p, cudaStream_t stream) {
  const int64_t count = static_cast<int64_t>(p.h) * p.w * p.channels;
  if (p.channels % 8 == 0 && p.x.is_aligned() && p.out.is_aligned())
    HL_LAUNCH(warp_kernel<8>, blocks_for(count / 8, kThreads), kThreads, 0, stream, p, count / 8);
  else HL_LAUNCH(warp_kernel<1>, blocks_for(count, kThreads), kThreads, 0, stream, p, count);
}

void convex_upsample(const Values& x, const Values& weights, int h, int w, int channels, int s, const Mask& mask,
                     float* out, cudaStream_t stream) {
  HL_LAUNCH(convex_kernel, blocks_for(static_cast<int64_t>(h) * w * s * s, kThreads), kThreads, 0, stream, x, weights,
            h, w, channels, s, mask, out);
}

void blend(const Gap& p, cudaStream_t stream) {
  const float lean = logf((1 - p.t) / p.t);
  HL_LAUNCH(blend_kernel, blocks_for(static_cast<int64_t>(p.H) * p.W, kThreads), kThreads, 0, stream, p, lean);
}

void compose(const Gap& p, cudaStream_t stream) {
  HL_LAUNCH(compose_kernel, blocks_for(static_cast<int64_t>(p.H) * p.W, kThreads), kThreads, 0, stream, p);
}

}  // namespace heirloom::HL_CUDA

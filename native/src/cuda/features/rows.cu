#include "cuda/features/rows.h"

#include "cuda/features/act.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;

__device__ inline float point_of(const Pointwise& p, float x, float y, float a, float b) {
  switch (p.point) {
    case Point::modulate: return x * (1.0f + a) + b;
    case Point::affine: return x * a + b;
    case Point::add: return activated(x + y, p.act, 0.0f);
    case Point::add_gated: return x + y * a;
    case Point::swish_gate: return x * activated(y, Act::silu, 0.0f);
    case Point::prelu: return activated(x, Act::prelu, a);
    case Point::soft_clamp: return p.p * tanhf(x / p.p);
    case Point::clamp: return fminf(fmaxf(x, p.p), p.q);
    case Point::scale: return p.p * x + p.q;
    default: return activated(x, p.act, 0.0f);
  }
}

// kPiece neighbours of one row per thread.
template <int kPiece>
__global__ void pointwise_kernel(Pointwise p) {
  const int64_t i = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kPiece;
  if (i >= p.rows * p.channels) return;
  const int channel = static_cast<int>(i % p.channels);
  float x[kPiece], y[kPiece] = {};
  if constexpr (kPiece == 8) {
    read8(p.x, i, x);
    if (p.y.data) read8(p.y, i, y);
  } else {
    x[0] = read1(p.x, i);
    if (p.y.data) y[0] = read1(p.y, i);
  }
#pragma unroll
  for (int j = 0; j < kPiece; ++j)
    x[j] = point_of(p, x[j], y[j], p.a ? p.a[channel + j] : 0.0f, p.b ? p.b[channel + j] : 0.0f);
  if constexpr (kPiece == 8) write8(p.out, i, x);
  else write1(p.out, i, x[0]);
}

// One warp per row. kHeld > 0: every lane holds up to so many pieces of it in registers; 0: it is read three times, from the cache.
template <int kPiece, int kHeld>
__global__ void norm_kernel(NormRows n) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * (kThreads / 32) + threadIdx.x / 32;
  if (row >= n.rows) return;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t begin = row * n.channels;
  const auto read = [&](int c, float (&x)[kPiece]) {
    if constexpr (kPiece == 8) read8(n.x, begin + c, x);
    else x[0] = read1(n.x, begin + c);
  };
  float held[kHeld > 0 ? kHeld : 1][kPiece] = {};
  if constexpr (kHeld > 0) {
#pragma unroll
    for (int i = 0; i < kHeld; ++i)
      if ((i * 32 + lane) * kPiece < n.channels) read((i * 32 + lane) * kPiece, held[i]);
  }
  const auto each = [&](auto body) {                  // body(first channel, values)
    if constexpr (kHeld > 0) {
#pragma unroll
      for (int i = 0; i < kHeld; ++i)
        if ((i * 32 + lane) * kPiece < n.channels) body((i * 32 + lane) * kPiece, held[i]);
    } else {
      for (int c = lane * kPiece; c < n.channels; c += 32 * kPiece) {
        float x[kPiece];
        read(c, x);
        body(c, x);
      }
    }
  };
  float sum = 0;
  each([&](int, const float (&x)[kPiece]) {
#pragma unroll
    for (int j = 0; j < kPiece; ++j) sum += n.norm == Norm::layer ? x[j] : x[j] * x[j];
  });
  sum = warp_sum(sum);
  const float channels = static_cast<float>(n.channels);
  float mean = 0, gain;
  if (n.norm == Norm::layer) {
    mean = sum / channels;
    float squares = 0;
    each([&](int, const float (&x)[kPiece]) {
#pragma unroll
      for (int j = 0; j < kPiece; ++j) squares += (x[j] - mean) * (x[j] - mean);
    });
    gain = 1.0f / sqrtf(warp_sum(squares) / channels + n.eps);
  } else if (n.norm == Norm::rms) {
    gain = 1.0f / sqrtf(sum / channels + n.eps);
  } else {
    gain = sqrtf(channels) / fmaxf(sqrtf(sum), n.eps);
  }
  each([&](int c, float (&x)[kPiece]) {
#pragma unroll
    for (int j = 0; j < kPiece; ++j) {
      x[j] = (x[j] - mean) * gain;
      if (n.scale) x[j] *= n.one_plus ? 1.0f + n.scale[c + j] : n.scale[c + j];
      if (n.shift) x[j] += n.shift[c + j];
      if (n.then_silu) x[j] = activated(x[j], Act::silu, 0.0f);
    }
    if constexpr (kPiece == 8) write8(n.out, begin + c, x);
    else write1(n.out, begin + c, x[0]);
  });
}

template <int kPiece>
__global__ void copy_kernel(Values from, int64_t from_stride, Values to, int64_t to_stride, int64_t rows,
                            int64_t columns) {
  const int64_t i = (static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kPiece;
  if (i >= rows * columns) return;
  const int64_t row = i / columns, column = i % columns;
  if constexpr (kPiece == 8) {
    float x[8];
    read8(from, row * from_stride + column, x);
    write8(to, row * to_stride + column, x);
  } else {
    write1(to, row * to_stride + column, read1(from, row * from_stride + column));
  }
}

}  // namespace

void pointwise(const Pointwise& p, cudaStream_t stream) {
  const int64_t count = p.rows * p.channels;
  if (count == 0) return;
  if (p.channels % 8 == 0 && p.x.is_aligned() && p.out.is_aligned() && (!p.y.data || p.y.is_aligned()))
    HL_LAUNCH(pointwise_kernel<8>, blocks_for(count, kThreads * 8), kThreads, 0, stream, p);
  else HL_LAUNCH(pointwise_kernel<1>, blocks_for(count, kThreads), kThreads, 0, stream, p);
}

void norm_rows(const NormRows& n, cudaStream_t stream) {
  if (n.rows == 0) return;
  const unsigned blocks = blocks_for(n.rows, kThreads / 32);
  const auto start = [&](auto kernel) { HL_LAUNCH(kernel, blocks, kThreads, 0, stream, n); };
  constexpr int kLine = 32 * 8;                       // channels of a warp's pieces
  if (n.channels % 8 != 0 || !n.x.is_aligned() || !n.out.is_aligned()) start(norm_kernel<1, 0>);
  else if (n.channels <= kLine) start(norm_kernel<8, 1>);
  else if (n.channels <= 6 * kLine) start(norm_kernel<8, 6>);          // FlashVSR's 1536
  else start(norm_kernel<8, 0>);
}

void copy_rows(const Values& from, int64_t from_stride, const Values& to, int64_t to_stride, int64_t rows,
               int64_t columns, cudaStream_t stream) {
  const int64_t count = rows * columns;
  if (count == 0) return;
  const bool is_eight =
      columns % 8 == 0 && from_stride % 8 == 0 && to_stride % 8 == 0 && from.is_aligned() && to.is_aligned();
  if (is_eight)
    HL_LAUNCH(copy_kernel<8>, blocks_for(count, kThreads * 8), kThreads, 0, stream, from, from_stride, to, to_stride,
              rows, columns);
  else
    HL_LAUNCH(copy_kernel<1>, blocks_for(count, kThreads), kThreads, 0, stream, from, from_stride, to, to_stride, rows,
              columns);
}

}  // namespace heirloom::HL_CUDA

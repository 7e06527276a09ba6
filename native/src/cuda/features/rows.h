// Operations on rows of channels: point by point, norms over a row, and copies between layouts. Memory-bound: each array is read once (norms:
// from the cache after the first pass), sixteen bytes at a time where it lies so. Sums are fp32 in a fixed order.
#pragma once
#include "cuda/products/gemm.h"
#include "cuda/features/values.h"

namespace heirloom::HL_CUDA {

enum class Point : uint8_t {
  activate,  // act(x)
  modulate,  // x * (1 + a) + b
  affine,  // x * a + b
  add,  // act(x + y)
  add_gated,  // x + y * a
  swish_gate,  // x * silu(y)
  prelu,  // x < 0 ? x * a : x
  soft_clamp,  // p * tanh(x / p)
  clamp,  // min(max(x, p), q)
  scale,  // p * x + q
};
struct Pointwise {
  Point point = Point::activate;
  Act act = Act::none;  // none, relu, silu or gelu
  Values x, y, out;  // [rows, channels]; out may be x or y
  const float *a = nullptr, *b = nullptr;  // [channels]
  float p = 0, q = 0;
  int64_t rows = 0;
  int channels = 0;
};
void pointwise(const Pointwise& p, cudaStream_t stream);

enum class Norm : uint8_t {
  layer,  // (x - mean) / sqrt(variance + eps)
  rms,  // x / sqrt(mean(x^2) + eps)
  channel,  // x / max(|x|, eps) * sqrt(channels)
};
struct NormRows {
  Norm norm = Norm::layer;
  float eps = 0;
  const float *scale = nullptr, *shift = nullptr;  // [channels] or null
  bool one_plus = false;  // the factor is 1 + scale
  bool then_silu = false;
  Values x, out;
  int64_t rows = 0;
  int channels = 0;
};
void norm_rows(const NormRows& n, cudaStream_t stream);

// to[row][column] = from[row][column]; strides in elements.
void copy_rows(const Values& from, int64_t from_stride, const Values& to, int64_t to_stride, int64_t rows,
               int64_t columns, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

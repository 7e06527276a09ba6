// Matrix products and convolutions on the device: C = then(A * W^T). A is a matrix, or feature maps seen through a kernel (conv.h); both run
// the same loops. Kernels: fp32 on the ordinary cores (the reference), mma.sync with cp.async for fp16 (7.5) and bf16, fp16, e4m3 (8.0, 8.9 and
// up), wgmma with TMA for bf16 on 9.0. Sums are fp32 in every kernel and independent of timing. Refuses what the kernels cannot do with CHECK.
#pragma once
#include <cstddef>
#include <cstdint>

#include "cuda/products/gemm_pack.h"
#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

enum class Act : uint8_t { none, relu, prelu, silu, gelu };  // gelu: the tanh form

// What happens to a product v [M, N] before it is stored: act(v + bias) * gate + residual, as that of ops/products.h.
// With act_last: act((v + bias) * gate + residual). Vectors are fp32.
struct Epilogue {
  const float* row_scale = nullptr;  // [M], e4m3 only: v is first multiplied by row_scale * column_scale
  const float* column_scale = nullptr;  // [N]
  const float* bias = nullptr;  // [N]
  const float* slope = nullptr;  // [N], for prelu
  const float* gate = nullptr;  // [N]
  const void* residual = nullptr;  // [M, N]; may be the output itself if type and stride are the same
  Type residual_type = Type::f32;
  int64_t residual_stride = 0;  // elements between rows; 0: N
  Act act = Act::none;
  bool act_last = false;
};

// Where the result goes: [M, N] of f32, bf16 or f16.
struct Output {
  void* data = nullptr;
  Type type = Type::f32;
  int64_t stride = 0;  // elements between rows; 0: N
};

struct Weight {
  const void* data = nullptr;  // HostWeight::bytes on the device, 16-byte aligned
  Packing packing;
};

// The card and the stream a product runs on, and scratch for partial sums and padded maps. The scratch belongs to one stream; its first
// kTicketBytes are zero before the first product, and every product leaves them zero. Without enough of it K is not split; and on 9.0 a convolution
// with replicate padding wants (H + 2) * (W + 2) * channels * 2 bytes to take wgmma's kernel (FlashVSR's second LQ convolution: 74 MB at 768x1408).
struct Launch {
  cudaStream_t stream = nullptr;
  int capability = 0;  // 75, 80, 86, 89, 90, 100, 120
  int multiprocessors = 1;
  void* scratch = nullptr;
  size_t scratch_bytes = 0;
};
constexpr size_t kTicketBytes = 16384;

// out [M, N] = then(a [M, K] * w^T). a has the weight's type; lda: elements between its rows, 0: K.
void gemm(const Launch& on, int64_t m, const void* a, int64_t lda, const Weight& w, const Epilogue& then,
          const Output& out);

// The left operand of an e4m3 product (8.9 and up): x [M, K] of bf16, f16 or f32 -> q [M, K] with x = q * scale, scale [M]; the largest of a row
// becomes 448. The product takes scale as row_scale and HostWeight::column_scale as column_scale. Strides in elements, 0: K.
void quantise_rows(const Launch& on, int64_t m, int k, const void* x, Type type, int64_t ldx, void* q, int64_t ldq,
                   float* scale);

}  // namespace heirloom::HL_CUDA

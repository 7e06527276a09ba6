// The kernels behind sparse_attention and cross_attention. attention.cu chooses among them and checks what they are given.
#pragma once
#include "check.h"
#include "cuda/attention/attention.h"

namespace heirloom::HL_CUDA {

constexpr float kLog2E = 1.4426950408889634f;

// Where the result of a query goes: like the queries, or in raster order.
struct RowPlace {
  WindowMap map;
  bool raster;
  __device__ int64_t row_of(int64_t window, int token, int window_tokens) const {
    return raster ? map.token_of(window, token) : window * window_tokens + token;
  }
};

// f(T()) with the type of 16-bit numbers.
template <class F>
void with_half(Type type, F f) {
  CHECK(type == Type::bf16 || type == Type::f16, "attention on tensor cores wants bf16 or fp16");
  if (type == Type::bf16) f(__nv_bfloat16());
  else f(__half());
}

// scale: of the scores, 1 / sqrt(head).
void sparse_attention_plain(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream);
void cross_attention_plain(const CrossAttention& a, float scale, cudaStream_t stream);
void sparse_attention_mma(const SparseAttention& a, float scale, const RowPlace& place, int capability,
                          cudaStream_t stream);
void cross_attention_mma(const CrossAttention& a, float scale, int capability, cudaStream_t stream);
// False if there are more segments than the kernel has maps for. bf16 only.
bool sparse_attention_wgmma(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream);
// The same kernel; false if the keys are no whole windows of 128. bf16 only, heads of 128.
bool cross_attention_wgmma(const CrossAttention& a, float scale, cudaStream_t stream);
void sparse_attention_small(const SparseAttention& a, float scale, const RowPlace& place, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

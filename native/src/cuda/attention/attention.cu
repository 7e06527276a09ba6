#include "cuda/attention/attention.h"

#include <cmath>

#include "check.h"
#include "cuda/attention/attention_kernels.h"

namespace heirloom::HL_CUDA {

namespace {

float scale_of(int64_t head) { return static_cast<float>(1.0 / std::sqrt(static_cast<double>(head))); }

}  // namespace

AttentionKernel select_kernel(int capability, Type type, int64_t window_tokens, int64_t head) {
  const bool tensor_cores = type == Type::f16 || (type == Type::bf16 && capability >= 80);
  const bool is_large = head == 128 && (window_tokens == 128 || window_tokens == 0);
  if (capability == 90 && type == Type::bf16 && is_large) return AttentionKernel::wgmma;
  if (tensor_cores && is_large) return AttentionKernel::mma;
  if (tensor_cores && head == 32 && window_tokens == 16) return AttentionKernel::small;
  return AttentionKernel::plain;
}

void sparse_attention(const SparseAttention& a, int capability, cudaStream_t stream) {
  const KeptWindows& keep = a.keep;
  CHECK(keep.heads > 0 && a.D % keep.heads == 0 && a.window_tokens > 0,
        "attention: " + str(keep.heads) + " heads of a width of " + str(a.D));
  CHECK(a.k.count > 0 && a.k.count == a.v.count && keep.keys % a.k.count == 0,
        "attention: " + str(a.k.count) + " segments of keys, " + str(a.v.count) + " of values, " + str(keep.keys) +
            " windows in the list of kept ones");
  RowPlace place = {};
  if (a.raster) {
    CHECK(a.raster->windows() == keep.queries && a.raster->window_tokens() == a.window_tokens,
          "attention: the grid has " + str(a.raster->windows()) + " windows of " + str(a.raster->window_tokens()) +
              " tokens, the queries " + str(keep.queries) + " of " + str(a.window_tokens));
    place = {window_map(*a.raster), true};
  }
  const float scale = scale_of(a.D / keep.heads);
  AttentionKernel kernel = select_kernel(capability, a.type, a.window_tokens, a.D / keep.heads);
  if (kernel == AttentionKernel::wgmma && !sparse_attention_wgmma(a, scale, place, stream))
    kernel = AttentionKernel::mma;
  switch (kernel) {
    case AttentionKernel::wgmma: return;
    case AttentionKernel::mma: return sparse_attention_mma(a, scale, place, capability, stream);
    case AttentionKernel::small: return sparse_attention_small(a, scale, place, stream);
    case AttentionKernel::plain: return sparse_attention_plain(a, scale, place, stream);
  }
}

void cross_attention(const CrossAttention& a, int capability, cudaStream_t stream) {
  CHECK(a.heads > 0 && a.D % a.heads == 0 && a.T > 0 && a.S > 0, "cross attention: " + str(a.T) + " queries, " +
                                                                     str(a.S) + " keys, " + str(a.heads) +
                                                                     " heads of a width of " + str(a.D));
  const float scale = scale_of(a.D / a.heads);
  const AttentionKernel kernel = select_kernel(capability, a.type, 0, a.D / a.heads);
  if (kernel == AttentionKernel::wgmma && cross_attention_wgmma(a, scale, stream)) return;
  if (kernel == AttentionKernel::wgmma || kernel == AttentionKernel::mma)
    cross_attention_mma(a, scale, capability, stream);
  else cross_attention_plain(a, scale, stream);
}

}  // namespace heirloom::HL_CUDA

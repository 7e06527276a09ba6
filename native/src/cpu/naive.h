// The slow version of the kernels, one loop each.
#pragma once
#include <vector>
#include "kernels.h"

namespace heirloom::cpu::naive {

struct Packed { int n_ = 0, k_ = 0; std::vector<float> data; int n() const { return n_; } int k() const { return k_; } };
Packed pack_linear(const float* w, int n, int k);
Packed pack_conv3x3(const float* w, int n, int channels);
void linear(Pool& pool, int64_t m, const float* a, int64_t lda, const Packed& w, const Epilogue& e, float* c, int64_t ldc = 0);
void conv3x3(Pool& pool, int h, int w, const Source* sources, int source_count, Padding padding, const Packed& weight, const Epilogue& e, float* out, int64_t out_stride = 0);
void layer_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias, float* out);
void layer_norm_modulate(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* shift, const float* scale, float* out);
void rms_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* weight, float* out);
void channel_norm(Pool& pool, const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu, float* out);
void rope(Pool& pool, float* x, int64_t rows, int heads, int d, const float* cos, const float* sin);
void gelu(Pool& pool, const float* x, int64_t n, float* out);
void silu(Pool& pool, const float* x, int64_t n, float* out);
void relu(Pool& pool, const float* x, int64_t n, float* out);
void soft_clamp(Pool& pool, const float* x, int64_t n, float limit, float* out);
void clamp(Pool& pool, const float* x, int64_t n, float lo, float hi, float* out);
void add(Pool& pool, const float* x, const float* y, int64_t n, float* out);
void add_gated(Pool& pool, const float* x, const float* y, const float* gate, int64_t rows, int d, float* out);
void prelu(Pool& pool, const float* x, const float* slope, int64_t rows, int d, float* out);
void sparse_attention(Pool& pool, const SparseAttention& a);
void attention(Pool& pool, const float* q, int64_t tokens, const float* k, const float* v, int keys, int heads, int d, float scale, float* out);
void window_means(Pool& pool, const float* x, int64_t windows, int window, int d, float* out);
void to_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out);
void from_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out);
void upsample2_nearest(Pool& pool, const float* x, int h, int w, int channels, float* out);
void unshuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int s, float* out);
void unshuffle_pixels(Pool& pool, const float* x, int h, int w, int channels, int s, float* out);
void shuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int s, const float* base, float* out);
void box_mean(Pool& pool, const float* x, int h, int w, int radius, float* out);
void mean_variance(const float* x, int64_t n, double* mean, double* variance);

}  // namespace heirloom::cpu::naive

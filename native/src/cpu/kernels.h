// The CPU kernels: plain functions over raw pointers, fp32, row-major. No tensors, no models, no files.
// Every result is independent of the number of threads, bit for bit. Strides are counted in floats.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

#include "threads.h"

namespace heirloom::cpu {

// ---- which instructions ----------------------------------------------------------------------------------------

enum class Simd { portable, avx2, avx512 };
Simd simd();  // the best this machine has, or what HEIRLOOM_SIMD=portable|avx2|avx512 asks for
bool simd_available(Simd level);
const char* simd_name(Simd level);
void use_simd(Simd level);  // tests and bench only. Weights packed before must be packed again.

// ---- memory ----------------------------------------------------------------------------------------------------

// Floats on a 64-byte boundary. Throws heirloom::Error("out-of-memory") with the size if there is none.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(size_t count);
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(float* p) const;
  };
  std::unique_ptr<float[], Free> data_;
  size_t size_ = 0;
};

void expand_f16(const uint16_t* in, int64_t n, float* out);
void expand_bf16(const uint16_t* in, int64_t n, float* out);

// ---- matrix products -------------------------------------------------------------------------------------------

enum class Act { none, relu, prelu, silu, gelu };  // gelu: the tanh form

// What happens to a product v [M, N] before it is stored:  act(v + bias) * gate + residual.
// With act_last:  act((v + bias) * gate + residual).
struct Epilogue {
  const float* bias = nullptr;  // [N]
  Act act = Act::none;
  const float* slope = nullptr;  // [N], for prelu
  const float* gate = nullptr;  // [N]
  const float* residual = nullptr;  // [M, N]; may be the output itself
  int64_t residual_stride = 0;  // between rows; 0: N
  bool act_last = false;
};

// Weights in the order the kernels of the current Simd level read them. Made once at load.
class Packed {
 public:
  Packed() = default;
  int n() const { return n_; }  // outputs
  int k() const { return k_; }  // inputs; for a convolution the channels of all sources together
  size_t bytes() const { return data_.size() * sizeof(float); }

 private:
  friend struct PackedAccess;
  int n_ = 0, k_ = 0, taps_ = 1;
  Simd simd_ = Simd::portable;
  Buffer data_;
};

Packed pack_linear(const float* w, int n, int k);  // w [N, K]
Packed pack_conv3x3(const float* w, int n, int channels);  // w [N, C, 3, 3]
Packed pack_upsample_conv3x3(const float* w, int n,
                             int channels);  // w [N, C, 3, 3]; folded into four 2x2 kernels (conv_algebra.h)
Packed pack_conv3d(const float* w, int n, int channels,
                   int kt);  // w [N, C, kt, 3, 3]; becomes a conv3x3 over kt sources of C channels

// c [M, N] = epilogue(a [M, K] * w^T). lda, ldc: floats between rows; 0: K and N.
void linear(Pool& pool, int64_t m, const float* a, int64_t lda, const Packed& w, const Epilogue& e, float* c,
            int64_t ldc = 0);

// The same with a second operand that is not packed: element (n, k) at b[n * n_stride + k * k_stride].
void gemm(Pool& pool, int64_t m, int n, int k, const float* a, int64_t lda, const float* b, int64_t n_stride,
          int64_t k_stride, const Epilogue& e, float* c, int64_t ldc = 0);

// ---- convolutions, channels last -------------------------------------------------------------------------------

enum class Padding { zero, replicate };

// Part of a convolution's input: [H, W, channels], concatenated with the other sources along the channels at no cost.
struct Source {
  const float* data = nullptr;
  int channels = 0;
  int64_t pixel_stride = 0;  // 0: channels
  int64_t row_stride = 0;  // 0: W * pixel_stride
};

// out [H, W, N] = epilogue(conv3x3 of the sources, stride 1). residual_stride and out_stride count between pixels; 0: N.
// The residual may be the output itself; a source may not.
void conv3x3(Pool& pool, int h, int w, const Source* sources, int source_count, Padding padding, const Packed& weight,
             const Epilogue& e, float* out, int64_t out_stride = 0);

// Positions of a map: rows y0 .. y1 of the columns x0 .. x1.
struct Run {
  int y0, y1, x0, x1;
};
// Which cells of side x side positions are made, [h / side, columns]: not 0 where one is.
struct Made {
  const float* cells;
  int columns, side;
};
// The same at the positions of the runs alone, zero padding; where `made` is given the source counts as zero where nothing is made. What lies elsewhere in out stays as it is.
void conv3x3_in(Pool& pool, int h, int w, const Source& source, const Packed& weight, const Epilogue& e,
                const Made* made, const Run* runs, int64_t count, float* out);

// out [2H, 2W, N] = epilogue(conv3x3 of the source upsampled x2 by repetition, zero padding), for 4/9 of the products. The residual is not the output.
void upsample_conv3x3(Pool& pool, int h, int w, const Source& source, const Packed& weight, const Epilogue& e,
                      float* out);

// One output frame of a causal kernel (kt, 3, 3): frames[0..kt) are [H, W, C], oldest first. Stride in time is the caller's choice
// of frames: outputs o of a stride 2 convolution take frames 2o .. 2o + kt - 1. Replicate padding in space.
void conv3d_frame(Pool& pool, int h, int w, int channels, const float* const* frames, int kt, Padding padding,
                  const Packed& weight, const Epilogue& e, float* out);

// ---- rows ------------------------------------------------------------------------------------------------------
// x [rows, d]; the output may be the input.

// (x - mean) * rsqrt(var + eps) * gain + bias; gain, bias [d] or nullptr
void layer_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias,
                float* out);
// layer_norm(x) * (1 + scale) + shift; shift, scale [d]
void layer_norm_modulate(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* shift,
                         const float* scale, float* out);
// x * rsqrt(mean(x^2) + eps) * weight
void rms_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* weight, float* out);
// silu?(x / max(|x|, floor) * sqrt(d) * gamma): the norm of FlashVSR's projection and of the Wan VAE
void channel_norm(Pool& pool, const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu,
                  float* out);
// softmax over each row of x * scale
void softmax(Pool& pool, const float* x, int64_t rows, int n, float scale, float* out);
// Rotate interleaved pairs: (a, b) -> (a cos - b sin, a sin + b cos). x [rows, heads * d]; cos, sin [rows, d / 2], the same for every head.
void rope(Pool& pool, float* x, int64_t rows, int heads, int d, const float* cos, const float* sin);

void gelu(Pool& pool, const float* x, int64_t n, float* out);  // tanh form
void silu(Pool& pool, const float* x, int64_t n, float* out);
void relu(Pool& pool, const float* x, int64_t n, float* out);
void exponential(Pool& pool, const float* x, int64_t n, float* out);
void soft_clamp(Pool& pool, const float* x, int64_t n, float limit, float* out);  // limit * tanh(x / limit)
void clamp(Pool& pool, const float* x, int64_t n, float lo, float hi, float* out);
void add(Pool& pool, const float* x, const float* y, int64_t n, float* out);
// x + gate * y; gate [d] or nullptr for ones
void add_gated(Pool& pool, const float* x, const float* y, const float* gate, int64_t rows, int d, float* out);
void swish_gate(Pool& pool, const float* x, const float* gate, int64_t n, float* out);  // x * silu(gate)
void prelu(Pool& pool, const float* x, const float* slope, int64_t rows, int d, float* out);  // slope [d]

// ---- attention -------------------------------------------------------------------------------------------------

// Exact softmax attention of every query window over the tokens of its kept key windows, head by head.
//   q, out [q_windows * window, heads * d]; k, v: key_windows pointers to [window, heads * d]; the rows of q, k, v, out are `stride` apart (0: heads * d)
//   kept: for (head, query window) the key windows kept_index[kept_start[i] .. kept_start[i + 1]), i = head * q_windows + window
// A query window that keeps nothing gives zeros. The order of the kept windows is the order of the sums.
struct SparseAttention {
  int heads = 0, d = 0, window = 0;
  int q_windows = 0, key_windows = 0;
  float scale = 1;
  const float* q = nullptr;
  const float* const* k = nullptr;
  const float* const* v = nullptr;
  const int64_t* kept_start = nullptr;  // [heads * q_windows + 1]
  const int32_t* kept_index = nullptr;
  float* out = nullptr;
  int64_t stride = 0;
};
void sparse_attention(Pool& pool, const SparseAttention& a);

// Plain softmax attention: q, out [tokens, heads * d]; k, v [keys, heads * d].
void attention(Pool& pool, const float* q, int64_t tokens, const float* k, const float* v, int keys, int heads, int d,
               float scale, float* out);

// The mean of every window: x [windows, window, d] -> [windows, d].
void window_means(Pool& pool, const float* x, int64_t windows, int window, int d, float* out);

// Tokens in raster order [t, h, w, d] <-> windows of (wt, wh, ww) tokens: [t/wt, h/wh, w/ww][wt, wh, ww][d]. Not in place.
void to_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out);
void from_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out);

// ---- pictures --------------------------------------------------------------------------------------------------
// "planar" is [C, H, W], "pixels" is channels last [H, W, C].

void upsample2_nearest(Pool& pool, const float* x, int h, int w, int channels, float* out);  // pixels -> [2H, 2W, C]
// [H, W, C] -> [H/s, W/s, C*s*s], channel (c*s + dy)*s + dx
void unshuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int s, float* out);  // from planar
void unshuffle_pixels(Pool& pool, const float* x, int h, int w, int channels, int s, float* out);  // from pixels
// The way back: x [h, w, C*s*s] -> planar [C, h*s, w*s], plus base (planar, same size) if not nullptr.
void shuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int s, const float* base, float* out);
void planar_to_pixels(Pool& pool, const float* x, int channels, int h, int w, float* out);
void pixels_to_planar(Pool& pool, const float* x, int channels, int h, int w, float* out);
// Mean over the (2r+1) x (2r+1) neighbours that lie inside the picture. x, out [H, W], not in place.
void box_mean(Pool& pool, const float* x, int h, int w, int radius, float* out);
// m + (floor + (1 - floor) * (1 - exp(-(e / sigma)^2))) * d with d = x - m, e = box_mean(|box_mean(mean over the 3 planes of d, 1)|, 2).
// x, m, out planar [3, H, W]; not in place.
void recursive_mean(Pool& pool, const float* x, const float* m, int h, int w, float floor, float sigma, float* out);
// Mean and population variance of a plane, summed in double in a fixed order.
void mean_variance(const float* x, int64_t n, double* mean, double* variance);

}  // namespace heirloom::cpu

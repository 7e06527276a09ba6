#include <vector>
#include <cmath>
#include <algorithm>
#include <cstring>
#include "naive.h"

namespace heirloom::cpu::naive {
namespace {
float act(Act a, float v, float slope) {
  switch (a) {
    case Act::none: return v;
    case Act::relu: return v > 0 ? v : 0;
    case Act::prelu: return v > 0 ? v : v * slope;
    case Act::silu: return v / (1 + std::exp(-v));
    default: return 0.5f * v * (1 + std::tanh(0.7978845608028654f * (v + 0.044715f * v * v * v)));
  }
}
void finish(const Epilogue& e, int64_t row, int n, const float* acc, float* out) {
  const int64_t rs = e.residual_stride ? e.residual_stride : n;
  for (int j = 0; j < n; ++j) {
    float v = acc[j] + (e.bias ? e.bias[j] : 0);
    const float s = e.slope ? e.slope[j] : 0;
    if (!e.act_last) v = act(e.act, v, s);
    if (e.gate) v *= e.gate[j];
    if (e.residual) v += e.residual[row * rs + j];
    if (e.act_last) v = act(e.act, v, s);
    out[j] = v;
  }
}
}
Packed pack_linear(const float* w, int n, int k) {
  Packed p; p.n_ = n; p.k_ = k; p.data.resize(size_t(n) * k);
  for (int i = 0; i < n; ++i) for (int j = 0; j < k; ++j) p.data[size_t(j) * n + i] = w[size_t(i) * k + j];
  return p;
}
Packed pack_conv3x3(const float* w, int n, int c) {
  Packed p; p.n_ = n; p.k_ = c; p.data.resize(size_t(n) * c * 9);
  for (int i = 0; i < n; ++i) for (int j = 0; j < c; ++j) for (int t = 0; t < 9; ++t) p.data[(size_t(t) * c + j) * n + i] = w[(size_t(i) * c + j) * 9 + t];
  return p;
}
void linear(Pool& pool, int64_t m, const float* a, int64_t lda, const Packed& w, const Epilogue& e, float* c, int64_t ldc) {
  const int n = w.n(), k = w.k();
  if (!lda) lda = k;
  if (!ldc) ldc = n;
  pool.parallel_for(m, [&](int64_t r) {
    std::vector<float> acc(n, 0.f);
    for (int j = 0; j < k; ++j) { const float x = a[r * lda + j]; const float* row = &w.data[size_t(j) * n]; for (int i = 0; i < n; ++i) acc[i] += x * row[i]; }
    finish(e, r, n, acc.data(), c + r * ldc);
  });
}
void conv3x3(Pool& pool, int h, int w, const Source* src, int count, Padding padding, const Packed& wt, const Epilogue& e, float* out, int64_t os) {
  const int n = wt.n(), c = wt.k();
  if (!os) os = n;
  pool.parallel_for(h, [&](int64_t y) {
    std::vector<float> acc(n);
    for (int x = 0; x < w; ++x) {
      std::fill(acc.begin(), acc.end(), 0.f);
      for (int t = 0; t < 9; ++t) {
        int yy = int(y) + t / 3 - 1, xx = x + t % 3 - 1;
        if (padding == Padding::zero && (yy < 0 || yy >= h || xx < 0 || xx >= w)) continue;
        yy = std::min(std::max(yy, 0), h - 1); xx = std::min(std::max(xx, 0), w - 1);
        int base = 0;
        for (int s = 0; s < count; ++s) {
          const int64_t ps = src[s].pixel_stride ? src[s].pixel_stride : src[s].channels, rs = src[s].row_stride ? src[s].row_stride : w * ps;
          const float* p = src[s].data + yy * rs + xx * ps;
          for (int j = 0; j < src[s].channels; ++j) { const float v = p[j]; const float* row = &wt.data[(size_t(t) * c + base + j) * n]; for (int i = 0; i < n; ++i) acc[i] += v * row[i]; }
          base += src[s].channels;
        }
      }
      finish(e, y * w + x, n, acc.data(), out + (y * w + x) * os);
    }
  });
}
void layer_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias, float* out) {
  pool.parallel_for(rows, [&](int64_t r) {
    const float* p = x + r * d; double m = 0, v = 0;
    for (int i = 0; i < d; ++i) m += p[i];
    m /= d;
    for (int i = 0; i < d; ++i) v += (p[i] - m) * (p[i] - m);
    const double s = 1 / std::sqrt(v / d + eps);
    for (int i = 0; i < d; ++i) { double y = (p[i] - m) * s; if (gain) y *= gain[i]; if (bias) y += bias[i]; out[r * d + i] = float(y); }
  });
}
void layer_norm_modulate(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* shift, const float* scale, float* out) {
  std::vector<float> g(d);
  for (int i = 0; i < d; ++i) g[i] = 1 + scale[i];
  naive::layer_norm(pool, x, rows, d, eps, g.data(), shift, out);
}
void rms_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* weight, float* out) {
  pool.parallel_for(rows, [&](int64_t r) {
    double v = 0;
    for (int i = 0; i < d; ++i) v += double(x[r * d + i]) * x[r * d + i];
    const float s = float(1 / std::sqrt(v / d + eps));
    for (int i = 0; i < d; ++i) out[r * d + i] = x[r * d + i] * s * weight[i];
  });
}
void channel_norm(Pool& pool, const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu, float* out) {
  pool.parallel_for(rows, [&](int64_t r) {
    double v = 0;
    for (int i = 0; i < d; ++i) v += double(x[r * d + i]) * x[r * d + i];
    const float s = float(std::sqrt(double(d)) / std::max(std::sqrt(v), double(floor)));
    for (int i = 0; i < d; ++i) { const float y = x[r * d + i] * s * gamma[i]; out[r * d + i] = then_silu ? act(Act::silu, y, 0) : y; }
  });
}
void rope(Pool& pool, float* x, int64_t rows, int heads, int d, const float* cos, const float* sin) {
  pool.parallel_for(rows, [&](int64_t r) {
    for (int h = 0; h < heads; ++h) for (int i = 0; i < d / 2; ++i) {
      float* p = x + (r * heads + h) * d + 2 * i; const float a = p[0], b = p[1], c = cos[r * (d / 2) + i], s = sin[r * (d / 2) + i];
      p[0] = a * c - b * s; p[1] = a * s + b * c;
    }
  });
}
void gelu(Pool&, const float* x, int64_t n, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = act(Act::gelu, x[i], 0); }
void silu(Pool&, const float* x, int64_t n, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = act(Act::silu, x[i], 0); }
void relu(Pool&, const float* x, int64_t n, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = act(Act::relu, x[i], 0); }
void soft_clamp(Pool&, const float* x, int64_t n, float l, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = l * std::tanh(x[i] / l); }
void clamp(Pool&, const float* x, int64_t n, float lo, float hi, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = std::min(std::max(x[i], lo), hi); }
void add(Pool&, const float* x, const float* y, int64_t n, float* out) { for (int64_t i = 0; i < n; ++i) out[i] = x[i] + y[i]; }
void add_gated(Pool&, const float* x, const float* y, const float* gate, int64_t rows, int d, float* out) { for (int64_t r = 0; r < rows; ++r) for (int i = 0; i < d; ++i) out[r * d + i] = x[r * d + i] + (gate ? gate[i] : 1) * y[r * d + i]; }
void prelu(Pool&, const float* x, const float* slope, int64_t rows, int d, float* out) { for (int64_t r = 0; r < rows; ++r) for (int i = 0; i < d; ++i) out[r * d + i] = act(Act::prelu, x[r * d + i], slope[i]); }
static void attend(const float* q, int64_t qs, const std::vector<const float*>& k, const std::vector<const float*>& v, int d, float scale, float* out) {
  (void)qs;
  std::vector<double> s(k.size()); double m = -INFINITY, sum = 0;
  for (size_t j = 0; j < k.size(); ++j) { double t = 0; for (int i = 0; i < d; ++i) t += double(q[i]) * k[j][i]; s[j] = t * scale; m = std::max(m, s[j]); }
  for (double& t : s) { t = std::exp(t - m); sum += t; }
  std::vector<double> acc(d, 0.0);
  for (size_t j = 0; j < k.size(); ++j) for (int i = 0; i < d; ++i) acc[i] += s[j] * v[j][i];
  for (int i = 0; i < d; ++i) out[i] = float(acc[i] / sum);
}
void sparse_attention(Pool& pool, const SparseAttention& a) {
  const int64_t st = a.stride ? a.stride : int64_t(a.heads) * a.d;
  pool.parallel_for(int64_t(a.heads) * a.q_windows, [&](int64_t i) {
    const int64_t h = i / a.q_windows, w = i % a.q_windows;
    std::vector<const float*> k, v;
    for (int64_t j = a.kept_start[i]; j < a.kept_start[i + 1]; ++j) for (int t = 0; t < a.window; ++t) { k.push_back(a.k[a.kept_index[j]] + t * st + h * a.d); v.push_back(a.v[a.kept_index[j]] + t * st + h * a.d); }
    for (int t = 0; t < a.window; ++t) {
      float* o = a.out + (w * a.window + t) * st + h * a.d;
      if (k.empty()) std::fill(o, o + a.d, 0.f); else attend(a.q + (w * a.window + t) * st + h * a.d, st, k, v, a.d, a.scale, o);
    }
  });
}
void attention(Pool& pool, const float* q, int64_t tokens, const float* k, const float* v, int keys, int heads, int d, float scale, float* out) {
  pool.parallel_for(tokens, [&](int64_t t) {
    for (int h = 0; h < heads; ++h) {
      std::vector<const float*> kk, vv;
      for (int j = 0; j < keys; ++j) { kk.push_back(k + (int64_t(j) * heads + h) * d); vv.push_back(v + (int64_t(j) * heads + h) * d); }
      attend(q + (t * heads + h) * d, 0, kk, vv, d, scale, out + (t * heads + h) * d);
    }
  });
}
void window_means(Pool& pool, const float* x, int64_t windows, int window, int d, float* out) {
  pool.parallel_for(windows, [&](int64_t w) {
    std::vector<double> acc(d, 0.0);
    for (int t = 0; t < window; ++t) for (int i = 0; i < d; ++i) acc[i] += x[(w * window + t) * d + i];
    for (int i = 0; i < d; ++i) out[w * d + i] = float(acc[i] / window);
  });
}
template <class F> static void each(int t, int h, int w, int wt, int wh, int ww, F f) {
  int64_t o = 0;
  for (int a = 0; a < t / wt; ++a) for (int b = 0; b < h / wh; ++b) for (int c = 0; c < w / ww; ++c)
    for (int i = 0; i < wt; ++i) for (int j = 0; j < wh; ++j) for (int k = 0; k < ww; ++k) f(o++, (int64_t(a * wt + i) * h + b * wh + j) * w + c * ww + k);
}
void to_windows(Pool&, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out) { each(t, h, w, wt, wh, ww, [&](int64_t o, int64_t i) { std::memcpy(out + o * d, x + i * d, size_t(d) * 4); }); }
void from_windows(Pool&, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out) { each(t, h, w, wt, wh, ww, [&](int64_t o, int64_t i) { std::memcpy(out + i * d, x + o * d, size_t(d) * 4); }); }
void upsample2_nearest(Pool&, const float* x, int h, int w, int c, float* out) {
  for (int y = 0; y < 2 * h; ++y) for (int xx = 0; xx < 2 * w; ++xx) std::memcpy(out + (int64_t(y) * 2 * w + xx) * c, x + (int64_t(y / 2) * w + xx / 2) * c, size_t(c) * 4);
}
void unshuffle_planar(Pool&, const float* x, int channels, int h, int w, int s, float* out) {
  const int64_t n = int64_t(channels) * s * s;
  for (int c = 0; c < channels; ++c) for (int y = 0; y < h; ++y) for (int xx = 0; xx < w; ++xx) out[(int64_t(y / s) * (w / s) + xx / s) * n + (c * s + y % s) * s + xx % s] = x[(int64_t(c) * h + y) * w + xx];
}
void unshuffle_pixels(Pool&, const float* x, int h, int w, int channels, int s, float* out) {
  const int64_t n = int64_t(channels) * s * s;
  for (int y = 0; y < h; ++y) for (int xx = 0; xx < w; ++xx) for (int c = 0; c < channels; ++c) out[(int64_t(y / s) * (w / s) + xx / s) * n + (c * s + y % s) * s + xx % s] = x[(int64_t(y) * w + xx) * channels + c];
}
void shuffle_planar(Pool&, const float* x, int channels, int h, int w, int s, const float* base, float* out) {
  const int64_t n = int64_t(channels) * s * s;
  for (int c = 0; c < channels; ++c) for (int y = 0; y < h * s; ++y) for (int xx = 0; xx < w * s; ++xx) {
    const int64_t o = (int64_t(c) * h * s + y) * w * s + xx;
    out[o] = x[(int64_t(y / s) * w + xx / s) * n + (c * s + y % s) * s + xx % s] + (base ? base[o] : 0);
  }
}
void box_mean(Pool&, const float* x, int h, int w, int r, float* out) {
  for (int y = 0; y < h; ++y) for (int xx = 0; xx < w; ++xx) {
    double s = 0; int n = 0;
    for (int i = std::max(0, y - r); i <= std::min(h - 1, y + r); ++i) for (int j = std::max(0, xx - r); j <= std::min(w - 1, xx + r); ++j) { s += x[int64_t(i) * w + j]; ++n; }
    out[int64_t(y) * w + xx] = float(s / n);
  }
}
void mean_variance(const float* x, int64_t n, double* mean, double* variance) {
  double m = 0, v = 0;
  for (int64_t i = 0; i < n; ++i) m += x[i];
  m /= double(n);
  for (int64_t i = 0; i < n; ++i) v += (x[i] - m) * (x[i] - m);
  *mean = m; *variance = v / double(n);
}
}  // namespace heirloom::cpu::naive

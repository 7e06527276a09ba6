// The body of every instruction level, written once over Vec. Included by kernels_<level>.cpp, which names the result.
// Uses nothing of the standard library (see vec.h).
#pragma once
#include "level.h"
#include "vec.h"

namespace heirloom::cpu {
namespace {

#if defined(__AVX512F__)
constexpr int kRows = 8, kVecs = 3;                  // 24 accumulators of 32 registers
constexpr int kUnroll = 8;
#else
constexpr int kRows = 6, kVecs = 2;                  // 12 of 16
constexpr int kUnroll = 4;
#endif

inline Vec get(const float* p, int n) { return n == kWidth ? load(p) : load_first(p, n); }
inline void put(float* p, Vec v, int n) {
  if (n == kWidth) store(p, v);
  else store_first(p, v, n);
}

// ---- matrix products -------------------------------------------------------------------------------------------

void pack(const float* b, int64_t n_stride, int64_t k_stride, int n, int k0, int kc, float* out) {
  const Panels panels(n, kWidth, kVecs);
  for (int p = 0; p < panels.count; ++p) {
    const int from = panels.start(p) * kWidth, width = panels.start(p + 1) * kWidth - from;
    const int valid = n - from < width ? n - from : width;
    for (int k = 0; k < kc; ++k, out += width) {
      const float* row = b + from * n_stride + (k0 + k) * k_stride;
      if (n_stride == 1) {
        int j = 0;
        for (; j + kWidth <= valid; j += kWidth) store(out + j, load(row + j));
        if (j < valid) store(out + j, load_first(row + j, valid - j));
        continue;
      }
      for (int j = 0; j < valid; ++j) out[j] = row[j * n_stride];
      for (int j = valid; j < width; ++j) out[j] = 0;
    }
  }
}

// Takes the sums of a tile [rows][vecs * width] to where they go, through the epilogue if this is the last block of k.
// One case of e.act at a time: the loops inside are tight.
template <class F>
void finish_with(const Block& t, const float* sums, int rows, int vecs, float* c, const float* residual, int column,
                 F act) {
  const Epilogue& e = *t.epilogue;
  for (int j = 0; j < vecs; ++j) {
    const int left = t.n - column - j * kWidth, n = left < kWidth ? left : kWidth, at = column + j * kWidth;
    const Vec bias = e.bias ? get(e.bias + at, n) : zero(), gate = e.gate ? get(e.gate + at, n) : set(1);
    const Vec slope = e.slope ? get(e.slope + at, n) : zero();
    for (int i = 0; i < rows; ++i) {
      Vec v = add(load(sums + (i * vecs + j) * kWidth), bias);
      if (!e.act_last) v = act(v, slope);
      if (e.gate) v = mul(v, gate);
      if (residual) v = add(v, get(residual + i * e.residual_stride + at, n));
      if (e.act_last) v = act(v, slope);
      put(c + i * t.ldc + j * kWidth, v, n);
    }
  }
}

void finish_tile(const Block& t, const float* sums, int rows, int vecs, float* acc, float* c, const float* residual,
                 int column) {
  if (!t.last || !t.epilogue) {
    float* to = t.last ? c : acc;
    const int64_t stride = t.last ? t.ldc : t.acc_row;
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < vecs; ++j) {
        const int left = t.n - column - j * kWidth;
        put(to + i * stride + j * kWidth, load(sums + (i * vecs + j) * kWidth), left < kWidth ? left : kWidth);
      }
    return;
  }
  switch (t.epilogue->act) {
    case Act::none: return finish_with(t, sums, rows, vecs, c, residual, column, [](Vec v, Vec) { return v; });
    case Act::relu:
      return finish_with(t, sums, rows, vecs, c, residual, column, [](Vec v, Vec) { return max(zero(), v); });
    case Act::prelu:
      return finish_with(t, sums, rows, vecs, c, residual, column,
                         [](Vec v, Vec slope) { return where_less(v, zero(), mul(v, slope), v); });
    case Act::silu: return finish_with(t, sums, rows, vecs, c, residual, column, [](Vec v, Vec) { return silu(v); });
    case Act::gelu: return finish_with(t, sums, rows, vecs, c, residual, column, [](Vec v, Vec) { return gelu(v); });
  }
}

// The inner loop: MR rows of a times NV vectors of b, all sums in registers, one step of k after the other.
// Meanwhile a slice of what will be read next (next: the panel after this one) is fetched into L2.
template <int MR, int NV>
void tile(const Block& t, const float* a, const float* b, float* acc_at, float* c, const float* residual, int column,
          const char* next) {
  Vec acc[MR][NV];
#pragma GCC unroll 16
  for (int i = 0; i < MR; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < NV; ++j) acc[i][j] = zero();
  const int64_t lda = t.lda;
  const int steps = t.kc / t.segments;
  const auto step = [&](int k) __attribute__((always_inline)) {
    Vec bv[NV];
#pragma GCC unroll 4
    for (int j = 0; j < NV; ++j) bv[j] = load(b + j * kWidth);
    b += NV * kWidth;
#pragma GCC unroll 16
    for (int i = 0; i < MR; ++i) {
      const Vec av = set(a[i * lda + k]);
#pragma GCC unroll 4
      for (int j = 0; j < NV; ++j) acc[i][j] = fma(av, bv[j], acc[i][j]);
    }
  };
  for (int s = 0; s < t.segments; ++s, a += t.a_segment) {
    int k = 0;
    for (; k + kUnroll <= steps; k += kUnroll) {
      __builtin_prefetch(next, 0, 2);
      next += kUnroll * 8;                           // 64 bytes in 8 steps
#pragma GCC unroll 8
      for (int u = 0; u < kUnroll; ++u) step(k + u);
    }
    for (; k < steps; ++k) step(k);
  }
  const int valid = t.n - column;                    // columns from here on
  if (!t.begin) {
    if (valid >= NV * kWidth) {
#pragma GCC unroll 16
      for (int i = 0; i < MR; ++i)
#pragma GCC unroll 4
        for (int j = 0; j < NV; ++j) acc[i][j] = add(acc[i][j], load(acc_at + i * t.acc_row + j * kWidth));
    } else {
#pragma GCC unroll 16
      for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int j = 0; j + 1 < NV; ++j) acc[i][j] = add(acc[i][j], load(acc_at + i * t.acc_row + j * kWidth));
        acc[i][NV - 1] =
            add(acc[i][NV - 1], load_first(acc_at + i * t.acc_row + (NV - 1) * kWidth, valid - (NV - 1) * kWidth));
      }
    }
  }
  if ((!t.last || !t.epilogue) && valid >= NV * kWidth) {
    float* to = t.last ? c : acc_at;
    const int64_t stride = t.last ? t.ldc : t.acc_row;
#pragma GCC unroll 16
    for (int i = 0; i < MR; ++i)
#pragma GCC unroll 4
      for (int j = 0; j < NV; ++j) store(to + i * stride + j * kWidth, acc[i][j]);
    return;
  }
  // The epilogue runs over a copy: unrolled over the registers it would be many times the code for a few per cent.
  float sums[MR * NV * kWidth];
#pragma GCC unroll 16
  for (int i = 0; i < MR; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < NV; ++j) store(sums + (i * NV + j) * kWidth, acc[i][j]);
  finish_tile(t, sums, MR, NV, acc_at, c, residual, column);
}

template <int NV>
void panel(const Block& t, const float* a, const float* b, float* acc, float* c, const float* residual, int column) {
  int i = 0;
  const char* next = reinterpret_cast<const char*>(b + int64_t(NV) * kWidth * t.kc);
  const auto run = [&](auto kernel, int rows) {
    kernel(t, a + i * t.lda, b, acc + i * t.acc_row, c + i * t.ldc,
           residual ? residual + i * t.epilogue->residual_stride : nullptr, column, next);
    i += rows;
    next += t.kc / 8 * 64;
  };
  if (NV == 1)                                       // one vector alone needs more rows to keep the units busy
    while (i + 2 * kRows <= t.rows) run(tile<2 * kRows, 1>, 2 * kRows);
  while (i + kRows <= t.rows) run(tile<kRows, NV>, kRows);
  if (i + 4 <= t.rows) run(tile<4, NV>, 4);
  if (i + 2 <= t.rows) run(tile<2, NV>, 2);
  if (i < t.rows) run(tile<1, NV>, 1);
}

void block(const Block& t) {
  const Panels panels(t.n, kWidth, kVecs);
  const int end = t.end_panel ? t.end_panel : panels.count;
  for (int p = t.first_panel; p < end; ++p) {
    const int start = panels.start(p), vecs = panels.start(p + 1) - start, column = start * kWidth;
    const float* b = t.b + int64_t(column) * t.kc;
    for (int o = 0; o < t.outer; ++o) {
      const float* a = t.a + o * t.a_outer;
      float* acc = t.acc + o * t.acc_outer + column;
      float* c = t.c + o * t.c_outer + column;
      const float* residual =
          t.epilogue && t.epilogue->residual ? t.epilogue->residual + o * t.residual_outer : nullptr;
      if (vecs == 1) panel<1>(t, a, b, acc, c, residual, column);
      else if (vecs == 2) panel<2>(t, a, b, acc, c, residual, column);
#if defined(__AVX512F__)
      else panel<3>(t, a, b, acc, c, residual, column);
#endif
    }
  }
}

// ---- loops -----------------------------------------------------------------------------------------------------

// f(i, n) for vectors at 0, W, 2W, ...; n < W only for the last
template <class F>
inline void each(int64_t count, F f) {
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) f(i, kWidth);
  if (i < count) f(i, int(count - i));
}
template <class F>
inline void map(const float* x, int64_t n, float* out, F f) {
  each(n, [&](int64_t i, int m) { put(out + i, f(get(x + i, m)), m); });
}
// The first n floats of v, zeros after them.
inline Vec only(Vec v, int n) {
  if (n == kWidth) return v;
  float lane[kWidth];
  store(lane, v);
  for (int i = n; i < kWidth; ++i) lane[i] = 0;
  return load(lane);
}

void copy(const float* from, int64_t n, float* to) {
  map(from, n, to, [](Vec v) { return v; });
}

void copy_rows(const float* from, int64_t from_stride, int64_t rows, int n, float* to, int64_t to_stride) {
  for (int64_t r = 0; r < rows; ++r) copy(from + r * from_stride, n, to + r * to_stride);
}

// ---- rows ------------------------------------------------------------------------------------------------------

void layer_norm(const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias, float one,
                float* out) {
  for (int64_t r = 0; r < rows; ++r, x += d, out += d) {
    Vec s = zero(), q = zero();
    each(d, [&](int64_t i, int n) { s = add(s, get(x + i, n)); });
    const Vec mean = set(sum(s) / float(d));
    each(d, [&](int64_t i, int n) {
      const Vec v = only(sub(get(x + i, n), mean), n);
      q = fma(v, v, q);
    });
    const Vec scale = set(1.0f / __builtin_sqrtf(sum(q) / float(d) + eps));
    each(d, [&](int64_t i, int n) {
      Vec v = mul(sub(get(x + i, n), mean), scale);
      if (gain) v = mul(v, add(get(gain + i, n), set(one)));
      if (bias) v = add(v, get(bias + i, n));
      put(out + i, v, n);
    });
  }
}

inline float sum_of_squares(const float* x, int d) {
  Vec q = zero();
  each(d, [&](int64_t i, int n) {
    const Vec v = get(x + i, n);
    q = fma(v, v, q);
  });
  return sum(q);
}

void rms_norm(const float* x, int64_t rows, int d, float eps, const float* weight, float* out) {
  for (int64_t r = 0; r < rows; ++r, x += d, out += d) {
    const Vec scale = set(1.0f / __builtin_sqrtf(sum_of_squares(x, d) / float(d) + eps));
    each(d, [&](int64_t i, int n) { put(out + i, mul(mul(get(x + i, n), scale), get(weight + i, n)), n); });
  }
}

void channel_norm(const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu, float* out) {
  const float root = __builtin_sqrtf(float(d));
  for (int64_t r = 0; r < rows; ++r, x += d, out += d) {
    const float length = __builtin_sqrtf(sum_of_squares(x, d));
    const Vec scale = set(root / (length > floor ? length : floor));
    each(d, [&](int64_t i, int n) {
      const Vec v = mul(mul(get(x + i, n), scale), get(gamma + i, n));
      put(out + i, then_silu ? silu(v) : v, n);
    });
  }
}

inline float largest_of(const float* x, int n) {
  if (n < kWidth) {
    float m = x[0];
    for (int i = 1; i < n; ++i) m = x[i] > m ? x[i] : m;
    return m;
  }
  Vec m = load(x);
  for (int i = kWidth; i + kWidth <= n; i += kWidth) m = max(m, load(x + i));
  return largest(max(m, load(x + n - kWidth)));
}

// x -> e^(scale x - m), returns the sum
inline float exponentials(const float* x, int n, float scale, float m, float* out) {
  Vec s = zero();
  each(n, [&](int64_t i, int count) {
    const Vec v = only(exponential(fma(get(x + i, count), set(scale), set(-m))), count);
    s = add(s, v);
    put(out + i, v, count);
  });
  return sum(s);
}

void softmax(const float* x, int64_t rows, int n, float scale, float* out) {
  for (int64_t r = 0; r < rows; ++r, x += n, out += n) {
    const float total = exponentials(x, n, scale, largest_of(x, n) * scale, out);
    map(out, n, out, [&](Vec v) { return div(v, set(total)); });
  }
}

void softmax_block(const SoftmaxBlock& b) {
  for (int r = 0; r < b.rows; ++r) {
    float* s = b.s + r * b.ld;
    float m = largest_of(s, b.n) * b.scale;
    float before = 0;
    if (!b.begin) {
      m = m > b.m[r] ? m : b.m[r];
      float shrink[kWidth];
      store(shrink, exponential(set(b.m[r] - m)));
      before = b.l[r] * shrink[0];
      float* o = b.o + int64_t(r) * b.d;
      map(o, b.d, o, [&](Vec v) { return mul(v, set(shrink[0])); });
    }
    b.m[r] = m;
    b.l[r] = before + exponentials(s, b.n, b.scale, m, s);
  }
}

void divide_rows(const float* x, int rows, int d, const float* by, float* out, int64_t out_stride) {
  for (int r = 0; r < rows; ++r)
    map(x + int64_t(r) * d, d, out + r * out_stride, [&](Vec v) { return div(v, set(by[r])); });
}

void rope(float* x, int64_t rows, int heads, int d, const float* cos, const float* sin) {
  for (int64_t r = 0; r < rows; ++r, cos += d / 2, sin += d / 2)
    for (int h = 0; h < heads; ++h, x += d)
      for (int i = 0; i < d / 2; ++i) {
        const float a = x[2 * i], b = x[2 * i + 1];
        x[2 * i] = a * cos[i] - b * sin[i];
        x[2 * i + 1] = a * sin[i] + b * cos[i];
      }
}

// ---- retention -------------------------------------------------------------------------------------------------

// NV vectors of every row of out from column `from` on.
template <int NV>
void retain_columns(const RetentionBlock& b, int i, const float* scores, int from) {
  const int last = b.dv - from - (NV - 1) * kWidth, n = last < kWidth ? last : kWidth;  // columns of the last vector
  Vec acc[NV];
  const auto add_row = [&](float share, const float* row) {
    for (int j = 0; j + 1 < NV; ++j) acc[j] = fma(set(share), load(row + j * kWidth), acc[j]);
    acc[NV - 1] = fma(set(share), get(row + (NV - 1) * kWidth, n), acc[NV - 1]);
  };
  for (int j = 0; j < NV; ++j) acc[j] = zero();
  if (b.state) {
    for (int c = 0; c < b.dk; ++c) add_row(b.q[i * b.q_stride + c], b.state + int64_t(c) * b.dv + from);
    for (int j = 0; j < NV; ++j) acc[j] = mul(acc[j], set(b.into[i]));
  }
  for (int j = 0; j < b.keys; ++j) add_row(scores[j], b.v + j * b.v_stride + from);
  float* out = b.out + i * b.out_stride + from;
  for (int j = 0; j + 1 < NV; ++j) store(out + j * kWidth, acc[j]);
  put(out + (NV - 1) * kWidth, acc[NV - 1], n);
}

void retain(const RetentionBlock& b) {
  const int64_t pitch = RetentionBlock::pitch(b.keys);
  float *turned = b.room,
        *scores = b.room + b.dk * pitch;  // the keys as [dk, keys], so that a row of scores is made at once
  for (int c = 0; c < b.dk; ++c)
    for (int j = 0; j < b.keys; ++j) turned[c * pitch + j] = b.k[j * b.k_stride + c];
  for (int i = 0; i < b.queries; ++i) {
    const float *q = b.q + i * b.q_stride, *shares = b.shares + i * b.shares_stride;
    each(b.keys, [&](int64_t j, int n) {
      Vec s = zero();
      for (int c = 0; c < b.dk; ++c) s = fma(set(q[c]), get(turned + c * pitch + j, n), s);
      put(scores + j, mul(s, get(shares + j, n)), n);
    });
    int from = 0;
    for (; from + 2 * kWidth <= b.dv; from += 2 * kWidth) retain_columns<2>(b, i, scores, from);
    for (; from < b.dv; from += kWidth) retain_columns<1>(b, i, scores, from);
  }
}

void retention_sum(const RetentionSum& s) {
  for (int c = 0; c < s.dk; ++c)
    each(s.dv, [&](int64_t at, int n) {
      float* to = s.state + int64_t(c) * s.dv + at;
      Vec acc = s.begin ? zero() : mul(set(s.decay), get(to, n));
      for (int j = 0; j < s.keys; ++j) {
        const float k = s.k[j * s.k_stride + c];
        acc = fma(set(s.left ? k * s.left[j] : k), get(s.v + j * s.v_stride + at, n), acc);
      }
      put(to, acc, n);
    });
}

// ---- elements --------------------------------------------------------------------------------------------------

void gelu_all(const float* x, int64_t n, float* out) {
  map(x, n, out, [](Vec v) { return gelu(v); });
}
void silu_all(const float* x, int64_t n, float* out) {
  map(x, n, out, [](Vec v) { return silu(v); });
}
void relu_all(const float* x, int64_t n, float* out) {
  map(x, n, out, [](Vec v) { return max(zero(), v); });
}
void exponential_all(const float* x, int64_t n, float* out) {
  map(x, n, out, [](Vec v) { return exponential(v); });
}
void soft_clamp(const float* x, int64_t n, float limit, float* out) {
  map(x, n, out, [&](Vec v) { return mul(set(limit), hyperbolic_tangent(div(v, set(limit)))); });
}
void clamp(const float* x, int64_t n, float lo, float hi, float* out) {
  map(x, n, out, [&](Vec v) { return max(set(lo), min(set(hi), v)); });
}
void add_all(const float* x, const float* y, int64_t n, float* out) {
  each(n, [&](int64_t i, int m) { put(out + i, add(get(x + i, m), get(y + i, m)), m); });
}
void add_gated(const float* x, const float* y, const float* gate, int64_t rows, int d, float* out) {
  for (int64_t r = 0; r < rows; ++r, x += d, y += d, out += d)
    each(d, [&](int64_t i, int n) {
      const Vec g = gate ? mul(get(gate + i, n), get(y + i, n)) : get(y + i, n);
      put(out + i, add(get(x + i, n), g), n);
    });
}
void swish_gate(const float* x, const float* gate, int64_t n, float* out) {
  each(n, [&](int64_t i, int m) { put(out + i, mul(get(x + i, m), silu(get(gate + i, m))), m); });
}
void prelu(const float* x, const float* slope, int64_t rows, int d, float* out) {
  for (int64_t r = 0; r < rows; ++r, x += d, out += d)
    each(d, [&](int64_t i, int n) {
      const Vec v = get(x + i, n);
      put(out + i, where_less(v, zero(), mul(v, get(slope + i, n)), v), n);
    });
}
void mean_rows(const float* x, int rows, int d, float* out) {
  each(d, [&](int64_t i, int n) {
    Vec s = zero();
    for (int r = 0; r < rows; ++r) s = add(s, get(x + int64_t(r) * d + i, n));
    put(out + i, div(s, set(float(rows))), n);
  });
}

// ---- means of neighbours ---------------------------------------------------------------------------------------

template <class F>
void box_row_with(const float* sums, int w, int radius, int rows, float* out, F f) {
  const Vec count = set(float(rows * (2 * radius + 1)));
  each(w, [&](int64_t i, int n) {
    Vec s = load(sums + i - radius);
    for (int j = 1 - radius; j <= radius; ++j) s = add(s, load(sums + i + j));
    put(out + i, f(div(s, count)), n);
  });
  for (int side = 0; side < 2; ++side)               // the ends, where fewer samples are real
    for (int k = 0; k < radius && k < w; ++k) {
      const int i = side ? w - 1 - k : k;
      const int from = i - radius > 0 ? i - radius : 0, to = i + radius < w - 1 ? i + radius : w - 1;
      float s = sums[from];
      for (int j = from + 1; j <= to; ++j) s += sums[j];
      const float mean[1] = {s / float(rows * (to - from + 1))};
      put(out + i, f(load_first(mean, 1)), 1);
    }
}

void box_row(const float* sums, int w, int radius, int rows, float* out) {
  box_row_with(sums, w, radius, rows, out, [](Vec v) { return v; });
}

// docs/heirloom-s.md step 2 for some rows: what changed, smoothed twice, decides how far the mean follows the picture.
void recursive_mean(const MeanRows& r) {
  constexpr int kPad = MeanRows::kPad;
  const int64_t pitch = MeanRows::pitch(r.w), plane = int64_t(r.h) * r.w;
  const int rows = r.y1 - r.y0;
  float* change = r.room + kPad;                     // rows y0 - 3 ..
  float* smooth = change + (rows + 6) * pitch;       // rows y0 - 2 ..
  float* sums = smooth + (rows + 4) * pitch;         // one row
  float* pads = sums - kPad;
  for (int i = 0; i < kPad; ++i) pads[i] = pads[kPad + r.w + i] = 0;
  const auto inside = [&](int y) { return y < 0 ? 0 : y > r.h ? r.h : y; };
  const auto add_up = [&](const float* first, int count) {
    copy(first, r.w, sums);
    for (int i = 1; i < count; ++i)
      each(r.w, [&](int64_t x, int n) { put(sums + x, add(get(sums + x, n), get(first + i * pitch + x, n)), n); });
  };
  for (int y = inside(r.y0 - 3); y < inside(r.y1 + 3); ++y) {
    const float *x = r.x + int64_t(y) * r.w, *m = r.m + int64_t(y) * r.w;
    float* to = change + (y - r.y0 + 3) * pitch;
    each(r.w, [&](int64_t i, int n) {
      Vec d = sub(get(x + i, n), get(m + i, n));
      d = add(d, sub(get(x + i + plane, n), get(m + i + plane, n)));
      d = add(d, sub(get(x + i + 2 * plane, n), get(m + i + 2 * plane, n)));
      put(to + i, div(d, set(3.0f)), n);
    });
  }
  for (int y = inside(r.y0 - 2); y < inside(r.y1 + 2); ++y) {
    const int from = inside(y - 1), to = inside(y + 2);
    add_up(change + (from - r.y0 + 3) * pitch, to - from);
    box_row_with(sums, r.w, 1, to - from, smooth + (y - r.y0 + 2) * pitch, [](Vec v) { return magnitude(v); });
  }
  for (int y = r.y0; y < r.y1; ++y) {
    const int from = inside(y - 2), to = inside(y + 3);
    add_up(smooth + (from - r.y0 + 2) * pitch, to - from);
    float* gain = change;                            // its rows are not needed any more
    box_row_with(sums, r.w, 2, to - from, gain, [&](Vec e) {
      const Vec q = div(e, set(r.sigma)), quiet = exponential(sub(zero(), mul(q, q)));
      return add(set(r.floor), mul(set(1 - r.floor), sub(set(1), quiet)));
    });
    for (int c = 0; c < 3; ++c) {
      const int64_t at = c * plane + int64_t(y) * r.w;
      each(r.w, [&](int64_t i, int n) {
        const Vec m = get(r.m + at + i, n);
        put(r.out + at + i, add(m, mul(get(gain + i, n), sub(get(r.x + at + i, n), m))), n);
      });
    }
  }
}

// ---- 16-bit floats ---------------------------------------------------------------------------------------------

inline float half_to_float(uint16_t h) {
  const uint32_t sign = uint32_t(h & 0x8000) << 16, exponent = (h >> 10) & 31, fraction = h & 1023;
  uint32_t u;
  if (exponent == 31) u = sign | 0x7f800000 | fraction << 13;
  else if (exponent) u = sign | (exponent + 112) << 23 | fraction << 13;
  else {
    const float small = float(fraction) * 5.9604644775390625e-8f;                   // denormal: fraction * 2^-24
    memcpy(&u, &small, 4);
    u |= sign;
  }
  float f;
  memcpy(&f, &u, 4);
  return f;
}
void expand_f16(const uint16_t* in, int64_t n, float* out) {
  int64_t i = 0;
#if defined(__AVX512F__)
  for (; i + 16 <= n; i += 16)
    store(out + i, _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + i))));
#elif defined(__AVX2__)
  for (; i + 8 <= n; i += 8) store(out + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i))));
#endif
  for (; i < n; ++i) out[i] = half_to_float(in[i]);
}
void expand_bf16(const uint16_t* in, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t u = uint32_t(in[i]) << 16;
    memcpy(out + i, &u, 4);
  }
}

// ---- the yardstick ---------------------------------------------------------------------------------------------

double peak(int64_t rounds) {
  constexpr int kChains = 12;                        // latency 4 to 5 times 2 units, and some to spare
  Vec acc[kChains];
  for (int i = 0; i < kChains; ++i) acc[i] = set(float(i));
  Vec x = set(0.999f), y = set(0.001f);
  for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) acc[i] = fma(acc[i], x, y);
#if defined(__AVX2__)
    asm volatile("" : "+v"(x), "+v"(y));
#endif
  }
  Vec s = zero();
  for (int i = 0; i < kChains; ++i) s = add(s, acc[i]);
  volatile float keep = sum(s);
  (void)keep;
  return double(rounds) * kChains * kWidth * 2;
}

const Level kLevel = {
    kWidth,       kRows,           kVecs,         pack,        block,   copy,      copy_rows,     layer_norm, rms_norm,
    channel_norm, softmax,         softmax_block, divide_rows, rope,    retain,    retention_sum, gelu_all,   silu_all,
    relu_all,     exponential_all, soft_clamp,    clamp,       add_all, add_gated, swish_gate,    prelu,      mean_rows,
    box_row,      recursive_mean,  expand_f16,    expand_bf16, peak};

}  // namespace
}  // namespace heirloom::cpu

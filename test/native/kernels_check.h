// What the kernel tests share: random arrays, the levels of this machine, pools, and the error bound of a sum.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "check_test.h"
#include "cpu/kernels.h"

namespace check {

using Floats = std::vector<float>;

inline Floats random_floats(Random& r, size_t n, float scale = 1) {
  Floats v(n);
  for (float& x : v) x = r.uniform() * scale;
  return v;
}

// body runs once per instruction level this machine has; a failure names the level.
template <class F>
void each_level(F body) {
  using namespace heirloom::cpu;
  const Simd before = simd();
  for (Simd level : {Simd::portable, Simd::avx2, Simd::avx512}) {
    if (!simd_available(level)) continue;
    use_simd(level);
    try {
      body();
    } catch (const Failed& f) {
      use_simd(before);
      throw Failed{f.what + " [" + simd_name(level) + "]"};
    }
  }
  use_simd(before);
}

// The rounding of a sum of n products in fp32: each of the n steps may add half a unit (2^-24) of the sum so far, which is at most the
// sum of the magnitudes. Twice that leaves room for the epilogue.
inline double sum_bound(double magnitudes, int n) { return (n + 16) * magnitudes * 0x1p-23; }

inline bool same_bits(const Floats& a, const Floats& b) {
  return a.size() == b.size() && !std::memcmp(a.data(), b.data(), a.size() * sizeof(float));
}

inline heirloom::cpu::Pool& one_thread() {
  static heirloom::cpu::Pool p(1);
  return p;
}
inline heirloom::cpu::Pool& three_threads() {
  static heirloom::cpu::Pool p(3);
  return p;
}
inline heirloom::cpu::Pool& seven_threads() {
  static heirloom::cpu::Pool p(7);
  return p;
}

// f(pool, out) gives the same bits with 1, 3 and 7 threads; returns them. What lies between outputs (fill) stays untouched.
template <class F>
Floats any_threads(size_t size, F f, float fill = 7) {
  Floats one(size, fill), three(size, fill), seven(size, fill);
  f(one_thread(), one.data());
  f(three_threads(), three.data());
  f(seven_threads(), seven.data());
  EXPECT(same_bits(one, three));
  EXPECT(same_bits(one, seven));
  return one;
}

inline double act(double x, heirloom::cpu::Act a, double slope) {
  using heirloom::cpu::Act;
  switch (a) {
    case Act::none: return x;
    case Act::relu: return x > 0 ? x : 0;
    case Act::prelu: return x < 0 ? x * slope : x;
    case Act::silu: return x / (1 + std::exp(-x));
    case Act::gelu: return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return x;
}

// An epilogue with a random choice of parts, and its double-precision twin.
struct RandomEpilogue {
  Floats bias, slope, gate, residual;
  heirloom::cpu::Epilogue e;
  int64_t stride;
  RandomEpilogue(Random& r, int64_t m, int n, bool allow_gap = true) {
    bias = random_floats(r, n);
    slope = random_floats(r, n);
    gate = random_floats(r, n);
    stride = allow_gap && r.below(2) ? n + 3 : n;
    residual = random_floats(r, size_t(m * stride));
    e.act = heirloom::cpu::Act(r.below(5));
    e.slope = slope.data();
    e.act_last = r.below(2);
    if (r.below(4)) e.bias = bias.data();
    if (r.below(2)) e.gate = gate.data();
    if (r.below(2)) {
      e.residual = residual.data();
      e.residual_stride = stride;
    }
  }
  double apply(double v, int64_t row, int n) const {
    if (e.bias) v += bias[n];
    if (!e.act_last) v = act(v, e.act, slope[n]);
    if (e.gate) v *= gate[n];
    if (e.residual) v += residual[row * stride + n];
    return e.act_last ? act(v, e.act, slope[n]) : v;
  }
};

}  // namespace check

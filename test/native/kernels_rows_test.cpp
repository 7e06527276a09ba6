// Row operations and the vectorised exponential family on every instruction level, against double precision.
#include "kernels_check.h"

using namespace check;
using namespace heirloom::cpu;

namespace {

constexpr double kUnit = 0x1p-24;                    // half a unit in the last place, relative

// Every float that a sweep of [lo, hi] meets, with denormal-range and special values in front.
Floats sweep(float lo, float hi, size_t n, uint64_t seed) {
  Random r(seed);
  Floats x = {0.0f, -0.0f, 1e-30f, -1e-30f, lo, hi};
  while (x.size() < n) x.push_back(lo + (hi - lo) * (0.5f + 0.5f * r.uniform()));
  return x;
}

// f's largest relative error against exact over x, where |exact| >= smallest
template <class F, class G>
double worst(const Floats& x, F f, G exact, double smallest = 1e-30) {
  const Floats y = any_threads(x.size(), [&](Pool& pool, float* out) { f(pool, x.data(), int64_t(x.size()), out); });
  double w = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double e = exact(double(x[i]));
    if (std::fabs(e) < smallest) {
      if (std::fabs(y[i] - e) > smallest) return INFINITY;
    } else {
      w = std::max(w, std::fabs(y[i] - e) / std::fabs(e));
    }
  }
  return w;
}

const int kDims[] = {1, 3, 15, 16, 17, 31, 40, 160, 161, 1536};

}  // namespace

TEST("exp is within 1e-7 relative, keeps denormals, and ends in 0 and infinity") {
  each_level([] {
    const auto exact = [](double x) { return std::exp(x); };
    EXPECT(worst(sweep(-87, 88.5f, 100003, 31), exponential, exact) <=
           1.2e-7);     // two units: the polynomial and the last rounding
    EXPECT(worst(sweep(-1, 1, 100003, 32), exponential, exact) <= 1.2e-7);
    const Floats x = {-88, -95, -100, -103, -110, -1e30f, 89, 200, INFINITY, -INFINITY, NAN};
    Floats y(x.size());
    exponential(one_thread(), x.data(), int64_t(x.size()), y.data());
    for (int i = 0; i < 4; ++i) {
      EXPECT(y[i] > 0);
      EXPECT_NEAR(y[i] / std::exp(double(x[i])), 1,
                  2.9e-45 / std::exp(double(x[i])) + 2e-7);   // two steps of the smallest denormal
    }
    EXPECT(y[4] == 0 && y[5] == 0 && y[9] == 0);
    EXPECT(std::isinf(y[6]) && std::isinf(y[7]) && std::isinf(y[8]));
    EXPECT(std::isnan(y[10]));
  });
}

TEST("silu, gelu and tanh stay near fp32 precision, for small and for large arguments") {
  each_level([] {
    const auto silu_exact = [](double x) { return x / (1 + std::exp(-x)); };
    const auto gelu_exact = [](double x) {
      return x / (1 + std::exp(-2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    };
    const auto tanh_exact = [](double x) { return 3 * std::tanh(x / 3); };
    // Far below zero the exponent's argument u is large, and its rounding (u * 2^-24) is the result's relative error.
    EXPECT(worst(sweep(-8, 30, 50001, 33), silu, silu_exact) <= (8 + 6) * kUnit);
    EXPECT(worst(sweep(-3, 30, 50001, 34), gelu, gelu_exact) <= (6 * 3 + 6) * kUnit);
    EXPECT(worst(sweep(-30, -3, 50001, 35), gelu, gelu_exact, 1e-8) <= 5e-6);
    const auto clamp3 = [](Pool& pool, const float* x, int64_t n, float* out) { soft_clamp(pool, x, n, 3, out); };
    EXPECT(worst(sweep(-1e-3f, 1e-3f, 50001, 36), clamp3, tanh_exact) <= 4 * kUnit);
    EXPECT(worst(sweep(-60, 60, 50001, 37), clamp3, tanh_exact) <= 6 * kUnit);
    const Floats far = {-1e30f, 1e30f, -INFINITY, INFINITY};
    Floats y(4);
    gelu(one_thread(), far.data(), 2, y.data());
    EXPECT(y[0] == 0 && y[1] == 1e30f);
    silu(one_thread(), far.data(), 2, y.data());
    EXPECT(y[0] == 0 && y[1] == 1e30f);
    soft_clamp(one_thread(), far.data(), 4, 3, y.data());
    EXPECT(y[0] == -3 && y[1] == 3 && y[2] == -3 && y[3] == 3);
  });
}

TEST("layer_norm, with gain and bias or modulated, equals the formula") {
  each_level([] {
    Random r(38);
    for (int d : kDims) {
      const int rows = int(1 + r.below(40));
      Floats x = random_floats(r, size_t(rows) * d);
      for (float& v : x) v += 2;                                                    // a mean to be taken off
      const Floats gain = random_floats(r, d), bias = random_floats(r, d);
      const Floats plain = any_threads(
          x.size(), [&](Pool& p, float* out) { layer_norm(p, x.data(), rows, d, 1e-5f, nullptr, nullptr, out); });
      const Floats affine = any_threads(x.size(), [&](Pool& p, float* out) {
        layer_norm(p, x.data(), rows, d, 1e-5f, gain.data(), bias.data(), out);
      });
      const Floats modulated = any_threads(x.size(), [&](Pool& p, float* out) {
        layer_norm_modulate(p, x.data(), rows, d, 1e-5f, bias.data(), gain.data(), out);
      });
      for (int i = 0; i < rows; ++i) {
        double mean = 0, var = 0;
        for (int j = 0; j < d; ++j) mean += double(x[size_t(i) * d + j]) / d;
        for (int j = 0; j < d; ++j) var += (x[size_t(i) * d + j] - mean) * (x[size_t(i) * d + j] - mean) / d;
        const double scale = 1 / std::sqrt(var + 1e-5);
        // The mean's rounding (a few units of 3) is magnified by 1 / deviation, like the differences themselves.
        const double bound = 3 * 8 * kUnit * scale + 1e-6;
        for (int j = 0; j < d; ++j) {
          const double v = (x[size_t(i) * d + j] - mean) * scale;
          EXPECT_NEAR(plain[size_t(i) * d + j], v, bound);
          EXPECT_NEAR(affine[size_t(i) * d + j], v * gain[j] + bias[j], bound);
          EXPECT_NEAR(modulated[size_t(i) * d + j], v * (1 + gain[j]) + bias[j], 2 * bound);
        }
      }
    }
  });
}

TEST("rms_norm and channel_norm equal their formulas; a row of zeros stays zero") {
  each_level([] {
    Random r(39);
    for (int d : kDims) {
      const int rows = int(2 + r.below(30));
      Floats x = random_floats(r, size_t(rows) * d);
      std::fill(x.begin(), x.begin() + d, 0.0f);
      const Floats w = random_floats(r, d);
      const Floats rms =
          any_threads(x.size(), [&](Pool& p, float* out) { rms_norm(p, x.data(), rows, d, 1e-6f, w.data(), out); });
      const Floats norm = any_threads(
          x.size(), [&](Pool& p, float* out) { channel_norm(p, x.data(), rows, d, 1e-12f, w.data(), false, out); });
      const Floats normed_silu = any_threads(
          x.size(), [&](Pool& p, float* out) { channel_norm(p, x.data(), rows, d, 1e-12f, w.data(), true, out); });
      for (int i = 0; i < rows; ++i) {
        double square = 0;
        for (int j = 0; j < d; ++j) square += double(x[size_t(i) * d + j]) * x[size_t(i) * d + j];
        for (int j = 0; j < d; ++j) {
          const double v = x[size_t(i) * d + j];
          const double a = v / std::sqrt(square / d + 1e-6) * w[j],
                       b = v / std::max(std::sqrt(square), 1e-12) * std::sqrt(double(d)) * w[j];
          EXPECT_NEAR(rms[size_t(i) * d + j], a,
                      std::fabs(a) * (d / 32.0 + 8) * kUnit);   // d / width additions per lane
          EXPECT_NEAR(norm[size_t(i) * d + j], b, std::fabs(b) * (d / 32.0 + 8) * kUnit);
          EXPECT_NEAR(normed_silu[size_t(i) * d + j], b / (1 + std::exp(-b)),
                      (std::fabs(b) + 1) * (d / 32.0 + 16) * kUnit);
        }
      }
    }
  });
}

TEST("softmax sums to one, is exact for large scores, and keeps probabilities below 1e-38") {
  each_level([] {
    Random r(40);
    for (int n : {1, 2, 15, 16, 17, 100, 1003}) {
      const int rows = int(1 + r.below(20));
      Floats x = random_floats(r, size_t(rows) * n, 300);
      const float scale = 0.1767767f;
      const Floats p =
          any_threads(x.size(), [&](Pool& pool, float* out) { softmax(pool, x.data(), rows, n, scale, out); });
      for (int i = 0; i < rows; ++i) {
        double m = -INFINITY, total = 0;
        for (int j = 0; j < n; ++j) m = std::max(m, double(x[size_t(i) * n + j]) * scale);
        for (int j = 0; j < n; ++j) total += std::exp(double(x[size_t(i) * n + j]) * scale - m);
        for (int j = 0; j < n; ++j) {
          const double e = std::exp(double(x[size_t(i) * n + j]) * scale - m) / total;
          // The exponent's argument is up to 106: its rounding is the relative error.
          EXPECT_NEAR(p[size_t(i) * n + j], e, e * (n / 8.0 + 120) * kUnit + 3e-45);
        }
      }
    }
    const Floats x = {0, -95, -100, -200};
    Floats p(4);
    softmax(one_thread(), x.data(), 1, 4, 1, p.data());
    EXPECT(p[1] > p[2] && p[2] > 0 && p[3] == 0);
  });
}

TEST("rope turns every pair of every head by its row's angle") {
  each_level([] {
    Random r(41);
    const int rows = 37, heads = 5, d = 32;
    const Floats x = random_floats(r, size_t(rows) * heads * d);
    Floats cosine(rows * d / 2), sine(cosine.size());
    for (size_t i = 0; i < cosine.size(); ++i) {
      const double angle = 100 * r.uniform();
      cosine[i] = float(std::cos(angle));
      sine[i] = float(std::sin(angle));
    }
    const Floats y = any_threads(x.size(), [&](Pool& p, float* out) {
      std::memcpy(out, x.data(), x.size() * sizeof(float));
      rope(p, out, rows, heads, d, cosine.data(), sine.data());
    });
    for (int i = 0; i < rows; ++i)
      for (int h = 0; h < heads; ++h)
        for (int j = 0; j < d / 2; ++j) {
          const size_t at = (size_t(i) * heads + h) * d + 2 * j;
          const double a = x[at], b = x[at + 1], c = cosine[i * d / 2 + j], s = sine[i * d / 2 + j];
          EXPECT_NEAR(y[at], a * c - b * s, 4 * kUnit);
          EXPECT_NEAR(y[at + 1], a * s + b * c, 4 * kUnit);
        }
  });
}

TEST("element operations: relu, clamp, add, add_gated, swish_gate, prelu, and the output may be the input") {
  each_level([] {
    Random r(42);
    for (int d : kDims) {
      const int rows = int(1 + r.below(50));
      const Floats x = random_floats(r, size_t(rows) * d), y = random_floats(r, x.size()), g = random_floats(r, d);
      const int64_t n = int64_t(x.size());
      Floats a = x, b = x, c = x, e = x, f = x, h = x, s = x;
      relu(three_threads(), a.data(), n, a.data());
      clamp(three_threads(), b.data(), n, -0.25f, 0.5f, b.data());
      add(three_threads(), c.data(), y.data(), n, c.data());
      add_gated(three_threads(), e.data(), y.data(), g.data(), rows, d, e.data());
      swish_gate(three_threads(), s.data(), y.data(), n, s.data());
      prelu(three_threads(), f.data(), g.data(), rows, d, f.data());
      add_gated(three_threads(), h.data(), y.data(), nullptr, rows, d, h.data());
      EXPECT(same_bits(c, h));
      for (size_t i = 0; i < x.size(); ++i) {
        EXPECT(a[i] == std::max(0.0f, x[i]));
        EXPECT(b[i] == std::min(0.5f, std::max(-0.25f, x[i])));
        EXPECT(c[i] == x[i] + y[i]);
        EXPECT_NEAR(e[i], x[i] + double(y[i]) * g[i % d], 3 * kUnit);
        EXPECT_NEAR(s[i], x[i] * (double(y[i]) / (1 + std::exp(-double(y[i])))), 16 * kUnit);
        EXPECT(f[i] == (x[i] < 0 ? x[i] * g[i % d] : x[i]));
      }
    }
  });
}

TEST("16-bit floats expand exactly, all 65536 of them") {
  each_level([] {
    std::vector<uint16_t> all(65536 + 3);
    for (size_t i = 0; i < all.size(); ++i) all[i] = uint16_t(i);
    Floats f16(all.size()), bf16(all.size());
    expand_f16(all.data(), int64_t(all.size()), f16.data());
    expand_bf16(all.data(), int64_t(all.size()), bf16.data());
    for (int i = 0; i < 65536; ++i) {
      const int exponent = i >> 10 & 31, fraction = i & 1023;
      const double magnitude =
          exponent ? std::ldexp(1 + fraction / 1024.0, exponent - 15) : std::ldexp(fraction / 1024.0, -14);
      if (exponent == 31) EXPECT(fraction ? std::isnan(f16[i]) : std::isinf(f16[i]));
      else EXPECT(f16[i] == (i & 0x8000 ? -magnitude : magnitude));
      EXPECT(std::signbit(f16[i]) == bool(i & 0x8000) || std::isnan(f16[i]));
      uint32_t u;
      std::memcpy(&u, &bf16[i], 4);
      EXPECT(u == uint32_t(i) << 16);
    }
  });
}

TEST_MAIN

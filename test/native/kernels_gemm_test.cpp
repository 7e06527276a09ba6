// Matrix products on every instruction level against a double-precision loop, odd shapes by seed.
#include "kernels_check.h"

using namespace check;
using namespace heirloom::cpu;

namespace {

struct Shape {
  int m, n, k;
};

// Sizes around the borders of tiles (6, 8 rows; 4, 8, 16 columns), panels and k blocks (192), and random ones.
std::vector<Shape> shapes(Random& r) {
  std::vector<Shape> all = {{1, 1, 1},       {8, 48, 192}, {9, 49, 193},  {7, 47, 191}, {200, 40, 360},
                            {193, 160, 385}, {3, 256, 64}, {1, 640, 160}, {64, 24, 48}, {50, 33, 1030}};
  for (int i = 0; i < 12; ++i) all.push_back({int(1 + r.below(120)), int(1 + r.below(130)), int(1 + r.below(450))});
  return all;
}

void compare(const Shape& s, const Floats& a, int64_t lda, const Floats& w, const RandomEpilogue& e, const Floats& c,
             int64_t ldc) {
  for (int m = 0; m < s.m; ++m)
    for (int n = 0; n < s.n; ++n) {
      double sum = 0, size = 1;
      for (int k = 0; k < s.k; ++k) {
        const double p = double(a[m * lda + k]) * w[n * int64_t(s.k) + k];
        sum += p;
        size += std::fabs(p);
      }
      EXPECT_NEAR(c[m * ldc + n], e.apply(sum, m, n), sum_bound(size, s.k));
    }
}

}  // namespace

TEST("linear equals the double loop for odd shapes, strides and epilogues, whatever the threads") {
  each_level([] {
    Random r(11);
    for (const Shape& s : shapes(r)) {
      const int64_t lda = s.k + r.below(3) * 5, ldc = s.n + r.below(2) * 7;
      const Floats a = random_floats(r, size_t(s.m * lda)), w = random_floats(r, size_t(s.n) * s.k);
      const RandomEpilogue e(r, s.m, s.n);
      const Packed packed = pack_linear(w.data(), s.n, s.k);
      const Floats c = any_threads(
          size_t(s.m * ldc), [&](Pool& pool, float* out) { linear(pool, s.m, a.data(), lda, packed, e.e, out, ldc); });
      compare(s, a, lda, w, e, c, ldc);
      for (int m = 0; m < s.m; ++m)
        for (int64_t n = s.n; n < ldc; ++n) EXPECT(c[m * ldc + n] == 7);
    }
  });
}

TEST("gemm reads its second operand with any strides") {
  each_level([] {
    Random r(12);
    for (const Shape& s : shapes(r)) {
      const Floats a = random_floats(r, size_t(s.m) * s.k), w = random_floats(r, size_t(s.n) * s.k);
      Floats transposed(w.size());
      for (int n = 0; n < s.n; ++n)
        for (int k = 0; k < s.k; ++k) transposed[size_t(k) * s.n + n] = w[size_t(n) * s.k + k];
      const RandomEpilogue e(r, s.m, s.n);
      const Floats x = any_threads(size_t(s.m) * s.n, [&](Pool& pool, float* c) {
        gemm(pool, s.m, s.n, s.k, a.data(), 0, w.data(), s.k, 1, e.e, c);
      });
      const Floats y = any_threads(size_t(s.m) * s.n, [&](Pool& pool, float* c) {
        gemm(pool, s.m, s.n, s.k, a.data(), 0, transposed.data(), 1, s.n, e.e, c);
      });
      compare(s, a, s.k, w, e, x, s.n);
      EXPECT(same_bits(x, y));
    }
  });
}

TEST("a residual may be the output itself") {
  each_level([] {
    Random r(13);
    for (const Shape& s : shapes(r)) {
      const Floats a = random_floats(r, size_t(s.m) * s.k), w = random_floats(r, size_t(s.n) * s.k),
                   x = random_floats(r, size_t(s.m) * s.n), gate = random_floats(r, s.n);
      const Packed packed = pack_linear(w.data(), s.n, s.k);
      Epilogue e;
      e.gate = gate.data();
      e.residual = x.data();
      const Floats apart =
          any_threads(x.size(), [&](Pool& pool, float* c) { linear(pool, s.m, a.data(), 0, packed, e, c); });
      const Floats in_place = any_threads(x.size(), [&](Pool& pool, float* c) {
        std::memcpy(c, x.data(), x.size() * sizeof(float));
        Epilogue here = e;
        here.residual = c;
        linear(pool, s.m, a.data(), 0, packed, here, c);
      });
      EXPECT(same_bits(apart, in_place));
    }
  });
}

TEST("a row's result does not depend on how many rows come with it") {
  each_level([] {
    Random r(14);
    const int n = 72, k = 400, m = 61;
    const Floats a = random_floats(r, size_t(m) * k), w = random_floats(r, size_t(n) * k);
    const Packed packed = pack_linear(w.data(), n, k);
    Floats all(size_t(m) * n), single(n);
    linear(three_threads(), m, a.data(), 0, packed, {}, all.data());
    for (int i = 0; i < m; ++i) {
      linear(one_thread(), 1, a.data() + size_t(i) * k, 0, packed, {}, single.data());
      EXPECT(same_bits(single, Floats(all.begin() + size_t(i) * n, all.begin() + size_t(i + 1) * n)));
    }
  });
}

TEST("NaN and infinity in the input reach the output, padding columns do not") {
  each_level([] {
    Floats a(10 * 5, 1.0f), w(3 * 5, 1.0f), c(30);
    a[5 * 4 + 2] = NAN;
    a[5 * 7] = INFINITY;
    linear(one_thread(), 10, a.data(), 0, pack_linear(w.data(), 3, 5), {}, c.data());
    for (int m = 0; m < 10; ++m)
      for (int n = 0; n < 3; ++n)
        EXPECT(m == 4 ? std::isnan(c[m * 3 + n]) : m == 7 ? std::isinf(c[m * 3 + n]) : c[m * 3 + n] == 5);
  });
}

TEST("weights packed for another instruction level are refused, not misread") {
  const Simd before = simd();
  if (before == Simd::portable) skip("this machine has only one level");
  const Floats w(6, 1.0f), a(3, 1.0f);
  Floats c(2);
  const Packed packed = pack_linear(w.data(), 2, 3);
  use_simd(Simd::portable);
  const std::string code = error_code([&] { linear(one_thread(), 1, a.data(), 0, packed, {}, c.data()); });
  use_simd(before);
  EXPECT(code == "internal");
}

TEST("a set cancel flag stops a product with the code cancelled, and the pool works on afterwards") {
  Random r(15);
  Pool pool(3);
  std::atomic<bool> cancel{false};
  pool.watch(&cancel);
  const Floats a = random_floats(r, 300 * 64), w = random_floats(r, 64 * 64);
  Floats c(300 * 64), again(300 * 64);
  const Packed packed = pack_linear(w.data(), 64, 64);
  linear(pool, 300, a.data(), 0, packed, {}, c.data());
  cancel = true;
  EXPECT(error_code([&] { linear(pool, 300, a.data(), 0, packed, {}, again.data()); }) == "cancelled");
  cancel = false;
  linear(pool, 300, a.data(), 0, packed, {}, again.data());
  EXPECT(same_bits(c, again));
}

TEST("a flag set in the middle of the work is seen between items") {
  Pool pool(2);
  std::atomic<bool> cancel{false};
  std::atomic<int> done{0};
  pool.watch(&cancel);
  EXPECT(error_code([&] {
           pool.parallel_for(1000, [&](int64_t) {
             if (++done == 10) cancel = true;
           });
         }) == "cancelled");
  EXPECT(done < 1000);
}

TEST("what an item throws reaches the caller, whichever thread it ran on") {
  Pool pool(4);
  for (int bad : {0, 57, 99}) {
    const std::string code = error_code([&] {
      pool.parallel_for(100, [&](int64_t i) {
        if (i == bad) throw heirloom::Error("internal", "item");
      });
    });
    EXPECT(code == "internal");
  }
  std::atomic<int> count{0};
  pool.parallel_for(100, [&](int64_t) { ++count; });
  EXPECT(count == 100);
}

TEST("parallel_for runs every item once, nested calls included") {
  Pool pool(3);
  std::vector<std::atomic<int>> seen(40 * 5);
  pool.parallel_for(40, [&](int64_t i) { pool.parallel_for(5, [&](int64_t j) { ++seen[i * 5 + j]; }); });
  for (auto& s : seen) EXPECT(s == 1);
}

TEST_MAIN

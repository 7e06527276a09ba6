// Block-sparse and plain attention on every instruction level, against a double-precision softmax.
#include <numeric>

#include "kernels_check.h"

using namespace check;
using namespace heirloom::cpu;

namespace {

// softmax(q k^T * scale) v for one query over the listed key rows
std::vector<double> exact(const float* q, const std::vector<const float*>& k, const std::vector<const float*>& v, int d,
                          double scale) {
  std::vector<double> s(k.size()), out(d, 0.0);
  double m = -INFINITY, total = 0;
  for (size_t j = 0; j < k.size(); ++j) {
    for (int c = 0; c < d; ++c) s[j] += double(q[c]) * k[j][c];
    s[j] *= scale;
    m = std::max(m, s[j]);
  }
  for (double& x : s) total += x = std::exp(x - m);
  for (size_t j = 0; j < k.size(); ++j)
    for (int c = 0; c < d; ++c) out[c] += s[j] / total * v[j][c];
  return out;
}

// Outputs are means of values in [-1, 1]; a score's rounding (d products, size about sqrt(d)) moves a weight relatively by as much.
double bound(int d, int keys) { return (d * std::sqrt(double(d)) + 16 + std::sqrt(double(keys))) * 0x1p-23; }

void check_sparse(uint64_t seed, int heads, int d, int window, int q_windows, int key_windows, int most, int64_t gap) {
  Random r(seed);
  const int64_t stride = int64_t(heads) * d + gap;
  const Floats q = random_floats(r, size_t(q_windows * window * stride), 2),
               k = random_floats(r, size_t(key_windows * window * stride), 2),
               v = random_floats(r, size_t(key_windows * window * stride));
  std::vector<const float*> ks, vs;
  for (int w = 0; w < key_windows; ++w) {
    ks.push_back(k.data() + w * window * stride);
    vs.push_back(v.data() + w * window * stride);
  }
  std::vector<int64_t> start = {0};
  std::vector<int32_t> index, order(key_windows);
  std::iota(order.begin(), order.end(), 0);
  for (int i = 0; i < heads * q_windows; ++i) {
    const int count = i % 5 == 2 ? 0 : int(r.below(most + 1));                      // some rows keep nothing
    for (int j = 0; j < count; ++j) std::swap(order[j], order[j + r.below(key_windows - j)]);
    std::sort(order.begin(), order.begin() + count);
    index.insert(index.end(), order.begin(), order.begin() + count);
    start.push_back(int64_t(index.size()));
  }
  SparseAttention a;
  a.heads = heads;
  a.d = d;
  a.window = window;
  a.q_windows = q_windows;
  a.key_windows = key_windows;
  a.scale = 1 / std::sqrt(float(d));
  a.q = q.data();
  a.k = ks.data();
  a.v = vs.data();
  a.kept_start = start.data();
  a.kept_index = index.data();
  a.stride = gap ? stride : 0;
  const Floats out = any_threads(q.size(), [&](Pool& pool, float* to) {
    a.out = to;
    sparse_attention(pool, a);
  });
  for (int h = 0; h < heads; ++h)
    for (int w = 0; w < q_windows; ++w) {
      std::vector<const float*> kr, vr;
      for (int64_t i = start[h * q_windows + w]; i < start[h * q_windows + w + 1]; ++i)
        for (int t = 0; t < window; ++t) {
          kr.push_back(ks[index[i]] + t * stride + h * d);
          vr.push_back(vs[index[i]] + t * stride + h * d);
        }
      for (int t = 0; t < window; ++t) {
        const int64_t at = (int64_t(w) * window + t) * stride + h * d;
        const std::vector<double> e = exact(q.data() + at, kr, vr, d, a.scale);
        for (int c = 0; c < d; ++c) {
          if (kr.empty()) EXPECT(out[at + c] == 0);
          else EXPECT_NEAR(out[at + c], e[c], bound(d, int(kr.size())));
        }
      }
    }
}

}  // namespace

TEST("sparse attention equals the softmax over the kept windows' tokens; rows without keys are zero") {
  each_level([] {
    check_sparse(51, 5, 32, 16, 12, 36, 20, 0);
    check_sparse(52, 2, 128, 128, 3, 9, 9, 0);                                      // more keys than one group
    check_sparse(53, 3, 20, 7, 5, 11, 11, 9);  // nothing is a multiple of anything
    check_sparse(54, 1, 8, 1, 4, 700, 600, 0);
    check_sparse(55, 12, 16, 16, 2, 4, 4, 0);
  });
}

TEST("attention scores that differ by hundreds stay finite and exact") {
  each_level([] {
    Random r(56);
    const int d = 32, keys = 700;  // the largest score comes late, in the second group
    Floats q(d, 10.0f), k = random_floats(r, size_t(keys) * d), v = random_floats(r, size_t(keys) * d), out(d);
    for (int c = 0; c < d; ++c) k[size_t(650) * d + c] = 9;
    attention(one_thread(), q.data(), 1, k.data(), v.data(), keys, 1, d, 1, out.data());
    for (int c = 0; c < d; ++c) EXPECT(out[c] == v[size_t(650) * d + c]);
  });
}

TEST("plain attention equals the double loop for any number of tokens and keys") {
  each_level([] {
    Random r(57);
    struct {
      int tokens, keys, heads, d;
    } cases[] = {{1, 1, 1, 4}, {97, 512, 3, 32}, {13, 129, 2, 128}, {200, 77, 4, 20}, {5, 1000, 1, 16}};
    for (auto s : cases) {
      const int64_t stride = int64_t(s.heads) * s.d;
      const Floats q = random_floats(r, size_t(s.tokens * stride)), k = random_floats(r, size_t(s.keys * stride)),
                   v = random_floats(r, size_t(s.keys * stride));
      const float scale = 1 / std::sqrt(float(s.d));
      const Floats out = any_threads(q.size(), [&](Pool& pool, float* to) {
        attention(pool, q.data(), s.tokens, k.data(), v.data(), s.keys, s.heads, s.d, scale, to);
      });
      for (int t = 0; t < s.tokens; ++t)
        for (int h = 0; h < s.heads; ++h) {
          std::vector<const float*> kr, vr;
          for (int j = 0; j < s.keys; ++j) {
            kr.push_back(k.data() + j * stride + h * s.d);
            vr.push_back(v.data() + j * stride + h * s.d);
          }
          const std::vector<double> e = exact(q.data() + t * stride + h * s.d, kr, vr, s.d, scale);
          for (int c = 0; c < s.d; ++c) EXPECT_NEAR(out[t * stride + h * s.d + c], e[c], bound(s.d, s.keys));
        }
    }
  });
}

TEST("window means, and tokens to windows and back") {
  each_level([] {
    Random r(58);
    const int t = 4, h = 8, w = 12, d = 19, wt = 2, wh = 4, ww = 3, per = wt * wh * ww;
    const Floats x = random_floats(r, size_t(t) * h * w * d);
    const Floats windows =
        any_threads(x.size(), [&](Pool& p, float* out) { to_windows(p, x.data(), t, h, w, d, wt, wh, ww, out); });
    const Floats back = any_threads(
        x.size(), [&](Pool& p, float* out) { from_windows(p, windows.data(), t, h, w, d, wt, wh, ww, out); });
    EXPECT(same_bits(x, back));
    size_t at = 0;
    for (int bt = 0; bt < t / wt; ++bt)
      for (int by = 0; by < h / wh; ++by)
        for (int bx = 0; bx < w / ww; ++bx)
          for (int i = 0; i < per; ++i) {
            const int dt = i / (wh * ww), dy = i / ww % wh, dx = i % ww;
            const size_t from = ((size_t(bt * wt + dt) * h + by * wh + dy) * w + bx * ww + dx) * d;
            for (int c = 0; c < d; ++c) EXPECT(windows[at++] == x[from + c]);
          }
    const int64_t n = int64_t(x.size()) / (per * d);
    const Floats means =
        any_threads(size_t(n) * d, [&](Pool& p, float* out) { window_means(p, windows.data(), n, per, d, out); });
    for (int64_t i = 0; i < n; ++i)
      for (int c = 0; c < d; ++c) {
        double s = 0;
        for (int j = 0; j < per; ++j) s += windows[(size_t(i) * per + j) * d + c];
        EXPECT_NEAR(means[size_t(i) * d + c], s / per, per * 0x1p-24);  // one rounding per addition
      }
  });
}

TEST_MAIN

// docs/heirloom-s.md once more, as plain loops in double over a whole clip: slow, and the truth for the streaming engine.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "small_fixture.h"

namespace small_reference {

using small_fixture::Arrays;
using small_fixture::Sizes;
using Values = std::vector<double>;

struct Map {
  int h = 0, w = 0, c = 0;
  Values v;
  double& at(int y, int x, int k) { return v[(size_t(y) * w + x) * c + k]; }
  double at(int y, int x, int k) const { return v[(size_t(y) * w + x) * c + k]; }
};
inline Map map_of(int h, int w, int c) { return {h, w, c, Values(size_t(h) * w * c, 0.0)}; }

struct Result {
  std::vector<Values> means, conditions, neighbours, planes, features,
      outs;  // per frame, channels last except means and outs [3, Hp, Wp]
  std::vector<Values> tokens;  // per latent, [T, D]
  std::vector<std::vector<Values>> blocks;  // [latent][block], [T, D]
  std::vector<std::vector<std::vector<uint8_t>>> masks;  // [latent][block], [heads, n, segments * n]
};

struct Reference {
  const Sizes& s;
  const Arrays& weights;
  int H, W;  // padded
  Values strength_rows, strength_basis;  // [6 * D], [48 * axes] or empty

  const std::vector<float>& get(const std::string& name) const { return weights.at(name).values; }

  Values linear(const Values& x, const std::string& name, bool bias = true) const {
    return product(x, weights.at(name + ".weight"), bias ? &get(name + ".bias") : nullptr);
  }
  static Values product(const Values& x, const small_fixture::Array& weight, const std::vector<float>* bias) {
    const size_t out = size_t(weight.shape[0]), in = size_t(weight.shape[1]), rows = x.size() / in;
    Values y(rows * out);
    for (size_t r = 0; r < rows; ++r)
      for (size_t o = 0; o < out; ++o) {
        double sum = bias ? (*bias)[o] : 0.0;
        for (size_t i = 0; i < in; ++i) sum += x[r * in + i] * weight.values[o * in + i];
        y[r * out + o] = sum;
      }
    return y;
  }
  small_fixture::Array basis() const {
    small_fixture::Array a = weights.at("decoder.basis");
    if (!strength_basis.empty()) a.values.assign(strength_basis.begin(), strength_basis.end());
    return a;
  }
  Map linear(const Map& x, const std::string& name) const {
    Map y{x.h, x.w, int(weights.at(name + ".weight").shape[0]), linear(x.v, name)};
    return y;
  }
  Map conv(const Map& x, const std::string& name) const {
    const auto& weight = weights.at(name + ".weight");
    Map y = map_of(x.h, x.w, int(weight.shape[0]));
    for (int i = 0; i < y.h; ++i)
      for (int j = 0; j < y.w; ++j)
        for (int o = 0; o < y.c; ++o) {
          double sum = get(name + ".bias")[size_t(o)];
          for (int dy = -1; dy <= 1; ++dy)
            for (int dx = -1; dx <= 1; ++dx) {
              if (i + dy < 0 || i + dy >= x.h || j + dx < 0 || j + dx >= x.w) continue;
              for (int k = 0; k < x.c; ++k)
                sum += x.at(i + dy, j + dx, k) *
                       weight.values[((size_t(o) * x.c + k) * 3 + size_t(dy + 1)) * 3 + size_t(dx + 1)];
            }
          y.at(i, j, o) = sum;
        }
    return y;
  }
  static Map concat(const std::vector<Map>& parts) {
    Map y = map_of(parts[0].h, parts[0].w,
                   std::accumulate(parts.begin(), parts.end(), 0, [](int n, const Map& m) { return n + m.c; }));
    int at = 0;
    for (const Map& m : parts) {
      for (int i = 0; i < y.h; ++i)
        for (int j = 0; j < y.w; ++j)
          for (int k = 0; k < m.c; ++k) y.at(i, j, at + k) = m.at(i, j, k);
      at += m.c;
    }
    return y;
  }
  static void prelu(Map& x, const std::vector<float>& slope) {
    for (size_t i = 0; i < x.v.size(); ++i)
      if (x.v[i] < 0) x.v[i] *= slope[i % size_t(x.c)];
  }
  static Map unshuffle(const Map& x, int f) {
    Map y = map_of(x.h / f, x.w / f, x.c * f * f);
    for (int i = 0; i < x.h; ++i)
      for (int j = 0; j < x.w; ++j)
        for (int k = 0; k < x.c; ++k) y.at(i / f, j / f, (k * f + i % f) * f + j % f) = x.at(i, j, k);
    return y;
  }
  static Map shuffle(const Map& x, int f) {
    Map y = map_of(x.h * f, x.w * f, x.c / f / f);
    for (int i = 0; i < y.h; ++i)
      for (int j = 0; j < y.w; ++j)
        for (int k = 0; k < y.c; ++k) y.at(i, j, k) = x.at(i / f, j / f, (k * f + i % f) * f + j % f);
    return y;
  }
  Map from_planes(const Values& p) const {
    Map y = map_of(H, W, 3);
    for (int k = 0; k < 3; ++k)
      for (int i = 0; i < H; ++i)
        for (int j = 0; j < W; ++j) y.at(i, j, k) = p[(size_t(k) * H + i) * W + j];
    return y;
  }
  Values box(const Values& x, int r) const {
    Values y(x.size());
    for (int i = 0; i < H; ++i)
      for (int j = 0; j < W; ++j) {
        double sum = 0;
        int n = 0;
        for (int a = std::max(0, i - r); a <= std::min(H - 1, i + r); ++a)
          for (int b = std::max(0, j - r); b <= std::min(W - 1, j + r); ++b) {
            sum += x[size_t(a) * W + b];
            ++n;
          }
        y[size_t(i) * W + j] = sum / n;
      }
    return y;
  }
  Values next_mean(const Values& x, const Values& m) const {
    const size_t P = size_t(H) * W;
    Values d(P), y(3 * P);
    for (size_t i = 0; i < P; ++i) d[i] = (x[i] - m[i] + x[P + i] - m[P + i] + x[2 * P + i] - m[2 * P + i]) / 3;
    d = box(d, 1);
    for (double& v : d) v = std::abs(v);
    const Values e = box(d, 2);
    for (size_t i = 0; i < 3 * P; ++i)
      y[i] = m[i] + (0.12 + 0.88 * (1 - std::exp(-std::pow(e[i % P] / 0.035, 2)))) * (x[i] - m[i]);
    return y;
  }
  Values norm_modulate(const Values& x, const Values& shift, const Values& scale) const {
    const size_t D = size_t(s.dim);
    Values y(x.size());
    for (size_t r = 0; r < x.size() / D; ++r) {
      double mean = 0, var = 0;
      for (size_t i = 0; i < D; ++i) mean += x[r * D + i] / double(D);
      for (size_t i = 0; i < D; ++i) var += std::pow(x[r * D + i] - mean, 2) / double(D);
      for (size_t i = 0; i < D; ++i)
        y[r * D + i] = (x[r * D + i] - mean) / std::sqrt(var + 1e-5) * (1 + scale[i]) + shift[i];
    }
    return y;
  }
  // RMS over the whole vector, then rotation; w tokens a row.
  void norm_rope(Values& x, const std::vector<float>& weight, int latent, int w) const {
    const size_t D = size_t(s.dim), hd = D / size_t(s.heads);
    for (size_t r = 0; r < x.size() / D; ++r) {
      double square = 0;
      for (size_t i = 0; i < D; ++i) square += x[r * D + i] * x[r * D + i] / double(D);
      for (size_t i = 0; i < D; ++i) x[r * D + i] *= weight[i] / std::sqrt(square + 1e-6);
      const double position[3] = {double(latent), double(r / size_t(w)), double(r % size_t(w))};
      for (size_t head = 0; head < size_t(s.heads); ++head) {
        size_t at = r * D + head * hd;
        for (int axis = 0; axis < 3; ++axis)
          for (int i = 0; i < s.rope[axis] / 2; ++i, at += 2) {
            const double angle = position[axis] * std::pow(100.0, -2.0 * i / s.rope[axis]), a = x[at], b = x[at + 1];
            x[at] = a * std::cos(angle) - b * std::sin(angle);
            x[at + 1] = a * std::sin(angle) + b * std::cos(angle);
          }
      }
    }
  }

  // What the decoder sees beside the condition: luma of the mean that comes back from the end of the next latent, of the frame before and, where asked for, of the frame after.
  Map neighbours(const std::vector<Values>& frames, int t) const {
    const int last = std::min(t / 4 * 4 + 8, int(frames.size())) - 1;
    Values ahead = frames[size_t(last)];
    for (int i = last - 1; i >= t; --i) ahead = next_mean(frames[size_t(i)], ahead);
    const auto luma = [&](const Values& p) { return linear(unshuffle(from_planes(p), 4), "condition.luma"); };
    const Map both = concat({luma(ahead), luma(frames[size_t(std::max(0, t - 1))])});
    return s.after ? concat({both, luma(frames[std::min(size_t(t) + 1, frames.size() - 1)])}) : both;
  }

  // noise(latent): [h * w, noise channels]
  Result run(const std::vector<Values>& frames, const std::function<Values(int)>& noise) const {
    Result result;
    const int h = H / 16, w = W / 16, T = h * w, D = s.dim, n = T / 16, hd = D / s.heads;
    std::vector<Map> conditions, embeds;
    for (size_t t = 0; t < frames.size(); ++t) {
      result.means.push_back(t == 0 ? frames[0] : next_mean(frames[t], result.means.back()));
      conditions.push_back(concat({linear(unshuffle(from_planes(frames[t]), 4), "condition.whiten"),
                                   linear(unshuffle(from_planes(result.means.back()), 4), "condition.whiten")}));
      embeds.push_back(linear(unshuffle(conditions.back(), 4), "projection.embed"));
      result.conditions.push_back(conditions.back().v);
    }
    const auto window_of = [&](int token) { return (token / w / 4) * (w / 4) + token % w / 4; };
    std::vector<std::vector<Values>> keys(size_t(s.layers)), values(size_t(s.layers));  // [block][latent]
    std::vector<Map> before(size_t(s.blocks), map_of(H / 4, W / 4, s.channels));
    for (int latent = 0; latent < int(frames.size()) / 4; ++latent) {
      const auto* e = &embeds[size_t(latent) * 4];
      Map joined = concat({latent ? e[-1] : e[0], e[0], e[1], e[2], e[3]});
      for (double& v : joined.v) v /= 1 + std::exp(-v);
      Values x = conv(joined, "projection.conv").v;
      const Values z = linear(noise(latent), "noise_embedding", false);
      for (size_t i = 0; i < x.size(); ++i) x[i] += z[i];
      result.tokens.push_back(x);
      result.blocks.emplace_back();
      result.masks.emplace_back();
      for (int b = 0; b < s.layers; ++b) {
        const std::string name = "blocks." + std::to_string(b) + ".";
        std::vector<Values> m(6, Values(size_t(D)));
        for (size_t j = 0; j < 6; ++j)
          for (size_t i = 0; i < size_t(D); ++i)
            m[j][i] = get(name + "modulation")[j * size_t(D) + i] +
                      (strength_rows.empty() ? 0 : strength_rows[j * size_t(D) + i]);
        const Values a = norm_modulate(x, m[0], m[1]);
        Values q = linear(a, name + "self_attn.q"), k = linear(a, name + "self_attn.k");
        norm_rope(q, get(name + "self_attn.norm_q.weight"), latent, w);
        norm_rope(k, get(name + "self_attn.norm_k.weight"), latent, w);
        keys[size_t(b)].push_back(k);
        values[size_t(b)].push_back(linear(a, name + "self_attn.v"));
        const int first = std::max(0, latent - s.kv), segments = latent - first + 1;
        Values o(size_t(T) * D, 0.0);
        std::vector<uint8_t> mask;
        for (int head = 0; head < s.heads; ++head) {
          const auto pooled = [&](const Values& t, int window) {
            Values mean(size_t(hd), 0.0);
            for (int token = 0; token < T; ++token)
              if (window_of(token) == window)
                for (int i = 0; i < hd; ++i) mean[size_t(i)] += t[size_t(token) * D + head * hd + i] / 16;
            return mean;
          };
          Values p(size_t(n) * segments * n, 0.0);
          for (int i = 0; i < n; ++i) {
            const Values mine = pooled(q, i);
            double sum = 0;
            for (int j = 0; j < segments * n; ++j) {
              const int other = j % n, dy = other / (w / 4) - i / (w / 4), dx = other % (w / 4) - i % (w / 4),
                        low = -(s.local_range / 2), high = s.local_range - 1 - s.local_range / 2;
              if (dy < low || dy > high || dx < low || dx > high) continue;
              const Values theirs = pooled(keys[size_t(b)][size_t(first + j / n)], other);
              double dot = 0;
              for (int c = 0; c < hd; ++c) dot += mine[size_t(c)] * theirs[size_t(c)];
              sum += p[size_t(i) * segments * n + j] = std::exp(dot / std::sqrt(double(hd)));
            }
            for (int j = 0; j < segments * n; ++j) p[size_t(i) * segments * n + j] /= sum;
          }
          Values sorted = p;
          std::sort(sorted.begin(), sorted.end(), std::greater<>());
          const double theta = sorted[size_t(std::min(s.topk * n, n * segments * n - 1))];
          for (int i = 0; i < n; ++i)
            for (int j = 0; j < segments * n; ++j)
              mask.push_back(p[size_t(i) * segments * n + j] > theta || j == (segments - 1) * n + i);
          for (int token = 0; token < T; ++token) {
            Values weight, sum(size_t(hd), 0.0);
            double total = 0;
            for (int segment = 0; segment < segments; ++segment)
              for (int other = 0; other < T; ++other) {
                if (!mask[(size_t(head) * n + window_of(token)) * segments * n +
                          size_t(segment * n + window_of(other))])
                  continue;
                double dot = 0;
                for (int c = 0; c < hd; ++c)
                  dot += q[size_t(token) * D + head * hd + c] *
                         keys[size_t(b)][size_t(first + segment)][size_t(other) * D + head * hd + c];
                const double e2 = std::exp(dot / std::sqrt(double(hd)));
                total += e2;
                for (int c = 0; c < hd; ++c)
                  sum[size_t(c)] += e2 * values[size_t(b)][size_t(first + segment)][size_t(other) * D + head * hd + c];
              }
            for (int c = 0; c < hd; ++c) o[size_t(token) * D + head * hd + c] = sum[size_t(c)] / total;
          }
        }
        const Values attended = linear(o, name + "self_attn.o");
        for (size_t i = 0; i < x.size(); ++i) x[i] += m[2][i % size_t(D)] * attended[i];
        Values f = linear(norm_modulate(x, m[3], m[4]), name + "ffn.0");
        for (double& v : f) v = 0.5 * v * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
        f = linear(f, name + "ffn.2");
        for (size_t i = 0; i < x.size(); ++i) x[i] += m[5][i % size_t(D)] * f[i];
        result.blocks.back().push_back(x);
        result.masks.back().push_back(mask);
      }
      const auto& hm = get("head.modulation");
      const Values y =
          linear(norm_modulate(x, Values(hm.begin(), hm.begin() + D), Values(hm.begin() + D, hm.end())), "head.head");
      for (int f = 0; f < 4; ++f) {
        Map g = map_of(h, w, s.latent * 16);
        for (int token = 0; token < T; ++token)
          for (int c = 0; c < g.c; ++c) g.v[size_t(token) * g.c + c] = y[size_t(token) * 4 * g.c + size_t(f * g.c + c)];
        const Map planes = shuffle(g, 4);
        const Map& c = conditions[size_t(latent * 4 + f)];
        Map seen = c, input = concat({c, planes});
        if (s.neighbours) {
          const Map n = neighbours(frames, latent * 4 + f);
          result.neighbours.push_back(n.v);
          seen = concat({seen, n});
          input = concat({input, n});
        }
        Map a = conv(input, "decoder.input");
        prelu(a, get("decoder.input.slope"));
        for (int b = 0; b < s.blocks; ++b) {
          const std::string name = "decoder.blocks." + std::to_string(b) + ".";
          Map shifted = a;
          for (int i = 0; i < a.h; ++i)
            for (int j = 0; j < a.w; ++j)
              for (int k = 0; k < s.shift; ++k) shifted.at(i, j, k) = before[size_t(b)].at(i, j, k);
          before[size_t(b)] = a;
          Map t = conv(shifted, name + "conv0");
          prelu(t, get(name + "slope"));
          t = conv(t, name + "conv1");
          for (size_t i = 0; i < a.v.size(); ++i) a.v[i] += t.v[i];
        }
        const Map axes = conv(concat({a, seen}), "decoder.output");
        const Map o = shuffle(s.axes < 48 ? Map{axes.h, axes.w, 48, product(axes.v, basis(), nullptr)} : axes, 4);
        Values out = frames[size_t(latent * 4 + f)];
        for (int k = 0; k < 3; ++k)
          for (int i = 0; i < H; ++i)
            for (int j = 0; j < W; ++j) out[(size_t(k) * H + i) * W + j] += o.at(i, j, k);
        result.planes.push_back(planes.v);
        result.features.push_back(a.v);
        result.outs.push_back(out);
      }
    }
    return result;
  }
};

}  // namespace small_reference

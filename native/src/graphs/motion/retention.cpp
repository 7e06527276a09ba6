#include "graphs/motion/retention.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace heirloom::plain {

namespace {

// body(place in the map or -1, place among the windows' tokens) for every token of every window but the serial numbers.
template <class F>
void each_token(const TokenWindows& w, F&& body) {
  for (int64_t window = 0; window < w.count(); ++window)
    for (int64_t i = 0; i < w.side * w.side; ++i) {
      const int64_t row = window / w.columns() * w.side + i / w.side,
                    column = window % w.columns() * w.side + i % w.side;
      body(row < w.h && column < w.w ? row * w.w + column : -1, window * w.tokens() + i);
    }
}

}  // namespace

Tensor window_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows) {
  const int64_t D = x.channels();
  Tensor out = Tensor::zeros({windows.count(), windows.tokens(), D});
  each_token(windows, [&](int64_t at, int64_t to) {
    if (at >= 0) std::copy_n(x.data() + at * D, D, out.data() + to * D);
  });
  for (int64_t window = 1; window <= windows.count(); ++window)
    std::copy_n(serial.data(), D, out.data() + (window * windows.tokens() - 1) * D);
  return out;
}

Tensor window_merge(const Tensor& x, const TokenWindows& windows) {
  const int64_t D = x.channels();
  Tensor out = Tensor::heap({windows.h, windows.w, D});
  each_token(windows, [&](int64_t at, int64_t from) {
    if (at >= 0) std::copy_n(x.data() + from * D, D, out.data() + at * D);
  });
  return out;
}

Tensor rotate(const Tensor& x, const TokenWindows& windows, int64_t heads, double base, float scale) {
  const int64_t D = x.channels(), d = D / heads, half = d / 4;
  Tensor out = Tensor::heap(x.shape);
  for (int64_t i = 0; i < x.count(); ++i) out.data()[i] = scale * x.data()[i];
  std::vector<float> cos(size_t(windows.side * half)), sin(cos.size());
  for (int64_t i = 0; i < windows.side * half; ++i) {
    const double angle = double(i / half) * std::pow(base, -double(i % half) / double(half));
    cos[size_t(i)] = float(std::cos(angle));
    sin[size_t(i)] = float(std::sin(angle));
  }
  each_token(windows, [&](int64_t, int64_t token) {
    const int64_t place = token % windows.tokens();
    for (int64_t pair = 0; pair < D / 2; ++pair) {
      const int64_t j = pair % (d / 2), at = (j < half ? place / windows.side : place % windows.side) * half + j % half;
      float* p = out.data() + token * D + 2 * pair;
      const float a = p[0], b = p[1];
      p[0] = a * cos[size_t(at)] - b * sin[size_t(at)];
      p[1] = a * sin[size_t(at)] + b * cos[size_t(at)];
    }
  });
  return out;
}

Tensor contribution(const Tensor& k, const Tensor& v, int64_t heads) {
  const int64_t windows = k.shape[0], T = k.shape[1], dk = k.channels() / heads, dv = v.channels() / heads;
  Tensor out = Tensor::zeros({windows, heads, dk, dv});
  for (int64_t token = 0; token < windows * T; ++token)
    for (int64_t i = 0; i < heads * dk; ++i) {
      const float key = k.data()[token * heads * dk + i];
      const float* value = v.data() + token * heads * dv + i / dk * dv;
      float* to = out.data() + (token / T * heads * dk + i) * dv;
      for (int64_t j = 0; j < dv; ++j) to[j] += key * value[j];
    }
  return out;
}

Tensor fold(const Tensor& state, const Tensor& contribution, const Decays& decays) {
  if (!state.defined()) return contribution;
  Tensor out = Tensor::heap(state.shape);
  const int64_t heads = state.shape[1], each = state.shape[2] * state.shape[3];
  for (int64_t i = 0; i < state.count(); ++i)
    out.data()[i] = decays[size_t(i / each % heads)] * state.data()[i] + contribution.data()[i];
  return out;
}

Tensor read(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& state, const Decays& decays,
            const TokenWindows& windows) {
  const auto heads = int64_t(decays.size());
  const int64_t T = windows.tokens(), dk = q.channels() / heads, dv = v.channels() / heads, side = windows.side;
  Tensor out = Tensor::zeros(v.shape);
  for (int64_t window = 0; window < windows.count(); ++window)
    for (int64_t head = 0; head < heads; ++head) {
      std::vector<float> fading(size_t(2 * side), 1.0f);
      for (size_t i = 1; i < fading.size(); ++i) fading[i] = fading[i - 1] * decays[size_t(head)];
      for (int64_t i = 0; i < T; ++i) {
        const float* query = q.data() + ((window * T + i) * heads + head) * dk;
        float* to = out.data() + ((window * T + i) * heads + head) * dv;
        for (int64_t j = 0; j < T; ++j) {
          const float* key = k.data() + ((window * T + j) * heads + head) * dk;
          float score = 0;
          for (int64_t n = 0; n < dk; ++n) score += query[n] * key[n];
          if (i + 1 < T && j + 1 < T)
            score *= fading[size_t(std::abs(i / side - j / side) + std::abs(i % side - j % side))];
          const float* value = v.data() + ((window * T + j) * heads + head) * dv;
          for (int64_t n = 0; n < dv; ++n) to[n] += score * value[n];
        }
        const float* kept = state.data() + (window * heads + head) * dk * dv;
        for (int64_t m = 0; m < dk; ++m)
          for (int64_t n = 0; n < dv; ++n) to[n] += decays[size_t(head)] * query[m] * kept[m * dv + n];
      }
    }
  return out;
}

Tensor head_norm(const Tensor& x, int64_t heads, float eps) {
  const int64_t d = x.channels() / heads;
  Tensor out = Tensor::heap(x.shape);
  for (int64_t row = 0; row < x.count() / d; ++row) {
    const float* from = x.data() + row * d;
    float squares = 0;
    for (int64_t i = 0; i < d; ++i) squares += from[i] * from[i];
    const float scale = 1 / std::sqrt(squares / float(d) + eps);
    for (int64_t i = 0; i < d; ++i) out.data()[row * d + i] = from[i] * scale;
  }
  return out;
}

Tensor swish_gate(const Tensor& x, const Tensor& gate) {
  Tensor out = Tensor::heap(x.shape);
  for (int64_t i = 0; i < x.count(); ++i)
    out.data()[i] = x.data()[i] * gate.data()[i] / (1 + std::exp(-gate.data()[i]));
  return out;
}

}  // namespace heirloom::plain

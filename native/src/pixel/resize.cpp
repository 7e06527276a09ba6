// resize.cpp: bicubic enlarging by a whole factor with the tap rule of PyTorch's antialiased bicubic, and edge padding.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "pixel/clones.h"
#include "pixel/pixel.h"

namespace heirloom::pixel {
namespace {

double bicubic(double t) {
  constexpr double a = -0.5;
  t = std::abs(t);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return a * (((t - 5) * t + 8) * t - 4);
  return 0;
}

constexpr int kMargin = 4;  // floats of slack left and right of a row, read with weight 0 or overwritten

struct Phase {
  int shift;
  float weights[4];
};  // out[S * k + p] = sum_t weights[t] * in[k + shift + t], away from the borders

template <int S>
std::vector<Phase> phases() {
  std::vector<Phase> all(S);
  const std::vector<Taps> taps = bicubic_taps(16, 16 * S);
  constexpr int k = 8;  // far from both borders
  for (int p = 0; p < S; ++p) {
    const Taps& t = taps[size_t(S * k + p)];
    all[size_t(p)].shift = t.first - k;
    for (size_t i = 0; i < 4; ++i) all[size_t(p)].weights[i] = i < t.weights.size() ? t.weights[i] : 0.f;
  }
  return all;
}

HEIRLOOM_CLONES void mix_rows(const float* const* rows, const float* weights, int taps, int count,
                              float* __restrict out) {
  const float *a = rows[0], *b = rows[taps > 1 ? 1 : 0], *c = rows[taps > 2 ? 2 : 0], *d = rows[taps > 3 ? 3 : 0];
  const float wa = weights[0], wb = taps > 1 ? weights[1] : 0.f, wc = taps > 2 ? weights[2] : 0.f,
              wd = taps > 3 ? weights[3] : 0.f;
  for (int i = 0; i < count; ++i) out[i] = wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i];
}

HEIRLOOM_CLONES void clamp_row(float* __restrict row, int count) {
  for (int i = 0; i < count; ++i) {
    const float low = row[i] > -1.f ? row[i] : -1.f;
    row[i] = low < 1.f ? low : 1.f;
  }
}

HEIRLOOM_CLONES void widen_2(const float* __restrict in, int count, const Phase* p, float* __restrict out) {
  const Phase a = p[0], b = p[1];
  for (int k = 0; k < count; ++k) {
    const float *x = in + k + a.shift, *y = in + k + b.shift;
    out[2 * k] = a.weights[0] * x[0] + a.weights[1] * x[1] + a.weights[2] * x[2] + a.weights[3] * x[3];
    out[2 * k + 1] = b.weights[0] * y[0] + b.weights[1] * y[1] + b.weights[2] * y[2] + b.weights[3] * y[3];
  }
}

HEIRLOOM_CLONES void widen_4(const float* __restrict in, int count, const Phase* p, float* __restrict out) {
  const Phase a = p[0], b = p[1], c = p[2], d = p[3];
  for (int k = 0; k < count; ++k) {
    const float *x = in + k + a.shift, *y = in + k + b.shift, *z = in + k + c.shift, *w = in + k + d.shift;
    out[4 * k] = a.weights[0] * x[0] + a.weights[1] * x[1] + a.weights[2] * x[2] + a.weights[3] * x[3];
    out[4 * k + 1] = b.weights[0] * y[0] + b.weights[1] * y[1] + b.weights[2] * y[2] + b.weights[3] * y[3];
    out[4 * k + 2] = c.weights[0] * z[0] + c.weights[1] * z[1] + c.weights[2] * z[2] + c.weights[3] * z[3];
    out[4 * k + 3] = d.weights[0] * w[0] + d.weights[1] * w[1] + d.weights[2] * w[2] + d.weights[3] * w[3];
  }
}

}  // namespace

std::vector<Taps> bicubic_taps(int in, int out) {
  std::vector<Taps> all(static_cast<size_t>(out));
  const double scale = double(in) / out, filter = std::max(scale, 1.0), support = 2 * filter;
  for (int i = 0; i < out; ++i) {
    Taps& taps = all[size_t(i)];
    const double centre = (i + 0.5) * scale;
    taps.first = std::max(0, int(centre - support + 0.5));
    const int end = std::min(in, int(centre + support + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int j = taps.first; j < end; ++j) {
      weights.push_back(bicubic((j - centre + 0.5) / filter));
      sum += weights.back();
    }
    for (double weight : weights) taps.weights.push_back(float(weight / sum));
  }
  return all;
}

void enlarge(const float* in, int width, int height, int scale, float* out, int padded_width, int padded_height,
             const Rows& rows) {
  const int out_width = width * scale, out_height = height * scale;
  if (scale != 1 && scale != 2 && scale != 4)
    throw Error("bad-argument", "Enlarging works by 1, 2 or 4, not by " + std::to_string(scale) + ".");
  if (padded_width < out_width || padded_height < out_height)
    throw Error("internal", "enlarge: the padded size is smaller than the picture.");
  const size_t plane = size_t(padded_width) * size_t(padded_height);
  const std::vector<Taps> lines = bicubic_taps(height, out_height), columns = bicubic_taps(width, out_width);
  const std::vector<Phase> phase = scale == 4 ? phases<4>() : phases<2>();

  const auto pad_right = [&](float* row) { std::fill(row + out_width, row + padded_width, row[out_width - 1]); };
  rows(out_height, [&](int begin, int end) {
    std::vector<float> line(size_t(width) + 2 * kMargin, 0.f);
    for (int y = begin; y < end; ++y) {
      for (size_t c = 0; c < 3; ++c) {
        const float* source = in + c * size_t(width) * size_t(height);
        float* row = out + c * plane + size_t(y) * size_t(padded_width);
        if (scale == 1) {
          std::memcpy(row, source + size_t(y) * size_t(width), size_t(width) * sizeof(float));
        } else {
          const Taps& taps = lines[size_t(y)];
          const float* near[4] = {};
          for (size_t t = 0; t < taps.weights.size() && t < 4; ++t)
            near[t] = source + (size_t(taps.first) + t) * size_t(width);
          float* mixed = line.data() + kMargin;
          mix_rows(near, taps.weights.data(), int(taps.weights.size()), width, mixed);
          scale == 2 ? widen_2(mixed, width, phase.data(), row) : widen_4(mixed, width, phase.data(), row);
          const auto border = [&](int x) {  // fewer taps there, weighted anew
            float sum = 0;
            for (size_t t = 0; t < columns[size_t(x)].weights.size(); ++t)
              sum += columns[size_t(x)].weights[t] * mixed[columns[size_t(x)].first + int(t)];
            row[x] = sum;
          };
          for (int x = 0; x < 2 * scale; ++x) {
            border(x);
            border(out_width - 1 - x);
          }
        }
        clamp_row(row, out_width);
        pad_right(row);
      }
    }
  });
  for (size_t c = 0; c < 3; ++c) {
    const float* last = out + c * plane + size_t(out_height - 1) * size_t(padded_width);
    for (int y = out_height; y < padded_height; ++y)
      std::memcpy(out + c * plane + size_t(y) * size_t(padded_width), last, size_t(padded_width) * sizeof(float));
  }
}

}  // namespace heirloom::pixel

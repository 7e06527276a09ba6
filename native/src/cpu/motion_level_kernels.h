// The body of every instruction level, written once over Vec (level_kernels.h). Included by motion_level_<level>.cpp. An element's result does not depend on
// where in a vector it lies: what is made in cells is what is made at once, to the bit.
#pragma once
#include "motion_level.h"
#include "vec.h"

namespace heirloom::cpu {
namespace {

inline Vec get(const float* p, int n) { return n == kWidth ? load(p) : load_first(p, n); }
inline void put(float* p, Vec v, int n) {
  if (n == kWidth) store(p, v);
  else store_first(p, v, n);
}

void cost_row(const CostRow& r) {
  const int motions = r.side * r.side;
  const Vec share = set(1.0f / float(r.channels));
  for (int x = r.x0; x < r.x1; x += kWidth) {
    const int n = r.x1 - x < kWidth ? r.x1 - x : kWidth;
    float* out = r.out + int64_t(x - r.x0) * motions;
    for (int e = 0; e < motions; ++e) {
      const float* a = r.before[e / r.side] + CostRow::kPad + x - r.back[e % r.side];
      const float* b = r.after[e / r.side] + CostRow::kPad + x + r.ahead[e % r.side];
      Vec sums[4] = {zero(), zero(), zero(), zero()};
      int c = 0;
      for (; c + 4 <= r.channels; c += 4, a += 4 * r.pitch_floats, b += 4 * r.pitch_floats) {
        sums[0] = fma(load(a), load(b), sums[0]);
        sums[1] = fma(load(a + r.pitch_floats), load(b + r.pitch_floats), sums[1]);
        sums[2] = fma(load(a + 2 * r.pitch_floats), load(b + 2 * r.pitch_floats), sums[2]);
        sums[3] = fma(load(a + 3 * r.pitch_floats), load(b + 3 * r.pitch_floats), sums[3]);
      }
      for (; c < r.channels; ++c, a += r.pitch_floats, b += r.pitch_floats) sums[0] = fma(load(a), load(b), sums[0]);
      float lane[kWidth];
      store(lane, mul(add(add(sums[0], sums[1]), add(sums[2], sums[3])), share));
      for (int i = 0; i < n; ++i) out[int64_t(i) * motions + e] = lane[i];
    }
  }
}

void convex(const float* weights, int fine, const float* around, int channels, float* out) {
  float room[9 * kWidth];
  for (int i = 0; i < fine; i += kWidth) {
    const int n = fine - i < kWidth ? fine - i : kWidth;
    Vec most = get(weights + i, n);
    for (int k = 1; k < 9; ++k) most = max(most, get(weights + k * fine + i, n));
    Vec total = zero();
    for (int k = 0; k < 9; ++k) {
      const Vec e = exponential(sub(get(weights + k * fine + i, n), most));
      total = add(total, e);
      store(room + k * kWidth, e);
    }
    for (int c = 0; c < channels; ++c) {
      Vec sum = zero();
      for (int k = 0; k < 9; ++k) sum = fma(set(around[k * channels + c]), load(room + k * kWidth), sum);
      put(out + c * fine + i, div(sum, total), n);
    }
  }
}

inline Vec sigmoid(Vec x) { return div(set(1), add(set(1), exponential(sub(zero(), x)))); }

// Between which four samples of a plane so many places lie, and their weights.
struct Places {
  int32_t at[4][kWidth];
  Vec w[4];
};
inline void find(Vec x, Vec y, int w, int h, Places& p) {
  x = min(max(x, zero()), set(float(w - 1)));
  y = min(max(y, zero()), set(float(h - 1)));
  float column[kWidth], row[kWidth], left[kWidth], top[kWidth];
  store(column, x);
  store(row, y);
  for (int i = 0; i < kWidth; ++i) {
    // no number: the first
    const int x0 = column[i] > 0 ? int(column[i]) : 0, y0 = row[i] > 0 ? int(row[i]) : 0;
    const int right = x0 + 1 < w ? 1 : 0, down = y0 + 1 < h ? w : 0;
    left[i] = float(x0);
    top[i] = float(y0);
    const int32_t at = y0 * w + x0;
    p.at[0][i] = at;
    p.at[1][i] = at + right;
    p.at[2][i] = at + down;
    p.at[3][i] = at + down + right;
  }
  const Vec fx = sub(x, load(left)), fy = sub(y, load(top)), gx = sub(set(1), fx), gy = sub(set(1), fy);
  p.w[0] = mul(gy, gx);
  p.w[1] = mul(gy, fx);
  p.w[2] = mul(fy, gx);
  p.w[3] = mul(fy, fx);
}
inline Vec sample(const float* plane, const Places& p) {
  const Vec top = fma(gather(plane, p.at[1]), p.w[1], mul(gather(plane, p.at[0]), p.w[0]));
  const Vec bottom = fma(gather(plane, p.at[3]), p.w[3], mul(gather(plane, p.at[2]), p.w[2]));
  return add(top, bottom);
}

void blend_row(const BlendRow& r) {
  const int64_t plane = int64_t(r.h) * r.w, row = int64_t(r.y) * r.w;
  float steps[kWidth];
  for (int i = 0; i < kWidth; ++i) steps[i] = float(i);
  const Vec first = load(steps), y = set(float(r.y)), before_share = set(1 - r.t), after_share = set(r.t);
  for (int x = r.x0; x < r.x1; x += kWidth) {
    const int n = r.x1 - x < kWidth ? r.x1 - x : kWidth;
    const float* p = r.planes + row + x;
    const Vec m = sigmoid(add(get(p + 4 * plane, n), set(r.lean))), o = sigmoid(get(p + 5 * plane, n)),
              column = add(set(float(x)), first);
    Places before, after;
    find(add(column, get(p, n)), add(y, get(p + plane, n)), r.w, r.h, before);
    find(add(column, get(p + 2 * plane, n)), add(y, get(p + 3 * plane, n)), r.w, r.h, after);
    for (int c = 0; c < 3; ++c) {
      const float *a = r.a + c * plane, *b = r.b + c * plane;
      const Vec mixed = fma(m, sample(a, before), mul(sub(set(1), m), sample(b, after)));
      const Vec plain = fma(before_share, get(a + row + x, n), mul(after_share, get(b + row + x, n)));
      put(r.out + c * plane + row + x, fma(sub(set(1), o), mixed, mul(o, plain)), n);
    }
  }
}

const MotionLevel kMotionLevel = {cost_row, convex, blend_row};

}  // namespace
}  // namespace heirloom::cpu

#include "registration/motion.h"

#include <algorithm>
#include <cmath>

#include "pixel/clones.h"

namespace heirloom::registration {
namespace {

constexpr int kPatch = 12;  // samples a side; less follows noise, more blurs the border of moving things
constexpr int kStep = 4;  // between patches
constexpr int kSmallest = 24;  // no level has a side shorter than this, unless the picture has
constexpr int kReach = 10;  // samples of the coarsest level in which the common shift is looked for
constexpr int kIterations = 5;
constexpr float kSettled = 0.02f;  // samples: a step below this ends a patch
constexpr float kPrior = 0.25f;  // samples: how far the coarser level's motion is usually off
constexpr float kFarthest = 4.f;  // samples: how far one level may move a patch

int clamp(int i, int count) { return i < 0 ? 0 : i >= count ? count - 1 : i; }

// out[x] = the row filtered by a binomial of 3 or 5 taps, borders repeated.
HEIRLOOM_CLONES void inner_binomial_3(const float* __restrict in, int count, float* __restrict out) {
  for (int x = 1; x < count - 1; ++x) out[x] = 0.25f * in[x - 1] + 0.5f * in[x] + 0.25f * in[x + 1];
}
HEIRLOOM_CLONES void mix_3(const float* __restrict a, const float* __restrict b, const float* __restrict c, int count,
                           float* __restrict out) {
  for (int x = 0; x < count; ++x) out[x] = 0.25f * a[x] + 0.5f * b[x] + 0.25f * c[x];
}
HEIRLOOM_CLONES void mix_5(const float* __restrict a, const float* __restrict b, const float* __restrict c,
                           const float* __restrict d, const float* __restrict e, int count, float* __restrict out) {
  for (int x = 0; x < count; ++x) out[x] = 0.0625f * (a[x] + e[x]) + 0.25f * (b[x] + d[x]) + 0.375f * c[x];
}

Plane smoothed(const Plane& in, const pixel::Rows& rows) {
  Plane out(in.width, in.height);
  rows(in.height, [&](int begin, int end) {
    std::vector<float> line(size_t(in.width));
    for (int y = begin; y < end; ++y) {
      mix_3(in.row(clamp(y - 1, in.height)), in.row(y), in.row(clamp(y + 1, in.height)), in.width, line.data());
      float* to = out.row(y);
      const int last = in.width - 1;
      inner_binomial_3(line.data(), in.width, to);
      to[0] = 0.75f * line[0] + 0.25f * line[size_t(clamp(1, in.width))];
      to[last] = 0.75f * line[size_t(last)] + 0.25f * line[size_t(clamp(last - 1, in.width))];
    }
  });
  return out;
}

Plane halved(const Plane& in, const pixel::Rows& rows) {
  Plane out((in.width + 1) / 2, (in.height + 1) / 2);
  rows(out.height, [&](int begin, int end) {
    std::vector<float> line(size_t(in.width));
    const auto at = [&](int y) { return in.row(clamp(y, in.height)); };
    const auto column = [&](int x) { return line[size_t(clamp(x, in.width))]; };
    for (int y = begin; y < end; ++y) {
      mix_5(at(2 * y - 2), at(2 * y - 1), at(2 * y), at(2 * y + 1), at(2 * y + 2), in.width, line.data());
      float* to = out.row(y);
      for (int x = 0; x < out.width; ++x)
        to[x] = 0.0625f * (column(2 * x - 2) + column(2 * x + 2)) + 0.25f * (column(2 * x - 1) + column(2 * x + 1)) +
                0.375f * column(2 * x);
    }
  });
  return out;
}

// A square of samples of a picture at a place between samples, bilinear.
struct Patch {
  float v[kPatch * kPatch];
};

HEIRLOOM_CLONES void blend_rows(const float* __restrict upper, const float* __restrict lower, float a, float b, float c,
                                float d, float* __restrict out) {
  for (int x = 0; x < kPatch; ++x) out[x] = a * upper[x] + b * upper[x + 1] + c * lower[x] + d * lower[x + 1];
}

void take(const Plane& in, float left, float top, Patch& out) {
  const float fx = std::floor(left), fy = std::floor(top);
  const int x0 = int(fx), y0 = int(fy);
  const float bx = left - fx, by = top - fy;
  const float a = (1 - bx) * (1 - by), b = bx * (1 - by), c = (1 - bx) * by, d = bx * by;
  if (x0 >= 0 && x0 + kPatch < in.width) {
    for (int y = 0; y < kPatch; ++y)
      blend_rows(in.row(clamp(y0 + y, in.height)) + x0, in.row(clamp(y0 + y + 1, in.height)) + x0, a, b, c, d,
                 out.v + y * kPatch);
    return;
  }
  for (int y = 0; y < kPatch; ++y) {
    const float *upper = in.row(clamp(y0 + y, in.height)), *lower = in.row(clamp(y0 + y + 1, in.height));
    for (int x = 0; x < kPatch; ++x) {
      const int i = clamp(x0 + x, in.width), j = clamp(x0 + x + 1, in.width);
      out.v[y * kPatch + x] = a * upper[i] + b * upper[j] + c * lower[i] + d * lower[j];
    }
  }
}

// Sums are kept per column and added up at the end, so that a compiler can use wide registers without reordering anything.
struct Columns {
  float v[kPatch] = {};
  float total() const {
    float sum = 0;
    for (float one : v) sum += one;
    return sum;
  }
};

// Mean squared difference of two patches, a difference in brightness between them left out.
HEIRLOOM_CLONES void sums_of_difference(const float* __restrict a, const float* __restrict b, float* __restrict sum,
                                        float* __restrict squares) {
  for (int y = 0; y < kPatch; ++y, a += kPatch, b += kPatch)
    for (int x = 0; x < kPatch; ++x) {
      const float d = a[x] - b[x];
      sum[x] += d;
      squares[x] += d * d;
    }
}
float misfit(const Patch& a, const Patch& b) {
  Columns sums, squares;
  sums_of_difference(a.v, b.v, sums.v, squares.v);
  constexpr float n = kPatch * kPatch;
  const float sum = sums.total();
  return (squares.total() - sum * sum / n) / n;
}

// The chosen picture's patch with its slopes, each without its mean, and the sums of their products.
struct Template {
  Patch value, dx, dy;
  float xx = 0, xy = 0, yy = 0;
};

HEIRLOOM_CLONES void sums_of_slopes(const float* __restrict dx, const float* __restrict dy, float* __restrict x,
                                    float* __restrict y, float* __restrict xx, float* __restrict xy,
                                    float* __restrict yy) {
  for (int row = 0; row < kPatch; ++row, dx += kPatch, dy += kPatch)
    for (int i = 0; i < kPatch; ++i) {
      x[i] += dx[i];
      y[i] += dy[i];
      xx[i] += dx[i] * dx[i];
      xy[i] += dx[i] * dy[i];
      yy[i] += dy[i] * dy[i];
    }
}

HEIRLOOM_CLONES void sums_of_error(const float* __restrict value, const float* __restrict dx,
                                   const float* __restrict dy, const float* __restrict other, float* __restrict x,
                                   float* __restrict y) {
  for (int row = 0; row < kPatch; ++row, value += kPatch, dx += kPatch, dy += kPatch, other += kPatch)
    for (int i = 0; i < kPatch; ++i) {
      const float d = other[i] - value[i];
      x[i] += d * dx[i];
      y[i] += d * dy[i];
    }
}

Template make_template(const Plane& in, int left, int top) {
  Template t;
  Patch before, after;
  take(in, float(left), float(top), t.value);
  take(in, float(left - 1), float(top), before);
  take(in, float(left + 1), float(top), after);
  for (int i = 0; i < kPatch * kPatch; ++i) t.dx.v[i] = 0.5f * (after.v[i] - before.v[i]);
  take(in, float(left), float(top - 1), before);
  take(in, float(left), float(top + 1), after);
  for (int i = 0; i < kPatch * kPatch; ++i) t.dy.v[i] = 0.5f * (after.v[i] - before.v[i]);
  Columns sx, sy, sxx, sxy, syy;
  sums_of_slopes(t.dx.v, t.dy.v, sx.v, sy.v, sxx.v, sxy.v, syy.v);
  constexpr float n = kPatch * kPatch;
  const float mean_x = sx.total() / n, mean_y = sy.total() / n;
  for (int i = 0; i < kPatch * kPatch; ++i) {
    t.dx.v[i] -= mean_x;
    t.dy.v[i] -= mean_y;
  }
  t.xx = sxx.total() - n * mean_x * mean_x;
  t.xy = sxy.total() - n * mean_x * mean_y;
  t.yy = syy.total() - n * mean_y * mean_y;
  return t;
}

struct Shift {
  float u, v;
};

// Gauss-Newton from `start`, held to `start` with the weight `hold`. Gives the better of start and end by `error`.
Shift refine(const Template& t, const Plane& other, int left, int top, Shift start, float hold, float& error) {
  const float xx = t.xx + hold, yy = t.yy + hold, determinant = xx * yy - t.xy * t.xy;
  Patch patch;
  Shift s = start;
  take(other, float(left) + s.u, float(top) + s.v, patch);
  const float first = misfit(t.value, patch);
  error = first;
  if (!(determinant > 1e-12f)) return start;
  for (int i = 0; i < kIterations; ++i) {
    Columns along_x, along_y;  // slopes have no mean, so the error's mean does not count
    sums_of_error(t.value.v, t.dx.v, t.dy.v, patch.v, along_x.v, along_y.v);
    const float ex = along_x.total() + hold * (s.u - start.u), ey = along_y.total() + hold * (s.v - start.v);
    const float du = (yy * ex - t.xy * ey) / determinant, dv = (xx * ey - t.xy * ex) / determinant;
    s.u -= du;
    s.v -= dv;
    if (std::abs(s.u - start.u) > kFarthest || std::abs(s.v - start.v) > kFarthest) return start;
    take(other, float(left) + s.u, float(top) + s.v, patch);
    if (du * du + dv * dv < kSettled * kSettled) break;
  }
  const float last = misfit(t.value, patch);
  if (last > first) return start;
  error = last;
  return s;
}

// The whole-sample shift at which two small pictures differ least, both without their means; at least half of them must overlap.
Shift common_shift(const Plane& chosen, const Plane& other) {
  const int w = chosen.width, h = chosen.height, reach_x = std::min(kReach, w / 2), reach_y = std::min(kReach, h / 2);
  Shift best{0, 0};
  float least = INFINITY;
  for (int v = -reach_y; v <= reach_y; ++v)
    for (int u = -reach_x; u <= reach_x; ++u) {
      const int x0 = std::max(0, -u), x1 = std::min(w, w - u), y0 = std::max(0, -v), y1 = std::min(h, h - v);
      double sum = 0, squares = 0;
      for (int y = y0; y < y1; ++y)
        for (int x = x0; x < x1; ++x) {
          const double d = other.row(y + v)[x + u] - chosen.row(y)[x];
          sum += d;
          squares += d * d;
        }
      const double n = double(x1 - x0) * double(y1 - y0);
      const float cost =
          float((squares - sum * sum / n) / n) + 1e-6f * float(u * u + v * v);  // of equal ones the smallest shift
      if (cost < least) {
        least = cost;
        best = {float(u), float(v)};
      }
    }
  return best;
}

Motion grid_for(const Plane& plane) {
  Motion m;
  m.step = kStep;
  m.columns = (plane.width + kStep - 1) / kStep;
  m.rows = (plane.height + kStep - 1) / kStep;
  m.u.resize(size_t(m.columns) * size_t(m.rows));
  m.v.resize(m.u.size());
  return m;
}

size_t index(const Motion& m, int column, int row) {
  return size_t(clamp(row, m.rows)) * size_t(m.columns) + size_t(clamp(column, m.columns));
}

// Noise variance of the difference of two aligned pictures: from the median patch misfit, since most patches do match.
float typical(std::vector<float> errors) {
  const auto middle = errors.begin() + std::ptrdiff_t(errors.size() / 2);
  std::nth_element(errors.begin(), middle, errors.end());
  return std::max(*middle, 1e-7f);
}

// Every vector becomes the mean of its 3x3 neighbours, those that fit well counting most.
void settle(Motion& m, const std::vector<float>& errors, float noise) {
  const Motion from = m;
  for (int row = 0; row < m.rows; ++row)
    for (int column = 0; column < m.columns; ++column) {
      float weight = 0, u = 0, v = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
          const size_t i = index(from, column + dx, row + dy);
          const float fit = noise / (noise + errors[i]), w = fit * fit;
          weight += w;
          u += w * from.u[i];
          v += w * from.v[i];
        }
      const size_t i = index(m, column, row);
      m.u[i] = u / weight;
      m.v[i] = v / weight;
    }
}

// One level: patches around every grid point, started from the coarser motion (twice as long here).
Motion level_motion(const Plane& chosen, const Plane& other, const Motion* coarse, Shift common,
                    const pixel::Rows& rows) {
  Motion m = grid_for(chosen);
  std::vector<float> errors(m.u.size());
  std::vector<Shift> starts(m.u.size());
  const auto corner = [](int point) { return point * kStep - kPatch / 2; };
  rows(m.rows, [&](int begin, int end) {
    Patch mine, theirs;
    for (int row = begin; row < end; ++row)
      for (int column = 0; column < m.columns; ++column) {
        const size_t i = index(m, column, row);
        const int left = corner(column), top = corner(row);
        take(chosen, float(left), float(top), mine);
        static constexpr int kAround[5][2] = {{0, 0}, {-2, 0}, {2, 0}, {0, -2}, {0, 2}};
        errors[i] = INFINITY;
        for (const auto& around : kAround) {
          Shift s = common;
          if (coarse) {
            const size_t j = index(*coarse, (column + around[0]) / 2, (row + around[1]) / 2);
            s = {2 * coarse->u[j], 2 * coarse->v[j]};
          }
          take(other, float(left) + s.u, float(top) + s.v, theirs);
          const float error =
              misfit(mine, theirs) * (around[0] || around[1] ? 1.1f : 1.f);  // another's motion must be clearly better
          if (error < errors[i]) {
            errors[i] = error;
            starts[i] = s;
          }
          if (!coarse) break;
        }
      }
  });
  const float noise = typical(errors), hold = noise / (kPrior * kPrior);
  rows(m.rows, [&](int begin, int end) {
    for (int row = begin; row < end; ++row)
      for (int column = 0; column < m.columns; ++column) {
        const size_t i = index(m, column, row);
        const Template t = make_template(chosen, corner(column), corner(row));
        const Shift s = refine(t, other, corner(column), corner(row), starts[i], hold, errors[i]);
        m.u[i] = s.u;
        m.v[i] = s.v;
      }
  });
  settle(m, errors, typical(errors));
  return m;
}

}  // namespace

std::vector<Plane> pyramid(const Plane& luma, const pixel::Rows& rows) {
  std::vector<Plane> levels{smoothed(luma, rows)};
  while (std::min(levels.back().width, levels.back().height) >= 2 * kSmallest)
    levels.push_back(halved(levels.back(), rows));
  return levels;
}

Motion find_motion(const std::vector<Plane>& chosen, const std::vector<Plane>& other, const pixel::Rows& rows) {
  const Shift common = common_shift(chosen.back(), other.back());
  Motion motion;
  for (size_t level = chosen.size(); level-- > 0;) {
    const bool is_first = level + 1 == chosen.size();
    motion = level_motion(chosen[level], other[level], is_first ? nullptr : &motion, common, rows);
  }
  return motion;
}

}  // namespace heirloom::registration

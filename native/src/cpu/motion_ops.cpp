// Frames between keys on the processor (ops/motion.h).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "cpu/cells.h"
#include "cpu/family.h"
#include "cpu/level.h"
#include "cpu/motion_level.h"
#include "cpu/packed.h"
#include "ops/checks.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

constexpr int kCell = 8, kFeather = 4;  // pixels
constexpr int64_t kMotionReach = 3;  // cells
constexpr float kNormEps = 1e-5f;

struct Split {
  int back, ahead;
};
// Of every motion along one axis, -radius first.
std::vector<Split> splits(float t, int64_t radius) {
  std::vector<Split> list;
  for (int e = -small(radius); e <= small(radius); ++e) {
    const int back = int(std::floor(double(t) * e + 0.5));
    list.push_back({back, e - back});
  }
  return list;
}

// Where a place lies between four samples of a map.
struct Between {
  int64_t at00, at01, at10, at11;
  float w00, w01, w10, w11;
};
Between between(float x, float y, int w, int h) {
  x = x > 0 ? std::min(x, float(w - 1)) : 0.0f;  // NaN: 0
  y = y > 0 ? std::min(y, float(h - 1)) : 0.0f;
  const int x0 = int(x), y0 = int(y), x1 = std::min(x0 + 1, w - 1), y1 = std::min(y0 + 1, h - 1);
  const float fx = x - float(x0), fy = y - float(y0);
  const int64_t top = int64_t(y0) * w, bottom = int64_t(y1) * w;
  return {top + x0, top + x1, bottom + x0, bottom + x1, (1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx};
}

// w of every pixel of a cell (ops/motion.h: compose), given which of the 3x3 cells around it are marked; beyond the border counts as marked.
struct Feather {
  bool is_whole = true;  // w = 1 everywhere
  float w[kCell][kCell];
};
Feather feather(const float* marked, int64_t rows, int64_t columns, int64_t y, int64_t x) {
  Feather f;
  int distance[kCell][kCell];
  for (auto& row : distance) std::fill(row, row + kCell, kFeather + 1);
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      const int64_t v = y + dy, u = x + dx;
      if (v < 0 || u < 0 || v >= rows || u >= columns || marked[v * columns + u] != 0.0f) continue;
      f.is_whole = false;
      for (int i = 0; i < kCell; ++i)
        for (int j = 0; j < kCell; ++j) {
          const int down = dy < 0 ? i + 1 : dy > 0 ? kCell - i : 0, across = dx < 0 ? j + 1 : dx > 0 ? kCell - j : 0;
          distance[i][j] = std::min(distance[i][j], std::max(down, across));
        }
    }
  for (int i = 0; i < kCell; ++i)
    for (int j = 0; j < kCell; ++j)
      f.w[i][j] = float(std::min(std::max(distance[i][j] - 1, 0), kFeather)) / float(kFeather);
  return f;
}

class CpuMotion final : public MotionOps, Family {
 public:
  using Family::Family;

  Tensor warp(const Tensor& x, const Tensor& flow, int64_t first, int64_t cell, const Cells& cells,
              int64_t reach) override {
    check_map("warp", x);
    check_on_grid("warp", flow, x);
    CHECK(first >= 0 && first + 2 <= flow.channels() && cell > 0, "warp: no channels " + str(first) + " in the flow");
    Tensor out = cleared(x.shape, cells, reach);
    warp_into(x, flow, first, cell, cells, reach, out);
    return out;
  }

  Tensor cost(const Tensor& a, const Tensor& b, float t, int64_t radius, const Cells& cells) override {
    check_map("cost", a);
    check_same("cost", a, b);
    const int64_t side = 2 * radius + 1;
    Tensor out = cleared({a.shape[0], a.shape[1], side * side}, cells);
    cost_into(a, b, t, radius, cells, out);
    return out;
  }

  Compared compare(const Tensor& a, const Tensor& b, const Tensor& flow, int64_t cell, float t, int64_t radius,
                   const Cells& cells) override {
    check_map("compare", a);
    check_same("compare", a, b);
    check_flow("compare", flow, a.shape[0], a.shape[1]);
    const int64_t side = 2 * radius + 1;
    Compared made = {empty(a.shape), empty(b.shape), empty({a.shape[0], a.shape[1], side * side})};
    warp_into(a, flow, 0, cell, cells, radius, made.before);
    warp_into(b, flow, 2, cell, cells, radius, made.after);
    cost_into(made.before, made.after, t, radius, cells, made.cost);
    return made;
  }

  Tensor expected_motion(const Tensor& cost, float scale, int64_t radius, int64_t cell, const Cells& cells) override {
    check_map("expected_motion", cost);
    const int64_t side = 2 * radius + 1, motions = side * side;
    CHECK(cost.channels() == motions, "expected_motion: " + str(cost.shape) + " has no " + str(motions) + " motions");
    const int64_t h = cost.shape[0], w = cost.shape[1];
    Tensor out = cleared({h, w, 2}, cells);
    over(runs_of(cells, h, w), [&](int y, int x0, int x1) {
      std::vector<float> shares(static_cast<size_t>(motions));
      for (int x = x0; x < x1; ++x) {
        const int64_t at = int64_t(y) * w + x;
        level().softmax(cost.data() + at * motions, 1, small(motions), scale, shares.data());
        float across = 0, down = 0;
        for (int64_t n = 0; n < motions; ++n) {
          across += shares[size_t(n)] * float((n % side - radius) * cell);
          down += shares[size_t(n)] * float((n / side - radius) * cell);
        }
        out.data()[2 * at] = across;
        out.data()[2 * at + 1] = down;
      }
    });
    return out;
  }

  Tensor add_motion(const Tensor& flow, const Tensor& v, float t) override {
    check_map("add_motion", v);
    CHECK(v.channels() == 2, "add_motion: " + str(v.shape) + " is no motion");
    if (flow.defined()) check_flow("add_motion", flow, v.shape[0], v.shape[1]);
    Tensor out = empty({v.shape[0], v.shape[1], 4});
    rows(v.rows(), [&](int64_t at) {
      const float *m = v.data() + 2 * at, *f = flow.defined() ? flow.data() + 4 * at : nullptr;
      float* to = out.data() + 4 * at;
      for (int i = 0; i < 4; ++i) to[i] = (f ? f[i] : 0.0f) + (i < 2 ? -t : 1 - t) * m[i % 2];
    });
    return out;
  }

  Tensor join(const std::vector<Tensor>& parts, const std::vector<float>& constants, const Cells& cells) override {
    return clear_rest(join_within(parts, constants, cells), cells);
  }
  Tensor join_within(const std::vector<Tensor>& parts, const std::vector<float>& constants,
                     const Cells& cells) override {
    check_cancelled();
    CHECK(!parts.empty(), "join: nothing to join");
    int64_t channels = int64_t(constants.size());
    for (const Tensor& part : parts) {
      check_on_grid("join", part, parts[0]);
      channels += part.channels();
    }
    const int64_t h = parts[0].shape[0], w = parts[0].shape[1];
    Tensor out = empty({h, w, channels});
    over(runs_of(cells, h, w), [&](int y, int x0, int x1) {
      float* to = out.data() + (int64_t(y) * w + x0) * channels;
      for (const Tensor& part : parts) {
        level().copy_rows(part.data() + (int64_t(y) * w + x0) * part.channels(), part.channels(), x1 - x0,
                          small(part.channels()), to, channels);
        to += part.channels();
      }
      for (const float value : constants) {
        for (int x = 0; x < x1 - x0; ++x) to[x * channels] = value;
        ++to;
      }
    });
    return out;
  }

  Tensor conv2d_3x3(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells) override {
    return clear_rest(convolved(x, w, slope, cells, false), cells);
  }

  Tensor conv2d_3x3_within(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells) override {
    return convolved(x, w, slope, cells, true);
  }
  Tensor linear(const Tensor& x, const LinearWeight& w, const Cells& cells) override {
    Tensor out = linear_within(x, w, cells);
    const int64_t width = x.shape[1];
    over(runs_of(cells, x.shape[0], width, 0, false), [&](int y, int x0, int x1) {
      for (int i = x0; i < x1; ++i) level().copy(w.bias.data(), w.out, out.data() + (int64_t(y) * width + i) * w.out);
    });
    return out;
  }

  Tensor linear_within(const Tensor& x, const LinearWeight& w, const Cells& cells) override {
    check_map("linear", x);
    CHECK(x.channels() == w.in, "linear: input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    CHECK(w.bias.defined() && w.bias.count() == w.out, "linear: a bias is wanted");
    Epilogue e;
    e.bias = w.bias.data();
    Tensor out = empty({x.shape[0], x.shape[1], w.out});
    if (!cells.defined()) {
      k::linear(work_.pool, x.rows(), x.data(), 0, packed_of(w), e, out.data());
      return out;
    }
    over(runs_of(cells, x.shape[0], x.shape[1]), [&](int y, int x0, int x1) {
      const int64_t at = int64_t(y) * x.shape[1] + x0;
      k::linear(work_.pool, x1 - x0, x.data() + at * w.in, 0, packed_of(w), e, out.data() + at * w.out);
    });
    return out;
  }

  Tensor convex_upsample(const Tensor& x, const Tensor& weights, int64_t s, const Cells& cells) override {
    check_map("convex_upsample", x);
    check_on_grid("convex_upsample", weights, x);
    const int64_t h = x.shape[0], w = x.shape[1], c = x.channels(), fine = s * s;
    CHECK(s > 0 && s <= 8 && weights.channels() == 9 * fine,
          "convex_upsample: " + str(weights.shape) + " are no weights of " + str(s));
    Tensor out = empty({c, h * s, w * s});
    over(runs_of(cells, h, w), [&](int y, int x0, int x1) {
      std::vector<float> around(size_t(9 * c)), made(size_t(c * fine));
      for (int i = x0; i < x1; ++i) {
        for (int n = 0; n < 9; ++n) {
          const int64_t v = std::clamp<int64_t>(y + n / 3 - 1, 0, h - 1),
                        u = std::clamp<int64_t>(i + n % 3 - 1, 0, w - 1);
          std::copy_n(x.data() + (v * w + u) * c, c, around.data() + n * c);
        }
        motion_level().convex(weights.data() + (int64_t(y) * w + i) * 9 * fine, int(fine), around.data(), int(c),
                              made.data());
        for (int64_t line = 0; line < c * s; ++line)
          std::copy_n(made.data() + line * s, s,
                      out.data() + ((line / s * h + y) * s + line % s) * w * s + int64_t(i) * s);
      }
    });
    return out;
  }

  Tensor blend(const Tensor& a, const Tensor& b, const Tensor& planes, float t, const Cells& cells) override {
    check_pictures("blend", a, b);
    const int H = small(a.shape[1]), W = small(a.shape[2]);
    CHECK(planes.shape == Shape({6, H, W}), "blend: " + str(planes.shape) + " does not go with " + str(a.shape));
    CHECK(t > 0 && t < 1, "blend: the time " + str(t) + " lies outside of the gap");
    const float lean = std::log((1 - t) / t);
    Tensor out = empty(a.shape);
    over(runs_of(cells, H, W), [&](int y, int x0, int x1) {
      motion_level().blend_row({a.data(), b.data(), planes.data(), H, W, y, x0, x1, t, lean, out.data()});
    });
    return out;
  }

  Cells needed(const Tensor& a, const Tensor& b, const Tensor& flow, float tolerance, float moves) override {
    check_pictures("needed", a, b);
    const int64_t H = a.shape[1], W = a.shape[2], h = H / kCell, w = W / kCell;
    check_flow("needed", flow, h, w);
    std::vector<float> differs(size_t(h * w)), marked;
    work_.pool.parallel_for(h, [&](int64_t y) {
      for (int64_t x = 0; x < w; ++x) {
        float most[kCell] = {};  // side by side, for the vector units
        for (int64_t row = 0; row < 3 * kCell; ++row) {
          const int64_t at = (row / kCell * H + y * kCell + row % kCell) * W + x * kCell;
          for (int i = 0; i < kCell; ++i) most[i] = std::max(most[i], std::fabs(a.data()[at + i] - b.data()[at + i]));
        }
        differs[size_t(y * w + x)] = *std::max_element(most, most + kCell) > tolerance ? 1.0f : 0.0f;
      }
    });
    marked = differs;
    const std::vector<float> reached = widened(differs, h, w, kMotionReach);
    for (int64_t cell = 0; cell < h * w; ++cell) {
      const float *f = flow.data() + cell * 4, across = f[2] - f[0], down = f[3] - f[1];
      if (reached[size_t(cell)] != 0.0f && across * across + down * down > moves * moves) marked[size_t(cell)] = 1;
    }
    return cells_of(widened(marked, h, w), h, w);
  }

  Cells doubtful(const Tensor& x, int64_t channel, float least, const Cells& cells) override {
    check_map("doubtful", x);
    CHECK(channel >= 0 && channel < x.channels(), "doubtful: no channel " + str(channel) + " in " + str(x.shape));
    const int64_t s = cells.defined() ? x.shape[0] / cells.shape[0] : 2, h = x.shape[0] / s, w = x.shape[1] / s;
    const auto is_made = [&](int64_t cell) { return !cells.defined() || cells.data()[cell] != 0.0f; };
    std::vector<float> marked(size_t(h * w));
    for (int64_t cell = 0; cell < h * w; ++cell) {
      if (!is_made(cell)) continue;
      float sum = 0;
      for (int64_t i = 0; i < s * s; ++i) {
        const int64_t row = cell / w * s + i / s, column = cell % w * s + i % s;
        sum += sigmoid(x.data()[(row * x.shape[1] + column) * x.channels() + channel]);
      }
      marked[size_t(cell)] = sum / float(s * s) < least ? 1.0f : 0.0f;
    }
    std::vector<float> wide = widened(marked, h, w);
    for (int64_t cell = 0; cell < h * w; ++cell)
      if (!is_made(cell)) wide[size_t(cell)] = 0;
    return cells_of(wide, h, w);
  }

  Tensor compose(const Tensor& made, const Tensor& a, const Tensor& b, float t, const Cells& cells,
                 const Cells& doubtful) override {
    check_pictures("compose", a, b);
    check_same("compose", made, a);
    const int64_t H = a.shape[1], W = a.shape[2], h = H / kCell, w = W / kCell;
    for (const Cells& marks : {cells, doubtful})
      CHECK(!marks.defined() || marks.shape == Shape({h, w, 1}), "compose: " + str(marks.shape) + " are not its cells");
    const Tensor& nearest = t <= 0.5f ? a : b;
    Tensor out = empty(a.shape);
    work_.pool.parallel_for(h, [&](int64_t y) {
      for (int64_t x = 0; x < w; ++x) {
        const bool is_made = !cells.defined() || cells.data()[y * w + x] != 0.0f,
                   is_doubtful = doubtful.defined() && doubtful.data()[y * w + x] != 0.0f;
        Feather into, away;
        if (cells.defined() && is_made) into = feather(cells.data(), h, w, y, x);
        if (is_doubtful) away = feather(doubtful.data(), h, w, y, x);
        for (int64_t row = 0; row < 3 * kCell; ++row) {
          const int64_t i = row % kCell, at = (row / kCell * H + y * kCell + i) * W + x * kCell;
          const float *p = a.data() + at, *q = b.data() + at, *m = made.data() + at;
          float* to = out.data() + at;
          if (is_made && into.is_whole) std::copy(m, m + kCell, to);
          else
            for (int j = 0; j < kCell; ++j) {
              const float plain = (1 - t) * p[j] + t * q[j], share = is_made ? into.w[i][j] : 0.0f;
              to[j] = share == 1 ? m[j] : share == 0 ? plain : share * m[j] + (1 - share) * plain;
            }
          if (is_doubtful)
            for (int j = 0; j < kCell; ++j) to[j] = away.w[i][j] * nearest.data()[at + j] + (1 - away.w[i][j]) * to[j];
          for (int j = 0; j < kCell; ++j) to[j] = std::min(std::max(to[j], -1.0f), 1.0f);
        }
      }
    });
    return out;
  }

 private:
  static float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
  void check_pictures(const char* op, const Tensor& a, const Tensor& b) const {
    check_cancelled();
    check_picture(op, a);
    check_same(op, a, b);
    CHECK(a.shape[1] % kCell == 0 && a.shape[2] % kCell == 0,
          std::string(op) + ": " + str(a.shape) + " is not made of cells");
  }

  // body(row, from, to) for every row of every run.
  template <class F>
  void over(const std::vector<Run>& runs, F&& body) {
    work_.pool.parallel_for(int64_t(runs.size()), [&](int64_t i) {
      const Run& run = runs[size_t(i)];
      for (int y = run.y0; y < run.y1; ++y) body(y, run.x0, run.x1);
    });
  }

  // Zero where nothing will be made, uninitialised elsewhere.
  Tensor cleared(const Shape& shape, const Cells& cells, int64_t reach = 0) {
    return clear_rest(empty(shape), cells, reach);
  }
  Tensor clear_rest(Tensor x, const Cells& cells, int64_t reach = 0) {
    const int64_t w = x.shape[1], c = x.channels();
    over(runs_of(cells, x.shape[0], w, reach, false), [&](int y, int x0, int x1) {
      std::memset(x.data() + (int64_t(y) * w + x0) * c, 0, size_t(x1 - x0) * size_t(c) * sizeof(float));
    });
    return x;
  }

  // is_zero_around: x counts as zero in other cells.
  Tensor convolved(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells, bool is_zero_around) {
    check_map("conv", x);
    CHECK(x.channels() == w.in, "conv: the input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    Tensor out = empty({x.shape[0], x.shape[1], w.out});
    Epilogue e;
    if (w.bias.defined()) e.bias = w.bias.data();
    if (slope.defined()) {
      check_row("conv", out, slope);
      e.act = Act::prelu;
      e.slope = slope.data();
    }
    Source source;
    source.data = x.data();
    source.channels = small(x.channels());
    const int h = small(x.shape[0]), width = small(x.shape[1]);
    if (!cells.defined()) k::conv3x3(work_.pool, h, width, &source, 1, Padding::zero, packed_of(w), e, out.data());
    else {
      const std::vector<Run> runs = runs_of(cells, h, width);
      const Made made = {cells.data(), small(cells.shape[1]), small(h / cells.shape[0])};
      k::conv3x3_in(work_.pool, h, width, source, packed_of(w), e, is_zero_around ? &made : nullptr, runs.data(),
                    int64_t(runs.size()), out.data());
    }
    return out;
  }

  void warp_into(const Tensor& x, const Tensor& flow, int64_t first, int64_t cell, const Cells& cells, int64_t reach,
                 Tensor& out) {
    const int h = small(x.shape[0]), w = small(x.shape[1]), c = small(x.channels());
    const float* from = x.data();
    over(runs_of(cells, h, w, reach), [&](int y, int x0, int x1) {
      for (int i = x0; i < x1; ++i) {
        const int64_t at = int64_t(y) * w + i;
        const float* f = flow.data() + at * flow.channels() + first;
        const Between b = between(float(i) + f[0] / float(cell), float(y) + f[1] / float(cell), w, h);
        const float *p00 = from + b.at00 * c, *p01 = from + b.at01 * c, *p10 = from + b.at10 * c,
                    *p11 = from + b.at11 * c;
        float* to = out.data() + at * c;
        for (int n = 0; n < c; ++n) to[n] = (p00[n] * b.w00 + p01[n] * b.w01) + (p10[n] * b.w10 + p11[n] * b.w11);
      }
    });
  }

  void cost_into(const Tensor& a, const Tensor& b, float t, int64_t radius, const Cells& cells, Tensor& out) {
    CHECK(radius >= 1 && radius <= 8, "cost: a radius of " + str(radius));
    const int h = small(a.shape[0]), w = small(a.shape[1]), c = small(a.channels());
    const Tensor before = normed(a, cells, radius), after = normed(b, cells, radius);
    const auto side = int(2 * radius + 1);
    const int64_t motions = int64_t(side) * side, pitch = CostRow::pitch(w);
    std::vector<int> back, ahead;
    for (const Split& split : splits(t, radius)) {
      back.push_back(split.back);
      ahead.push_back(split.ahead);
    }
    over(runs_of(cells, h, w), [&](int y, int x0, int x1) {
      std::vector<const float*> rows_before, rows_after;
      for (int e = 0; e < side; ++e) {
        rows_before.push_back(before.data() + std::clamp(y - back[size_t(e)], 0, h - 1) * c * pitch);
        rows_after.push_back(after.data() + std::clamp(y + ahead[size_t(e)], 0, h - 1) * c * pitch);
      }
      motion_level().cost_row({rows_before.data(), rows_after.data(), back.data(), ahead.data(), side, c, pitch, x0, x1,
                               out.data() + (int64_t(y) * w + x0) * motions});
    });
  }

  // Normed over the channels, as CostRow wants it: [h, channels, pitch], the border repeated at both ends of a row.
  Tensor normed(const Tensor& x, const Cells& cells, int64_t reach) {
    const int64_t w = x.shape[1], c = x.channels(), pitch = CostRow::pitch(int(w));
    Tensor out = empty({x.shape[0], c, pitch});
    over(runs_of(cells, x.shape[0], w, reach), [&](int y, int x0, int x1) {
      std::vector<float> made(size_t(x1 - x0) * size_t(c));
      level().layer_norm(x.data() + (int64_t(y) * w + x0) * c, x1 - x0, small(c), kNormEps, nullptr, nullptr, 0.0f,
                         made.data());
      for (int64_t n = 0; n < c; ++n) {
        float* to = out.data() + (int64_t(y) * c + n) * pitch + CostRow::kPad;
        for (int i = x0; i < x1; ++i) to[i] = made[size_t((i - x0) * c + n)];
        if (x0 == 0) std::fill_n(to - reach, reach, to[0]);
        if (x1 == w) std::fill_n(to + w, reach, to[w - 1]);
      }
    });
    return out;
  }

  Cells cells_of(const std::vector<float>& marks, int64_t h, int64_t w) {
    Tensor out = empty({h, w, 1});
    std::copy(marks.begin(), marks.end(), out.data());
    return out;
  }
};

}  // namespace

std::unique_ptr<MotionOps> make_motion(Work& work) { return std::make_unique<CpuMotion>(work); }

}  // namespace heirloom::cpu

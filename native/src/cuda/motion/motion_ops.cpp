// Frames between keys on a card (motion.h). Convolutions and products are made of whole maps, and what is beyond the cells is put right after them:
// choosing tiles by a mask that lies on the card would want the computer to look at it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cuda/family.h"
#include "cuda/motion/motion.h"
#include "ops/checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;  // the launchers, where an op has the same name

constexpr int64_t kCell = 8;  // pixels
constexpr float kNormEps = 1e-5f;

class CudaMotion final : public MotionOps, Family {
 public:
  CudaMotion(Work& work, ProductOps& products) : Family(work), products_(products) {}

  Tensor warp(const Tensor& x, const Tensor& flow, int64_t first, int64_t cell, const Cells& cells,
              int64_t reach) override {
    check_map("warp", x);
    check_on_grid("warp", flow, x);
    CHECK(first >= 0 && first + 2 <= flow.channels() && cell > 0, "warp: no channels " + str(first) + " in the flow");
    Tensor out = make(x.shape, x.dtype());
    Warp p;
    p.x = values(x);
    p.out = values(out);
    p.flow = floats(flow);
    p.h = small(x.shape[0]);
    p.w = small(x.shape[1]);
    p.channels = small(x.channels());
    p.flow_channels = small(flow.channels());
    p.first = small(first);
    p.cell = small(cell);
    p.mask = mask_of(cells, x.shape[0], x.shape[1]);
    p.around = small((reach + p.mask.side - 1) / p.mask.side);
    k::warp(p, stream());
    return out;
  }

  Tensor cost(const Tensor& a, const Tensor& b, float t, int64_t radius, const Cells& cells) override {
    check_map("cost", a);
    check_same("cost", a, b);
    CHECK(radius >= 1 && radius <= 8, "cost: a radius of " + str(radius));
    const Tensor before = norm(as(a, DType::f32), Norm::layer, kNormEps, Tensor(), Tensor()),
                 after = norm(as(b, DType::f32), Norm::layer, kNormEps, Tensor(), Tensor());
    Cost p;
    p.motions = small(2 * radius + 1);
    Tensor out = make({a.shape[0], a.shape[1], int64_t{p.motions} * p.motions}, DType::f32);
    p.a = floats(before);
    p.b = floats(after);
    p.out = floats(out);
    p.h = small(a.shape[0]);
    p.w = small(a.shape[1]);
    p.channels = small(a.channels());
    for (int i = 0; i < p.motions; ++i) {
      const int motion = i - small(radius);
      p.back[i] = static_cast<int>(std::floor(double(t) * motion + 0.5));
      p.ahead[i] = motion - p.back[i];
    }
    p.mask = mask_of(cells, a.shape[0], a.shape[1]);
    k::cost(p, stream());
    return out;
  }

  Tensor expected_motion(const Tensor& cost, float scale, int64_t radius, int64_t cell, const Cells& cells) override {
    check_map("expected_motion", cost);
    const int64_t motions = (2 * radius + 1) * (2 * radius + 1);
    CHECK(cost.channels() == motions, "expected_motion: " + str(cost.shape) + " has no " + str(motions) + " motions");
    Tensor out = make({cost.shape[0], cost.shape[1], 2}, DType::f32);
    k::expected_motion(values(cost), small(cost.shape[0]), small(cost.shape[1]), scale, small(radius), small(cell),
                       mask_of(cells, cost.shape[0], cost.shape[1]), floats(out), stream());
    return out;
  }

  Tensor add_motion(const Tensor& flow, const Tensor& v, float t) override {
    check_map("add_motion", v);
    CHECK(v.channels() == 2, "add_motion: " + str(v.shape) + " is no motion");
    if (flow.defined()) check_flow("add_motion", flow, v.shape[0], v.shape[1]);
    Tensor out = make({v.shape[0], v.shape[1], 4}, DType::f32);
    const Tensor from = flow.defined() ? as(flow, DType::f32) : flow;
    k::add_motion(from.defined() ? floats(from) : nullptr, floats(v), v.rows(), t, floats(out), stream());
    return out;
  }

  Tensor join(const std::vector<Tensor>& parts, const std::vector<float>& constants, const Cells& cells) override {
    check_cancelled();
    CHECK(!parts.empty(), "join: nothing to join");
    int64_t channels = static_cast<int64_t>(constants.size());
    for (const Tensor& part : parts) {
      check_on_grid("join", part, parts[0]);
      channels += part.channels();
    }
    Tensor out = empty({parts[0].shape[0], parts[0].shape[1], channels});
    Place p;
    p.out = values(out);
    p.h = small(out.shape[0]);
    p.w = small(out.shape[1]);
    p.of = small(channels);
    p.mask = mask_of(cells, out.shape[0], out.shape[1]);
    const auto put = [&](const Values& x, int64_t n, float value) {
      p.x = x;
      p.value = value;
      p.channels = small(n);
      place(p, stream());
      p.first += p.channels;
    };
    for (const Tensor& part : parts) put(values(part), part.channels(), 0);
    for (const float value : constants) put({}, 1, value);
    return out;
  }

  Tensor conv2d_3x3(const Tensor& x, const ConvWeight& w, const Tensor& slope, const Cells& cells) override {
    check_map("conv", x);
    heirloom::Epilogue epilogue;
    if (slope.defined()) epilogue.prelu(slope);
    const Tensor out = products_.conv2d_3x3({Part(x)}, w, Padding::zero, epilogue);
    if (cells.defined()) fill(out, nullptr, cells);
    return out;
  }

  Tensor linear(const Tensor& x, const LinearWeight& w, const Cells& cells) override {
    check_map("linear", x);
    CHECK(w.bias.defined() && w.bias.count() == w.out, "linear: a bias is wanted");
    const Tensor out = products_.linear(x, w);
    if (!cells.defined()) return out;
    const Tensor bias = row(w.bias);
    fill(out, floats(bias), cells);
    return out;
  }

  Tensor linear_within(const Tensor& x, const LinearWeight& w, const Cells& /*cells*/) override {
    check_map("linear", x);
    return products_.linear(x, w);
  }

  Tensor convex_upsample(const Tensor& x, const Tensor& weights, int64_t s, const Cells& cells) override {
    check_map("convex_upsample", x);
    check_on_grid("convex_upsample", weights, x);
    CHECK(s > 0 && s <= 8 && weights.channels() == 9 * s * s,
          "convex_upsample: " + str(weights.shape) + " are no weights of " + str(s));
    Tensor out = make({x.channels(), x.shape[0] * s, x.shape[1] * s}, DType::f32);
    k::convex_upsample(values(x), values(weights), small(x.shape[0]), small(x.shape[1]), small(x.channels()), small(s),
                       mask_of(cells, x.shape[0], x.shape[1]), floats(out), stream());
    return out;
  }

  Tensor blend(const Tensor& a, const Tensor& b, const Tensor& planes, float t, const Cells& cells) override {
    check_pictures("blend", a, b);
    CHECK(planes.shape == Shape({6, a.shape[1], a.shape[2]}),
          "blend: " + str(planes.shape) + " does not go with " + str(a.shape));
    CHECK(t > 0 && t < 1, "blend: the time " + str(t) + " lies outside of the gap");
    Tensor out = make(a.shape, DType::f32);
    Gap p = gap(a, b, t, cells, out);
    p.planes = floats(planes);
    k::blend(p, stream());
    return out;
  }

  Cells needed(const Tensor& a, const Tensor& b, const Tensor& flow, float tolerance, float moves) override {
    check_pictures("needed", a, b);
    const int64_t h = a.shape[1] / kCell, w = a.shape[2] / kCell;
    check_flow("needed", flow, h, w);
    const Tensor kinds = make({h, w, 1}, DType::f32), marks = make({h, w, 1}, DType::f32), from = as(flow, DType::f32);
    differing(floats(a), floats(b), floats(from), small(a.shape[1]), small(a.shape[2]), tolerance, moves, floats(kinds),
              stream());
    reached(floats(kinds), small(h), small(w), floats(marks), stream());
    return wide(marks, mask_over({}, h, w, 1));
  }

  Cells doubtful(const Tensor& x, int64_t channel, float least, const Cells& cells) override {
    check_map("doubtful", x);
    CHECK(channel >= 0 && channel < x.channels(), "doubtful: no channel " + str(channel) + " in " + str(x.shape));
    const int64_t s = cells.defined() ? x.shape[0] / cells.shape[0] : 2, h = x.shape[0] / s, w = x.shape[1] / s;
    const Tensor marks = make({h, w, 1}, DType::f32);
    const Mask mask = mask_over(cells, h, w, s);
    doubted(values(x), small(x.shape[1]), small(x.channels()), small(channel), least, mask, floats(marks), stream());
    return wide(marks, mask);
  }

  Tensor compose(const Tensor& made, const Tensor& a, const Tensor& b, float t, const Cells& cells,
                 const Cells& doubtful) override {
    check_pictures("compose", a, b);
    check_same("compose", made, a);
    const int64_t h = a.shape[1] / kCell, w = a.shape[2] / kCell;
    for (const Cells& marks : {cells, doubtful})
      CHECK(!marks.defined() || marks.shape == Shape({h, w, 1}), "compose: " + str(marks.shape) + " are not its cells");
    Tensor out = make(a.shape, DType::f32);
    Gap p = gap(a, b, t, cells, out);
    p.made = floats(made);
    p.is_none_doubtful = !doubtful.defined();
    if (doubtful.defined()) p.doubtful = mask_over(doubtful, h, w, kCell);
    k::compose(p, stream());
    return out;
  }

 private:
  void check_pictures(const char* op, const Tensor& a, const Tensor& b) const {
    check_cancelled();
    check_same(op, a, b);
    CHECK(a.shape.rank() == 3 && a.shape[0] == 3 && a.shape[1] % kCell == 0 && a.shape[2] % kCell == 0,
          std::string(op) + ": " + str(a.shape) + " is not a picture made of cells");
  }

  static Mask mask_over(const Cells& cells, int64_t rows, int64_t columns, int64_t side) {
    Mask mask;
    mask.at = cells.defined() ? floats(cells) : nullptr;
    mask.rows = small(rows);
    mask.columns = small(columns);
    mask.side = small(side);
    return mask;
  }
  // Over a map of h x w.
  static Mask mask_of(const Cells& cells, int64_t h, int64_t w) {
    if (!cells.defined()) return mask_over(cells, h, w, 1);
    const int64_t rows = cells.shape[0], columns = cells.shape[1], s = h / rows;
    CHECK(cells.shape.rank() == 3 && s >= 1 && s * rows == h && s * columns == w,
          "cells of " + str(cells.shape) + " do not go with a map of " + str(h) + " x " + str(w));
    return mask_over(cells, rows, columns, s);
  }

  Gap gap(const Tensor& a, const Tensor& b, float t, const Cells& cells, const Tensor& out) const {
    Gap p;
    p.a = floats(a);
    p.b = floats(b);
    p.out = floats(out);
    p.H = small(a.shape[1]);
    p.W = small(a.shape[2]);
    p.t = t;
    p.mask = mask_of(cells, a.shape[1], a.shape[2]);
    return p;
  }

  void fill(const Tensor& x, const float* row, const Cells& cells) const {
    fill_others(values(x), small(x.shape[0]), small(x.shape[1]), small(x.channels()), row,
                mask_of(cells, x.shape[0], x.shape[1]), stream());
  }

  Cells wide(const Tensor& marks, const Mask& mask) const {
    Tensor out = make(marks.shape, DType::f32);
    widened(floats(marks), mask, floats(out), stream());
    return out;
  }

  ProductOps& products_;
};

}  // namespace

std::unique_ptr<MotionOps> make_motion(Work& work, ProductOps& products) {
  return std::make_unique<CudaMotion>(work, products);
}

}  // namespace heirloom::HL_CUDA

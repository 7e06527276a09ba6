// The operations of frames between keys of the CUDA backend against the CPU's, on the emulator, in every precision, of all cells and of some.
// Numbers are multiples of 1/64, which all formats hold exactly, so that only the op's own arithmetic and the rounding of its result differ.
#include <functional>

#include "follows_cpu.h"

using namespace heirloom;
using check::numbers;

namespace {

constexpr int64_t kRows = 4, kColumns = 5;  // cells

struct Given {
  Ops& ops;
  check::Random random;
  bool are_some;
  MotionOps& motion() { return ops.motion; }
  Tensor map(int64_t side, int64_t channels, float largest = 1.0f) {
    return ops.memory.upload_tokens(numbers(random, {kRows * side, kColumns * side, channels}, largest));
  }
  Tensor floats(const Shape& shape, float largest = 1.0f) { return ops.memory.upload(numbers(random, shape, largest)); }
  Tensor flow(int64_t side, float pixels) { return floats({kRows * side, kColumns * side, 4}, pixels); }
  Tensor picture() { return floats({3, kRows * 8, kColumns * 8}); }
  ConvWeight conv(int64_t in, int64_t out) {
    return ops.products.pack_conv(numbers(random, {out, in, 3, 3}, 0.5f), floats({out}));
  }
  // About two of three cells, the same on both backends; or all.
  Cells cells(bool can_be_all = true) {
    if (!are_some && can_be_all) return {};
    Tensor marks = Tensor::heap({kRows, kColumns, 1});
    for (int64_t i = 0; i < marks.count(); ++i) marks.data()[i] = random.below(3) > 0 ? 1.0f : 0.0f;
    return ops.memory.upload(marks);
  }
  // What may be anything in other cells, with zeros there.   planes [C, H, W]
  Tensor in_cells(const Tensor& planes, const Cells& cells) {
    Tensor out = ops.memory.download(planes);
    if (!cells.defined()) return ops.memory.upload(out);
    const Tensor marks = ops.memory.download(cells);
    for (int64_t i = 0; i < out.count(); ++i) {
      const int64_t row = i / out.shape[2] % out.shape[1], column = i % out.shape[2];
      if (marks.data()[row / 8 * kColumns + column / 8] == 0.0f) out.data()[i] = 0;
    }
    return ops.memory.upload(out);
  }
};
using Body = std::function<Tensor(Given&)>;

Tensor run(const DeviceOptions& device, bool are_some, const Body& body) {
  const auto ops = make_ops(device, 1, nullptr);
  Given given = {*ops, check::Random(11), are_some};
  return ops->memory.download(body(given));
}

void same(const std::string& what, const Body& body, double fp32 = 2e-6, double steps = 1.1) {
  for (const bool are_some : {false, true})
    check::follows_cpu(
        what + (are_some ? " of some cells" : " of all cells"),
        [&](const DeviceOptions& on) { return run(on, are_some, body); }, fp32, steps);
}

}  // namespace

TEST("maps are read where something lay as on the CPU, beyond the border and around cells too") {
  for (const int64_t channels : {24, 5})
    for (const int64_t reach : {0, 2})
      same("warp", [=](Given& g) {
        const Tensor x = g.map(2, channels), flow = g.flow(2, 40);
        return g.motion().warp(x, flow, 2, 4, g.cells(), reach);
      });
}

TEST("two keys are compared around a place, and the motion that is likeliest found, as on the CPU") {
  for (const float t : {0.5f, 0.2f, 0.75f})
    same(
        "cost",
        [t](Given& g) {
          const Tensor a = g.map(2, 24), b = g.map(2, 24);
          return g.motion().cost(a, b, t, 2, g.cells());
        },
        3e-6, 0);
  same(
      "expected_motion",
      [](Given& g) {
        const Tensor cost = g.floats({kRows, kColumns, 49});
        return g.motion().expected_motion(cost, 20, 3, 8, g.cells());
      },
      3e-6, 0);
  same(
      "add_motion",
      [](Given& g) {
        const Tensor flow = g.flow(1, 9), v = g.floats({kRows, kColumns, 2});
        return g.motion().add_motion(flow, v, 0.3f);
      },
      1e-6, 0);
  same(
      "add_motion to nothing", [](Given& g) { return g.motion().add_motion({}, g.floats({kRows, kColumns, 2}), 0.3f); },
      1e-6, 0);
}

TEST("maps are joined, convolved and multiplied in cells as on the CPU") {
  same("join", [](Given& g) {
    const Tensor a = g.map(2, 7), b = g.floats({kRows * 2, kColumns * 2, 4}), c = g.map(2, 8);
    return g.motion().join({a, b, c}, {0.25f, -1}, g.cells());
  });
  same("conv", [](Given& g) {
    const Tensor x = g.map(2, 16);
    const ConvWeight w = g.conv(16, 24);
    const Tensor slope = g.floats({24});
    return g.motion().conv2d_3x3(x, w, slope, g.cells());
  });
  same("conv without slope", [](Given& g) {
    const Tensor x = g.map(1, 16);
    const ConvWeight w = g.conv(16, 7);
    return g.motion().conv2d_3x3(x, w, {}, g.cells());
  });
  same("linear", [](Given& g) {
    const Tensor x = g.map(2, 16);
    const LinearWeight w = g.ops.products.pack_linear(numbers(g.random, {20, 16}), g.floats({20}));
    return g.motion().linear(x, w, g.cells());
  });
}

TEST("planes are made finer by shares, and keys blended, as on the CPU") {
  for (const int64_t s : {2, 4})
    same(
        "convex_upsample",
        [s](Given& g) {
          const Tensor x = g.floats({kRows * 8 / s, kColumns * 8 / s, 6}, 16), weights = g.map(8 / s, 9 * s * s, 4);
          const Cells cells = g.cells();
          return g.in_cells(g.motion().convex_upsample(x, weights, s, cells), cells);
        },
        2e-6, 0);
  for (const float t : {0.5f, 0.125f})
    same(
        "blend",
        [t](Given& g) {
          const Tensor a = g.picture(), b = g.picture(), planes = g.floats({6, kRows * 8, kColumns * 8}, 9);
          const Cells cells = g.cells();
          return g.in_cells(g.motion().blend(a, b, planes, t, cells), cells);
        },
        5e-6, 0);
}

TEST("the cells that are needed, and those that are doubtful, are the CPU's to the last one") {
  same(
      "needed",
      [](Given& g) {
        Tensor a = numbers(g.random, {3, kRows * 8, kColumns * 8}), b = Tensor::heap(a.shape);
        for (int64_t i = 0; i < a.count(); ++i) b.data()[i] = a.data()[i];
        b.data()[a.count() - 1] += 0.25f;  // the last cell differs
        Tensor flow = Tensor::zeros({kRows, kColumns, 4});
        // Something moves in the first two of a row: one is within reach of that, the other is not.
        for (int64_t i : {2, 3, 6, 7}) flow.data()[i] = 0.25f;
        return g.motion().needed(g.ops.memory.upload(a), g.ops.memory.upload(b), g.ops.memory.upload(flow), 0.125f,
                                 0.3f);
      },
      0, 0);
  same(
      "doubtful",
      [](Given& g) {
        const Tensor x = g.map(2, 3, 8);
        return g.motion().doubtful(x, 1, 0.3f, g.cells());
      },
      0, 0);
}

TEST("what is made passes softly into the plain mean and the nearer key, as on the CPU") {
  for (const float t : {0.25f, 0.75f})
    for (const bool is_any_doubtful : {false, true})
      same(
          "compose",
          [=](Given& g) {
            const Tensor made = g.picture(), a = g.picture(), b = g.picture();
            const Cells cells = g.cells();
            return g.motion().compose(made, a, b, t, cells, is_any_doubtful ? g.cells(false) : Cells());
          },
          1e-6, 0);
}

TEST("what does not fit together is refused, and a cancelled stream's next op throws") {
  std::atomic<bool> cancelled{false};
  const auto ops = make_ops({HL_TEST_DEVICE}, 1, &cancelled);
  Given g = {*ops, check::Random(1), false};
  const Tensor x = g.map(2, 8), flow = g.flow(1, 1);
  EXPECT(check::error_code([&] { g.motion().warp(x, flow, 0, 4); }) == "internal");
  EXPECT(check::error_code([&] { g.motion().cost(x, x, 0.5f, 9); }) == "internal");
  EXPECT(check::error_code([&] { g.motion().blend(g.picture(), g.picture(), g.picture(), 0.5f); }) == "internal");
  cancelled = true;
  EXPECT(check::error_code([&] { g.motion().add_motion(flow, flow, 0.5f); }) == "cancelled");
}

TEST_MAIN

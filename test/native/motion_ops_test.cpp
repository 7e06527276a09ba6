// The operations of frames between keys on the processor, against plain loops in double, and cells that are made against all of them.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "check_test.h"
#include "device.h"
#include "ops.h"

using namespace heirloom;

namespace {

struct Made {
  std::unique_ptr<Ops> ops = make_ops({"cpu"}, 2, nullptr);
  MotionOps& operator*() const { return ops->motion; }
  MotionOps* operator->() const { return &ops->motion; }
};

Tensor random_tensor(const Shape& shape, uint64_t seed, float size = 1) {
  check::Random random(seed);
  Tensor t = Tensor::heap(shape);
  for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = size * random.uniform();
  return t;
}

int64_t held(int64_t i, int64_t n) { return std::clamp<int64_t>(i, 0, n - 1); }

// x [h, w, C] at a real place.
double at(const Tensor& x, double row, double column, int64_t c) {
  const int64_t h = x.shape[0], w = x.shape[1];
  row = std::clamp(row, 0.0, double(h - 1));
  column = std::clamp(column, 0.0, double(w - 1));
  const auto y = int64_t(row), u = int64_t(column);
  const auto value = [&](int64_t v, int64_t s) {
    return double(x.data()[(held(v, h) * w + held(s, w)) * x.channels() + c]);
  };
  const double fy = row - double(y), fx = column - double(u);
  return (1 - fy) * ((1 - fx) * value(y, u) + fx * value(y, u + 1)) +
         fy * ((1 - fx) * value(y + 1, u) + fx * value(y + 1, u + 1));
}

// A picture [3, H, W] as a map [H, W, 3].
Tensor as_map(const Tensor& picture) {
  const int64_t H = picture.shape[1], W = picture.shape[2];
  Tensor map = Tensor::heap({H, W, 3});
  for (int64_t i = 0; i < 3 * H * W; ++i) map.data()[i % (H * W) * 3 + i / (H * W)] = picture.data()[i];
  return map;
}

std::vector<double> normed(const Tensor& x, int64_t position) {
  const int64_t c = x.channels();
  const float* from = x.data() + position * c;
  double mean = 0, square = 0;
  for (int64_t i = 0; i < c; ++i) mean += from[i] / double(c);
  for (int64_t i = 0; i < c; ++i) square += (from[i] - mean) * (from[i] - mean) / double(c);
  std::vector<double> out;
  for (int64_t i = 0; i < c; ++i) out.push_back((from[i] - mean) / std::sqrt(square + 1e-5));
  return out;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// About half of the cells, in groups.
Cells some_cells(int64_t h, int64_t w, uint64_t seed) {
  check::Random random(seed);
  Tensor cells = Tensor::zeros({h, w, 1});
  for (int64_t i = 0; i < h * w; ++i) cells.data()[i] = float(random.below(3) == 0);
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 1; x < w; ++x)
      if (random.below(2)) cells.data()[y * w + x] = cells.data()[y * w + x - 1];
  return cells;
}
Cells all_cells(int64_t h, int64_t w) {
  Tensor cells = Tensor::heap({h, w, 1});
  std::fill_n(cells.data(), h * w, 1.0f);
  return cells;
}
bool is_in(const Cells& cells, int64_t s, int64_t y, int64_t x) {
  return cells.data()[y / s * cells.shape[1] + x / s] != 0.0f;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape == b.shape && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

// A map that is made in cells is, there, what it is when all is made; elsewhere it is `other(channel)`.
void expect_cells(
    const Cells& cells, const std::function<Tensor(const Cells&)>& make,
    const std::function<float(int64_t)>& other = [](int64_t) { return 0.0f; }) {
  const Tensor whole = make({}), marked = make(all_cells(cells.shape[0], cells.shape[1])), part = make(cells);
  EXPECT(same_bits(whole, marked));
  const int64_t s = whole.shape[0] / cells.shape[0], c = whole.channels();
  for (int64_t i = 0; i < whole.count(); ++i) {
    const int64_t position = i / c;
    const bool is_made = is_in(cells, s, position / whole.shape[1], position % whole.shape[1]);
    EXPECT(part.data()[i] == (is_made ? whole.data()[i] : other(i % c)));
  }
}

// A map that may be anything in other cells.
void expect_within(const Cells& cells, const std::function<Tensor(const Cells&)>& make) {
  const Tensor whole = make({}), part = make(cells);
  const int64_t s = whole.shape[0] / cells.shape[0], w = whole.shape[1], c = whole.channels();
  for (int64_t i = 0; i < whole.count(); ++i)
    if (is_in(cells, s, i / c / w, i / c % w)) EXPECT(part.data()[i] == whole.data()[i]);
}

}  // namespace

TEST("warp reads between four positions, and the border beyond the border") {
  const Made motion;
  for (const auto& [h, w, c, cell] :
       {std::array<int64_t, 4>{5, 7, 3, 1}, {4, 6, 24, 4}, {3, 3, 64, 16}, {1, 9, 5, 8}}) {
    const Tensor x = random_tensor({h, w, c}, 1), flow = random_tensor({h, w, 4}, 2, float(3 * cell));
    for (int64_t first : {0, 2}) {
      const Tensor y = motion->warp(x, flow, first, cell);
      for (int64_t i = 0; i < y.count(); ++i) {
        const int64_t position = i / c;
        const float* f = flow.data() + position * 4 + first;
        EXPECT_NEAR(
            y.data()[i],
            at(x, double(position / w) + f[1] / double(cell), double(position % w) + f[0] / double(cell), i % c), 1e-5);
      }
    }
  }
}

TEST("warp of whole positions copies them, of no flow the map, and a flow that is no number reads the first") {
  const Made motion;
  const Tensor x = random_tensor({4, 5, 6}, 3);
  Tensor flow = Tensor::zeros({4, 5, 2});
  EXPECT(same_bits(motion->warp(x, flow, 0, 4), x));
  for (int64_t i = 0; i < 20; ++i) flow.data()[2 * i] = 4;
  const Tensor y = motion->warp(x, flow, 0, 4);
  EXPECT(y.data()[0] == x.data()[6] && y.data()[4 * 6] == x.data()[4 * 6]);
  std::fill_n(flow.data(), flow.count(), std::nanf(""));
  EXPECT(motion->warp(x, flow, 0, 4).data()[7 * 6] == x.data()[0]);
}

TEST("cost compares a place before with one after for every motion, places held within the map") {
  const Made motion;
  for (const auto& [h, w, c, radius] : {std::array<int64_t, 4>{4, 5, 24, 2}, {3, 2, 64, 3}, {6, 3, 7, 1}})
    for (float t : {0.5f, 0.2f, 0.875f}) {
      const Tensor a = random_tensor({h, w, c}, 4), b = random_tensor({h, w, c}, 5);
      const Tensor y = motion->cost(a, b, t, radius);
      const int64_t side = 2 * radius + 1;
      EXPECT(y.shape == Shape({h, w, side * side}));
      for (int64_t i = 0; i < y.count(); ++i) {
        const int64_t n = i % (side * side), row = i / (side * side) / w, column = i / (side * side) % w;
        int64_t places[2] = {0, 0};
        for (int64_t end = 0; end < 2; ++end) {
          const int64_t ey = n / side - radius, ex = n % side - radius;
          const auto moved = [&](int64_t from, int64_t e, int64_t size) {
            const auto back = int64_t(std::floor(double(t) * double(e) + 0.5));
            return held(end == 0 ? from - back : from + e - back, size);
          };
          places[end] = moved(row, ey, h) * w + moved(column, ex, w);
        }
        const std::vector<double> before = normed(a, places[0]), after = normed(b, places[1]);
        double sum = 0;
        for (size_t k = 0; k < before.size(); ++k) sum += before[k] * after[k] / double(c);
        EXPECT_NEAR(y.data()[i], sum, 1e-5);
      }
    }
}

TEST("the expected motion of a sharp cost is the motion of its largest, x before y, in pixels") {
  const Made motion;
  Tensor cost = Tensor::zeros({2, 3, 25});
  for (int64_t position = 0; position < 6; ++position) cost.data()[position * 25 + position] = 1;
  const Tensor v = motion->expected_motion(cost, 1000, 2, 8);
  for (int64_t position = 0; position < 6; ++position) {
    EXPECT_NEAR(v.data()[2 * position], double(position % 5 - 2) * 8, 1e-4);
    EXPECT_NEAR(v.data()[2 * position + 1], double(position / 5 - 2) * 8, 1e-4);
  }
  const Tensor none = motion->expected_motion(Tensor::zeros({2, 3, 25}), 40, 2, 4);
  for (int64_t i = 0; i < none.count(); ++i) EXPECT_NEAR(none.data()[i], 0, 1e-5);
}

TEST("a motion is shared between the way back and the way ahead") {
  const Made motion;
  const Tensor v = random_tensor({2, 2, 2}, 6), flow = random_tensor({2, 2, 4}, 7);
  const Tensor alone = motion->add_motion({}, v, 0.25f), both = motion->add_motion(flow, v, 0.25f);
  for (int64_t i = 0; i < 16; ++i) {
    const double share = i % 4 < 2 ? -0.25 : 0.75;
    EXPECT_NEAR(alone.data()[i], share * v.data()[i / 4 * 2 + i % 2], 1e-6);
    EXPECT_NEAR(both.data()[i], flow.data()[i] + share * v.data()[i / 4 * 2 + i % 2], 1e-6);
  }
}

TEST("convex upsampling is a mean of the nine around, by softmax, the border repeated") {
  const Made motion;
  const int64_t h = 3, w = 4, c = 6, s = 4;
  const Tensor x = random_tensor({h, w, c}, 8), weights = random_tensor({h, w, 9 * s * s}, 9, 4);
  const Tensor y = motion->convex_upsample(x, weights, s);
  EXPECT(y.shape == Shape({c, h * s, w * s}));
  for (int64_t i = 0; i < y.count(); ++i) {
    const int64_t plane = i / (h * s * w * s), row = i / (w * s) % (h * s), column = i % (w * s);
    double sum = 0, total = 0;
    for (int64_t n = 0; n < 9; ++n) {
      const float* of = weights.data() + (row / s * w + column / s) * 9 * s * s;
      const double share = std::exp(double(of[n * s * s + row % s * s + column % s]));
      total += share;
      sum += share * x.data()[(held(row / s + n / 3 - 1, h) * w + held(column / s + n % 3 - 1, w)) * c + plane];
    }
    EXPECT_NEAR(y.data()[i], sum / total, 1e-5);
  }
}

TEST("blend reads both keys where the flow says, and their mean where neither shows what is there") {
  const Made motion;
  const int64_t H = 8, W = 16;
  const Tensor a = random_tensor({3, H, W}, 10), b = random_tensor({3, H, W}, 11);
  const Tensor planes = random_tensor({6, H, W}, 12, 6), map_a = as_map(a), map_b = as_map(b);
  for (float t : {0.5f, 0.125f}) {
    const Tensor y = motion->blend(a, b, planes, t);
    for (int64_t i = 0; i < y.count(); ++i) {
      const int64_t c = i / (H * W), row = i / W % H, column = i % W;
      const auto plane = [&](int64_t n) { return double(planes.data()[n * H * W + i % (H * W)]); };
      const double m = sigmoid(plane(4) + std::log((1 - double(t)) / double(t))), o = sigmoid(plane(5));
      const double mixed = m * at(map_a, double(row) + plane(1), double(column) + plane(0), c) +
                           (1 - m) * at(map_b, double(row) + plane(3), double(column) + plane(2), c);
      EXPECT_NEAR(y.data()[i], (1 - o) * mixed + o * ((1 - double(t)) * a.data()[i] + double(t) * b.data()[i]), 1e-5);
    }
  }
}

TEST("needed are cells that differ or that something may pass, and their neighbours") {
  const Made motion;
  const int64_t H = 48, W = 56, h = 6, w = 7;
  const Tensor a = random_tensor({3, H, W}, 13);
  Tensor b = motion.ops->memory.upload(a), flow = Tensor::zeros({h, w, 4});
  const auto marked = [&] {
    const Cells cells = motion->needed(a, b, flow, 0.05f, 0.25f);
    return std::vector<float>(cells.data(), cells.data() + h * w);
  };
  EXPECT(marked() == std::vector<float>(size_t(h * w), 0.0f));
  b.data()[(2 * H + 20) * W + 30] += 0.04f;
  EXPECT(marked() == std::vector<float>(size_t(h * w), 0.0f));
  b.data()[(2 * H + 20) * W + 30] += 0.02f;  // blue, in the cell of row 2 and column 3
  flow.data()[(5 * w + 6) * 4 + 3] = 0.3f;  // the last corner, three cells from there
  const std::vector<float> cells = marked();
  for (int64_t y = 0; y < h; ++y)
    for (int64_t x = 0; x < w; ++x) {
      const bool is_near = std::abs(y - 2) <= 1 && std::abs(x - 3) <= 1, is_last = y >= 4 && x >= 5;
      EXPECT((cells[size_t(y * w + x)] != 0) == (is_near || is_last));
    }
  b.data()[(2 * H + 20) * W + 30] = a.data()[(2 * H + 20) * W + 30];
  EXPECT(marked() == std::vector<float>(size_t(h * w), 0.0f));  // it moves, and nothing differs
  b.data()[(2 * H + 12) * W + 30] += 0.06f;  // four rows from the corner
  EXPECT(marked()[size_t(h * w - 1)] == 0 && marked()[size_t(w + 3)] != 0);
}

TEST("doubtful are made cells of low confidence, and made neighbours") {
  const Made motion;
  const int64_t h = 4, w = 5;
  Tensor x = Tensor::zeros({2 * h, 2 * w, 3});
  for (int64_t i = 0; i < 4; ++i)
    x.data()[((2 + i / 2) * 2 * w + 2 + i % 2) * 3 + 2] = -4;  // the cell of row 1, column 1
  Cells cells = all_cells(h, w);
  cells.data()[0] = 0;
  const Cells found = motion->doubtful(x, 2, 0.25f, cells);
  for (int64_t i = 0; i < h * w; ++i) EXPECT((found.data()[i] != 0) == (i != 0 && i / w <= 2 && i % w <= 2));
  const Cells none = motion->doubtful(x, 2, 0.01f);
  EXPECT(std::all_of(none.data(), none.data() + h * w, [](float v) { return v == 0; }));
}

TEST("what is made meets the rest within five pixels, and the nearer key is shown in the doubtful cells") {
  const Made motion;
  const int64_t H = 40, W = 48, h = 5, w = 6;
  const Tensor made = random_tensor({3, H, W}, 14, 1.2f), a = random_tensor({3, H, W}, 15),
               b = random_tensor({3, H, W}, 16);
  const auto weight = [&](const Cells& cells, int64_t y, int64_t x) {
    int64_t nearest = 100;
    for (int64_t v = 0; v < H; ++v)
      for (int64_t u = 0; u < W; ++u)
        if (!is_in(cells, 8, v, u)) nearest = std::min(nearest, std::max(std::abs(v - y), std::abs(u - x)));
    return double(std::clamp<int64_t>(nearest - 1, 0, 4)) / 4;
  };
  const auto mixed = [](double share, double over, double under) { return share * over + (1 - share) * under; };
  Cells cells = all_cells(h, w), doubtful = Tensor::zeros({h, w, 1});
  for (int64_t i : {0, 9, 17, 25}) cells.data()[i] = 0;
  for (int64_t i : {13, 14, 15, 19, 20, 21}) doubtful.data()[i] = 1;
  for (float t : {0.25f, 0.5f, 0.75f}) {
    const Tensor y = motion->compose(made, a, b, t, cells, doubtful);
    for (int64_t i = 0; i < y.count(); ++i) {
      const int64_t row = i / W % H, column = i % W;
      const double plain = (1 - double(t)) * a.data()[i] + double(t) * b.data()[i];
      const double estimate = mixed(weight(cells, row, column), made.data()[i], plain);
      const double shown = mixed(weight(doubtful, row, column), (t <= 0.5f ? a : b).data()[i], estimate);
      EXPECT_NEAR(y.data()[i], std::clamp(shown, -1.0, 1.0), 1e-6);
    }
  }
  const Tensor whole = motion->compose(made, a, b, 0.5f, {}, {});
  for (int64_t i = 0; i < whole.count(); ++i) EXPECT(whole.data()[i] == std::clamp(made.data()[i], -1.0f, 1.0f));
  EXPECT(same_bits(motion->compose(made, a, b, 0.5f, all_cells(h, w), Tensor::zeros({h, w, 1})), whole));
}

TEST("only what is marked is made, to the bit as if all were, and nothing elsewhere") {
  const Made motion;
  ProductOps& products = motion.ops->products;
  const int64_t h = 9, w = 21;
  for (uint64_t seed = 20; seed < 26; ++seed) {
    const Cells cells = some_cells(h, w, seed);
    const int64_t s = int64_t(1) << (seed % 3), H = h * s, W = w * s;
    const Tensor x = random_tensor({H, W, 110}, seed + 1), flow = random_tensor({H, W, 4}, seed + 2, 20);
    const ConvWeight conv = products.pack_conv(random_tensor({20, 110, 3, 3}, 27), random_tensor({20}, 28));
    const LinearWeight linear = products.pack_linear(random_tensor({33, 110}, 29), random_tensor({33}, 30));
    const Tensor slope = random_tensor({20}, 31), other = random_tensor({H, W, 110}, 32);
    expect_cells(cells, [&](const Cells& c) { return motion->conv2d_3x3(x, conv, slope, c); });
    expect_cells(
        cells, [&](const Cells& c) { return motion->linear(x, linear, c); },
        [&](int64_t c) { return linear.bias.data()[c]; });
    expect_cells(cells, [&](const Cells& c) { return motion->warp(x, flow, 2, 4, c); });
    expect_cells(cells, [&](const Cells& c) { return motion->cost(x, other, 0.3f, 2, c); });
    expect_cells(cells, [&](const Cells& c) { return motion->join({x, flow}, {0.5f, -2}, c); });
    const Tensor cost = motion->cost(x, other, 0.3f, 2);
    expect_cells(cells, [&](const Cells& c) { return motion->expected_motion(cost, 20, 2, 8, c); });
    expect_within(cells, [&](const Cells& c) { return motion->linear_within(x, linear, c); });
    expect_within(cells, [&](const Cells& c) { return motion->join_within({x, flow}, {0.5f}, c); });
    // What other cells hold is zero to a convolution, whatever it is.
    const Tensor joined = motion->join({x}, {}, cells), left = motion->join_within({x}, {}, cells);
    expect_within(cells, [&](const Cells& c) {
      return c.defined() ? motion->conv2d_3x3_within(left, conv, slope, c) : motion->conv2d_3x3(joined, conv, slope);
    });
    expect_within(cells, [&](const Cells& c) { return motion->compare(x, other, flow, 4, 0.3f, 2, c).before; });
    expect_within(cells, [&](const Cells& c) { return motion->compare(x, other, flow, 4, 0.3f, 2, c).cost; });
    // What cost reads around the cells is there when warp was told how far it reaches.
    const Tensor warped = motion->warp(x, flow, 0, 8, cells, 2), everywhere = motion->warp(x, flow, 0, 8);
    EXPECT(same_bits(motion->cost(warped, other, 0.3f, 2, cells), motion->cost(everywhere, other, 0.3f, 2, cells)));
    const MotionOps::Compared both = motion->compare(x, other, flow, 4, 0.3f, 2, {});
    EXPECT(same_bits(both.before, motion->warp(x, flow, 0, 4)) &&
           same_bits(both.after, motion->warp(other, flow, 2, 4)));
    EXPECT(same_bits(both.cost, motion->cost(both.before, both.after, 0.3f, 2)));
  }
}

TEST("pictures are made in marked cells to the bit as if all were") {
  const Made motion;
  const int64_t h = 5, w = 7, H = 8 * h, W = 8 * w;
  const Cells cells = some_cells(h, w, 40);
  const Tensor a = random_tensor({3, H, W}, 41), b = random_tensor({3, H, W}, 42),
               planes = random_tensor({6, H, W}, 43, 5);
  const Tensor x = random_tensor({H / 4, W / 4, 6}, 44), weights = random_tensor({H / 4, W / 4, 144}, 45);
  const Tensor whole[2] = {motion->blend(a, b, planes, 0.4f), motion->convex_upsample(x, weights, 4)},
               part[2] = {motion->blend(a, b, planes, 0.4f, cells), motion->convex_upsample(x, weights, 4, cells)};
  for (int n = 0; n < 2; ++n)
    for (int64_t i = 0; i < whole[n].count(); ++i)
      if (is_in(cells, 8, i / W % H, i % W)) EXPECT(part[n].data()[i] == whole[n].data()[i]);
}

TEST("operands that do not go together are refused, and a cancelled stream stops") {
  const Made motion;
  const Tensor x = random_tensor({4, 4, 3}, 50), flow = Tensor::zeros({4, 5, 4}), picture = Tensor::zeros({3, 16, 16});
  const auto refused = [&](const std::function<void()>& body) { EXPECT(check::error_code(body) == "internal"); };
  refused([&] { motion->warp(x, flow, 0, 4); });
  refused([&] { motion->warp(x, Tensor::zeros({4, 4, 4}), 3, 4); });
  refused([&] { motion->warp(x, Tensor::zeros({4, 4, 4}), 0, 4, Tensor::zeros({3, 4, 1})); });
  refused([&] { motion->cost(x, random_tensor({4, 4, 2}, 51), 0.5f, 2); });
  refused([&] { motion->expected_motion(x, 1, 1, 4); });
  refused([&] { motion->convex_upsample(x, x, 4); });
  refused([&] { motion->blend(picture, picture, Tensor::zeros({6, 16, 16}), 1.0f); });
  refused([&] { motion->needed(picture, Tensor::zeros({3, 16, 24}), Tensor::zeros({2, 2, 4}), 0, 0); });
  refused([&] { motion->compose(picture, picture, picture, 0.5f, Tensor::zeros({4, 4, 1}), {}); });
  std::atomic<bool> cancelled{true};
  const auto ops = make_ops({"cpu"}, 2, &cancelled);
  EXPECT(check::error_code([&] { ops->motion.join({x}, {}); }) == "cancelled");
}

TEST_MAIN

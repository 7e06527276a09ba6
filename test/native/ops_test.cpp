// The CPU ops beyond the kernels: selection, rope, ring-shaped attention, colour, memory, refusals and cancelling.
#include "device.h"
#include "ops.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <thread>

#include "check_test.h"

using namespace heirloom;

namespace {

std::unique_ptr<Ops> make(int threads = 2) { return make_ops({"cpu"}, threads, nullptr); }

Tensor random_tensor(const Shape& shape, uint64_t seed, float size = 1) {
  check::Random random(seed);
  Tensor t = Tensor::heap(shape);
  for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = size * random.uniform();
  return t;
}

using Pair = std::pair<int64_t, int64_t>;

// The rule of the specification, section 4, written down once more: sort everything, keep what is strictly greater.
std::set<Pair> select_slowly(const Tensor& p, int64_t head, int64_t segment, const SelectRule& rule) {
  const int64_t n = rule.rows * rule.columns, queries = p.shape[1], keys = p.shape[2];
  std::vector<float> sorted;
  const auto at = [&](int64_t i, int64_t j) { return p.data()[(head * queries + segment * n + i) * keys + j]; };
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < keys; ++j) sorted.push_back(at(i, j));
  std::sort(sorted.begin(), sorted.end(), std::greater<float>());
  const float theta = sorted[static_cast<size_t>(std::min(rule.topk, n * keys - 1))];
  std::set<Pair> kept;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < keys; ++j)
      if (at(i, j) > theta || (rule.force_own && j == keys - queries + segment * n + i))
        kept.insert({segment * n + i, j});
  return kept;
}

void expect_rule(const SelectRule& rule, int64_t query_segments, int64_t key_segments, const Tensor& q,
                 const Tensor& k) {
  const auto ops = make();
  const int64_t n = rule.rows * rule.columns;
  const Tensor p = ops->attention.block_probabilities(q, {k}, rule);
  const BlockMask keep = ops->attention.select_blocks(q, {k}, rule);
  EXPECT(keep.queries == query_segments * n && keep.keys == key_segments * n &&
         static_cast<int64_t>(keep.first.size()) == rule.heads * keep.queries + 1);
  for (int64_t head = 0; head < rule.heads; ++head)
    for (int64_t segment = 0; segment < query_segments; ++segment) {
      std::set<Pair> ours;
      for (int64_t i = segment * n; i < (segment + 1) * n; ++i)
        for (int64_t at = keep.first[static_cast<size_t>(head * keep.queries + i)];
             at < keep.first[static_cast<size_t>(head * keep.queries + i + 1)]; ++at) {
          EXPECT(at == keep.first[static_cast<size_t>(head * keep.queries + i)] ||
                 keep.key[static_cast<size_t>(at)] > keep.key[static_cast<size_t>(at - 1)]);
          ours.insert({i, keep.key[static_cast<size_t>(at)]});
        }
      EXPECT(ours == select_slowly(p, head, segment, rule));
    }
}

}  // namespace

TEST("selection is the rule of the specification, for many sizes") {
  check::Random random(3);
  for (int round = 0; round < 60; ++round) {
    SelectRule rule;
    rule.heads = 1 + random.below(3);
    rule.rows = 1 + random.below(5);
    rule.columns = 1 + random.below(5);
    rule.local_range = 1 + random.below(6);           // even ones are lopsided
    rule.force_own = random.below(2) == 1;
    const int64_t n = rule.rows * rule.columns, query_segments = 1 + random.below(2),
                  key_segments = query_segments + random.below(3), D = rule.heads * 8;
    rule.topk = random.below(n * n * key_segments + 3);
    expect_rule(rule, query_segments, key_segments, random_tensor({query_segments * n, D}, random.next(), 4),
                random_tensor({key_segments * n, D}, random.next(), 4));
  }
}

TEST("selection drops all ties at the threshold, and the cap drops at least one pair") {
  SelectRule rule;
  rule.rows = 2;
  rule.columns = 2;
  rule.local_range = 9;
  const Tensor zeros = Tensor::zeros({4, 8});
  for (int64_t topk : {0, 3, 15, 16, 1000}) {
    rule.topk = topk;
    EXPECT(make()->attention.select_blocks(zeros, {zeros}, rule).key.empty());   // all sixteen are equal
  }
  rule.topk = 1000;
  const BlockMask keep = make()->attention.select_blocks(random_tensor({4, 8}, 1), {random_tensor({4, 8}, 2)}, rule);
  EXPECT(keep.key.size() == 15);
}

TEST("selection keeps every allowed pair when fewer are allowed than wanted") {
  SelectRule rule;
  rule.rows = 1;
  rule.columns = 4;
  rule.local_range = 1;
  rule.topk = 10;                                     // four pairs are allowed, sixteen exist
  const BlockMask keep = make()->attention.select_blocks(random_tensor({4, 8}, 1), {random_tensor({4, 8}, 2)}, rule);
  EXPECT(keep.key == (std::vector<int32_t>{0, 1, 2, 3}));
}

TEST("probabilities: rows sum to one, keys outside the range get exactly zero") {
  SelectRule rule;
  rule.heads = 2;
  rule.rows = 3;
  rule.columns = 4;
  rule.local_range = 3;
  const Tensor p =
      make()->attention.block_probabilities(random_tensor({12, 16}, 5, 3), {random_tensor({24, 16}, 6, 3)}, rule);
  for (int64_t row = 0; row < 24; ++row) {
    double sum = 0;
    for (int64_t j = 0; j < 24; ++j) {
      const int64_t i = row % 12, dy = j % 12 / 4 - i / 4, dx = j % 4 - i % 4;
      const float value = p.data()[row * 24 + j];
      EXPECT((value == 0) == (dy < -1 || dy > 1 || dx < -1 || dx > 1));
      sum += value;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TEST("rope turns by absolute positions, far beyond 1024 latents") {
  const auto ops = make();
  Grid grid;
  grid.f = 2;
  grid.h = 3;
  grid.w = 2;
  const Rope rope{2, {4, 2, 6}, 10000.0};
  const int64_t t0 = 123456;
  const Tensor x = random_tensor({12, 24}, 9);
  Tensor y = ops->memory.upload(x);
  ops->attention.rope(y, grid, rope, t0);
  for (int64_t token = 0; token < 12; ++token) {
    const int64_t position[3] = {t0 + token / 6, token / 2 % 3, token % 2};
    for (int64_t head = 0; head < 2; ++head)
      for (int64_t axis = 0, at = 0; axis < 3; ++axis)
        for (int64_t i = 0; i < rope.dims[static_cast<size_t>(axis)] / 2; ++i, at += 2) {
          const double angle = static_cast<double>(position[axis]) *
                               std::pow(10000.0, -2.0 * static_cast<double>(i) /
                                                     static_cast<double>(rope.dims[static_cast<size_t>(axis)]));
          const float *from = x.data() + token * 24 + head * 12 + at, *to = y.data() + token * 24 + head * 12 + at;
          EXPECT_NEAR(to[0], from[0] * std::cos(angle) - from[1] * std::sin(angle), 1e-6);
          EXPECT_NEAR(to[1], from[0] * std::sin(angle) + from[1] * std::cos(angle), 1e-6);
        }
  }
}

TEST("attention over segments is the softmax over the kept windows; a window that keeps nothing gives zeros") {
  const auto ops = make();
  constexpr int64_t n = 3, W = 5, D = 8, heads = 2, d = 4;
  const Segments k = {random_tensor({n, W, D}, 1), random_tensor({n, W, D}, 2)},
                 v = {random_tensor({n, W, D}, 3), random_tensor({n, W, D}, 4)};
  const Tensor q = random_tensor({n, W, D}, 5);
  BlockMask keep;
  keep.heads = heads;
  keep.queries = n;
  keep.keys = 2 * n;
  keep.first = {0, 2, 2, 5, 6, 8, 12};
  keep.key = {0, 4, 1, 2, 3, 5, 0, 5, 1, 2, 3, 4};
  const Tensor out = ops->attention.block_sparse_attention(q, k, v, keep);
  for (int64_t head = 0; head < heads; ++head)
    for (int64_t window = 0; window < n; ++window)
      for (int64_t token = 0; token < W; ++token) {
        const float* query = q.data() + (window * W + token) * D + head * d;
        double sum = 0, mixed[d] = {};
        for (int64_t i = keep.first[static_cast<size_t>(head * n + window)];
             i < keep.first[static_cast<size_t>(head * n + window + 1)]; ++i)
          for (int64_t t = 0; t < W; ++t) {
            const int64_t key = keep.key[static_cast<size_t>(i)], offset = ((key % n) * W + t) * D + head * d;
            double score = 0;
            for (int64_t c = 0; c < d; ++c)
              score += static_cast<double>(query[c]) * k[static_cast<size_t>(key / n)].data()[offset + c];
            const double weight = std::exp(score / 2);
            sum += weight;
            for (int64_t c = 0; c < d; ++c) mixed[c] += weight * v[static_cast<size_t>(key / n)].data()[offset + c];
          }
        for (int64_t c = 0; c < d; ++c) {
          const float ours = out.data()[(window * W + token) * D + head * d + c];
          if (sum == 0) EXPECT(ours == 0);
          else EXPECT_NEAR(ours, mixed[c] / sum, 2e-6);
        }
      }
}

TEST("windows, shuffles and paddings undo each other") {
  const auto ops = make();
  Grid grid;
  grid.f = 4;
  grid.h = 6;
  grid.w = 8;
  grid.window = {2, 3, 4};
  const Tensor x = random_tensor({grid.tokens(), 5}, 1);
  const Tensor back = ops->attention.window_merge(ops->attention.window_partition(x, grid), grid);
  EXPECT(std::memcmp(back.data(), x.data(), x.bytes()) == 0);
  const Tensor map = random_tensor({6, 9, 2}, 2),
               again = ops->features.pixel_shuffle(ops->features.pixel_unshuffle(map, 3), 3);
  EXPECT(std::memcmp(again.data(), map.data(), map.bytes()) == 0);
  const Tensor picture = random_tensor({3, 8, 12}, 3),
               same = ops->pictures.picture_shuffle(ops->pictures.picture_unshuffle({picture}, 4), 4);
  EXPECT(std::memcmp(same.data(), picture.data(), picture.bytes()) == 0);
  const Tensor padded = ops->pictures.pad_edge(picture, 11, 16), cut = ops->pictures.crop(padded, 8, 12);
  EXPECT(std::memcmp(cut.data(), picture.data(), picture.bytes()) == 0);
  EXPECT(padded.data()[2 * 11 * 16 + 10 * 16 + 15] == picture.data()[2 * 8 * 12 + 7 * 12 + 11]);
}

TEST("several pictures unshuffle with the frame between colour and place") {
  const auto ops = make();
  std::vector<Tensor> four;
  for (uint64_t i = 0; i < 4; ++i) four.push_back(random_tensor({3, 4, 6}, i));
  const Tensor u = ops->pictures.picture_unshuffle(four, 2);
  EXPECT(u.shape == (Shape{2, 3, 48}));
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t f = 0; f < 4; ++f)
      for (int64_t y = 0; y < 4; ++y)
        for (int64_t x = 0; x < 6; ++x)
          EXPECT(u.data()[((y / 2) * 3 + x / 2) * 48 + ((c * 4 + f) * 2 + y % 2) * 2 + x % 2] ==
                 four[static_cast<size_t>(f)].data()[(c * 4 + y) * 6 + x]);
}

TEST("AdaIN gives the style's mean and deviation, and leaves an equal picture alone") {
  const auto ops = make();
  const Tensor x = random_tensor({3, 40, 50}, 1, 0.3f), style = random_tensor({3, 40, 50}, 2, 0.5f);
  const Tensor y = ops->pictures.adain(x, style), same = ops->pictures.adain(style, style);
  for (int64_t i = 0; i < style.count(); ++i) EXPECT_NEAR(same.data()[i], style.data()[i], 1e-6);
  for (int64_t c = 0; c < 3; ++c) {
    double mean = 0, wanted = 0;
    for (int64_t i = 0; i < 2000; ++i) {
      mean += y.data()[c * 2000 + i] / 2000;
      wanted += style.data()[c * 2000 + i] / 2000;
    }
    EXPECT_NEAR(mean, wanted, 2e-3);                  // the clamp to [-1, 1] may move it a little
  }
}

TEST("what does not fit together is refused with both shapes") {
  const auto ops = make();
  const LinearWeight w = ops->products.pack_linear(random_tensor({4, 6}, 1), Tensor());
  std::string sentence;
  EXPECT(check::error_code([&] { ops->products.linear(random_tensor({2, 5}, 2), w); }, &sentence) == "internal");
  EXPECT(sentence.find("[2, 5]") != std::string::npos && sentence.find('6') != std::string::npos);
  EXPECT(check::error_code([&] { ops->features.add(Tensor::zeros({2, 3}), Tensor::zeros({3, 2})); }) == "internal");
  EXPECT(check::error_code([&] { ops->features.concat({Tensor::zeros({2, 3}), Tensor::zeros({3, 3})}); }) ==
         "internal");
  EXPECT(check::error_code([&] { ops->pictures.crop(Tensor::zeros({3, 4, 4}), 5, 4); }) == "internal");
  EXPECT(check::error_code([&] { make_ops({"cuda:99"}, 1, nullptr); }) == "bad-argument");
  EXPECT(check::error_code([&] { make_ops({"cpu fp32"}, 1, nullptr); }) ==
         "bad-argument");   // nothing rides behind an id
}

TEST("a cancelled flag stops every op") {
  std::atomic<bool> cancelled{true};
  const auto ops = make_ops({"cpu"}, 2, &cancelled);
  EXPECT(check::error_code([&] { ops->features.add(Tensor::zeros({2, 3}), Tensor::zeros({2, 3})); }) == "cancelled");
  cancelled = false;
  EXPECT(check::error_code([&] { ops->features.add(Tensor::zeros({2, 3}), Tensor::zeros({2, 3})); }).empty());
}

TEST("the pool takes buffers back, counts them, and survives tensors that outlive it") {
  Tensor left;
  {
    const auto ops = make(1);
    { const Tensor a = ops->memory.empty({1024, 1024}), b = ops->memory.empty({1024, 1024}); }
    EXPECT(ops->memory.pool_bytes() == 8u << 20 && ops->memory.peak_bytes() == 8u << 20);
    left = ops->memory.zeros({1024, 1024});
    EXPECT(ops->memory.pool_bytes() == 8u << 20);
    ops->memory.trim();
    EXPECT(ops->memory.pool_bytes() == 4u << 20);
  }
  left.data()[7] = 1;
  EXPECT(left.data()[7] == 1);
}

TEST("an allocation that no computer grants is an error with numbers") {
  std::string sentence;
  EXPECT(check::error_code([&] { make(1)->memory.empty({int64_t{1} << 46}); }, &sentence) == "out-of-memory" &&
         sentence.find("MiB") != std::string::npos);
}

TEST_MAIN

// The device's selection, run on the emulator: the same bits as the CPU backend, whose own test holds it to the specification.
#include "cuda/attention/select.h"

#include <cmath>
#include <limits>

#include "check_test.h"
#include "device_array.h"
#include "exact.h"
#include "device.h"
#include "ops.h"

using namespace heirloom;
using check::DeviceArray;
namespace device = check::device;

namespace {

struct Case {
  SelectRule rule;
  int64_t query_segments, key_segments, d;
  std::vector<float> q, k;
  int64_t n() const { return rule.rows * rule.columns; }
  int64_t D() const { return rule.heads * d; }
};

struct Selected {
  std::vector<float> probabilities;  // [heads, queries, keys]
  std::vector<std::vector<int32_t>> kept;  // by row
  std::vector<int32_t> order;
};

Selected on_device(const Case& c) {
  const int64_t queries = c.query_segments * c.n(), keys = c.key_segments * c.n(), rows = c.rule.heads * queries,
                capacity = device::keep_capacity(c.rule, c.key_segments);
  DeviceArray<float> q(c.q), k(c.k), p(static_cast<size_t>(rows * capacity)), whole(static_cast<size_t>(rows * keys));
  DeviceArray<int32_t> count(static_cast<size_t>(rows)), key(static_cast<size_t>(rows * capacity)),
      order(static_cast<size_t>(rows));
  device::SegmentPointers segments;
  segments.count = static_cast<int>(c.key_segments);
  for (int64_t s = 0; s < c.key_segments; ++s) segments.at[s] = k.data() + s * c.n() * c.D();
  device::candidate_probabilities(q.data(), c.query_segments, segments, c.D(), c.rule, p.data(), nullptr);
  device::spread_probabilities(p.data(), c.query_segments, c.key_segments, c.rule, whole.data(), nullptr);
  device::KeptWindows keep;
  keep.heads = static_cast<int>(c.rule.heads), keep.queries = static_cast<int>(queries),
  keep.keys = static_cast<int>(keys), keep.capacity = static_cast<int>(capacity);
  keep.count = count.data(), keep.key = key.data(), keep.order = order.data();
  device::keep_windows(p.data(), c.rule, keep, nullptr);
  Selected s;
  s.probabilities = whole.host();
  const std::vector<int32_t> counts = count.host(), all = key.host();
  for (int64_t row = 0; row < rows; ++row) {
    const auto from = all.begin() + row * capacity;
    s.kept.emplace_back(from, from + counts[static_cast<size_t>(row)]);
  }
  s.order = order.host();
  return s;
}

void expect_the_same(const Case& c) {
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  const Tensor q = Tensor::of({c.query_segments * c.n(), c.D()}, c.q),
               k = Tensor::of({c.key_segments * c.n(), c.D()}, c.k);
  const Tensor p = ops->attention.block_probabilities(q, {k}, c.rule);
  const BlockMask keep = ops->attention.select_blocks(q, {k}, c.rule);
  const Selected ours = on_device(c);
  EXPECT(static_cast<int64_t>(ours.probabilities.size()) == p.count());
  EXPECT(!std::memcmp(ours.probabilities.data(), p.data(), p.bytes()));
  for (size_t row = 0; row < ours.kept.size(); ++row)
    EXPECT(ours.kept[row] ==
           std::vector<int32_t>(keep.key.begin() + keep.first[row], keep.key.begin() + keep.first[row + 1]));
  // Every (head, query segment) after the other, its own rows, the longest first.
  const size_t n = static_cast<size_t>(c.n());
  std::vector<int> seen(ours.kept.size(), 0);
  for (size_t i = 0; i < ours.order.size(); ++i) {
    const size_t row = static_cast<size_t>(ours.order[i]);
    EXPECT(row / n == i / n && !seen[row]++);
    if (i % n) EXPECT(ours.kept[row].size() <= ours.kept[static_cast<size_t>(ours.order[i - 1])].size());
  }
}

Case random_case(check::Random& random, float size) {
  Case c;
  c.rule.heads = 1 + random.below(3);
  c.rule.rows = 1 + random.below(5);
  c.rule.columns = 1 + random.below(7);
  c.rule.local_range = 1 + random.below(8);  // even ones are lopsided, large ones see everything
  c.rule.force_own = random.below(2) == 1;
  c.query_segments = 1 + random.below(3);
  c.key_segments = c.query_segments + random.below(3);
  c.d = 1 + random.below(40);
  c.rule.topk = random.below(c.n() * c.n() * c.key_segments + 3);
  c.q = check::random_floats(random, c.query_segments * c.n() * c.D(), size);
  c.k = check::random_floats(random, c.key_segments * c.n() * c.D(), size);
  return c;
}

}  // namespace

TEST("probabilities and kept windows have the CPU's bits, for many sizes and rules") {
  check::Random random(1);
  for (int round = 0; round < 40; ++round) {
    device::set_order(static_cast<uint64_t>(round % 4));  // 0: threads in ascending order; others: shuffled
    expect_the_same(random_case(random, 4));
  }
  device::set_order(0);
}

TEST("so they have where probabilities are denormal or vanish") {
  check::Random random(2);
  for (int round = 0; round < 10; ++round) {
    Case c = random_case(random, 12);
    c.d = 32;  // scores up to some hundreds: e^-90 and less
    c.q = check::random_floats(random, c.query_segments * c.n() * c.D(), 12);
    c.k = check::random_floats(random, c.key_segments * c.n() * c.D(), 12);
    expect_the_same(c);
  }
}

TEST("the sizes of the models: 6 x 11 windows with heads of 128, and a grid of many small windows") {
  check::Random random(3);
  Case large;
  large.rule.heads = 1, large.rule.rows = 6, large.rule.columns = 11, large.rule.local_range = 11,
  large.rule.topk = 7919;
  large.query_segments = 1, large.key_segments = 4, large.d = 128;
  Case small;
  small.rule.heads = 2, small.rule.rows = 9, small.rule.columns = 13, small.rule.local_range = 3,
  small.rule.topk = 8 * 9 * 13, small.rule.force_own = true;
  small.query_segments = 1, small.key_segments = 3, small.d = 32;
  for (Case* c : {&large, &small}) {
    c->q = check::random_floats(random, c->query_segments * c->n() * c->D());
    c->k = check::random_floats(random, c->key_segments * c->n() * c->D());
    expect_the_same(*c);
  }
}

TEST("all ties at the threshold are dropped, the cap drops at least one pair, few allowed pairs are all kept") {
  Case c;
  c.rule.rows = c.rule.columns = 2;
  c.query_segments = c.key_segments = 1;
  c.d = 8;
  c.q = c.k = std::vector<float>(32, 0.0f);
  for (int64_t topk : {0, 3, 15, 16, 1000}) {
    c.rule.topk = topk;
    for (const auto& row : on_device(c).kept) EXPECT(row.empty());  // all sixteen are equal
    expect_the_same(c);
  }
  check::Random random(4);
  c.q = check::random_floats(random, 32);
  c.k = check::random_floats(random, 32);
  size_t kept = 0;
  for (const auto& row : on_device(c).kept) kept += row.size();
  EXPECT(kept == 15);
  c.rule.local_range = 1;
  for (const auto& row : on_device(c).kept) EXPECT(row.size() == 1);
}

TEST("the exponential is e^x rounded to fp32, denormals included") {
  check::Random random(5);
  for (int i = 0; i < 200000; ++i) {
    const float x = -105.0f * static_cast<float>(random.next() >> 40) / 16777216.0f;
    const float ours = exact::exponential(x), wanted = static_cast<float>(std::exp(static_cast<double>(x)));
    EXPECT(ours == wanted || std::nextafter(ours, wanted) == wanted);  // a tie that 1e-11 decides
  }
  EXPECT(exact::exponential(0.0f) == 1.0f && exact::exponential(-std::numeric_limits<float>::infinity()) == 0.0f);
  EXPECT(exact::exponential(-103.0f) == std::numeric_limits<float>::denorm_min());
  EXPECT(std::isnan(exact::exponential(std::numeric_limits<float>::quiet_NaN())));
}

TEST("what does not fit is refused") {
  Case c;
  c.rule.rows = c.rule.columns = 1;
  c.query_segments = c.key_segments = 1;
  c.d = 129;
  c.q = c.k = std::vector<float>(129);
  EXPECT(check::error_code([&] { on_device(c); }) == "internal");
  c.d = 4;
  c.query_segments = 2;
  EXPECT(check::error_code([&] { on_device(c); }) == "internal");
}

TEST_MAIN

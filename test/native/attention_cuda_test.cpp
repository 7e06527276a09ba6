// The attention kernels of the device, run on the emulator and compared with a double loop over the kept keys.
#include "cuda/attention/attention.h"

#include <cmath>
#include <memory>
#include <set>

#include "check_test.h"
#include "cuda/attention/attention_map.h"
#include "device_array.h"
#include "device.h"
#include "ops.h"

using namespace heirloom;
using check::DeviceArray;
using check::device::Type;
namespace device = check::device;

namespace {

struct Case {
  Type type = Type::f32;
  int64_t heads = 1, d = 1, window_tokens = 1, per_segment = 1, query_segments = 1, key_segments = 1;
  std::vector<std::vector<int32_t>> kept;             // by row
  float size = 1;                                     // of the queries
  int64_t queries() const { return query_segments * per_segment; }
  int64_t keys() const { return key_segments * per_segment; }
  int64_t D() const { return heads * d; }
};

// Every row keeps a random number of windows, ascending; some rows none, one row all.
void keep_some(Case& c, check::Random& random) {
  c.kept.clear();
  for (int64_t row = 0; row < c.heads * c.queries(); ++row) {
    std::vector<int32_t> list;
    const int64_t rarity = row == 0 ? 1 : 1 + random.below(4);
    if (row != 1)
      for (int64_t key = 0; key < c.keys(); ++key)
        if (random.below(rarity) == 0) list.push_back(static_cast<int32_t>(key));
    c.kept.push_back(list);
  }
}

struct Result {
  std::vector<float> ours;
  std::vector<double> wanted, error;                  // error: what the result may be off by
};

// The rounding of a result: scores are sums of d products of stored numbers in fp32, an error e of a score changes its probability by a factor
// e^e; probabilities are rounded to the storage type before they meet the values; the result is stored once more.
double bound(const Case& c, double largest_score, double largest_value) {
  const double scores = (static_cast<double>(c.d) + 8) * 0x1p-24 * largest_score * 2 + 8 * 0x1p-23,
               p = 2 * check::storage_error(c.type);
  return largest_value * (scores + p + 64 * 0x1p-24) + largest_value * check::storage_error(c.type);
}

Result attend(const Case& c, int capability, uint64_t seed, const Grid* raster = nullptr) {
  check::Random random(seed);
  const int64_t D = c.D(), W = c.window_tokens, capacity = c.keys();
  const std::vector<float> q = check::rounded(c.type, check::random_floats(random, c.queries() * W * D, c.size)),
                           k = check::rounded(c.type, check::random_floats(random, c.keys() * W * D)),
                           v = check::rounded(c.type, check::random_floats(random, c.keys() * W * D));
  std::vector<int32_t> count, key(static_cast<size_t>(static_cast<int64_t>(c.kept.size()) * capacity), -1), order;
  for (size_t row = 0; row < c.kept.size(); ++row) {
    count.push_back(static_cast<int32_t>(c.kept[row].size()));
    std::copy(c.kept[row].begin(), c.kept[row].end(), key.begin() + static_cast<int64_t>(row) * capacity);
    order.push_back(static_cast<int32_t>(c.kept.size() - 1 - row));                    // any order will do
  }
  DeviceArray<unsigned char> dq(check::stored(c.type, q)),
      out(check::stored(c.type, std::vector<float>(q.size(), NAN)));
  DeviceArray<int32_t> dcount(count), dkey(key), dorder(order);
  std::vector<std::unique_ptr<DeviceArray<unsigned char>>> slots;
  device::SparseAttention a;
  a.type = c.type, a.D = D, a.window_tokens = W, a.q = dq.data(), a.out = out.data(), a.raster = raster;
  a.keep.heads = static_cast<int>(c.heads), a.keep.queries = static_cast<int>(c.queries()),
  a.keep.keys = static_cast<int>(c.keys()), a.keep.capacity = static_cast<int>(capacity);
  a.keep.count = dcount.data(), a.keep.key = dkey.data(), a.keep.order = dorder.data();
  a.k.count = a.v.count = static_cast<int>(c.key_segments);
  const auto slot = [&](const std::vector<float>& all, int64_t s) {
    const int64_t size = c.per_segment * W * D;
    slots.push_back(std::make_unique<DeviceArray<unsigned char>>(
        check::stored(c.type, std::vector<float>(all.begin() + s * size, all.begin() + (s + 1) * size))));
    return slots.back()->data();
  };
  for (int64_t s = 0; s < c.key_segments; ++s) {
    a.k.at[s] = slot(k, s);
    a.v.at[s] = slot(v, s);
  }
  device::sparse_attention(a, capability, nullptr);

  Result r;
  r.ours = check::read(c.type, out.host());
  r.wanted.assign(q.size(), 0);
  r.error.assign(q.size(), 0);
  for (int64_t head = 0; head < c.heads; ++head)
    for (int64_t window = 0; window < c.queries(); ++window)
      for (int64_t token = 0; token < W; ++token) {
        const float* query = q.data() + (window * W + token) * D + head * c.d;
        std::vector<double> mixed(static_cast<size_t>(c.d), 0), scores;
        double largest = -INFINITY, magnitude = 0, largest_value = 0, sum = 0;
        const std::vector<int32_t>& list = c.kept[static_cast<size_t>(head * c.queries() + window)];
        for (const int32_t key_window : list)
          for (int64_t t = 0; t < W; ++t) {
            double score = 0, size = 0;
            for (int64_t i = 0; i < c.d; ++i) {
              const double product =
                  static_cast<double>(query[i]) * k[static_cast<size_t>((key_window * W + t) * D + head * c.d + i)];
              score += product;
              size += std::fabs(product);
            }
            scores.push_back(score / std::sqrt(static_cast<double>(c.d)));
            largest = std::max(largest, scores.back());
            magnitude = std::max(magnitude, size / std::sqrt(static_cast<double>(c.d)));
          }
        size_t at = 0;
        for (const int32_t key_window : list)
          for (int64_t t = 0; t < W; ++t, ++at) {
            const double weight = std::exp(scores[at] - largest);
            sum += weight;
            for (int64_t i = 0; i < c.d; ++i) {
              const double value = v[static_cast<size_t>((key_window * W + t) * D + head * c.d + i)];
              mixed[static_cast<size_t>(i)] += weight * value;
              largest_value = std::max(largest_value, std::fabs(value));
            }
          }
        const int64_t row =
            raster ? device::window_map(*raster).token_of(window, static_cast<int>(token)) : window * W + token;
        for (int64_t i = 0; i < c.d; ++i) {
          const size_t to = static_cast<size_t>(row * D + head * c.d + i);
          r.wanted[to] = sum > 0 ? mixed[static_cast<size_t>(i)] / sum : 0;
          r.error[to] = sum > 0 ? bound(c, magnitude, largest_value) : 0;
        }
      }
  return r;
}

void expect_close(const Result& r) {
  for (size_t i = 0; i < r.ours.size(); ++i) EXPECT_NEAR(r.ours[i], r.wanted[i], r.error[i]);
}

}  // namespace

TEST("windows of any size and heads of any size, in every type, on the plain kernel") {
  check::Random random(1);
  for (int round = 0; round < 24; ++round) {
    Case c;
    c.type = check::kTypes[round % 3];
    c.heads = 1 + random.below(3), c.d = 1 + random.below(128), c.window_tokens = 1 + random.below(40),
    c.per_segment = 1 + random.below(3);
    c.query_segments = 1 + random.below(2), c.key_segments = c.query_segments + random.below(3), c.size = 3;
    keep_some(c, random);
    expect_close(attend(c, 80, random.next()));
  }
}

TEST("windows of 128 tokens with heads of 128 on tensor cores, with the shared memory of Turing and of later cards") {
  check::Random random(2);
  for (const auto& [capability, type] : {std::pair{75, Type::f16}, {80, Type::f16}, {89, Type::bf16}}) {
    EXPECT(device::select_kernel(capability, type, 128, 128) == device::AttentionKernel::mma);
    if (!device::can_play(capability)) continue;
    Case c;
    c.type = type;
    c.heads = 2, c.d = 128, c.window_tokens = 128, c.per_segment = 2, c.key_segments = 2, c.size = 4;
    keep_some(c, random);
    expect_close(attend(c, capability, random.next()));
  }
}

TEST("windows of 128 tokens with heads of 128 on Hopper's tensor cores, as those of other cards") {
  check::Random random(7);
  EXPECT(device::select_kernel(90, Type::bf16, 128, 128) == device::AttentionKernel::wgmma);
  if (!device::can_play(90)) check::skip("this card is no Hopper");
  Case c;
  c.type = Type::bf16;
  c.heads = 2, c.d = 128, c.window_tokens = 128, c.per_segment = 2, c.key_segments = 3, c.size = 6;
  keep_some(c, random);                               // rows of none, one, several and all six windows
  device::device().capability = 90;
  for (const uint64_t order : {0, 3}) {
    device::set_order(order);
    expect_close(attend(c, 90, 1));
  }
  device::set_order(0);
  device::device().capability = 89;
}

TEST("windows of 16 tokens with heads of 32 on tensor cores, several rows in a block") {
  check::Random random(3);
  for (int round = 0; round < 6; ++round) {
    Case c;
    c.type = round % 2 ? Type::bf16 : Type::f16;
    c.heads = 1 + random.below(5), c.d = 32, c.window_tokens = 16, c.per_segment = 1 + random.below(5),
    c.query_segments = 1 + random.below(2);
    c.key_segments = c.query_segments + random.below(3), c.size = 4;
    EXPECT(device::select_kernel(80, c.type, 16, 32) == device::AttentionKernel::small);
    keep_some(c, random);
    expect_close(attend(c, 80, random.next()));
  }
}

TEST("the order in which threads happen to run changes no bit") {
  check::Random random(8);
  for (const int64_t d : {int64_t{128}, int64_t{32}, int64_t{24}}) {
    Case c;
    c.type = Type::f16;
    c.d = d, c.window_tokens = d == 128 ? 128 : 16, c.key_segments = 3;
    keep_some(c, random);
    device::set_order(0);
    const std::vector<float> ascending = attend(c, 80, 1).ours;
    device::set_order(7);
    const std::vector<float> shuffled = attend(c, 80, 1).ours;
    device::set_order(0);
    EXPECT(ascending == shuffled);
  }
}

TEST("scores that grow from window to window move the running maximum and nothing else") {
  for (const Type type : check::kTypes) {
    Case c;
    c.type = type;
    c.heads = 1, c.d = 32, c.window_tokens = 16, c.key_segments = 6,
    c.size = 40;     // scores up to 40: probabilities far apart
    c.kept = {{0, 1, 2, 3, 4, 5}};
    expect_close(attend(c, 80, 9));
  }
}

TEST("results go to raster order where that is wanted") {
  check::Random random(4);
  Grid small, large;
  small.f = 2, small.h = 8, small.w = 12, small.window = {1, 4, 4};
  large.f = 2, large.h = 8, large.w = 16, large.window = {2, 8, 8};
  for (const Grid* grid : {&small, &large})
    for (const Type type : {Type::f32, Type::f16}) {
      if (grid == &large && type == Type::f32) continue;
      Case c;
      c.type = type;
      c.heads = 1, c.d = grid == &large ? 128 : 32, c.window_tokens = grid->window_tokens(),
      c.per_segment = grid->per_segment(), c.query_segments = grid->segments();
      c.key_segments = grid->segments();
      keep_some(c, random);
      expect_close(attend(c, 80, random.next(), grid));
    }
}

TEST("cross attention, also where neither queries nor keys fill their tiles") {
  check::Random random(5);
  struct Size {
    Type type;
    int64_t T, S, heads, d;
    int capability;
  };
  for (const Size& s : {Size{Type::bf16, 200, 256, 2, 128, 90}, Size{Type::f32, 19, 45, 2, 24, 80},
                        Size{Type::bf16, 5, 3, 1, 40, 80}, Size{Type::f16, 150, 77, 2, 128, 75},
                        Size{Type::bf16, 130, 64, 1, 128, 89}, Size{Type::bf16, 3, 130, 1, 128, 120}}) {
    Case c;  // the same as one window per query, all of which keep all keys: for the bound
    c.type = s.type, c.d = s.d;
    if (!device::can_play(s.capability)) continue;
    device::device().capability = s.capability;
    const int64_t D = s.heads * s.d;
    const std::vector<float> q = check::rounded(s.type, check::random_floats(random, s.T * D, 4)),
                             k = check::rounded(s.type, check::random_floats(random, s.S * D)),
                             v = check::rounded(s.type, check::random_floats(random, s.S * D));
    DeviceArray<unsigned char> dq(check::stored(s.type, q)), dk(check::stored(s.type, k)), dv(check::stored(s.type, v)),
        out(check::stored(s.type, std::vector<float>(q.size(), NAN)));
    device::CrossAttention a;
    a.type = s.type, a.T = s.T, a.S = s.S, a.D = D, a.heads = s.heads, a.q = dq.data(), a.k = dk.data(),
    a.v = dv.data(), a.out = out.data();
    device::cross_attention(a, s.capability, nullptr);
    const std::vector<float> ours = check::read(s.type, out.host());
    for (int64_t t = 0; t < s.T; ++t)
      for (int64_t head = 0; head < s.heads; ++head) {
        std::vector<double> scores, mixed(static_cast<size_t>(s.d), 0);
        double sum = 0, magnitude = 0, largest = -INFINITY;
        for (int64_t j = 0; j < s.S; ++j) {
          double score = 0, size = 0;
          for (int64_t i = 0; i < s.d; ++i) {
            const double product = static_cast<double>(q[static_cast<size_t>(t * D + head * s.d + i)]) *
                                   k[static_cast<size_t>(j * D + head * s.d + i)];
            score += product;
            size += std::fabs(product);
          }
          scores.push_back(score / std::sqrt(static_cast<double>(s.d)));
          largest = std::max(largest, scores.back());
          magnitude = std::max(magnitude, size / std::sqrt(static_cast<double>(s.d)));
        }
        for (int64_t j = 0; j < s.S; ++j) {
          const double weight = std::exp(scores[static_cast<size_t>(j)] - largest);
          sum += weight;
          for (int64_t i = 0; i < s.d; ++i)
            mixed[static_cast<size_t>(i)] += weight * v[static_cast<size_t>(j * D + head * s.d + i)];
        }
        for (int64_t i = 0; i < s.d; ++i)
          EXPECT_NEAR(ours[static_cast<size_t>(t * D + head * s.d + i)], mixed[static_cast<size_t>(i)] / sum,
                      bound(c, magnitude, 1));
      }
  }
  device::device().capability = 89;
}

TEST("fp32 attention is the CPU backend's to a few roundings") {
  check::Random random(6);
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  const int64_t T = 21, S = 33, D = 48;
  const std::vector<float> q = check::random_floats(random, T * D, 3), k = check::random_floats(random, S * D),
                           v = check::random_floats(random, S * D);
  const Tensor wanted =
      ops->attention.cross_attention(Tensor::of({T, D}, q), Tensor::of({S, D}, k), Tensor::of({S, D}, v), 3);
  DeviceArray<float> dq(q), dk(k), dv(v), out(q.size());
  device::CrossAttention a;
  a.type = Type::f32, a.T = T, a.S = S, a.D = D, a.heads = 3, a.q = dq.data(), a.k = dk.data(), a.v = dv.data(),
  a.out = out.data();
  device::cross_attention(a, 80, nullptr);
  const std::vector<float> ours = out.host();
  for (size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], wanted.data()[i], 4e-6);  // 16 products a score, 33 terms a sum, twice
}

TEST("tiles: every byte has one place, and no eight rows that ldmatrix reads share a bank") {
  const auto look = [](auto offset, int head, int keys) {
    std::set<int> places;
    for (int row = 0; row < keys; ++row)
      for (int piece = 0; piece < head / 8; ++piece) places.insert(offset(row, piece));
    EXPECT(static_cast<int>(places.size()) == keys * head / 8 && *places.begin() == 0 &&
           *places.rbegin() == keys * head * 2 - 16);
    for (int first = 0; first < keys; first += 8)
      for (int piece = 0; piece < head / 8; ++piece) {
        std::set<int> banks;
        for (int row = first; row < first + 8; ++row) banks.insert(offset(row, piece) / 16 % 8);
        EXPECT(banks.size() == 8);
      }
  };
  look([](int row, int piece) { return device::tile_offset<128>(row, piece); }, 128, 64);
  look([](int row, int piece) { return device::tile_offset<64>(row, piece); }, 64, 64);
  look([](int row, int piece) { return device::tile_offset<32>(row, piece); }, 32, 16);
}

TEST("what does not go together is refused with the sizes") {
  device::SparseAttention a;
  a.D = 12, a.window_tokens = 4, a.keep.heads = 5;
  EXPECT(check::error_code([&] { device::sparse_attention(a, 80, nullptr); }) == "internal");
  a.keep.heads = 3, a.k.count = 2, a.v.count = 1, a.keep.keys = 2;
  EXPECT(check::error_code([&] { device::sparse_attention(a, 80, nullptr); }) == "internal");
  a.v.count = 2, a.keep.queries = 1;
  Grid grid;
  grid.f = 2, grid.h = 8, grid.w = 16;
  a.raster = &grid;
  EXPECT(check::error_code([&] { device::sparse_attention(a, 80, nullptr); }) == "internal");
  EXPECT(check::error_code([&] { device::cross_attention(device::CrossAttention(), 80, nullptr); }) == "internal");
}

TEST_MAIN

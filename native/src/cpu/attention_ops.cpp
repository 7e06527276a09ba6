// Attention on the processor.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include "cpu/family.h"
#include "cpu/kernels.h"
#include "exact.h"
#include "ops/checks.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

class CpuAttention final : public AttentionOps, Family {
 public:
  using Family::Family;

  void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) override {
    check_cancelled();
    const int64_t head = rope.dims[0] + rope.dims[1] + rope.dims[2];
    CHECK(x.rows() == grid.tokens() && x.channels() == rope.heads * head,
          "rope: " + str(x.shape) + " is not " + str(grid.tokens()) + " tokens of " + str(rope.heads) + " heads x " +
              str(head));
    prepare_rope(grid, rope, t0);
    k::rope(work_.pool, x.data(), x.rows(), small(rope.heads), small(head), work_.angles.cos.data(),
            work_.angles.sin.data());
  }

  Tensor window_partition(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_partition", grid);
    CHECK(x.rows() == grid.tokens(),
          "window_partition: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = empty({grid.windows(), grid.window_tokens(), x.channels()});
    k::to_windows(work_.pool, x.data(), small(grid.f), small(grid.h), small(grid.w), small(x.channels()),
                  small(grid.window[0]), small(grid.window[1]), small(grid.window[2]), out.data());
    return out;
  }

  Tensor window_merge(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_merge", grid);
    CHECK(x.rows() == grid.tokens(),
          "window_merge: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = empty({grid.tokens(), x.channels()});
    k::from_windows(work_.pool, x.data(), small(grid.f), small(grid.h), small(grid.w), small(x.channels()),
                    small(grid.window[0]), small(grid.window[1]), small(grid.window[2]), out.data());
    return out;
  }

  Tensor norm_rope_windows(const Tensor& x, const Tensor& weight, float eps, const Grid& grid, const Rope& rope,
                           int64_t t0) override {
    check_row("rms_norm", x, weight);
    Tensor turned = like(x);
    k::rms_norm(work_.pool, x.data(), x.rows(), small(x.channels()), eps, weight.data(), turned.data());
    this->rope(turned, grid, rope, t0);
    return window_partition(turned, grid);
  }

  Tensor pool_blocks(const Tensor& x) override {
    check_cancelled();
    CHECK(x.shape.rank() == 3, "pool_blocks: " + str(x.shape) + " is not [windows, tokens, D]");
    Tensor out = empty({x.shape[0], x.channels()});
    k::window_means(work_.pool, x.data(), x.shape[0], small(x.shape[1]), small(x.channels()), out.data());
    return out;
  }

  Tensor block_probabilities(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const Tensor key = joined(pooled);
    check_select(q, key, rule);
    const int64_t queries = q.shape[0], keys = key.shape[0];
    Tensor out = empty({rule.heads, queries, keys});
    std::fill(out.data(), out.data() + out.count(), 0.0f);
    work_.pool.parallel_for(rule.heads * queries, [&](int64_t i) {
      std::vector<Candidate> row;
      candidates(q, key, rule, i / queries, i % queries, row);
      for (const Candidate& c : row) out.data()[i * keys + c.key] = c.probability;
    });
    return out;
  }

  // theta is the (topk+1)-th largest of ALL pairs of the segment; those outside the local range count as zeros.
  BlockMask select_blocks(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const Tensor key = joined(pooled);
    check_select(q, key, rule);
    const int64_t n = rule.rows * rule.columns, queries = q.shape[0], keys = key.shape[0], segments = queries / n;
    const int64_t budget = std::min(rule.topk, n * keys - 1);
    std::vector<std::vector<int32_t>> kept(static_cast<size_t>(rule.heads * queries));
    work_.pool.parallel_for(rule.heads * segments, [&](int64_t item) {
      const int64_t head = item / segments, first = item % segments * n;
      std::vector<std::vector<Candidate>> rows(static_cast<size_t>(n));
      std::vector<float> above_zero;
      for (int64_t i = 0; i < n; ++i) {
        candidates(q, key, rule, head, first + i, rows[static_cast<size_t>(i)]);
        for (const Candidate& c : rows[static_cast<size_t>(i)])
          if (c.probability > 0) above_zero.push_back(c.probability);
      }
      float theta = 0;
      if (budget < static_cast<int64_t>(above_zero.size())) {
        std::nth_element(above_zero.begin(), above_zero.begin() + budget, above_zero.end(), std::greater<float>());
        theta = above_zero[static_cast<size_t>(budget)];
      }
      for (int64_t i = 0; i < n; ++i) {
        const int64_t query = first + i, own = keys - queries + query;
        for (const Candidate& c : rows[static_cast<size_t>(i)])
          if (c.probability > theta || (rule.force_own && c.key == own))
            kept[static_cast<size_t>(head * queries + query)].push_back(static_cast<int32_t>(c.key));
      }
    });
    BlockMask list;
    list.heads = rule.heads;
    list.queries = queries;
    list.keys = keys;
    list.first.push_back(0);
    for (const std::vector<int32_t>& row : kept) {
      list.key.insert(list.key.end(), row.begin(), row.end());
      list.first.push_back(static_cast<int64_t>(list.key.size()));
    }
    return list;
  }

  Tensor block_sparse_attention(const Tensor& q, const Segments& key, const Segments& value,
                                const BlockMask& mask) override {
    check_cancelled();
    CHECK(!mask.device, "attention: the list of kept windows belongs to another backend");
    CHECK(q.shape.rank() == 3 && q.shape[0] == mask.queries && mask.heads > 0 && q.channels() % mask.heads == 0,
          "attention: queries " + str(q.shape) + " do not go with the list of kept windows");
    const std::vector<const float*> k_windows = windows_of(key, q, mask.keys),
                                    v_windows = windows_of(value, q, mask.keys);
    Tensor out = like(q);
    SparseAttention a;
    a.heads = small(mask.heads);
    a.d = small(q.channels() / mask.heads);
    a.window = small(q.shape[1]);
    a.q_windows = small(mask.queries);
    a.key_windows = small(mask.keys);
    a.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(a.d)));
    a.q = q.data();
    a.k = k_windows.data();
    a.v = v_windows.data();
    a.kept_start = mask.first.data();
    a.kept_index = mask.key.data();
    a.out = out.data();
    k::sparse_attention(work_.pool, a);
    return out;
  }

  Tensor cross_attention(const Tensor& q, const Tensor& key, const Tensor& value, int64_t heads) override {
    check_cancelled();
    CHECK(q.channels() == key.channels() && key.shape == value.shape && heads > 0 && q.channels() % heads == 0,
          "cross_attention: " + str(q.shape) + ", " + str(key.shape) + ", " + str(value.shape));
    Tensor out = like(q);
    const int64_t d = q.channels() / heads;
    k::attention(work_.pool, q.data(), q.rows(), key.data(), value.data(), small(key.rows()), small(heads), small(d),
                 static_cast<float>(1.0 / std::sqrt(static_cast<double>(d))), out.data());
    return out;
  }

 private:
  struct Candidate {
    int64_t key;
    float probability;
  };

  // ---- rope ----
  void prepare_rope(const Grid& grid, const Rope& rope, int64_t t0) {
    if (work_.angles.t0 == t0 && work_.angles.grid.f == grid.f && work_.angles.grid.h == grid.h &&
        work_.angles.grid.w == grid.w && work_.angles.rope.dims == rope.dims && work_.angles.rope.base == rope.base)
      return;
    work_.angles.grid = grid;
    work_.angles.rope = rope;
    work_.angles.t0 = t0;
    const int64_t half = (rope.dims[0] + rope.dims[1] + rope.dims[2]) / 2;
    work_.angles.cos = empty({grid.tokens(), half});
    work_.angles.sin = empty({grid.tokens(), half});
    fill_axis(0, 0, grid.f, t0, [&](int64_t token) { return token / (grid.h * grid.w); });
    fill_axis(1, rope.dims[0] / 2, grid.h, 0, [&](int64_t token) { return token / grid.w % grid.h; });
    fill_axis(2, (rope.dims[0] + rope.dims[1]) / 2, grid.w, 0, [&](int64_t token) { return token % grid.w; });
  }

  template <class F>
  void fill_axis(size_t axis, int64_t at, int64_t positions, int64_t origin, F&& position_of) {
    const int64_t d = work_.angles.rope.dims[axis], pairs = d / 2, half = work_.angles.cos.channels();
    std::vector<float> cos(static_cast<size_t>(positions * pairs)), sin(cos.size());
    for (int64_t p = 0; p < positions; ++p)
      for (int64_t i = 0; i < pairs; ++i) {
        const double angle = static_cast<double>(origin + p) *
                             std::pow(work_.angles.rope.base, -2.0 * static_cast<double>(i) / static_cast<double>(d));
        cos[static_cast<size_t>(p * pairs + i)] = static_cast<float>(std::cos(angle));
        sin[static_cast<size_t>(p * pairs + i)] = static_cast<float>(std::sin(angle));
      }
    rows(work_.angles.cos.rows(), [&](int64_t token) {
      const int64_t from = position_of(token) * pairs, to = token * half + at;
      std::memcpy(work_.angles.cos.data() + to, cos.data() + from, static_cast<size_t>(pairs) * sizeof(float));
      std::memcpy(work_.angles.sin.data() + to, sin.data() + from, static_cast<size_t>(pairs) * sizeof(float));
    });
  }

  // ---- selection ----
  Tensor joined(const Segments& pooled) { return pooled.size() == 1 ? pooled[0] : stacked(pooled); }

  void check_select(const Tensor& q, const Tensor& key, const SelectRule& rule) const {
    check_cancelled();
    const int64_t n = rule.rows * rule.columns;
    CHECK(n > 0 && q.shape[0] % n == 0 && key.shape[0] % n == 0 && q.shape[0] <= key.shape[0] &&
              q.channels() == key.channels() && rule.heads > 0 && q.channels() % rule.heads == 0,
          "select_blocks: " + str(q.shape) + " and " + str(key.shape) + " do not go with segments of " + str(n) +
              " windows and " + str(rule.heads) + " heads");
    CHECK(rule.topk >= 0 && rule.local_range >= 1,
          "select_blocks: topk " + str(rule.topk) + ", local range " + str(rule.local_range));
  }

  // The keys inside the local range of one query window, ascending, with their probabilities.
  static void candidates(const Tensor& q, const Tensor& key, const SelectRule& rule, int64_t head, int64_t query,
                         std::vector<Candidate>& row) {
    const int64_t n = rule.rows * rule.columns, D = q.channels(), d = D / rule.heads, spatial = query % n;
    const int64_t before = rule.local_range / 2, after = rule.local_range - 1 - before;
    const int64_t top = std::max<int64_t>(spatial / rule.columns - before, 0),
                  bottom = std::min(spatial / rule.columns + after, rule.rows - 1);
    const int64_t left = std::max<int64_t>(spatial % rule.columns - before, 0),
                  right = std::min(spatial % rule.columns + after, rule.columns - 1);
    const float* from = q.data() + query * D + head * d;
    const float scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
    row.clear();
    float largest = -std::numeric_limits<float>::infinity();
    for (int64_t segment = 0; segment < key.shape[0] / n; ++segment)
      for (int64_t y = top; y <= bottom; ++y)
        for (int64_t x = left; x <= right; ++x) {
          const int64_t index = segment * n + y * rule.columns + x;
          const float score = dot(from, key.data() + index * D + head * d, d) * scale;
          row.push_back({index, score});
          largest = std::max(largest, score);
        }
    float sum = 0;
    for (Candidate& c : row) {
      c.probability = exact::exponential(c.probability - largest);
      sum += c.probability;
    }
    for (Candidate& c : row) c.probability /= sum;
  }

  // Eight partial sums in a fixed order: the compiler may use vectors, the result stays the same.
  static float dot(const float* a, const float* b, int64_t n) {
    float part[8] = {};
    int64_t i = 0;
    for (; i + 8 <= n; i += 8)
      for (int64_t j = 0; j < 8; ++j) part[j] += a[i + j] * b[i + j];
    for (; i < n; ++i) part[i % 8] += a[i] * b[i];
    return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
  }

  static std::vector<const float*> windows_of(const Segments& segments, const Tensor& q, int64_t keys) {
    std::vector<const float*> list;
    for (const Tensor& segment : segments) {
      CHECK(segment.shape.rank() == 3 && segment.shape[1] == q.shape[1] && segment.channels() == q.channels(),
            "attention: keys " + str(segment.shape) + " do not go with queries " + str(q.shape));
      for (int64_t i = 0; i < segment.shape[0]; ++i)
        list.push_back(segment.data() + i * segment.shape[1] * segment.channels());
    }
    CHECK(static_cast<int64_t>(list.size()) == keys,
          "attention: " + str(list.size()) + " key windows, the list of kept ones was made for " + str(keys));
    return list;
  }
};

}  // namespace

std::unique_ptr<AttentionOps> make_attention(Work& work) { return std::make_unique<CpuAttention>(work); }

}  // namespace heirloom::cpu

// Attention on a card (attention.h, windows.h, select.h, kv_store.h).
#include <algorithm>
#include <vector>

#include "cuda/attention/attention.h"
#include "cuda/attention/kv_store.h"
#include "cuda/family.h"
#include "ops/checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

// A list of kept windows that stays where the attention reads it.
struct DeviceMask : BlockMask::OnDevice {
  std::shared_ptr<void> memory;
  KeptWindows kept;
  cudaStream_t stream = nullptr;

  BlockMask download() const override {
    const size_t rows = static_cast<size_t>(kept.rows()), capacity = static_cast<size_t>(kept.capacity);
    std::vector<int32_t> count(rows), key(rows * capacity);
    check_cuda(cudaMemcpyAsync(count.data(), kept.count, rows * sizeof(int32_t), cudaMemcpyDeviceToHost, stream),
               "hand over its list of windows");
    check_cuda(cudaMemcpyAsync(key.data(), kept.key, rows * capacity * sizeof(int32_t), cudaMemcpyDeviceToHost, stream),
               "hand over its list of windows");
    check_cuda(cudaStreamSynchronize(stream), "finish selecting windows");
    BlockMask list;
    list.heads = kept.heads;
    list.queries = kept.queries;
    list.keys = kept.keys;
    list.first.push_back(0);
    for (size_t row = 0; row < rows; ++row) {
      list.key.insert(list.key.end(), key.begin() + static_cast<std::ptrdiff_t>(row * capacity),
                      key.begin() + static_cast<std::ptrdiff_t>(row * capacity) + count[row]);
      list.first.push_back(static_cast<int64_t>(list.key.size()));
    }
    return list;
  }
};

class CudaAttention final : public AttentionOps, Family {
 public:
  using Family::Family;

  void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) override {
    check_cancelled();
    check_rope("rope", x, grid, rope);
    rope_in_place(type(x), x.raw(), x.channels(), grid, rope, table_of(grid, rope, t0), stream());
  }

  Tensor window_partition(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_partition", grid);
    CHECK(x.rows() == grid.tokens(),
          "window_partition: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = make({grid.windows(), grid.window_tokens(), x.channels()}, x.dtype());
    k::window_partition(type(x), values(x).data, x.channels(), x.channels(), grid, segments_of(out, grid.segments()),
                        stream());
    return out;
  }

  Tensor window_merge(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_merge", grid);
    CHECK(x.rows() == grid.tokens(),
          "window_merge: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = make({grid.tokens(), x.channels()}, x.dtype());
    k::window_merge(type(x), values(x).data, x.channels(), grid, out.raw(), stream());
    return out;
  }

  Tensor norm_rope_windows(const Tensor& x, const Tensor& weight, float eps, const Grid& grid, const Rope& rope,
                           int64_t t0) override {
    if (x.channels() % 8 != 0 || x.channels() > kMaxNormRope) {
      check_row("rms_norm", x, weight);
      Tensor turned = norm(x, Norm::rms, eps, weight, Tensor());
      this->rope(turned, grid, rope, t0);
      return window_partition(turned, grid);
    }
    check_cancelled();
    check_row("norm_rope_windows", x, weight);
    check_grid("norm_rope_windows", grid);
    check_rope("norm_rope_windows", x, grid, rope);
    const Tensor gain = row(weight);
    Tensor out = make({grid.windows(), grid.window_tokens(), x.channels()}, x.dtype());
    k::norm_rope_windows(type(x), values(x).data, x.channels(), x.channels(), grid, floats(gain), eps, rope,
                         table_of(grid, rope, t0), segments_of(out, grid.segments()), stream());
    return out;
  }

  Tensor pool_blocks(const Tensor& x) override {
    check_cancelled();
    CHECK(x.shape.rank() == 3, "pool_blocks: " + str(x.shape) + " is not [windows, tokens, D]");
    Tensor out = make({x.shape[0], x.channels()}, DType::f32);
    k::pool_blocks(type(x), values(x).data, x.shape[0], x.shape[1], x.channels(), floats(out), stream());
    return out;
  }

  Tensor block_probabilities(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const int64_t n = rule.rows * rule.columns;
    const SegmentPointers keys = pooled_segments(q, pooled, rule);
    const Tensor candidates = candidates_of(q, keys, rule);
    Tensor out = make({rule.heads, q.shape[0], keys.count * n}, DType::f32);
    spread_probabilities(floats(candidates), q.shape[0] / n, keys.count, rule, floats(out), stream());
    return out;
  }

  BlockMask select_blocks(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const SegmentPointers keys = pooled_segments(q, pooled, rule);
    const Tensor candidates = candidates_of(q, keys, rule);
    auto mask =
        room_for_mask(rule.heads, q.shape[0], keys.count * rule.rows * rule.columns, keep_capacity(rule, keys.count));
    keep_windows(floats(candidates), rule, mask->kept, stream());
    BlockMask list;
    list.heads = rule.heads;
    list.queries = q.shape[0];
    list.keys = mask->kept.keys;
    list.device = mask;
    return list;
  }

  Tensor block_sparse_attention(const Tensor& q, const Segments& key, const Segments& value,
                                const BlockMask& mask) override {
    return attention(q, key, value, mask, nullptr, make(q.shape, q.dtype()));
  }

  Tensor block_sparse_attention_merged(const Tensor& q, const Segments& key, const Segments& value,
                                       const BlockMask& mask, const Grid& grid) override {
    return attention(q, key, value, mask, &grid, make({grid.tokens(), q.channels()}, q.dtype()));
  }

  Tensor cross_attention(const Tensor& q, const Tensor& key, const Tensor& value, int64_t heads) override {
    check_cancelled();
    CHECK(q.channels() == key.channels() && key.shape == value.shape && heads > 0 && q.channels() % heads == 0,
          "cross_attention: " + str(q.shape) + ", " + str(key.shape) + ", " + str(value.shape));
    const Tensor keys = as(key, q.dtype()), numbers = as(value, q.dtype());
    Tensor out = make(q.shape, q.dtype());
    CrossAttention a;
    a.type = type(q);
    a.T = q.rows();
    a.S = key.rows();
    a.D = q.channels();
    a.heads = heads;
    a.q = values(q).data;
    a.k = keys.raw();
    a.v = numbers.raw();
    a.out = out.raw();
    k::cross_attention(a, work_.card.capability, stream());
    return out;
  }

  Tensor quantise_kv(const Tensor& segment, int64_t heads) override {
    if (!work_.has_small_cache) return segment;
    check_cancelled();
    const StoredSegment s = stored_segment(segment, heads);
    Tensor out(segment.shape, DType::i8, Where::device,
               work_.pool->take(static_cast<size_t>(s.bytes())));    // the scales behind the numbers
    store_windows(type(segment), values(segment).data, s, static_cast<int8_t*>(out.raw()), scales_of(out, s), stream());
    return out;
  }

  Tensor dequantise_kv(const Tensor& quantised, int64_t heads) override {
    if (quantised.dtype() != DType::i8) return quantised;
    check_cancelled();
    const StoredSegment s = stored_segment(quantised, heads);
    Tensor out = empty(quantised.shape);
    expand_windows(type(out), static_cast<const int8_t*>(quantised.raw()), scales_of(quantised, s), s, out.raw(),
                   stream());
    return out;
  }

 private:
  Tensor attention(const Tensor& q, const Segments& key, const Segments& value, const BlockMask& mask,
                   const Grid* raster, Tensor out) {
    check_cancelled();
    CHECK(q.shape.rank() == 3 && q.shape[0] == mask.queries && mask.heads > 0 && q.channels() % mask.heads == 0,
          "attention: queries " + str(q.shape) + " do not go with the list of kept windows");
    const std::shared_ptr<const DeviceMask> list = mask_of(mask);
    SparseAttention a;
    a.type = type(q);
    a.D = q.channels();
    a.window_tokens = q.shape[1];
    a.q = values(q).data;
    a.k = segments_of(key, q, mask.keys);
    a.v = segments_of(value, q, mask.keys);
    a.keep = list->kept;
    a.out = out.raw();
    a.raster = raster;
    sparse_attention(a, work_.card.capability, stream());
    return out;
  }

  const float2* table_of(const Grid& grid, const Rope& rope, int64_t t0) {
    RopeTable& t = work_.angles;
    const bool is_same = t.t0 == t0 && t.grid.f == grid.f && t.grid.h == grid.h && t.grid.w == grid.w &&
                         t.rope.dims == rope.dims && t.rope.base == rope.base;
    if (!is_same) {
      t = {grid, rope, t0, make({rope_table_size(grid, rope), 2}, DType::f32)};
      rope_table(grid, rope, t0, static_cast<float2*>(t.table.raw()), stream());
    }
    return static_cast<const float2*>(t.table.raw());
  }

  static StoredSegment stored_segment(const Tensor& x, int64_t heads) {
    CHECK(x.shape.rank() == 3 && x.where() == Where::device,
          "quantise_kv: " + str(x.shape) + " is not [windows, tokens, D] on the graphics card");
    return {x.shape[0], x.shape[1], x.shape[2], heads};
  }

  // Behind the numbers of a quantised segment.
  static float* scales_of(const Tensor& quantised, const StoredSegment& s) {
    return reinterpret_cast<float*>(static_cast<int8_t*>(quantised.raw()) + s.values());
  }

  // One buffer of so many equal segments.
  static SegmentPointers segments_of(const Tensor& x, int64_t count) {
    CHECK(count > 0 && count <= kMaxSegments,
          "attention: " + str(count) + " segments, at most " + str(kMaxSegments) + " are possible");
    SegmentPointers p;
    p.count = static_cast<int>(count);
    for (int64_t i = 0; i < count; ++i) p.at[i] = values(x, x.count() / count * i).data;
    return p;
  }

  static SegmentPointers segments_of(const Segments& segments, const Tensor& q, int64_t keys) {
    CHECK(!segments.empty() && segments.size() <= kMaxSegments,
          "attention: " + str(segments.size()) + " segments, at most " + str(kMaxSegments) + " are possible");
    SegmentPointers p;
    int64_t windows = 0;
    for (const Tensor& segment : segments) {
      CHECK(segment.shape.rank() == 3 && segment.shape[0] == segments[0].shape[0] && segment.shape[1] == q.shape[1] &&
                segment.channels() == q.channels() && segment.dtype() == q.dtype(),
            "attention: keys " + str(segment.shape) + " do not go with queries " + str(q.shape));
      p.at[p.count++] = values(segment).data;
      windows += segment.shape[0];
    }
    CHECK(windows == keys,
          "attention: " + str(windows) + " key windows, the list of kept ones was made for " + str(keys));
    return p;
  }

  // Each tensor holds one or more whole segments.
  static SegmentPointers pooled_segments(const Tensor& q, const Segments& pooled, const SelectRule& rule) {
    const int64_t n = rule.rows * rule.columns;
    CHECK(n > 0 && q.shape[0] % n == 0 && rule.heads > 0 && q.channels() % rule.heads == 0,
          "select_blocks: queries " + str(q.shape) + " do not go with segments of " + str(n) + " windows and " +
              str(rule.heads) + " heads");
    CHECK(rule.topk >= 0 && rule.local_range >= 1,
          "select_blocks: topk " + str(rule.topk) + ", local range " + str(rule.local_range));
    SegmentPointers p;
    for (const Tensor& keys : pooled) {
      CHECK(keys.shape[0] % n == 0 && keys.channels() == q.channels(), "select_blocks: pooled keys " + str(keys.shape) +
                                                                           " do not go with queries " + str(q.shape) +
                                                                           " and segments of " + str(n) + " windows");
      for (int64_t first = 0; first < keys.shape[0]; first += n) {
        CHECK(p.count < kMaxSegments, "select_blocks: more than " + str(kMaxSegments) + " segments of keys");
        p.at[p.count++] = floats(keys) + first * keys.channels();
      }
    }
    CHECK(q.shape[0] <= p.count * n,
          "select_blocks: " + str(q.shape[0]) + " query windows, but " + str(p.count * n) + " key windows");
    return p;
  }

  Tensor candidates_of(const Tensor& q, const SegmentPointers& keys, const SelectRule& rule) {
    check_cancelled();
    Tensor out = make({rule.heads, q.shape[0], keep_capacity(rule, keys.count)}, DType::f32);
    candidate_probabilities(floats(q), q.shape[0] / (rule.rows * rule.columns), keys, q.channels(), rule, floats(out),
                            stream());
    return out;
  }

  std::shared_ptr<DeviceMask> room_for_mask(int64_t heads, int64_t queries, int64_t keys, int64_t capacity) {
    auto mask = std::make_shared<DeviceMask>();
    const int64_t rows = heads * queries;
    mask->memory = work_.pool->take(static_cast<size_t>(rows * (capacity + 2)) * sizeof(int32_t));
    mask->stream = stream();
    mask->kept.heads = small(heads);
    mask->kept.queries = small(queries);
    mask->kept.keys = small(keys);
    mask->kept.capacity = small(capacity);
    mask->kept.count = static_cast<int32_t*>(mask->memory.get());
    mask->kept.order = mask->kept.count + rows;
    mask->kept.key = mask->kept.order + rows;
    return mask;
  }

  // A list from the host (a given mask) is brought to the device; rows in their own order.
  std::shared_ptr<const DeviceMask> mask_of(const BlockMask& list) {
    if (list.device) {
      auto mine = std::dynamic_pointer_cast<const DeviceMask>(list.device);
      CHECK(mine != nullptr, "attention: the list of kept windows belongs to another backend");
      return mine;
    }
    const size_t rows = static_cast<size_t>(list.heads * list.queries);
    int64_t capacity = 1;
    for (size_t row = 0; row < rows; ++row) capacity = std::max(capacity, list.first[row + 1] - list.first[row]);
    auto mask = room_for_mask(list.heads, list.queries, list.keys, capacity);
    std::vector<int32_t> host(rows * (static_cast<size_t>(capacity) + 2), 0);
    for (size_t row = 0; row < rows; ++row) {
      host[row] = static_cast<int32_t>(list.first[row + 1] - list.first[row]);
      host[rows + row] = static_cast<int32_t>(row);
      std::copy(list.key.begin() + list.first[row], list.key.begin() + list.first[row + 1],
                host.begin() + static_cast<std::ptrdiff_t>(2 * rows + row * static_cast<size_t>(capacity)));
    }
    work_.graphs.interrupt();
    check_cuda(cudaMemcpyAsync(mask->memory.get(), host.data(), host.size() * sizeof(int32_t), cudaMemcpyHostToDevice,
                               stream()),
               "take a list of windows");
    check_cuda(cudaStreamSynchronize(stream()), "take a list of windows");
    return mask;
  }

  static void check_rope(const char* op, const Tensor& x, const Grid& grid, const Rope& rope) {
    const int64_t head = rope.dims[0] + rope.dims[1] + rope.dims[2];
    CHECK(x.rows() == grid.tokens() && x.channels() == rope.heads * head,
          std::string(op) + ": " + str(x.shape) + " is not " + str(grid.tokens()) + " tokens of " + str(rope.heads) +
              " heads x " + str(head));
  }
};

}  // namespace

std::unique_ptr<AttentionOps> make_attention(Work& work) { return std::make_unique<CudaAttention>(work); }

}  // namespace heirloom::HL_CUDA

// Retention on a card (retention.h).
#include <cmath>

#include "cuda/family.h"
#include "cuda/retention/retention.h"
#include "ops/retention_checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

class CudaRetention final : public RetentionOps, Family {
 public:
  using Family::Family;

  Tensor parallel(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("parallel", q, key, v, decays);
    Tensor out = make(v.shape, v.dtype());
    k::retain(retain_of(Sight::behind, s, q, key, v, decays, out, true), stream());
    return out;
  }

  Tensor recurrent(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays,
                   RetentionState& state) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("recurrent", q, key, v, decays);
    check_widths(s);
    check_state("recurrent", state, s.state());
    Tensor out = make(v.shape, v.dtype()), after = make(s.state(), DType::f32);
    if (state.sum.defined())
      check_cuda(cudaMemcpyAsync(after.raw(), floats(state.sum), after.bytes(), cudaMemcpyDeviceToDevice, stream()),
                 "go on from a state");
    else check_cuda(cudaMemsetAsync(after.raw(), 0, after.bytes(), stream()), "begin a state");
    Recur r;
    r.q = sequence_rows(s, q);
    r.k = sequence_rows(s, key);
    r.v = sequence_rows(s, v);
    r.out = sequence_rows(s, out);
    r.state = floats(after);
    r.decay = per_head(decays, [](double g) { return g; });
    r.sequences = s.B;
    r.tokens = s.L;
    r.heads = small(s.heads);
    r.dk = small(s.dk);
    r.dv = small(s.dv);
    recur(r, stream());
    state.sum = after;
    return out;
  }

  Tensor chunkwise(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays,
                   RetentionState& state) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("chunkwise", q, key, v, decays);
    check_state("chunkwise", state, s.state());
    const int64_t chunks = (s.L + kRetentionChunk - 1) / kRetentionChunk, last = s.L - (chunks - 1) * kRetentionChunk;
    const Tensor sums = make({s.B, s.heads, chunks, s.dk, s.dv}, DType::f32), before = make(sums.shape, DType::f32);
    Tensor out = make(v.shape, v.dtype()), after = make(s.state(), DType::f32);
    Retain r = retain_of(Sight::chunk, s, q, key, v, decays, out, true);
    r.state = floats(before);
    sum(s, r, kRetentionChunk, r.log_decay, sums);
    RetentionScan scan = scan_of(s.state(), state, sums, after);
    scan.before = floats(before);
    scan.chunks = chunks;
    scan.decay = per_head(decays, [](double g) { return std::pow(g, kRetentionChunk); });
    scan.last = per_head(decays, [&](double g) { return std::pow(g, last); });
    retention_scan(scan, stream());
    k::retain(r, stream());
    state.sum = after;
    return out;
  }

  Tensor head_norm(const Tensor& x, int64_t heads, float eps) override {
    check_head_norm(x, heads);
    Shape by_head = x.shape;
    by_head.dims.back() = heads;
    by_head.dims.push_back(x.channels() / heads);
    return norm(x.reshape(by_head), Norm::rms, eps, Tensor(), Tensor()).reshape(x.shape);
  }

  Tensor window_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows) override {
    check_cancelled();
    check_partition(x, serial, windows);
    Tensor out = make({windows.count(), windows.tokens(), x.channels()}, x.dtype());
    cut_windows(values(x), values(serial), windows_of(windows), windows.count(), small(x.channels()), values(out),
                stream());
    return out;
  }

  Tensor window_merge(const Tensor& x, const TokenWindows& windows) override {
    check_cancelled();
    check_window_tokens("window_merge", x, windows);
    Tensor out = make({windows.h, windows.w, x.channels()}, x.dtype());
    join_windows(values(x), windows_of(windows), small(x.channels()), values(out), stream());
    return out;
  }

  Tensor rotate(const Tensor& x, const TokenWindows& windows, int64_t heads, float base, float scale) override {
    check_cancelled();
    check_rotation(x, windows, heads, base);
    Rotation r;
    r.rows = x.rows();
    r.heads = small(heads);
    r.pairs = small(x.channels() / heads / 2);
    r.side = small(windows.side);
    r.scale = scale;
    const int half = r.pairs / 2;
    CHECK(r.side * half <= kMaxAngles,
          "rotate: " + str(r.side) + " positions of " + str(half) + " pairs are beyond the kernel");
    for (int i = 0; i < r.side * half; ++i) {
      const double angle = (i / half) * std::pow(base, -double(i % half) / half);
      r.cos[i] = static_cast<float>(scale * std::cos(angle));
      r.sin[i] = static_cast<float>(scale * std::sin(angle));
    }
    Tensor out = make(x.shape, x.dtype());
    r.x = values(x);
    r.out = values(out);
    k::rotate(r, stream());
    return out;
  }

  Tensor contribution(const Tensor& key, const Tensor& v, int64_t heads) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_windows("contribution", key, v, heads);
    check_widths(s);
    Tensor out = make(s.state(), DType::f32);
    Retain rows;
    rows.k = window_rows(s, key);
    rows.v = window_rows(s, v);
    sum(s, rows, s.L, PerHead(), out);
    return out;
  }

  void fold(RetentionState& state, const Tensor& contribution, const Decays& decays) override {
    check_cancelled();
    check_decays("fold", decays);
    CHECK(contribution.shape.rank() == 4 && contribution.shape[1] == static_cast<int64_t>(decays.size()),
          "fold: " + str(contribution.shape) + " with " + str(decays.size()) + " decays");
    check_state("fold", state, contribution.shape);
    CHECK(contribution.shape[1] <= kMaxHeads, "fold: " + str(decays.size()) + " heads are beyond the kernel");
    Tensor after = make(contribution.shape, DType::f32);
    RetentionScan scan = scan_of(contribution.shape, state, contribution, after);
    scan.chunks = 1;
    scan.last = per_head(decays, [](double g) { return g; });
    retention_scan(scan, stream());
    state.sum = after;
  }

  Tensor read(const Tensor& q, const Tensor& key, const Tensor& v, const RetentionState& state, const Decays& decays,
              const TokenWindows& windows) override {
    check_cancelled();
    const RetentionSizes s = check_read(q, key, v, state, decays, windows);
    Tensor out = make(v.shape, v.dtype());
    Retain r = retain_of(Sight::frame, s, q, key, v, decays, out, false);
    r.state = state.sum.defined() ? floats(state.sum) : nullptr;
    r.side = small(windows.side);
    k::retain(r, stream());
    return out;
  }

 private:
  static void check_widths(const RetentionSizes& s) {
    CHECK(s.heads <= kMaxHeads && s.dk <= kMaxHeadWidth && s.dv <= kMaxHeadWidth,
          "retention: " + str(s.heads) + " heads of " + str(s.dk) + " and " + str(s.dv) + " are beyond the kernels");
  }

  template <class F>
  static PerHead per_head(const Decays& decays, F&& value) {
    PerHead list;
    for (size_t h = 0; h < decays.size(); ++h) list.at[h] = static_cast<float>(value(double(decays[h])));
    return list;
  }

  // [B, heads, L, d]
  static HeadRows sequence_rows(const RetentionSizes& s, const Tensor& x) {
    return {values(x), s.heads * s.L * x.channels(), s.L * x.channels(), x.channels()};
  }
  // [B, L, heads * d]
  static HeadRows window_rows(const RetentionSizes& s, const Tensor& x) {
    return {values(x), s.L * x.channels(), x.channels() / s.heads, x.channels()};
  }

  static Retain retain_of(Sight sight, const RetentionSizes& s, const Tensor& q, const Tensor& key, const Tensor& v,
                          const Decays& decays, const Tensor& out, bool is_sequence) {
    check_widths(s);
    const auto rows = is_sequence ? sequence_rows : window_rows;
    Retain r;
    r.sight = sight;
    r.q = rows(s, q);
    r.k = rows(s, key);
    r.v = rows(s, v);
    r.out = rows(s, out);
    r.log_decay = per_head(decays, [](double g) { return std::log2(g); });
    r.decay = per_head(decays, [](double g) { return g; });
    r.sequences = s.B;
    r.tokens = s.L;
    r.heads = small(s.heads);
    r.dk = small(s.dk);
    r.dv = small(s.dv);
    return r;
  }

  // The keys and values of `rows`, `length` of them at a time.
  void sum(const RetentionSizes& s, const Retain& rows, int64_t length, const PerHead& log_decay,
           const Tensor& out) const {
    RetentionSums sums;
    sums.k = rows.k;
    sums.v = rows.v;
    sums.log_decay = log_decay;
    sums.sequences = s.B;
    sums.tokens = s.L;
    sums.length = length;
    sums.heads = small(s.heads);
    sums.dk = small(s.dk);
    sums.dv = small(s.dv);
    sums.out = floats(out);
    retention_sums(sums, stream());
  }

  static RetentionScan scan_of(const Shape& shape, const RetentionState& state, const Tensor& sums,
                               const Tensor& after) {
    RetentionScan scan;
    scan.state = state.sum.defined() ? floats(state.sum) : nullptr;
    scan.sums = floats(sums);
    scan.after = floats(after);
    scan.sequences = shape[0];
    scan.heads = small(shape[1]);
    scan.size = small(shape[2] * shape[3]);
    return scan;
  }

  static WindowsOfTokens windows_of(const TokenWindows& windows) {
    WindowsOfTokens map;
    map.h = small(windows.h);
    map.w = small(windows.w);
    map.side = small(windows.side);
    map.columns = small(windows.columns());
    return map;
  }
};

}  // namespace

std::unique_ptr<RetentionOps> make_retention(Work& work) { return std::make_unique<CudaRetention>(work); }

}  // namespace heirloom::HL_CUDA

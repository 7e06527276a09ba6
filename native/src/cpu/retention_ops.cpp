// Retention on the processor (ops/retention.h). Every sum runs in a fixed order, whoever computes it.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "cpu/family.h"
#include "cpu/kernels.h"
#include "cpu/level.h"
#include "ops/retention_checks.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

constexpr int64_t kChunk = 64;

// g^(n-1), ..., g^1, g^0 and then kChunk zeros: from entry n-1-i on it is row i of the causal shares of n keys.
std::vector<float> fading(float g, int64_t n) {
  std::vector<float> list(static_cast<size_t>(n + kChunk));
  for (int64_t i = 0; i < n; ++i)
    list[static_cast<size_t>(n - 1 - i)] = static_cast<float>(std::pow(double(g), double(i)));
  return list;
}

// g^(|dy| + |dx|) between all tokens of a window, the last being at distance 0 from all.   [tokens, tokens]
std::vector<float> within_frame(float g, const TokenWindows& windows) {
  const int64_t side = windows.side, T = windows.tokens();
  const std::vector<float> fades = fading(g, 2 * side);
  std::vector<float> shares(static_cast<size_t>(T * T), 1.0f);
  for (int64_t i = 0; i + 1 < T; ++i)
    for (int64_t j = 0; j + 1 < T; ++j) {
      const int64_t distance = std::abs(i / side - j / side) + std::abs(i % side - j % side);
      shares[static_cast<size_t>(i * T + j)] = fades[static_cast<size_t>(2 * side - 1 - distance)];
    }
  return shares;
}

class CpuRetention final : public RetentionOps, Family {
 public:
  using Family::Family;

  Tensor parallel(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("parallel", q, key, v, decays);
    std::vector<std::vector<float>> fades;
    for (const float g : decays) fades.push_back(fading(g, s.L));
    Tensor out = empty(v.shape);
    const int64_t blocks = (s.L + kChunk - 1) / kChunk;
    work_.pool.parallel_for(s.B * s.heads * blocks, [&](int64_t item) {
      const int64_t sequence = item / blocks, first = item % blocks * kChunk;
      RetentionBlock b = block_of(s, q, key, v, out, sequence, first);
      b.k = key.data() + sequence * s.L * s.dk;
      b.v = v.data() + sequence * s.L * s.dv;
      b.keys = small(first + b.queries);
      b.shares = fades[static_cast<size_t>(sequence % s.heads)].data() + s.L - 1 - first;
      b.shares_stride = -1;
      retain(b);
    });
    return out;
  }

  Tensor recurrent(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays,
                   RetentionState& state) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("recurrent", q, key, v, decays);
    begin("recurrent", s, state);
    Tensor out = empty(v.shape);
    work_.pool.parallel_for(s.B * s.heads, [&](int64_t sequence) {
      const float whole = 1;
      RetentionSum step = sum_of(s, key, v, sequence, 0, 1);
      step.decay = decays[static_cast<size_t>(sequence % s.heads)];
      step.state = state.sum.data() + sequence * s.dk * s.dv;
      RetentionBlock b = block_of(s, q, key, v, out, sequence, 0);
      b.queries = 1;
      b.keys = 0;
      b.state = step.state;
      b.into = &whole;
      b.shares = &whole;
      for (int64_t n = 0; n < s.L; ++n) {
        level().retention_sum(step);
        retain(b);
        step.k += s.dk;
        step.v += s.dv;
        b.q += s.dk;
        b.out += s.dv;
      }
    });
    return out;
  }

  Tensor chunkwise(const Tensor& q, const Tensor& key, const Tensor& v, const Decays& decays,
                   RetentionState& state) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_sequences("chunkwise", q, key, v, decays);
    begin("chunkwise", s, state);
    Tensor out = empty(v.shape);
    work_.pool.parallel_for(s.B * s.heads, [&](int64_t sequence) {
      const float g = decays[static_cast<size_t>(sequence % s.heads)];
      const std::vector<float> fades = fading(g, kChunk);
      std::vector<float> into(kChunk);
      for (int64_t i = 0; i < kChunk; ++i)
        into[static_cast<size_t>(i)] = static_cast<float>(std::pow(double(g), double(i + 1)));
      for (int64_t first = 0; first < s.L; first += kChunk) {
        RetentionBlock b = block_of(s, q, key, v, out, sequence, first);
        RetentionSum sum = sum_of(s, key, v, sequence, first, b.queries);
        sum.left = fades.data() + kChunk - b.queries;
        sum.decay = into[static_cast<size_t>(b.queries - 1)];
        sum.state = state.sum.data() + sequence * s.dk * s.dv;
        b.shares = fades.data() + kChunk - 1;
        b.shares_stride = -1;
        b.state = sum.state;
        b.into = into.data();
        retain(b);
        level().retention_sum(sum);
      }
    });
    return out;
  }

  Tensor head_norm(const Tensor& x, int64_t heads, float eps) override {
    check_head_norm(x, heads);
    Tensor out = like(x);
    const int64_t d = x.channels() / heads;
    const std::vector<float> ones(static_cast<size_t>(d), 1.0f);
    k::rms_norm(work_.pool, x.data(), x.rows() * heads, small(d), eps, ones.data(), out.data());
    return out;
  }

  Tensor window_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows) override {
    check_cancelled();
    check_partition(x, serial, windows);
    const int64_t D = x.channels(), T = windows.tokens();
    Tensor out = empty({windows.count(), T, D});
    rows(windows.count() * T, [&](int64_t row) {
      const int64_t token = row % T, at = place_of(windows, row / T, token);
      const float* from = token == T - 1 ? serial.data() : at < 0 ? nullptr : x.data() + at * D;
      float* to = out.data() + row * D;
      if (from) std::memcpy(to, from, static_cast<size_t>(D) * sizeof(float));
      else std::fill(to, to + D, 0.0f);
    });
    return out;
  }

  Tensor window_merge(const Tensor& x, const TokenWindows& windows) override {
    check_cancelled();
    check_window_tokens("window_merge", x, windows);
    const int64_t D = x.channels(), T = windows.tokens();
    Tensor out = empty({windows.h, windows.w, D});
    rows(windows.count() * T, [&](int64_t row) {
      const int64_t at = row % T == T - 1 ? -1 : place_of(windows, row / T, row % T);
      if (at >= 0) std::memcpy(out.data() + at * D, x.data() + row * D, static_cast<size_t>(D) * sizeof(float));
    });
    return out;
  }

  Tensor rotate(const Tensor& x, const TokenWindows& windows, int64_t heads, float base, float scale) override {
    check_rotation(x, windows, heads, base);
    Tensor out = like(x);
    const int64_t T = windows.tokens(), D = x.channels(), pairs = D / heads / 2;
    std::vector<float> cos(static_cast<size_t>(T * pairs), scale), sin(static_cast<size_t>(T * pairs), 0.0f);
    for (int64_t token = 0; token + 1 < T; ++token)
      for (int64_t j = 0; j < pairs; ++j) {
        const bool is_row = j < pairs / 2;
        const double of_axis = double(is_row ? j : j - pairs / 2) / double(pairs / 2);
        const double angle = double(is_row ? token / windows.side : token % windows.side) * std::pow(base, -of_axis);
        cos[static_cast<size_t>(token * pairs + j)] = static_cast<float>(scale * std::cos(angle));
        sin[static_cast<size_t>(token * pairs + j)] = static_cast<float>(scale * std::sin(angle));
      }
    rows(x.rows(), [&](int64_t row) {
      std::memcpy(out.data() + row * D, x.data() + row * D, static_cast<size_t>(D) * sizeof(float));
      const size_t at = static_cast<size_t>(row % T * pairs);
      level().rope(out.data() + row * D, 1, small(heads), small(2 * pairs), cos.data() + at, sin.data() + at);
    });
    return out;
  }

  Tensor contribution(const Tensor& key, const Tensor& v, int64_t heads) override {
    check_cancelled();
    const RetentionSizes s = sizes_of_windows("contribution", key, v, heads);
    Tensor out = empty(s.state());
    work_.pool.parallel_for(s.B * heads, [&](int64_t item) {
      const int64_t window = item / heads, head = item % heads;
      RetentionSum sum;
      sum.k = key.data() + window * s.L * key.channels() + head * s.dk;
      sum.v = v.data() + window * s.L * v.channels() + head * s.dv;
      sum.k_stride = key.channels();
      sum.v_stride = v.channels();
      sum.keys = small(s.L);
      sum.dk = small(s.dk);
      sum.dv = small(s.dv);
      sum.begin = true;
      sum.state = out.data() + item * s.dk * s.dv;
      level().retention_sum(sum);
    });
    return out;
  }

  void fold(RetentionState& state, const Tensor& contribution, const Decays& decays) override {
    check_decays("fold", decays);
    CHECK(contribution.shape.rank() == 4 && contribution.shape[1] == static_cast<int64_t>(decays.size()),
          "fold: " + str(contribution.shape) + " with " + str(decays.size()) + " decays");
    check_state("fold", state, contribution.shape);
    Tensor out = copy(contribution);
    const int64_t heads = contribution.shape[1], size = contribution.shape[2] * contribution.shape[3];
    if (state.sum.defined())
      rows(contribution.shape[0] * heads, [&](int64_t item) {
        const float g = decays[static_cast<size_t>(item % heads)], *before = state.sum.data() + item * size;
        float* to = out.data() + item * size;
        for (int64_t i = 0; i < size; ++i) to[i] += g * before[i];
      });
    state.sum = out;
  }

  Tensor read(const Tensor& q, const Tensor& key, const Tensor& v, const RetentionState& state, const Decays& decays,
              const TokenWindows& windows) override {
    check_cancelled();
    const RetentionSizes s = check_read(q, key, v, state, decays, windows);
    std::vector<std::vector<float>> shares, into;
    for (const float g : decays) {
      shares.push_back(within_frame(g, windows));
      into.emplace_back(static_cast<size_t>(s.L), g);
    }
    Tensor out = empty(v.shape);
    work_.pool.parallel_for(s.B * s.heads, [&](int64_t item) {
      const int64_t window = item / s.heads, head = item % s.heads;
      RetentionBlock b;
      b.q_stride = b.k_stride = q.channels();
      b.v_stride = b.out_stride = v.channels();
      b.q = q.data() + window * s.L * b.q_stride + head * s.dk;
      b.k = key.data() + window * s.L * b.k_stride + head * s.dk;
      b.v = v.data() + window * s.L * b.v_stride + head * s.dv;
      b.out = out.data() + window * s.L * b.out_stride + head * s.dv;
      b.queries = b.keys = small(s.L);
      b.dk = small(s.dk);
      b.dv = small(s.dv);
      b.shares = shares[static_cast<size_t>(head)].data();
      b.shares_stride = s.L;
      b.state = state.sum.defined() ? state.sum.data() + item * s.dk * s.dv : nullptr;
      b.into = into[static_cast<size_t>(head)].data();
      retain(b);
    });
    return out;
  }

 private:
  // A state of one's own to go on with: a copy of the tensor is somebody's.
  void begin(const char* op, const RetentionSizes& s, RetentionState& state) {
    check_state(op, state, s.state());
    Tensor own = empty(s.state());
    if (state.sum.defined()) std::memcpy(own.data(), state.sum.data(), own.bytes());
    else std::fill(own.data(), own.data() + own.count(), 0.0f);
    state.sum = own;
  }

  // kChunk queries (fewer at the end) of a sequence from `first` on, with the keys of the same tokens.
  RetentionBlock block_of(const RetentionSizes& s, const Tensor& q, const Tensor& key, const Tensor& v, Tensor& out,
                          int64_t sequence, int64_t first) const {
    const int64_t token = sequence * s.L + first;
    RetentionBlock b;
    b.q = q.data() + token * s.dk;
    b.k = key.data() + token * s.dk;
    b.v = v.data() + token * s.dv;
    b.out = out.data() + token * s.dv;
    b.q_stride = b.k_stride = s.dk;
    b.v_stride = b.out_stride = s.dv;
    b.queries = b.keys = small(std::min(kChunk, s.L - first));
    b.dk = small(s.dk);
    b.dv = small(s.dv);
    return b;
  }

  RetentionSum sum_of(const RetentionSizes& s, const Tensor& key, const Tensor& v, int64_t sequence, int64_t first,
                      int keys) const {
    const int64_t token = sequence * s.L + first;
    RetentionSum sum;
    sum.k = key.data() + token * s.dk;
    sum.v = v.data() + token * s.dv;
    sum.k_stride = s.dk;
    sum.v_stride = s.dv;
    sum.keys = keys;
    sum.dk = small(s.dk);
    sum.dv = small(s.dv);
    return sum;
  }

  static void retain(RetentionBlock b) {
    thread_local std::vector<float> room;
    const size_t wanted = static_cast<size_t>(RetentionBlock::room_floats(b.keys, b.dk));
    if (room.size() < wanted + 1) room.resize(wanted + 1);
    b.room = room.data();
    level().retain(b);
  }

  // Where a token of a window lies in the map; -1: beyond it.
  static int64_t place_of(const TokenWindows& windows, int64_t window, int64_t token) {
    const int64_t y = window / windows.columns() * windows.side + token / windows.side,
                  x = window % windows.columns() * windows.side + token % windows.side;
    return y < windows.h && x < windows.w ? y * windows.w + x : -1;
  }
};

}  // namespace

std::unique_ptr<RetentionOps> make_retention(Work& work) { return std::make_unique<CpuRetention>(work); }

}  // namespace heirloom::cpu

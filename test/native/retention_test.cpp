// Retention on the processor: its three forms along a sequence and the frames of a film in windows, against the formula in double.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "check_test.h"
#include "device.h"
#include "kernels_check.h"
#include "ops.h"
#include "weights/weight_file.h"

using namespace heirloom;

namespace {

// After the norm, where a head has no scale of its own (docs/heirloom-motion.md). Raw sums grow with 1 / (1 - g).
constexpr double kBound = 1e-5;
constexpr float kHeadEps = 1e-3f;

struct Made {
  explicit Made(int threads = 2) : ops(make_ops({"cpu"}, threads, nullptr)) {}
  std::unique_ptr<Ops> ops;
  RetentionOps* operator->() const { return &ops->retention; }
};

Tensor random_tensor(const Shape& shape, uint64_t seed, float size = 1) {
  check::Random random(seed);
  Tensor t = Tensor::heap(shape);
  for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = size * random.uniform();
  return t;
}

Decays long_decays(int heads) {
  Decays list;
  for (int h = 0; h < heads; ++h) list.push_back(1 - std::ldexp(1.0f, -5 - h));
  return list;
}

struct Sequences {
  Tensor q, k, v;
  Sequences(int64_t B, int64_t heads, int64_t L, int64_t dk, int64_t dv, uint64_t seed)
      : q(random_tensor({B, heads, L, dk}, seed)),
        k(random_tensor({B, heads, L, dk}, seed + 1, 0.25f)),
        v(random_tensor({B, heads, L, dv}, seed + 2)) {}
  // Tokens first .. first + n.
  Sequences(const Sequences& of, int64_t first, int64_t n)
      : q(cut(of.q, first, n)),
        k(cut(of.k, first, n)),
        v(cut(of.v, first, n)) {}

 private:
  static Tensor cut(const Tensor& x, int64_t first, int64_t n) {
    const int64_t L = x.shape[2], d = x.channels();
    Tensor out = Tensor::heap({x.shape[0], x.shape[1], n, d});
    for (int64_t i = 0; i < x.shape[0] * x.shape[1]; ++i)
      std::copy_n(x.data() + (i * L + first) * d, n * d, out.data() + i * n * d);
    return out;
  }
};

// x / sqrt(mean(x^2) + eps) over each of `rows` rows.
std::vector<double> normed(const std::vector<double>& x, int64_t d) {
  std::vector<double> out = x;
  for (size_t row = 0; row < x.size(); row += size_t(d)) {
    double square = 0;
    for (size_t i = row; i < row + size_t(d); ++i) square += x[i] * x[i] / double(d);
    for (size_t i = row; i < row + size_t(d); ++i) out[i] /= std::sqrt(square + double(kHeadEps));
  }
  return out;
}

// The recurrent form in double.
std::vector<double> slowly(const Sequences& s, const Decays& decays) {
  const int64_t heads = s.q.shape[1], L = s.q.shape[2], dk = s.q.channels(), dv = s.v.channels();
  std::vector<double> out(size_t(s.v.count()));
  for (int64_t i = 0; i < s.q.shape[0] * heads; ++i) {
    std::vector<double> state(size_t(dk * dv));
    for (int64_t n = i * L; n < (i + 1) * L; ++n)
      for (int64_t c = 0; c < dk; ++c)
        for (int64_t e = 0; e < dv; ++e) {
          double& sum = state[size_t(c * dv + e)];
          sum = double(decays[size_t(i % heads)]) * sum + double(s.k.data()[n * dk + c]) * s.v.data()[n * dv + e];
          out[size_t(n * dv + e)] += s.q.data()[n * dk + c] * sum;
        }
  }
  return out;
}

double difference(const std::vector<double>& a, const Tensor& b) {
  EXPECT(a.size() == size_t(b.count()));
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::fabs(a[i] - double(b.data()[i])));
  return worst;
}
bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape == b.shape && !std::memcmp(a.data(), b.data(), a.bytes());
}

using Form = std::function<Tensor(const Made&, const Sequences&, const Decays&, RetentionState&)>;
const std::pair<const char*, Form> kForms[] = {
    {"parallel", [](const Made& made, const Sequences& s, const Decays& decays,
                    RetentionState&) { return made->parallel(s.q, s.k, s.v, decays); }},
    {"recurrent", [](const Made& made, const Sequences& s, const Decays& decays,
                     RetentionState& state) { return made->recurrent(s.q, s.k, s.v, decays, state); }},
    {"chunkwise", [](const Made& made, const Sequences& s, const Decays& decays, RetentionState& state) {
       return made->chunkwise(s.q, s.k, s.v, decays, state);
     }}};

void expect_formula(const Made& made, const Sequences& s, const Decays& decays) {
  const std::vector<double> wanted = normed(slowly(s, decays), s.v.channels());
  for (const auto& form : kForms) {
    RetentionState state;
    const Tensor found = made->head_norm(form.second(made, s, decays, state), 1, kHeadEps);
    const double off = difference(wanted, found);
    if (!(off <= kBound))
      check::failed(
          __FILE__, __LINE__,
          std::string(form.first) + " of " + str(s.q.shape) + ": off by " + std::to_string(off * 1e6) + "e-6");
  }
}

}  // namespace

TEST("the three forms are the formula, after the norm, at every length and decay") {
  const Made made;
  for (const int64_t L : {1, 63, 64, 65, 1000, 4096})
    expect_formula(made, Sequences(1, 8, L, 16, 32, L), long_decays(8));
}

TEST("the three forms are the formula at odd sizes, on every level of instructions") {
  check::each_level([] {
    const Made made;
    for (const int64_t d : {1, 3, 17, 40})
      expect_formula(made, Sequences(2, 3, 71, d, d + 5, uint64_t(d)), {0.5f, 0.9f, 0.99f});
  });
}

TEST("the same bits whatever the number of threads") {
  const Sequences s(2, 3, 200, 16, 32, 5);
  for (const auto& form : kForms) {
    RetentionState one, seven;
    EXPECT(same_bits(form.second(Made(1), s, long_decays(3), one), form.second(Made(7), s, long_decays(3), seven)));
    EXPECT(!one.sum.defined() || same_bits(one.sum, seven.sum));
  }
}

TEST("a sequence in one, two or seven pieces is the same sequence, after the norm; token by token to the bit") {
  const Made made;
  const int64_t L = 500;
  const Decays decays = long_decays(4);
  const Sequences whole(2, 4, L, 16, 32, 9);
  const std::vector<double> wanted = normed(slowly(whole, decays), 32);
  RetentionState at_once;
  const Tensor unbroken = made->recurrent(whole.q, whole.k, whole.v, decays, at_once);
  for (const bool by_chunk : {false, true})
    for (const int64_t pieces : {1, 2, 7}) {
      RetentionState state;
      for (int64_t i = 0; i < pieces; ++i) {
        const int64_t first = L * i / pieces, n = L * (i + 1) / pieces - first;
        const Sequences part(whole, first, n);
        const Tensor out = by_chunk ? made->chunkwise(part.q, part.k, part.v, decays, state)
                                    : made->recurrent(part.q, part.k, part.v, decays, state);
        const Tensor found = made->head_norm(out, 1, kHeadEps);
        for (int64_t sequence = 0; sequence < 8; ++sequence)
          for (int64_t at = 0; at < n * 32; ++at) {
            const int64_t in_whole = (sequence * L + first) * 32 + at;
            EXPECT_NEAR(found.data()[sequence * n * 32 + at], wanted[size_t(in_whole)], kBound);
            if (!by_chunk) EXPECT(out.data()[sequence * n * 32 + at] == unbroken.data()[in_whole]);
          }
      }
      if (!by_chunk) EXPECT(same_bits(state.sum, at_once.sum));
    }
}

TEST("a state that was put aside stays as it was while the stream goes on") {
  const Made made;
  const Sequences s(1, 2, 10, 4, 6, 3);
  RetentionState state;
  made->recurrent(s.q, s.k, s.v, {0.5f, 0.75f}, state);
  const RetentionState kept = state;
  const Tensor before = made.ops->memory.download(kept.sum);
  made->recurrent(s.q, s.k, s.v, {0.5f, 0.75f}, state);
  made->chunkwise(s.q, s.k, s.v, {0.5f, 0.75f}, state);
  made->fold(state, random_tensor({1, 2, 4, 6}, 8), {0.5f, 0.75f});
  EXPECT(same_bits(before, kept.sum) && !same_bits(before, state.sum));
}

namespace {

// Frames of windows: q, k [windows, T, heads * dk], v [windows, T, heads * dv].
struct Frame {
  Tensor q, k, v;
  bool is_key;
};

// All frames at once, in double: a frame sees itself and, fainter by one decay for each key in between and one more, every key before it.
std::vector<double> block_causal(const std::vector<Frame>& frames, size_t of, const TokenWindows& windows,
                                 const Decays& decays) {
  const Frame& f = frames[of];
  const int64_t heads = int64_t(decays.size()), T = windows.tokens(), dk = f.q.channels() / heads,
                dv = f.v.channels() / heads;
  std::vector<double> out(size_t(f.v.count()));
  int64_t keys_after = 0;
  const auto add = [&](const Frame& from, const std::function<double(int64_t, int64_t)>& steps) {
    for (int64_t window = 0; window < windows.count(); ++window)
      for (int64_t h = 0; h < heads; ++h)
        for (int64_t i = 0; i < T; ++i)
          for (int64_t j = 0; j < T; ++j) {
            double score = std::pow(double(decays[size_t(h)]), steps(i, j));
            double product = 0;
            for (int64_t c = 0; c < dk; ++c)
              product += double(f.q.data()[((window * T + i) * heads + h) * dk + c]) *
                         from.k.data()[((window * T + j) * heads + h) * dk + c];
            score *= product;
            for (int64_t e = 0; e < dv; ++e)
              out[size_t(((window * T + i) * heads + h) * dv + e)] +=
                  score * from.v.data()[((window * T + j) * heads + h) * dv + e];
          }
  };
  for (size_t m = of; m-- > 0;) {
    if (!frames[m].is_key) continue;
    ++keys_after;
    add(frames[m], [&](int64_t, int64_t) { return double(keys_after); });
  }
  add(f, [&](int64_t i, int64_t j) {
    if (i == T - 1 || j == T - 1) return 0.0;
    return double(std::abs(i / windows.side - j / windows.side) + std::abs(i % windows.side - j % windows.side));
  });
  return out;
}

}  // namespace

TEST("frames one by one are all frames at once, after the norm; queries leave the state to the bit") {
  const Made made;
  TokenWindows windows;
  windows.h = 5, windows.w = 9, windows.side = 4;
  const Decays decays = {0.5f, 0.75f, 0.875f, 0.9375f};
  std::vector<Frame> frames;
  for (uint64_t i = 0; i < 7; ++i)
    frames.push_back({random_tensor({windows.count(), windows.tokens(), 4 * 8}, 10 * i),
                      random_tensor({windows.count(), windows.tokens(), 4 * 8}, 10 * i + 1, 0.25f),
                      random_tensor({windows.count(), windows.tokens(), 4 * 12}, 10 * i + 2), i != 2 && i != 5});
  RetentionState state;
  for (size_t i = 0; i < frames.size(); ++i) {
    const Frame& f = frames[i];
    const RetentionState before = state;
    const Tensor kept = state.sum.defined() ? made.ops->memory.download(state.sum) : Tensor();
    const Tensor out = made->read(f.q, f.k, f.v, state, decays, windows);
    EXPECT(before.sum.defined() == state.sum.defined() && (!kept.defined() || same_bits(kept, state.sum)));
    EXPECT(difference(normed(block_causal(frames, i, windows, decays), 12), made->head_norm(out, 4, kHeadEps)) <=
           kBound);
    if (f.is_key) made->fold(state, made->contribution(f.k, f.v, 4), decays);
  }
}

TEST("a state is the sum of what was written, fainter by one decay for every key since") {
  const Made made;
  const Decays decays = {0.5f, 0.9375f};
  std::vector<Tensor> written;
  RetentionState state;
  for (uint64_t i = 0; i < 8; ++i) {
    const Tensor k = random_tensor({6, 17, 2 * 8}, i), v = random_tensor({6, 17, 2 * 8}, i + 50);
    written.push_back(made->contribution(k, v, 2));
    made->fold(state, written.back(), decays);
    for (int64_t at = 0; at < written.back().count(); ++at) {
      const int64_t window = at / 128, h = at / 64 % 2, c = at / 8 % 8, e = at % 8;
      double wanted = 0;
      for (int64_t token = window * 17; token < (window + 1) * 17; ++token)
        wanted += double(k.data()[token * 16 + h * 8 + c]) * v.data()[token * 16 + h * 8 + e];
      EXPECT_NEAR(written.back().data()[at], wanted, 1e-5);
    }
  }
  for (int64_t at = 0; at < written[0].count(); ++at) {
    double wanted = 0;
    for (const Tensor& each : written) wanted = double(decays[size_t(at / 64 % 2)]) * wanted + double(each.data()[at]);
    EXPECT_NEAR(state.sum.data()[at], wanted, 1e-5);
  }
}

TEST(
    "windows are cut from the upper left with zeros beyond the map and the serial number last, and put together "
    "again") {
  const Made made;
  TokenWindows windows;
  windows.h = 5, windows.w = 6, windows.side = 4;
  const Tensor x = random_tensor({5, 6, 3}, 1), serial = random_tensor({3}, 2);
  const Tensor cut = made->window_partition(x, serial, windows);
  EXPECT(cut.shape == (Shape{4, 17, 3}));
  for (int64_t window = 0; window < 4; ++window)
    for (int64_t token = 0; token < 17; ++token)
      for (int64_t c = 0; c < 3; ++c) {
        const int64_t y = window / 2 * 4 + token / 4, u = window % 2 * 4 + token % 4;
        const float wanted = token == 16 ? serial.data()[c] : y < 5 && u < 6 ? x.data()[(y * 6 + u) * 3 + c] : 0.0f;
        EXPECT(cut.data()[(window * 17 + token) * 3 + c] == wanted);
      }
  EXPECT(same_bits(made->window_merge(cut, windows), x));
}

TEST("heads are turned by row and column inside the window, and scaled; the serial number is scaled alone") {
  const Made made;
  TokenWindows windows;
  windows.h = 8, windows.w = 16;
  const Tensor x = random_tensor({2, 65, 2 * 16}, 4), turned = made->rotate(x, windows, 2, 100.0f, 0.25f);
  for (int64_t at = 0; at < x.count(); at += 2) {
    const int64_t token = at / 32 % 65, pair = at % 16 / 2;
    const double angle = token == 64 ? 0
                         : pair < 4  ? double(token / 8) * std::pow(100.0, -double(pair) / 4)
                                     : double(token % 8) * std::pow(100.0, -double(pair - 4) / 4);
    const double a = x.data()[at], b = x.data()[at + 1];
    EXPECT_NEAR(turned.data()[at], 0.25 * (a * std::cos(angle) - b * std::sin(angle)), 1e-7);
    EXPECT_NEAR(turned.data()[at + 1], 0.25 * (a * std::sin(angle) + b * std::cos(angle)), 1e-7);
  }
}

TEST("the forms are what PyTorch makes of the same numbers") {  // models/motion/retention_golden.py
  const Made made;
  Weights golden;
  golden.open(std::string(HL_ROOT) + "/test/fixtures/native/retention.safetensors");
  const Tensor listed = golden.get("decays");
  const Decays decays(listed.data(), listed.data() + listed.count());
  const auto near = [&](const Tensor& found, const std::string& name, double bound) {
    const Tensor wanted = golden.get(name, found.shape);
    for (int64_t i = 0; i < found.count(); ++i) EXPECT_NEAR(found.data()[i], wanted.data()[i], bound);
  };
  const Tensor q = golden.get("sequence.q"), k = golden.get("sequence.k"), v = golden.get("sequence.v");
  const auto normed_heads = [&](const Tensor& x) { return made->head_norm(x, 1, kHeadEps); };
  RetentionState by_chunk, by_token;
  near(normed_heads(made->parallel(q, k, v, decays)), "sequence.out", kBound);
  near(normed_heads(made->chunkwise(q, k, v, decays, by_chunk)), "sequence.out", kBound);
  near(normed_heads(made->recurrent(q, k, v, decays, by_token)), "sequence.out", kBound);
  near(by_chunk.sum, "sequence.state", kBound);
  near(by_token.sum, "sequence.state", kBound);
  near(normed_heads(made->recurrent(q, k, v, decays, by_chunk)), "sequence.again", kBound);
  near(by_chunk.sum, "sequence.last", kBound);

  TokenWindows windows;
  windows.h = 3, windows.w = 5, windows.side = 3;
  RetentionState state;
  for (int f = 0; f < 3; ++f) {
    const std::string of = "frame." + std::to_string(f) + ".";
    const Tensor turned = made->rotate(golden.get(of + "k"), windows, 3, 100.0f, 0.25f), value = golden.get(of + "v");
    const Tensor out =
        made->read(made->rotate(golden.get(of + "q"), windows, 3, 100.0f, 1), turned, value, state, decays, windows);
    near(made->head_norm(out, 3, kHeadEps), of + "out", kBound);
    if (f < 2) made->fold(state, made->contribution(turned, value, 3), decays);
    near(state.sum, of + "state", kBound);
  }
}

TEST("what does not fit together is refused with its shapes") {
  const Made made;
  const Sequences s(1, 2, 5, 4, 6, 1);
  RetentionState state;
  std::string sentence;
  EXPECT(check::error_code([&] { made->parallel(s.q, s.v, s.v, {0.5f, 0.5f}); }, &sentence) == "internal" &&
         sentence.find("[1, 2, 5, 6]") != std::string::npos);
  EXPECT(check::error_code([&] { made->recurrent(s.q, s.k, s.v, {0.5f}, state); }) == "internal");
  EXPECT(check::error_code([&] { made->chunkwise(s.q, s.k, s.v, {0.5f, 1.0f}, state); }) == "internal");
  state.sum = Tensor::zeros({1, 2, 4, 5});
  EXPECT(check::error_code([&] { made->chunkwise(s.q, s.k, s.v, {0.5f, 0.5f}, state); }) == "internal");
  EXPECT(check::error_code([&] { made->head_norm(s.q, 3, 1e-3f); }) == "internal");
  TokenWindows windows;
  windows.h = windows.w = 8;
  EXPECT(check::error_code([&] { made->rotate(Tensor::zeros({1, 64, 16}), windows, 1, 100, 1); }) == "internal");
  EXPECT(check::error_code([&] { made->rotate(Tensor::zeros({1, 65, 6}), windows, 1, 100, 1); }) == "internal");
}

TEST_MAIN

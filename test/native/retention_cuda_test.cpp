// Retention of the CUDA backend against the CPU's, on the emulator, in every precision. Numbers are multiples of 1/64, which all formats hold exactly,
// so that only the op's own arithmetic and the rounding of its result differ.
#include <cstring>
#include <functional>

#include "follows_cpu.h"

using namespace heirloom;
using check::numbers;

namespace {

struct Given {
  Ops& ops;
  check::Random random;
  Tensor tokens(const Shape& shape, float largest = 1.0f) {
    return ops.memory.upload_tokens(numbers(random, shape, largest));
  }
  Tensor floats(const Shape& shape) { return ops.memory.upload(numbers(random, shape)); }
};
using Body = std::function<Tensor(Given&)>;

Tensor run(const DeviceOptions& device, const Body& body) {
  const auto ops = make_ops(device, 1, nullptr);
  Given given = {*ops, check::Random(7)};
  return ops->memory.download(body(given));
}

void same(const std::string& what, const Body& body, double fp32 = 2e-6, double steps = 1.1) {
  check::follows_cpu(what, [&](const DeviceOptions& on) { return run(on, body); }, fp32, steps);
}

const Decays kDecays = {0.5f, 0.96875f, 1 - 0x1p-12f};

struct Sequences {
  Tensor q, k, v;
  Sequences(Given& g, int64_t L, int64_t dk, int64_t dv)
      : q(g.tokens({2, 3, L, dk})),
        k(g.tokens({2, 3, L, dk}, 0.25f)),
        v(g.tokens({2, 3, L, dv})) {}
};

struct Windows {
  TokenWindows map;
  Tensor q, k, v;
  explicit Windows(Given& g, int64_t side = 8, int64_t dk = 16, int64_t dv = 32) {
    map.h = side + 1, map.w = 2 * side - 1, map.side = side;
    q = g.tokens({map.count(), map.tokens(), 3 * dk});
    k = g.tokens({map.count(), map.tokens(), 3 * dk}, 0.25f);
    v = g.tokens({map.count(), map.tokens(), 3 * dv});
  }
};

}  // namespace

TEST("the three forms along a sequence follow the CPU, and so does the state that is left") {
  for (const int64_t L : {1, 15, 64, 65, 200}) {
    const auto of = [&](auto form, bool is_state) {
      return [form, is_state, L](Given& g) {
        const Sequences first(g, L, 16, 32), second(g, L, 16, 32);
        RetentionState state;
        form(g, first, state);
        const Tensor out = form(g, second, state);  // goes on where the first ended
        return is_state ? state.sum : out;
      };
    };
    const auto parallel = [](Given& g, const Sequences& s, RetentionState&) {
      return g.ops.retention.parallel(s.q, s.k, s.v, kDecays);
    };
    const auto recurrent = [](Given& g, const Sequences& s, RetentionState& state) {
      return g.ops.retention.recurrent(s.q, s.k, s.v, kDecays, state);
    };
    const auto chunkwise = [](Given& g, const Sequences& s, RetentionState& state) {
      return g.ops.retention.chunkwise(s.q, s.k, s.v, kDecays, state);
    };
    const std::string at = " of " + std::to_string(L);
    same("parallel" + at, of(parallel, false));
    same("recurrent" + at, of(recurrent, false));
    same("chunkwise" + at, of(chunkwise, false));
    same("state, recurrent" + at, of(recurrent, true), 2e-6, 0);
    same("state, chunkwise" + at, of(chunkwise, true), 2e-6, 0);
  }
}

TEST("heads of odd widths follow the CPU") {
  for (const int64_t d : {1, 3, 17, 40})
    same("chunkwise, " + std::to_string(d) + " wide", [d](Given& g) {
      const Sequences s(g, 70, d, d + 5);
      RetentionState state;
      return g.ops.retention.chunkwise(s.q, s.k, s.v, kDecays, state);
    });
}

TEST("frames in windows follow the CPU: what a key writes, and what a frame reads of itself and of before") {
  for (const int64_t side : {8, 3}) {
    same(
        "contribution",
        [side](Given& g) {
          const Windows w(g, side);
          return g.ops.retention.contribution(w.k, w.v, 3);
        },
        2e-6, 0);
    same("read, nothing written", [side](Given& g) {
      const Windows w(g, side);
      return g.ops.retention.read(w.q, w.k, w.v, {}, kDecays, w.map);
    });
    same("read", [side](Given& g) {
      const Windows before(g, side), w(g, side);
      RetentionState state;
      g.ops.retention.fold(state, g.ops.retention.contribution(before.k, before.v, 3), kDecays);
      g.ops.retention.fold(state, g.ops.retention.contribution(w.k, w.v, 3), kDecays);
      return g.ops.retention.read(w.q, w.k, w.v, state, kDecays, w.map);
    });
  }
}

TEST("a thousand keys leave the CPU's state within 1e-4, and queries leave it to the bit") {
  const auto folded = [](const DeviceOptions& device) {
    const auto ops = make_ops(device, 1, nullptr);
    check::Random random(3);
    RetentionState state;
    for (int i = 0; i < 1000; ++i)
      ops->retention.fold(state, ops->memory.upload(numbers(random, {2, 4, 4, 8})), {0.5f, 0.75f, 0.875f, 0.9375f});
    return ops->memory.download(state.sum);
  };
  const Tensor cpu = folded({"cpu"}), card = folded({HL_TEST_DEVICE, "bf16"});
  for (int64_t i = 0; i < cpu.count(); ++i) EXPECT_NEAR(cpu.data()[i], card.data()[i], 1e-4);

  const auto ops = make_ops({HL_TEST_DEVICE}, 1, nullptr);
  Given g = {*ops, check::Random(4)};
  const Windows w(g);
  RetentionState state;
  ops->retention.fold(state, ops->retention.contribution(w.k, w.v, 3), kDecays);
  const Tensor before = ops->memory.download(state.sum);
  ops->retention.read(w.q, w.k, w.v, state, kDecays, w.map);
  const Tensor after = ops->memory.download(state.sum);
  EXPECT(!std::memcmp(before.data(), after.data(), before.bytes()));
}

TEST("windows are cut, turned, normed by head and put together as on the CPU") {
  TokenWindows map;
  map.h = 5, map.w = 6, map.side = 4;
  same("window_partition",
       [&](Given& g) { return g.ops.retention.window_partition(g.tokens({5, 6, 24}), g.floats({24}), map); });
  same("window_merge",
       [&](Given& g) { return g.ops.retention.window_merge(g.tokens({map.count(), map.tokens(), 24}), map); });
  same("rotate", [&](Given& g) {
    return g.ops.retention.rotate(g.tokens({map.count(), map.tokens(), 3 * 8}), map, 3, 100.0f, 0.25f);
  });
  same("head_norm", [](Given& g) { return g.ops.retention.head_norm(g.tokens({7, 4 * 32}), 4, 1e-3f); });
  same("head_norm, odd", [](Given& g) { return g.ops.retention.head_norm(g.tokens({7, 2 * 5}), 2, 1e-3f); });
}

TEST("what is beyond the kernels is refused in words") {
  const auto ops = make_ops({HL_TEST_DEVICE}, 1, nullptr);
  Given g = {*ops, check::Random(1)};
  const Tensor wide = g.tokens({1, 1, 2, 65});
  RetentionState state;
  std::string sentence;
  EXPECT(check::error_code([&] { ops->retention.chunkwise(wide, wide, wide, {0.5f}, state); }, &sentence) ==
             "internal" &&
         sentence.find("beyond the kernels") != std::string::npos);
}

TEST_MAIN

// What retention costs over the length of a sequence, by the ops: the chunkwise and the recurrent form must grow with it, the parallel one with its
// square, which shows that growth can be seen at all. Lengths are measured in turns, each as often as makes the longest one's tokens (parallel: once).
#pragma once
#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "device.h"
#include "ops.h"

namespace bench_retention {

using namespace heirloom;

constexpr int64_t kHeads = 4, kWidth = 64;

struct Cost {
  std::string form;
  int64_t tokens = 0;
  double seconds = std::numeric_limits<double>::infinity();  // the best of all rounds
  size_t memory = 0;  // of the pool, beside what goes in and comes out
};

inline Tensor sequence(int64_t tokens, uint64_t seed) {
  Tensor x = Tensor::heap({1, kHeads, tokens, kWidth});
  for (int64_t i = 0; i < x.count(); ++i) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    x.data()[i] = static_cast<float>(seed >> 40) * (2.0f / 16777216.0f) - 1.0f;
  }
  return x;
}

// seconds(work): how long it takes.
inline std::vector<Cost> costs(int threads, int rounds,
                               const std::function<double(const std::function<void()>&)>& seconds) {
  const Decays decays = {1 - 0x1p-5f, 1 - 0x1p-6f, 1 - 0x1p-7f, 1 - 0x1p-8f};
  std::vector<Cost> list;
  for (const int64_t tokens : {2048, 4096, 8192, 16384, 32768}) list.push_back({"chunkwise", tokens});
  for (const int64_t tokens : {2048, 4096, 8192, 16384, 32768}) list.push_back({"recurrent", tokens});
  for (const int64_t tokens : {1024, 2048, 4096, 8192}) list.push_back({"parallel", tokens});
  const Tensor q = sequence(32768, 1), k = sequence(32768, 2), v = sequence(32768, 3);
  for (int round = 0; round < rounds; ++round)
    for (Cost& cost : list) {
      const auto ops = make_ops({"cpu"}, threads, nullptr);
      const Shape shape = {1, kHeads, cost.tokens, kWidth};
      const auto cut = [&](const Tensor& x) {
        return x.reshape({x.count()}).row_range(0, shape.count()).reshape(shape);
      };
      ops->memory.zeros(
          shape);  // the memory for what comes out is there, touched once: the system's pages are not measured
      const Tensor a = cut(q), b = cut(k), c = cut(v);
      const int64_t times = cost.form == "parallel" ? 1 : 32768 / cost.tokens;
      const double spent = seconds([&] {
        for (int64_t i = 0; i < times; ++i) {
          RetentionState state;
          if (cost.form == "parallel") ops->retention.parallel(a, b, c, decays);
          else if (cost.form == "recurrent") ops->retention.recurrent(a, b, c, decays, state);
          else ops->retention.chunkwise(a, b, c, decays, state);
        }
      });
      cost.seconds = std::min(cost.seconds, spent / static_cast<double>(times));
      cost.memory = ops->memory.peak_bytes() - c.bytes();
    }
  return list;
}

inline void print(const std::vector<Cost>& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const Cost& c = list[i];
    std::printf("retention %-10s %6lld tokens  %9.3f ms  %6.2f us a token  %5zu KiB", c.form.c_str(),
                static_cast<long long>(c.tokens), c.seconds * 1e3, c.seconds / static_cast<double>(c.tokens) * 1e6,
                c.memory >> 10);
    if (i > 0 && list[i - 1].form == c.form) std::printf("  x%.2f", c.seconds / list[i - 1].seconds);
    std::printf("\n");
  }
}

}  // namespace bench_retention

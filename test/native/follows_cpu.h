// What the *_cuda_test files of operations begin with: numbers that every format holds exactly, and one operation on both backends, in every
// precision, side by side.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "check_test.h"
#include "device.h"
#include "ops.h"
#include "test_device.h"

namespace check {

// Multiples of largest/64, so that only an op's own arithmetic and the rounding of its result differ.
inline heirloom::Tensor numbers(Random& random, const heirloom::Shape& shape, float largest = 1.0f) {
  heirloom::Tensor t = heirloom::Tensor::heap(shape);
  for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = static_cast<float>(random.below(127) - 63) / 64.0f * largest;
  return t;
}

// Largest difference over the largest number.
inline double difference(const heirloom::Tensor& a, const heirloom::Tensor& b) {
  EXPECT(a.shape == b.shape);
  double worst = 0, largest = 1e-6;
  for (int64_t i = 0; i < a.count(); ++i) {
    if (!std::isfinite(b.data()[i])) return INFINITY;
    worst = std::max(worst, std::fabs(double(a.data()[i]) - double(b.data()[i])));
    largest = std::max(largest, std::fabs(double(a.data()[i])));
  }
  return worst / largest;
}

// bf16 keeps 8 bits and fp16 11: one rounding of the largest number is up to 2^-8 or 2^-11 of it. `steps` roundings are allowed; of fp32
// results none. `made`: the same on either device.
inline void follows_cpu(const std::string& what,
                        const std::function<heirloom::Tensor(const heirloom::DeviceOptions&)>& made, double fp32,
                        double steps) {
  const heirloom::Tensor expected = made({"cpu"});
  const std::pair<const char*, double> modes[] = {
      {"fp32", fp32}, {"bf16", steps / 256 + fp32}, {"fp16", steps / 2048 + fp32}};
  for (const auto& mode : modes) {
    const double found = difference(expected, made({HL_TEST_DEVICE, mode.first}));
    if (!(found <= mode.second))
      failed(__FILE__, __LINE__,
             what + " in " + mode.first + ": " + std::to_string(found * 1e6) + "e-6 of " +
                 std::to_string(mode.second * 1e6) + "e-6");
  }
}

}  // namespace check

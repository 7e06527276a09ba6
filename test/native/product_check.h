// What the tests of products and convolutions share: a launch with scratch, a random epilogue with its double-precision twin, the error bound.
#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "cuda/products/conv.h"
#include "device_array.h"

namespace check {

using device::Act;
using device::Epilogue;
using device::Launch;
using device::Output;
using device::Type;

// A card of the given kind with scratch for partial sums, whose tickets must be zero again at the end.
struct Card {
  DeviceArray<unsigned char> scratch{std::vector<unsigned char>(8 << 20, 0)};
  Launch on;
  explicit Card(int capability, int multiprocessors = 4) {
    device::device().capability = capability;  // the emulated device has this card's shared memory
    on.capability = capability;
    on.multiprocessors = multiprocessors;
    on.scratch = scratch.data();
    on.scratch_bytes = 8 << 20;
  }
  bool has_clean_tickets() const {
    const std::vector<unsigned char> all = scratch.host();
    return std::all_of(all.begin(), all.begin() + device::kTicketBytes, [](unsigned char c) { return c == 0; });
  }
};

inline double act(double x, Act a, double slope) {
  switch (a) {
    case Act::none: return x;
    case Act::relu: return x > 0 ? x : 0;
    case Act::prelu: return x < 0 ? x * slope : x;
    case Act::silu: return x / (1 + std::exp(-x));
    case Act::gelu: return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return x;
}

// The result's memory and what happens to a product on its way there, chosen at random.
struct RandomThen {
  int64_t rows, stride, residual_stride;
  int n;
  std::vector<float> bias, slope, gate, residual;
  DeviceArray<float> bias_d, slope_d, gate_d;
  std::unique_ptr<DeviceArray<unsigned char>> residual_d;
  DeviceArray<unsigned char> out_d;
  Epilogue then;
  Output out;

  static constexpr float kUntouched = 7;

  // columns between rows: 0 to `gap`
  RandomThen(Random& r, int64_t rows_, int n_, Type type, int gap = 5)
      : rows(rows_),
        stride(n_ + (gap ? r.below(2) * gap : 0)),
        residual_stride(n_ + (gap ? r.below(2) * gap : 0)),
        n(n_),
        bias(random_floats(r, n_)),
        slope(random_floats(r, n_)),
        gate(random_floats(r, n_)),
        bias_d(bias),
        slope_d(slope),
        gate_d(gate),
        out_d(stored(type, std::vector<float>(static_cast<size_t>(rows_ * stride), kUntouched))) {
    then.act = Act(r.below(5));
    then.act_last = r.below(2);
    if (r.below(4)) then.bias = bias_d.data();
    then.slope = slope_d.data();
    if (r.below(2)) then.gate = gate_d.data();
    if (r.below(2)) {
      const Type residual_type = r.below(2) ? type : Type::f32;
      residual = rounded(residual_type, random_floats(r, rows * residual_stride));
      residual_d = std::make_unique<DeviceArray<unsigned char>>(stored(residual_type, residual));
      then.residual = residual_d->data();
      then.residual_type = residual_type;
      then.residual_stride = residual_stride;
    }
    out.data = out_d.data();
    out.type = type;
    out.stride = stride;
  }

  double apply(double v, int64_t row, int column) const {
    const size_t c = static_cast<size_t>(column);
    if (then.bias) v += bias[c];
    if (!then.act_last) v = act(v, then.act, slope[c]);
    if (then.gate) v *= gate[c];
    if (then.residual) v += residual[static_cast<size_t>(row * residual_stride + column)];
    return then.act_last ? act(v, then.act, slope[c]) : v;
  }

  // product(row, column, &magnitude) in double, of what the device was given. terms: products per sum.
  // Each of the terms steps may lose half a unit (2^-24) of the sum of the magnitudes, bias and residual join it, an activation multiplies errors by
  // at most 1.13; then the result is rounded to its type once.
  template <class F>
  void compare(Random& r, int terms, F product) const {
    const std::vector<float> got = read(out.type, out_d.host());
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t c = n; c < stride; ++c) EXPECT(got[static_cast<size_t>(row * stride + c)] == kUntouched);
    const int64_t all = rows * n, samples = std::min<int64_t>(all, 1500);
    for (int64_t i = 0; i < samples; ++i) {
      const int64_t at = samples == all ? i : r.below(all), row = at / n;
      const int column = static_cast<int>(at % n);
      double magnitude = 0;
      const double want = apply(product(row, column, &magnitude), row, column);
      const double bound =
          1.2 * (terms + 16) * (magnitude + 2) * 0x1p-23 + storage_error(out.type) * (std::fabs(want) + 1e-3);
      EXPECT_NEAR(got[static_cast<size_t>(row * stride + column)], want, bound);
    }
  }
};

}  // namespace check

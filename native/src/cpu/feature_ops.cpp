// Tokens and feature maps on the processor.
#include <algorithm>
#include <cstring>

#include "cpu/family.h"
#include "cpu/kernels.h"
#include "ops/checks.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

class CpuFeatures final : public FeatureOps, Family {
 public:
  using Family::Family;

  Tensor layer_norm(const Tensor& x, float eps) override {
    Tensor out = like(x);
    k::layer_norm(work_.pool, x.data(), x.rows(), small(x.channels()), eps, nullptr, nullptr, out.data());
    return out;
  }

  Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) override {
    check_row("rms_norm", x, weight);
    Tensor out = like(x);
    k::rms_norm(work_.pool, x.data(), x.rows(), small(x.channels()), eps, weight.data(), out.data());
    return out;
  }

  Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) override {
    check_row("channel_norm", x, gamma);
    CHECK(activation == Activation::none || activation == Activation::silu,
          "channel_norm: only none and silu can follow");
    Tensor out = like(x);
    k::channel_norm(work_.pool, x.data(), x.rows(), small(x.channels()), 1e-12f, gamma.data(),
                    activation == Activation::silu, out.data());
    return out;
  }

  Tensor modulate(const Tensor& x, const Tensor& shift, const Tensor& scale) override {
    check_row("modulate", x, shift);
    check_row("modulate", x, scale);
    return by_row(x, [a = scale.data(), b = shift.data()](const float* in, float* out, int64_t d) {
      for (int64_t i = 0; i < d; ++i) out[i] = in[i] * (1.0f + a[i]) + b[i];
    });
  }

  Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) override {
    check_row("affine", x, weight);
    check_row("affine", x, bias);
    return by_row(x, [a = weight.data(), b = bias.data()](const float* in, float* out, int64_t d) {
      for (int64_t i = 0; i < d; ++i) out[i] = in[i] * a[i] + b[i];
    });
  }

  Tensor norm_modulate(const Tensor& x, float eps, const Tensor& shift, const Tensor& scale) override {
    check_row("norm_modulate", x, shift);
    check_row("norm_modulate", x, scale);
    Tensor out = like(x);
    k::layer_norm_modulate(work_.pool, x.data(), x.rows(), small(x.channels()), eps, shift.data(), scale.data(),
                           out.data());
    return out;
  }

  Tensor norm_affine(const Tensor& x, float eps, const Tensor& weight, const Tensor& bias) override {
    check_row("norm_affine", x, weight);
    check_row("norm_affine", x, bias);
    Tensor out = like(x);
    k::layer_norm(work_.pool, x.data(), x.rows(), small(x.channels()), eps, weight.data(), bias.data(), out.data());
    return out;
  }

  Tensor add(const Tensor& a, const Tensor& b, Activation activation) override {
    check_same("add", a, b);
    Tensor out = like(a);
    k::add(work_.pool, a.data(), b.data(), a.count(), out.data());
    activate_into(out, activation, out);
    return out;
  }

  Tensor add_gated(const Tensor& x, const Tensor& y, const Tensor& gate) override {
    check_same("add_gated", x, y);
    check_row("add_gated", x, gate);
    Tensor out = like(x);
    k::add_gated(work_.pool, x.data(), y.data(), gate.data(), x.rows(), small(x.channels()), out.data());
    return out;
  }

  Tensor activate(const Tensor& x, Activation activation) override {
    Tensor out = like(x);
    if (activation == Activation::none) std::memcpy(out.data(), x.data(), x.bytes());
    activate_into(x, activation, out);
    return out;
  }

  Tensor swish_gate(const Tensor& x, const Tensor& gate) override {
    check_same("swish_gate", x, gate);
    Tensor out = like(x);
    k::swish_gate(work_.pool, x.data(), gate.data(), x.count(), out.data());
    return out;
  }

  Tensor prelu(const Tensor& x, const Tensor& slope) override {
    check_row("prelu", x, slope);
    Tensor out = like(x);
    k::prelu(work_.pool, x.data(), slope.data(), x.rows(), small(x.channels()), out.data());
    return out;
  }

  Tensor soft_clamp(const Tensor& x, float bound) override {
    Tensor out = like(x);
    k::soft_clamp(work_.pool, x.data(), x.count(), bound, out.data());
    return out;
  }

  Tensor clamp(const Tensor& x, float low, float high) override {
    Tensor out = like(x);
    k::clamp(work_.pool, x.data(), x.count(), low, high, out.data());
    return out;
  }

  Tensor scale(const Tensor& x, float factor, float offset) override {
    return by_row(x, [&](const float* in, float* out, int64_t d) {
      for (int64_t i = 0; i < d; ++i) out[i] = factor * in[i] + offset;
    });
  }

  Tensor concat(const std::vector<Tensor>& parts) override {
    check_cancelled();
    CHECK(!parts.empty(), "concat: nothing to join");
    int64_t channels = 0;
    for (const Tensor& part : parts) {
      CHECK(part.rows() == parts[0].rows(), "concat: " + str(part.shape) + " does not go with " + str(parts[0].shape));
      channels += part.channels();
    }
    Tensor out = empty(with_channels(parts[0].shape, channels));
    rows(out.rows(), [&](int64_t row) {
      float* to = out.data() + row * channels;
      for (const Tensor& part : parts) {
        const int64_t d = part.channels();
        std::memcpy(to, part.data() + row * d, static_cast<size_t>(d) * sizeof(float));
        to += d;
      }
    });
    return out;
  }

  Tensor slice(const Tensor& x, int64_t first, int64_t n) override {
    check_cancelled();
    CHECK(first >= 0 && n >= 0 && first + n <= x.channels(),
          "slice: channels " + str(first) + " to " + str(first + n) + " of " + str(x.shape));
    Tensor out = empty(with_channels(x.shape, n));
    rows(out.rows(), [&](int64_t row) {
      std::memcpy(out.data() + row * n, x.data() + row * x.channels() + first, static_cast<size_t>(n) * sizeof(float));
    });
    return out;
  }

  void put_rows(Tensor& x, int64_t first, const Tensor& rows) override {
    check_cancelled();
    check_rows("put_rows", x, first, rows);
    std::memcpy(x.row_range(first, rows.shape[0]).data(), rows.data(), rows.bytes());
  }

  Tensor stack_rows(const std::vector<Tensor>& parts) override { return stacked(parts); }

  // ---- feature maps ----
  Tensor upsample_nearest2(const Tensor& x) override {
    check_map("upsample", x);
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, x.channels()});
    k::upsample2_nearest(work_.pool, x.data(), small(x.shape[0]), small(x.shape[1]), small(x.channels()), out.data());
    return out;
  }

  Tensor pixel_unshuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_unshuffle", x);
    CHECK(s > 0 && x.shape[0] % s == 0 && x.shape[1] % s == 0,
          "pixel_unshuffle: " + str(x.shape) + " does not divide by " + str(s));
    Tensor out = empty({x.shape[0] / s, x.shape[1] / s, x.channels() * s * s});
    k::unshuffle_pixels(work_.pool, x.data(), small(x.shape[0]), small(x.shape[1]), small(x.channels()), small(s),
                        out.data());
    return out;
  }

  Tensor pixel_shuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_shuffle", x);
    CHECK(s > 0 && x.channels() % (s * s) == 0, "pixel_shuffle: " + str(x.shape) + " does not divide by " + str(s * s));
    const int64_t H = x.shape[0] * s, W = x.shape[1] * s, C = x.channels() / (s * s), N = x.channels();
    Tensor out = empty({H, W, C});
    rows(H, [&](int64_t y) {
      for (int64_t column = 0; column < W; ++column) {
        const float* from = x.data() + ((y / s) * (W / s) + column / s) * N + (y % s) * s + column % s;
        float* to = out.data() + (y * W + column) * C;
        for (int64_t c = 0; c < C; ++c) to[c] = from[c * s * s];
      }
    });
    return out;
  }

 private:
  template <class F>
  Tensor by_row(const Tensor& x, F&& body) {
    Tensor out = like(x);
    const int64_t d = x.channels();
    rows(x.rows(), [&](int64_t row) { body(x.data() + row * d, out.data() + row * d, d); });
    return out;
  }

  void activate_into(const Tensor& x, Activation activation, Tensor& out) {
    switch (activation) {
      case Activation::relu: k::relu(work_.pool, x.data(), x.count(), out.data()); break;
      case Activation::silu: k::silu(work_.pool, x.data(), x.count(), out.data()); break;
      case Activation::gelu_tanh: k::gelu(work_.pool, x.data(), x.count(), out.data()); break;
      case Activation::prelu: fail("internal", "prelu needs its slopes: use prelu()");
      default: break;
    }
  }
};

}  // namespace

std::unique_ptr<FeatureOps> make_features(Work& work) { return std::make_unique<CpuFeatures>(work); }

}  // namespace heirloom::cpu

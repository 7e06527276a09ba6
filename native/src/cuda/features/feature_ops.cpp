// Tokens and feature maps on a card (rows.h, maps.h).
#include <vector>

#include "cuda/family.h"
#include "cuda/features/layout.h"
#include "cuda/features/rows.h"
#include "ops/checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

class CudaFeatures final : public FeatureOps, Family {
 public:
  using Family::Family;

  Tensor layer_norm(const Tensor& x, float eps) override { return norm(x, Norm::layer, eps, Tensor(), Tensor()); }

  Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) override {
    check_row("rms_norm", x, weight);
    return norm(x, Norm::rms, eps, weight, Tensor());
  }

  Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) override {
    check_row("channel_norm", x, gamma);
    CHECK(activation == Activation::none || activation == Activation::silu,
          "channel_norm: only none and silu can follow");
    return norm(x, Norm::channel, 1e-12f, gamma, Tensor(), false, activation == Activation::silu);
  }

  Tensor norm_modulate(const Tensor& x, float eps, const Tensor& shift, const Tensor& scale) override {
    check_row("norm_modulate", x, shift);
    check_row("norm_modulate", x, scale);
    return norm(x, Norm::layer, eps, scale, shift, true);
  }

  Tensor norm_affine(const Tensor& x, float eps, const Tensor& weight, const Tensor& bias) override {
    check_row("norm_affine", x, weight);
    check_row("norm_affine", x, bias);
    return norm(x, Norm::layer, eps, weight, bias);
  }

  Tensor modulate(const Tensor& x, const Tensor& shift, const Tensor& scale) override {
    check_row("modulate", x, shift);
    check_row("modulate", x, scale);
    return point(x, Tensor(), Point::modulate, Act::none, scale, shift);
  }

  Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) override {
    check_row("affine", x, weight);
    check_row("affine", x, bias);
    return point(x, Tensor(), Point::affine, Act::none, weight, bias);
  }

  Tensor add(const Tensor& a, const Tensor& b, Activation activation) override {
    check_same("add", a, b);
    check_plain(activation);
    return point(a, b, Point::add, act_of(activation));
  }

  Tensor add_gated(const Tensor& x, const Tensor& y, const Tensor& gate) override {
    check_same("add_gated", x, y);
    check_row("add_gated", x, gate);
    return point(x, y, Point::add_gated, Act::none, gate);
  }

  Tensor activate(const Tensor& x, Activation activation) override {
    check_plain(activation);
    return point(x, Tensor(), Point::activate, act_of(activation));
  }

  Tensor swish_gate(const Tensor& x, const Tensor& gate) override {
    check_same("swish_gate", x, gate);
    return point(x, gate, Point::swish_gate, Act::none);
  }

  Tensor prelu(const Tensor& x, const Tensor& slope) override {
    check_row("prelu", x, slope);
    return point(x, Tensor(), Point::prelu, Act::none, slope);
  }

  Tensor soft_clamp(const Tensor& x, float bound) override {
    return point(x, Tensor(), Point::soft_clamp, Act::none, Tensor(), Tensor(), bound);
  }
  Tensor clamp(const Tensor& x, float low, float high) override {
    return point(x, Tensor(), Point::clamp, Act::none, Tensor(), Tensor(), low, high);
  }
  Tensor scale(const Tensor& x, float factor, float offset) override {
    return point(x, Tensor(), Point::scale, Act::none, Tensor(), Tensor(), factor, offset);
  }

  Tensor concat(const std::vector<Tensor>& parts) override {
    check_cancelled();
    CHECK(!parts.empty(), "concat: nothing to join");
    int64_t channels = 0;
    DType dtype = parts[0].dtype();
    for (const Tensor& part : parts) {
      CHECK(part.rows() == parts[0].rows(), "concat: " + str(part.shape) + " does not go with " + str(parts[0].shape));
      channels += part.channels();
      if (part.dtype() != dtype) dtype = work_.number;
    }
    Tensor out = make(with_channels(parts[0].shape, channels), dtype);
    int64_t at = 0;
    for (const Tensor& part : parts) {
      copy_rows(values(part), part.channels(), values(out, at), channels, part.rows(), part.channels(), stream());
      at += part.channels();
    }
    return out;
  }

  Tensor slice(const Tensor& x, int64_t first, int64_t n) override {
    check_cancelled();
    CHECK(first >= 0 && n >= 0 && first + n <= x.channels(),
          "slice: channels " + str(first) + " to " + str(first + n) + " of " + str(x.shape));
    Tensor out = make(with_channels(x.shape, n), x.dtype());
    copy_rows(values(x, first), x.channels(), values(out), n, x.rows(), n, stream());
    return out;
  }

  void put_rows(Tensor& x, int64_t first, const Tensor& rows) override {
    check_cancelled();
    check_rows("put_rows", x, first, rows);
    copy_rows(values(rows), rows.count(), values(x.row_range(first, rows.shape[0])), rows.count(), 1, rows.count(),
              stream());
  }

  Tensor stack_rows(const std::vector<Tensor>& parts) override {
    check_cancelled();
    CHECK(!parts.empty(), "stack_rows: nothing to join");
    Shape shape = parts[0].shape;
    shape.dims[0] = 0;
    DType dtype = parts[0].dtype();
    for (const Tensor& part : parts) {
      Shape expected = parts[0].shape;
      expected.dims[0] = part.shape[0];
      CHECK(part.shape == expected, "stack_rows: " + str(part.shape) + " does not go with " + str(parts[0].shape));
      shape.dims[0] += part.shape[0];
      if (part.dtype() != dtype) dtype = work_.number;
    }
    Tensor out = make(shape, dtype);
    int64_t at = 0;
    for (const Tensor& part : parts) {
      copy_rows(values(part), part.count(), values(out, at), part.count(), 1, part.count(), stream());
      at += part.count();
    }
    return out;
  }

  // ---- feature maps ----
  Tensor upsample_nearest2(const Tensor& x) override {
    check_map("upsample", x);
    Tensor out = make({x.shape[0] * 2, x.shape[1] * 2, x.channels()}, x.dtype());
    upsample2(values(x), small(x.shape[0]), small(x.shape[1]), small(x.channels()), values(out), stream());
    return out;
  }

  Tensor pixel_unshuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_unshuffle", x);
    CHECK(s > 0 && x.shape[0] % s == 0 && x.shape[1] % s == 0,
          "pixel_unshuffle: " + str(x.shape) + " does not divide by " + str(s));
    Tensor out = make({x.shape[0] / s, x.shape[1] / s, x.channels() * s * s}, x.dtype());
    k::pixel_unshuffle(values(x), small(x.shape[0]), small(x.shape[1]), small(x.channels()), small(s), values(out),
                       stream());
    return out;
  }

  Tensor pixel_shuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_shuffle", x);
    CHECK(s > 0 && x.channels() % (s * s) == 0, "pixel_shuffle: " + str(x.shape) + " does not divide by " + str(s * s));
    const int64_t H = x.shape[0] * s, W = x.shape[1] * s, C = x.channels() / (s * s);
    Tensor out = make({H, W, C}, x.dtype());
    k::pixel_shuffle(values(x), small(H), small(W), small(C), small(s), values(out), stream());
    return out;
  }

 private:
  Tensor point(const Tensor& x, const Tensor& y, Point kind, Act act, const Tensor& a = {}, const Tensor& b = {},
               float p = 0, float q = 0) {
    check_cancelled();
    const Tensor row_a = a.defined() ? row(a) : a, row_b = b.defined() ? row(b) : b;
    Tensor out = make(x.shape, x.dtype());
    Pointwise w;
    w.point = kind;
    w.act = act;
    w.x = values(x);
    if (y.defined()) w.y = values(y);
    w.out = values(out);
    w.a = row_a.defined() ? floats(row_a) : nullptr;
    w.b = row_b.defined() ? floats(row_b) : nullptr;
    w.p = p;
    w.q = q;
    w.rows = x.rows();
    w.channels = small(x.channels());
    pointwise(w, stream());
    return out;
  }

  static void check_plain(Activation activation) {
    CHECK(activation != Activation::prelu, "prelu needs its slopes: use prelu()");
  }
};

}  // namespace

std::unique_ptr<FeatureOps> make_features(Work& work) { return std::make_unique<CudaFeatures>(work); }

}  // namespace heirloom::HL_CUDA

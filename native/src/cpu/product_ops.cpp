// Products on the processor (kernels.h).
#include <cstring>
#include <vector>

#include "cpu/family.h"
#include "cpu/kernels.h"
#include "cpu/packed.h"
#include "ops/checks.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

Act act_of(Activation activation) {
  switch (activation) {
    case Activation::relu: return Act::relu;
    case Activation::silu: return Act::silu;
    case Activation::gelu_tanh: return Act::gelu;
    case Activation::prelu: return Act::prelu;
    default: return Act::none;
  }
}

class CpuProducts final : public ProductOps, Family {
 public:
  using Family::Family;

  LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 2, "linear: the weight is " + str(weight.shape) + ", [out, in] is wanted");
    check_bias("linear", bias, weight.shape[0]);
    auto packed = std::make_shared<PackedLinear>();
    packed->packed = k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]));
    return {weight.shape[1], weight.shape[0], packed, bias.defined() ? copy(bias) : bias};
  }

  ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) override {
    return pack_3x3(weight, bias, k::pack_conv3x3);
  }
  ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) override {
    return pack_3x3(weight, bias, k::pack_upsample_conv3x3);
  }

  Tensor linear(const Tensor& x, const LinearWeight& w, const heirloom::Epilogue& then) override {
    check_cancelled();
    CHECK(x.channels() == w.in, "linear: input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    Tensor out = empty(with_channels(x.shape, w.out));
    k::linear(work_.pool, x.rows(), x.data(), 0, packed_of(w), epilogue("linear", then, w.bias, out), out.data());
    return out;
  }

  void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) override {
    const Tensor sum = linear(y, w, heirloom::Epilogue().gated(gate).plus(x));
    std::memcpy(x.data(), sum.data(), sum.bytes());
  }

  Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, heirloom::Padding padding,
                    const heirloom::Epilogue& then) override {
    check_cancelled();
    CHECK(!parts.empty() && parts[0].map.shape.rank() == 3, "conv: feature maps [H, W, C] are wanted");
    const int64_t H = parts[0].map.shape[0], W = parts[0].map.shape[1];
    std::vector<Source> sources;
    int64_t channels = 0;
    for (const Part& part : parts) {
      CHECK(part.map.shape.rank() == 3 && part.map.shape[0] == H && part.map.shape[1] == W,
            "conv: " + str(part.map.shape) + " does not go with " + str(parts[0].map.shape));
      CHECK(part.first >= 0 && part.channels > 0 && part.first + part.channels <= part.map.channels(),
            "conv: no channels " + str(part.first) + " to " + str(part.first + part.channels) + " in " +
                str(part.map.shape));
      sources.push_back({part.map.data() + part.first, small(part.channels), part.map.channels(), 0});
      channels += part.channels;
    }
    CHECK(channels == w.in, "conv: the inputs have " + str(channels) + " channels, the weight wants " + str(w.in));
    const cpu::Packed& packed = packed_of(w);
    Tensor out = empty({H, W, w.out});
    k::conv3x3(work_.pool, small(H), small(W), sources.data(), static_cast<int>(sources.size()),
               padding == heirloom::Padding::zero ? Padding::zero : Padding::replicate, packed,
               epilogue("conv", then, w.bias, out), out.data());
    return out;
  }

  Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const heirloom::Epilogue& then) override {
    check_map("conv", x);
    CHECK(x.channels() == w.in,
          "conv: the input has " + str(x.channels()) + " channels, the weight wants " + str(w.in));
    Source source;
    source.data = x.data();
    source.channels = small(x.channels());
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, w.out});
    k::upsample_conv3x3(work_.pool, small(x.shape[0]), small(x.shape[1]), source, packed_of(w),
                        epilogue("conv", then, w.bias, out), out.data());
    return out;
  }

 private:
  ConvWeight pack_3x3(const Tensor& weight, const Tensor& bias, cpu::Packed (*pack)(const float*, int, int)) {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3,
          "conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("conv", bias, weight.shape[0]);
    auto packed = std::make_shared<PackedConv>();
    packed->packed = pack(weight.data(), small(weight.shape[0]), small(weight.shape[1]));
    return {weight.shape[1], weight.shape[0], packed, bias.defined() ? copy(bias) : bias};
  }

  static Epilogue epilogue(const char* op, const heirloom::Epilogue& then, const Tensor& bias, const Tensor& out) {
    Epilogue e;
    e.act = act_of(then.activation);
    e.act_last = then.activation_last;
    if (bias.defined()) e.bias = bias.data();
    if (then.activation == Activation::prelu) {
      check_row(op, out, then.slope);
      e.slope = then.slope.data();
    }
    if (then.gate.defined()) {
      check_row(op, out, then.gate);
      e.gate = then.gate.data();
    }
    if (then.residual.defined()) {
      check_same(op, then.residual, out);
      e.residual = then.residual.data();
    }
    return e;
  }
};

}  // namespace

std::unique_ptr<ProductOps> make_products(Work& work) { return std::make_unique<CpuProducts>(work); }

}  // namespace heirloom::cpu

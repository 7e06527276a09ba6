// Products on a card (gemm.h, conv.h).
#include <vector>

#include "cuda/family.h"
#include "cuda/products/conv.h"
#include "ops/checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

class CudaProducts final : public ProductOps, Family {
 public:
  using Family::Family;

  // ---- weights ----
  LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 2, "linear: the weight is " + str(weight.shape) + ", [out, in] is wanted");
    check_bias("linear", bias, weight.shape[0]);
    const HostWeight host =
        k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(work_.number));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }

  LinearWeight pack_large_linear(const Tensor& weight, const Tensor& bias) override {
    if (!work_.has_small_products || weight.shape.rank() != 2 ||
        weight.shape[1] % (kPieceBytes / size_of(Type::e4m3)) != 0)
      return pack_linear(weight, bias);
    check_bias("linear", bias, weight.shape[0]);
    const HostWeight host = k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]), Type::e4m3);
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }

  ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3,
          "conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("conv", bias, weight.shape[0]);
    const bool is_spread = weight.shape[0] <= kMostSpread && work_.number != DType::f32;
    const HostWeight host = (is_spread ? pack_spread_conv3x3 : k::pack_conv3x3)(
        weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(work_.number));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }

  ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3,
          "upsample_conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("upsample_conv", bias, weight.shape[0]);
    const HostWeight host =
        pack_upsample_conv3x3(weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(work_.number));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }

  void enter(const Layer& now, const Layer& next) override {
    stream();
    work_.layers.enter(now, next);
  }

  // ---- products ----
  Tensor linear(const Tensor& x, const LinearWeight& w, const heirloom::Epilogue& then) override {
    Tensor out = empty(with_channels(x.shape, w.out));
    multiply("linear", x, w, then, out);
    return out;
  }

  void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) override {
    CHECK(x.rows() == y.rows() && x.channels() == w.out && x.dtype() == work_.number,
          "add_linear: " + str(y.shape) + " times " + str(w.out) + " rows does not go onto " + str(x.shape));
    multiply("add_linear", y, w, heirloom::Epilogue().gated(gate).plus(x), x);
  }

  Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, heirloom::Padding padding,
                    const heirloom::Epilogue& then) override {
    check_cancelled();
    CHECK(!parts.empty() && parts[0].map.shape.rank() == 3, "conv: feature maps [H, W, C] are wanted");
    CHECK(parts.size() <= kMaxSources,
          "conv: " + str(parts.size()) + " inputs, at most " + str(kMaxSources) + " are possible");
    const int64_t H = parts[0].map.shape[0], W = parts[0].map.shape[1];
    std::vector<Tensor> maps;                         // alive until the launch
    std::vector<Source> sources;
    int64_t channels = 0;
    for (const Part& part : parts) {
      CHECK(part.map.shape.rank() == 3 && part.map.shape[0] == H && part.map.shape[1] == W,
            "conv: " + str(part.map.shape) + " does not go with " + str(parts[0].map.shape));
      CHECK(part.first >= 0 && part.channels > 0 && part.first + part.channels <= part.map.channels(),
            "conv: no channels " + str(part.first) + " to " + str(part.first + part.channels) + " in " +
                str(part.map.shape));
      maps.push_back(as(part.map, work_.number));
      Source source;
      source.data = values(maps.back(), part.first).data;
      source.channels = small(part.channels);
      source.pixel_stride = part.map.channels();
      sources.push_back(source);
      channels += part.channels;
    }
    CHECK(channels == w.in, "conv: the inputs have " + str(channels) + " channels, the weight wants " + str(w.in));
    const Weight weight = weight_of("conv", w.weight.get());
    Launch on = launch();
    std::shared_ptr<void> own;
    const size_t padded = static_cast<size_t>((H + 2) * (W + 2) * channels) * bytes_of(work_.number);
    if (work_.card.capability == 90 && work_.number == DType::bf16 && padding == heirloom::Padding::replicate &&
        !weight.packing.spread && kTicketBytes + padded > on.scratch_bytes) {   // wgmma's kernel pads the map first
      on.scratch_bytes += padded;
      own = work_.pool->take(on.scratch_bytes);
      on.scratch = own.get();
      check_cuda(cudaMemsetAsync(on.scratch, 0, kTicketBytes, stream()), "clear its scratch memory");
    }
    Tensor out = empty({H, W, w.out});
    const Padding outside = padding == heirloom::Padding::zero ? Padding::zero : Padding::replicate;
    const Epilogue e = epilogue("conv", then, w.bias, out);
    const int count = static_cast<int>(sources.size());
    if (weight.packing.spread) {
      const Tensor products = make({H, W, weight.packing.n}, DType::f32);
      k::spread_conv3x3(on, small(H), small(W), sources.data(), count, outside, weight, e, output(out),
                        floats(products));
    } else {
      k::conv3x3(on, small(H), small(W), sources.data(), count, outside, weight, e, output(out));
    }
    return out;
  }

  Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const heirloom::Epilogue& then) override {
    check_map("upsample_conv", x);
    CHECK(x.channels() == w.in,
          "upsample_conv: the input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    const Weight weight = weight_of("upsample_conv", w.weight.get());
    const Tensor in = as(x, work_.number);
    Source source;
    source.data = values(in).data;
    source.channels = small(x.channels());
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, w.out});
    k::upsample_conv3x3(launch(), small(x.shape[0]), small(x.shape[1]), source, weight,
                        epilogue("upsample_conv", then, w.bias, out), output(out));
    return out;
  }

 private:
  std::shared_ptr<const heirloom::Packed> on_device(const HostWeight& host) {
    work_.graphs.interrupt();
    return std::make_shared<PackedProduct>(work_.pool, host, stream());
  }

  // out = then(x W^T + b); out may be the residual.
  void multiply(const char* op, const Tensor& x, const LinearWeight& w, const heirloom::Epilogue& then, Tensor& out) {
    check_cancelled();
    CHECK(x.channels() == w.in,
          std::string(op) + ": input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    const Weight weight = weight_of(op, w.weight.get());
    Epilogue e = epilogue(op, then, w.bias, out);
    const Tensor in = as(x, work_.number);
    if (weight.packing.type != Type::e4m3) return k::gemm(launch(), x.rows(), in.raw(), 0, weight, e, output(out));
    const Tensor q(x.shape, DType::u8, Where::device, work_.pool->take(static_cast<size_t>(x.count())));   // e4m3
    const Tensor scale = make({x.rows()}, DType::f32);
    quantise_rows(launch(), x.rows(), small(w.in), in.raw(), type(in), 0, q.raw(), 0, floats(scale));
    e.row_scale = floats(scale);
    e.column_scale = product_of(op, w.weight.get()).column_scale();
    k::gemm(launch(), x.rows(), q.raw(), 0, weight, e, output(out));
  }

  Weight weight_of(const char* op, const heirloom::Packed* packed) const {
    return product_of(op, packed).at(work_.layers.place_of(packed));
  }

  Epilogue epilogue(const char* op, const heirloom::Epilogue& then, const Tensor& bias, const Tensor& out) {
    Epilogue e;
    e.act = act_of(then.activation);
    e.act_last = then.activation_last;
    if (bias.defined()) e.bias = floats(bias);
    if (then.activation == Activation::prelu) {
      check_row(op, out, then.slope);
      e.slope = floats(then.slope);
    }
    if (then.gate.defined()) {
      check_row(op, out, then.gate);
      e.gate = floats(then.gate);
    }
    if (then.residual.defined()) {
      check_same(op, then.residual, out);
      e.residual = values(then.residual).data;
      e.residual_type = type(then.residual);
    }
    return e;
  }

  static Output output(const Tensor& out) {
    Output o;
    o.data = out.raw();
    o.type = type(out);
    return o;
  }
};

}  // namespace

std::unique_ptr<ProductOps> make_products(Work& work) { return std::make_unique<CudaProducts>(work); }

}  // namespace heirloom::HL_CUDA

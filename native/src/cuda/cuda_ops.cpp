#include "cuda/cuda_ops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "cuda/attention/attention.h"
#include "cuda/products/conv.h"
#include "cuda/memory/frames.h"
#include "cuda/device/kernel_times.h"
#include "cuda/attention/kv_store.h"
#include "cuda/features/maps.h"
#include "cuda/pictures/motion.h"
#include "cuda/pictures/pictures.h"
#include "cuda/memory/pool.h"
#include "cuda/device/recordings.h"
#include "cuda/features/rows.h"
#include "cuda/memory/weights.h"
#include "op_checks.h"

namespace heirloom::HL_CUDA {

namespace {

namespace k = ::heirloom::HL_CUDA;                    // the launchers, where an op has the same name

// A list of kept windows that stays where the attention reads it.
struct DeviceKeep : KeepList::OnDevice {
  std::shared_ptr<void> memory;
  KeptWindows kept;
  cudaStream_t stream = nullptr;

  KeepList download() const override {
    const size_t rows = static_cast<size_t>(kept.rows()), capacity = static_cast<size_t>(kept.capacity);
    std::vector<int32_t> count(rows), key(rows * capacity);
    check_cuda(cudaMemcpyAsync(count.data(), kept.count, rows * sizeof(int32_t), cudaMemcpyDeviceToHost, stream), "hand over its list of windows");
    check_cuda(cudaMemcpyAsync(key.data(), kept.key, rows * capacity * sizeof(int32_t), cudaMemcpyDeviceToHost, stream), "hand over its list of windows");
    check_cuda(cudaStreamSynchronize(stream), "finish selecting windows");
    KeepList list;
    list.heads = kept.heads;
    list.queries = kept.queries;
    list.keys = kept.keys;
    list.first.push_back(0);
    for (size_t row = 0; row < rows; ++row) {
      list.key.insert(list.key.end(), key.begin() + static_cast<std::ptrdiff_t>(row * capacity), key.begin() + static_cast<std::ptrdiff_t>(row * capacity) + count[row]);
      list.first.push_back(static_cast<int64_t>(list.key.size()));
    }
    return list;
  }
};

// The angles of a grid, kept between the layers of one chunk.
struct RopeTable {
  Grid grid;
  Rope rope;
  int64_t t0 = -1;
  Tensor table;
};

// The stream of work; ends before the memory it works on is given back.
struct WorkStream {
  explicit WorkStream(int card) {
    check_cuda(cudaSetDevice(card), "be chosen");
    check_cuda(cudaDeviceSynchronize(), "finish loading");            // what others made before (weights) is there from now on
    check_cuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "open a stream of work");
  }
  ~WorkStream() {
    cudaStreamSynchronize(stream);
    cudaStreamDestroy(stream);
  }
  WorkStream(const WorkStream&) = delete;
  WorkStream& operator=(const WorkStream&) = delete;
  cudaStream_t stream = nullptr;
};

int small(int64_t n) {
  CHECK(n >= 0 && n <= std::numeric_limits<int>::max(), "a size of " + str(n) + " is beyond the kernels");
  return static_cast<int>(n);
}

Type type_of(DType dtype) {
  switch (dtype) {
    case DType::f32: return Type::f32;
    case DType::bf16: return Type::bf16;
    case DType::f16: return Type::f16;
    default: fail("internal", std::string("the graphics card does not compute with ") + name_of(dtype));
  }
}

Act act_of(Activation activation) {
  switch (activation) {
    case Activation::relu: return Act::relu;
    case Activation::silu: return Act::silu;
    case Activation::gelu_tanh: return Act::gelu;
    case Activation::prelu: return Act::prelu;
    default: return Act::none;
  }
}

class CudaOps : public Ops {
 public:
  CudaOps(const Card& card, const Wishes& wishes, const std::atomic<bool>* cancelled)
      : card_(card), number_(number_of(wishes.precision)), has_small_products_(wishes.precision == Precision::fp8), has_small_cache_(wishes.small_cache),
        is_recorded_(wishes.recorded && !wishes.streamed_weights && !KernelTimes::are_wanted()), cancelled_(cancelled),
        pool_(std::make_shared<Pool>(card.index, 0)), work_(card.index), recordings_(work_.stream), frames_(std::make_shared<Frames>(work_.stream)), layers_(pool_, work_.stream, wishes.streamed_weights),
        scratch_(pool_->take(scratch_of(card))) {
    check_cuda(cudaMemsetAsync(scratch_.get(), 0, kTicketBytes, stream()), "clear its scratch memory");
    pool_->before_freeing([this] { recordings_.interrupt(); });
  }
  ~CudaOps() override {
    pool_->before_freeing(nullptr);                   // tensors may keep the pool
    if (KernelTimes::are_wanted()) {
      std::fprintf(stderr, "kernels | pool: at most %zu MiB in use, %zu MiB held\n", pool_->peak() >> 20, pool_->held() >> 20);
      KernelTimes::report();
    }
  }

  // ---- memory ----
  Tensor empty(const Shape& shape) override { return make(shape, number_); }
  Tensor zeros(const Shape& shape) override {
    Tensor out = empty(shape);
    check_cuda(cudaMemsetAsync(out.raw(), 0, out.bytes(), stream()), "clear memory");
    return out;
  }
  Tensor upload(const Tensor& host) override {
    if (host.where() == Where::device) return host;
    Tensor out = make(host.shape, DType::f32);
    recordings_.interrupt();
    stream();
    frames_->copy_in(out.raw(), host.data(), host.bytes());
    return out;
  }
  Tensor upload_tokens(const Tensor& host) override { return as(upload(host), number_); }
  Tensor download(const Tensor& x) override {
    if (x.where() == Where::host) return x;
    const Tensor floats = as(x, DType::f32);
    Tensor out = Tensor::heap(x.shape);
    recordings_.interrupt();
    check_cuda(cudaMemcpyAsync(out.data(), floats.raw(), out.bytes(), cudaMemcpyDeviceToHost, stream()), "hand over numbers");
    check_cuda(cudaStreamSynchronize(stream()), "finish its work");
    return out;
  }
  size_t pool_bytes() const override { return pool_->held(); }
  size_t peak_bytes() const override { return pool_->peak(); }
  // Freeing makes the computer wait for the card, and the next chunk wants the same buffers again: what is kept is given back only where it goes beyond
  // the most that was ever in use.
  void trim() override {
    if (pool_->held() <= pool_->peak() + pool_->peak() / 16) return;
    table_ = RopeTable();
    pool_->trim();
  }
  void keep_within(size_t bytes) override { pool_->keep_within(bytes); }
  int threads() const override { return 1; }
  void check_cancelled() const override {
    if (cancelled_ && *cancelled_) fail("cancelled", "The stream was cancelled.");
  }
  void together(const std::string& key, const std::function<void()>& body) override {
    if (!is_recorded_) return body();                 // streamed weights come on a stream of their own, which a graph of this one cannot hold
    stream();
    try {
      recordings_.run(key, body);
    } catch (...) {
      table_ = RopeTable();                           // its kernel may never have been started
      throw;
    }
  }

  // ---- weights ----
  LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 2, "linear: the weight is " + str(weight.shape) + ", [out, in] is wanted");
    check_bias("linear", bias, weight.shape[0]);
    const HostWeight host = k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(number_));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }
  LinearWeight pack_large_linear(const Tensor& weight, const Tensor& bias) override {
    if (!has_small_products_ || weight.shape.rank() != 2 || weight.shape[1] % (kPieceBytes / size_of(Type::e4m3)) != 0) return pack_linear(weight, bias);
    check_bias("linear", bias, weight.shape[0]);
    const HostWeight host = k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]), Type::e4m3);
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }
  ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3, "conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("conv", bias, weight.shape[0]);
    const bool is_spread = weight.shape[0] <= kMostSpread && number_ != DType::f32;
    const HostWeight host = (is_spread ? pack_spread_conv3x3 : k::pack_conv3x3)(weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(number_));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }
  ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3, "upsample_conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("upsample_conv", bias, weight.shape[0]);
    const HostWeight host = pack_upsample_conv3x3(weight.data(), small(weight.shape[0]), small(weight.shape[1]), type_of(number_));
    return {weight.shape[1], weight.shape[0], on_device(host), bias.defined() ? row(bias) : bias};
  }

  void enter(const Layer& now, const Layer& next) override {
    stream();
    layers_.enter(now, next);
  }

  // ---- rows ----
  Tensor linear(const Tensor& x, const LinearWeight& w, const Then& then) override {
    Tensor out = empty(with_channels(x.shape, w.out));
    multiply("linear", x, w, then, out);
    return out;
  }
  void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) override {
    CHECK(x.rows() == y.rows() && x.channels() == w.out && x.dtype() == number_, "add_linear: " + str(y.shape) + " times " + str(w.out) + " rows does not go onto " + str(x.shape));
    multiply("add_linear", y, w, Then().gated(gate).plus(x), x);
  }

  Tensor layer_norm(const Tensor& x, float eps) override { return norm(x, Norm::layer, eps, Tensor(), Tensor()); }
  Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) override {
    check_row("rms_norm", x, weight);
    return norm(x, Norm::rms, eps, weight, Tensor());
  }
  Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) override {
    check_row("channel_norm", x, gamma);
    CHECK(activation == Activation::none || activation == Activation::silu, "channel_norm: only none and silu can follow");
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
  Tensor prelu(const Tensor& x, const Tensor& slope) override {
    check_row("prelu", x, slope);
    return point(x, Tensor(), Point::prelu, Act::none, slope);
  }
  Tensor soft_clamp(const Tensor& x, float bound) override { return point(x, Tensor(), Point::soft_clamp, Act::none, Tensor(), Tensor(), bound); }
  Tensor clamp(const Tensor& x, float low, float high) override { return point(x, Tensor(), Point::clamp, Act::none, Tensor(), Tensor(), low, high); }
  Tensor scale(const Tensor& x, float factor, float offset) override { return point(x, Tensor(), Point::scale, Act::none, Tensor(), Tensor(), factor, offset); }

  Tensor concat(const std::vector<Tensor>& parts) override {
    check_cancelled();
    CHECK(!parts.empty(), "concat: nothing to join");
    int64_t channels = 0;
    DType dtype = parts[0].dtype();
    for (const Tensor& part : parts) {
      CHECK(part.rows() == parts[0].rows(), "concat: " + str(part.shape) + " does not go with " + str(parts[0].shape));
      channels += part.channels();
      if (part.dtype() != dtype) dtype = number_;
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
    CHECK(first >= 0 && n >= 0 && first + n <= x.channels(), "slice: channels " + str(first) + " to " + str(first + n) + " of " + str(x.shape));
    Tensor out = make(with_channels(x.shape, n), x.dtype());
    copy_rows(values(x, first), x.channels(), values(out), n, x.rows(), n, stream());
    return out;
  }
  void put_rows(Tensor& x, int64_t first, const Tensor& rows) override {
    check_cancelled();
    check_rows("put_rows", x, first, rows);
    copy_rows(values(rows), rows.count(), values(x.row_range(first, rows.shape[0])), rows.count(), 1, rows.count(), stream());
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
      if (part.dtype() != dtype) dtype = number_;
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
  Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, heirloom::Padding padding, const Then& then) override {
    check_cancelled();
    CHECK(!parts.empty() && parts[0].map.shape.rank() == 3, "conv: feature maps [H, W, C] are wanted");
    CHECK(parts.size() <= kMaxSources, "conv: " + str(parts.size()) + " inputs, at most " + str(kMaxSources) + " are possible");
    const int64_t H = parts[0].map.shape[0], W = parts[0].map.shape[1];
    std::vector<Tensor> maps;                         // alive until the launch
    std::vector<Source> sources;
    int64_t channels = 0;
    for (const Part& part : parts) {
      CHECK(part.map.shape.rank() == 3 && part.map.shape[0] == H && part.map.shape[1] == W, "conv: " + str(part.map.shape) + " does not go with " + str(parts[0].map.shape));
      CHECK(part.first >= 0 && part.channels > 0 && part.first + part.channels <= part.map.channels(), "conv: no channels " + str(part.first) + " to " + str(part.first + part.channels) + " in " + str(part.map.shape));
      maps.push_back(as(part.map, number_));
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
    const size_t padded = static_cast<size_t>((H + 2) * (W + 2) * channels) * bytes_of(number_);
    if (card_.capability == 90 && number_ == DType::bf16 && padding == heirloom::Padding::replicate && !weight.packing.spread && kTicketBytes + padded > on.scratch_bytes) {   // wgmma's road pads the map first
      on.scratch_bytes += padded;
      own = pool_->take(on.scratch_bytes);
      on.scratch = own.get();
      check_cuda(cudaMemsetAsync(on.scratch, 0, kTicketBytes, stream()), "clear its scratch memory");
    }
    Tensor out = empty({H, W, w.out});
    const Padding outside = padding == heirloom::Padding::zero ? Padding::zero : Padding::replicate;
    const Epilogue e = epilogue("conv", then, w.bias, out);
    const int count = static_cast<int>(sources.size());
    if (weight.packing.spread) {
      const Tensor products = make({H, W, weight.packing.n}, DType::f32);
      k::spread_conv3x3(on, small(H), small(W), sources.data(), count, outside, weight, e, output(out), floats(products));
    } else {
      k::conv3x3(on, small(H), small(W), sources.data(), count, outside, weight, e, output(out));
    }
    return out;
  }

  Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const Then& then) override {
    check_map("upsample_conv", x);
    CHECK(x.channels() == w.in, "upsample_conv: the input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    const Weight weight = weight_of("upsample_conv", w.weight.get());
    const Tensor in = as(x, number_);
    Source source;
    source.data = values(in).data;
    source.channels = small(x.channels());
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, w.out});
    k::upsample_conv3x3(launch(), small(x.shape[0]), small(x.shape[1]), source, weight, epilogue("upsample_conv", then, w.bias, out), output(out));
    return out;
  }
  Tensor upsample_nearest2(const Tensor& x) override {
    check_map("upsample", x);
    Tensor out = make({x.shape[0] * 2, x.shape[1] * 2, x.channels()}, x.dtype());
    upsample2(values(x), small(x.shape[0]), small(x.shape[1]), small(x.channels()), values(out), stream());
    return out;
  }
  Tensor pixel_unshuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_unshuffle", x);
    CHECK(s > 0 && x.shape[0] % s == 0 && x.shape[1] % s == 0, "pixel_unshuffle: " + str(x.shape) + " does not divide by " + str(s));
    Tensor out = make({x.shape[0] / s, x.shape[1] / s, x.channels() * s * s}, x.dtype());
    k::pixel_unshuffle(values(x), small(x.shape[0]), small(x.shape[1]), small(x.channels()), small(s), values(out), stream());
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

  // ---- pictures ----
  Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) override {
    check_cancelled();
    CHECK(!pictures.empty() && pictures.size() <= kMaxPictures, "picture_unshuffle: " + str(pictures.size()) + " pictures, 1 to " + str(kMaxPictures) + " are possible");
    Pictures list;
    for (const Tensor& picture : pictures) {
      check_picture("picture_unshuffle", picture);
      check_same("picture_unshuffle", picture, pictures[0]);
      list.at[list.count++] = floats(picture);
    }
    const int64_t F = list.count, H = pictures[0].shape[1], W = pictures[0].shape[2];
    CHECK(s > 0 && H % s == 0 && W % s == 0, "picture_unshuffle: " + str(pictures[0].shape) + " does not divide by " + str(s));
    Tensor out = empty({H / s, W / s, 3 * F * s * s});
    k::picture_unshuffle(list, small(H), small(W), small(s), values(out), stream());
    return out;
  }
  Tensor picture_shuffle(const Tensor& x, int64_t s) override {
    check_map("picture_shuffle", x);
    CHECK(s > 0 && x.channels() == 3 * s * s, "picture_shuffle: " + str(x.shape) + " does not have 3 * " + str(s * s) + " channels");
    Tensor out = picture_like({3, x.shape[0] * s, x.shape[1] * s});
    k::picture_shuffle(values(x), small(out.shape[1]), small(out.shape[2]), small(s), nullptr, floats(out), stream());
    return out;
  }
  Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) override {
    check_map("picture_shuffle_add", x);
    check_picture("picture_shuffle_add", base);
    CHECK(s > 0 && x.channels() == 3 * s * s && base.shape[1] == x.shape[0] * s && base.shape[2] == x.shape[1] * s, "picture_shuffle_add: " + str(x.shape) + " does not go with " + str(base.shape));
    Tensor out = picture_like(base.shape);
    k::picture_shuffle(values(x), small(out.shape[1]), small(out.shape[2]), small(s), floats(base), floats(out), stream());
    return out;
  }
  Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) override {
    check_picture("pad_edge", picture);
    CHECK(H >= picture.shape[1] && W >= picture.shape[2] && picture.shape[1] > 0 && picture.shape[2] > 0, "pad_edge: " + str(picture.shape) + " is larger than " + str(H) + " x " + str(W));
    return on_canvas(picture, H, W);
  }
  Tensor crop(const Tensor& picture, int64_t h, int64_t w) override {
    check_picture("crop", picture);
    CHECK(h <= picture.shape[1] && w <= picture.shape[2] && h > 0 && w > 0, "crop: " + str(h) + " x " + str(w) + " from " + str(picture.shape));
    return on_canvas(picture, h, w);
  }
  Tensor adain(const Tensor& picture, const Tensor& style) override {
    check_picture("adain", picture);
    check_same("adain", picture, style);
    const std::shared_ptr<void> parts = pool_->take(sizeof(double) * 2 * 3 * kAdainParts * 2);
    Tensor out = picture_like(picture.shape);
    k::adain(floats(picture), floats(style), small(picture.shape[1]), small(picture.shape[2]), static_cast<double*>(parts.get()), floats(out), stream());
    return out;
  }
  Tensor wavelet_colour(const Tensor& picture, const Tensor& style) override {
    check_picture("wavelet_colour", picture);
    check_same("wavelet_colour", picture, style);
    const Tensor low = low_band(picture), low_style = low_band(style);
    Tensor out = picture_like(picture.shape);
    exchange_bands(floats(picture), floats(low), floats(low_style), picture.count(), floats(out), stream());
    return out;
  }
  Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) override {
    check_picture("recursive_mean", picture);
    check_same("recursive_mean", picture, mean);
    Tensor out = picture_like(picture.shape), change = make({picture.shape[1], picture.shape[2]}, DType::f32);
    k::recursive_mean(floats(picture), floats(mean), small(picture.shape[1]), small(picture.shape[2]), floor, sigma, floats(change), floats(out), stream());
    return out;
  }
  Tensor find_motion(const Tensor& now, const Tensor& before) override {
    check_picture("find_motion", now);
    check_motion_operands("find_motion", now, before);
    const int h = small(now.shape[1]), w = small(now.shape[2]);
    const std::shared_ptr<void> scratch = pool_->take(motion_scratch(h, w));
    Tensor out = make({now.shape[1] / 8, now.shape[2] / 8, 2}, DType::f32);
    k::find_motion(floats(now), floats(before), h, w, scratch.get(), floats(out), stream());
    return out;
  }
  Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) override {
    check_picture("move_blocks", picture);
    check_moved_operands("move_blocks", picture, motion, sign);
    Tensor out = picture_like(picture.shape);
    k::move_blocks(floats(picture), floats(motion), sign, small(picture.shape[1]), small(picture.shape[2]), floats(out), stream());
    return out;
  }

  // ---- frames ----
  Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int factor, int64_t H, int64_t W) override {
    check_cancelled();
    const int h = format.height, w = format.width;
    CHECK((factor == 1 || factor == 2 || factor == 4) && H >= int64_t{h} * factor && W >= int64_t{w} * factor,
          "picture_of: " + str(w) + " x " + str(h) + " enlarged by " + str(factor) + " does not go into " + str(W) + " x " + str(H));
    recordings_.interrupt();
    const cudaStream_t work = stream();
    const uint8_t* packed = frames_->upload(frame, format.bytes());
    Tensor rgb = picture_like({3, h, w}), out = picture_like({3, H, W});
    frame_to_rgb(packed, frame_shape(format), floats(rgb), work);
    frames_->uploaded_is_used();
    enlarge(floats(rgb), h, w, factor, floats(out), small(H), small(W), work);
    return out;
  }
  std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) override {
    check_picture("frame_of", picture);
    CHECK(picture.shape[1] >= format.height && picture.shape[2] >= format.width, "frame_of: " + str(picture.shape) + " is smaller than the frame");
    recordings_.interrupt();
    const cudaStream_t work = stream();
    uint8_t* packed = frames_->room(format.bytes());
    rgb_to_frame(floats(picture), small(picture.shape[1]), small(picture.shape[2]), frame_shape(format), packed, work);
    return frames_->send();
  }

  // ---- attention ----
  void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) override {
    check_cancelled();
    check_rope("rope", x, grid, rope);
    rope_in_place(type(x), x.raw(), x.channels(), grid, rope, table_of(grid, rope, t0), stream());
  }
  Tensor window_partition(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_partition", grid);
    CHECK(x.rows() == grid.tokens(), "window_partition: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = make({grid.windows(), grid.window_tokens(), x.channels()}, x.dtype());
    k::window_partition(type(x), values(x).data, x.channels(), x.channels(), grid, segments_of(out, grid.segments()), stream());
    return out;
  }
  Tensor window_merge(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_merge", grid);
    CHECK(x.rows() == grid.tokens(), "window_merge: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = make({grid.tokens(), x.channels()}, x.dtype());
    k::window_merge(type(x), values(x).data, x.channels(), grid, out.raw(), stream());
    return out;
  }
  Tensor norm_rope_windows(const Tensor& x, const Tensor& weight, float eps, const Grid& grid, const Rope& rope, int64_t t0) override {
    if (x.channels() % 8 != 0 || x.channels() > kMaxNormRope) return Ops::norm_rope_windows(x, weight, eps, grid, rope, t0);
    check_cancelled();
    check_row("norm_rope_windows", x, weight);
    check_grid("norm_rope_windows", grid);
    check_rope("norm_rope_windows", x, grid, rope);
    const Tensor gain = row(weight);
    Tensor out = make({grid.windows(), grid.window_tokens(), x.channels()}, x.dtype());
    k::norm_rope_windows(type(x), values(x).data, x.channels(), x.channels(), grid, floats(gain), eps, rope, table_of(grid, rope, t0), segments_of(out, grid.segments()), stream());
    return out;
  }
  Tensor pool_blocks(const Tensor& x) override {
    check_cancelled();
    CHECK(x.shape.rank() == 3, "pool_blocks: " + str(x.shape) + " is not [windows, tokens, D]");
    Tensor out = make({x.shape[0], x.channels()}, DType::f32);
    k::pool_blocks(type(x), values(x).data, x.shape[0], x.shape[1], x.channels(), floats(out), stream());
    return out;
  }
  Tensor block_probabilities(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const int64_t n = rule.rows * rule.columns;
    const SegmentPointers keys = pooled_segments(q, pooled, rule);
    const Tensor candidates = candidates_of(q, keys, rule);
    Tensor out = make({rule.heads, q.shape[0], keys.count * n}, DType::f32);
    spread_probabilities(floats(candidates), q.shape[0] / n, keys.count, rule, floats(out), stream());
    return out;
  }
  KeepList select_blocks(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const SegmentPointers keys = pooled_segments(q, pooled, rule);
    const Tensor candidates = candidates_of(q, keys, rule);
    auto keep = room_for_keep(rule.heads, q.shape[0], keys.count * rule.rows * rule.columns, keep_capacity(rule, keys.count));
    keep_windows(floats(candidates), rule, keep->kept, stream());
    KeepList list;
    list.heads = rule.heads;
    list.queries = q.shape[0];
    list.keys = keep->kept.keys;
    list.device = keep;
    return list;
  }
  Tensor block_sparse_attention(const Tensor& q, const Segments& key, const Segments& value, const KeepList& keep) override {
    return attention(q, key, value, keep, nullptr, make(q.shape, q.dtype()));
  }
  Tensor block_sparse_attention_merged(const Tensor& q, const Segments& key, const Segments& value, const KeepList& keep, const Grid& grid) override {
    return attention(q, key, value, keep, &grid, make({grid.tokens(), q.channels()}, q.dtype()));
  }
  Tensor cross_attention(const Tensor& q, const Tensor& key, const Tensor& value, int64_t heads) override {
    check_cancelled();
    CHECK(q.channels() == key.channels() && key.shape == value.shape && heads > 0 && q.channels() % heads == 0, "cross_attention: " + str(q.shape) + ", " + str(key.shape) + ", " + str(value.shape));
    const Tensor keys = as(key, q.dtype()), numbers = as(value, q.dtype());
    Tensor out = make(q.shape, q.dtype());
    CrossAttention a;
    a.type = type(q);
    a.T = q.rows();
    a.S = key.rows();
    a.D = q.channels();
    a.heads = heads;
    a.q = values(q).data;
    a.k = keys.raw();
    a.v = numbers.raw();
    a.out = out.raw();
    k::cross_attention(a, card_.capability, stream());
    return out;
  }
  Tensor at_rest(const Tensor& segment, int64_t heads) override {
    if (!has_small_cache_) return segment;
    check_cancelled();
    const StoredSegment s = stored_segment(segment, heads);
    Tensor out(segment.shape, DType::i8, Where::device, pool_->take(static_cast<size_t>(s.bytes())));    // the scales behind the numbers
    store_windows(type(segment), values(segment).data, s, static_cast<int8_t*>(out.raw()), scales_of(out, s), stream());
    return out;
  }
  Tensor awake(const Tensor& resting, int64_t heads) override {
    if (resting.dtype() != DType::i8) return resting;
    check_cancelled();
    const StoredSegment s = stored_segment(resting, heads);
    Tensor out = empty(resting.shape);
    expand_windows(type(out), static_cast<const int8_t*>(resting.raw()), scales_of(resting, s), s, out.raw(), stream());
    return out;
  }

 private:
  // The caller's thread may have used another card before.
  cudaStream_t stream() const {
    check_cuda(cudaSetDevice(card_.index), "be chosen");
    return work_.stream;
  }
  Launch launch() const {
    Launch on;
    on.stream = stream();
    on.capability = card_.capability;
    on.multiprocessors = card_.multiprocessors;
    on.scratch = scratch_.get();
    on.scratch_bytes = scratch_of(card_);
    return on;
  }

  // ---- tensors ----
  Tensor make(const Shape& shape, DType dtype) { return Tensor(shape, dtype, Where::device, pool_->take(static_cast<size_t>(shape.count()) * bytes_of(dtype))); }
  Tensor picture_like(const Shape& shape) { return make(shape, DType::f32); }
  // x in another number format; x itself if it has it.
  Tensor as(const Tensor& x, DType dtype) {
    if (x.dtype() == dtype) return x;
    Tensor out = make(x.shape, dtype);
    copy_rows(values(x), x.count(), values(out), x.count(), 1, x.count(), stream());
    return out;
  }
  // A row of parameters, fp32 on the device.
  Tensor row(const Tensor& x) { return x.where() == Where::host ? upload(x) : as(x, DType::f32); }
  static Type type(const Tensor& x) { return type_of(x.dtype()); }
  // From element `first` on.
  static Values values(const Tensor& x, int64_t first = 0) {
    CHECK(x.where() == Where::device, "a tensor " + str(x.shape) + " on the host was given to the graphics card: upload it first");
    return {static_cast<char*>(x.raw()) + static_cast<size_t>(first) * bytes_of(x.dtype()), type_of(x.dtype())};
  }
  static float* floats(const Tensor& x) {
    CHECK(x.where() == Where::device && x.dtype() == DType::f32, "a tensor " + str(x.shape) + " of " + name_of(x.dtype()) + " came where float32 on the graphics card is wanted");
    return static_cast<float*>(x.raw());
  }
  static Shape with_channels(Shape shape, int64_t channels) {
    shape.dims.back() = channels;
    return shape;
  }

  // ---- weights ----
  std::shared_ptr<const heirloom::Packed> on_device(const HostWeight& host) {
    recordings_.interrupt();
    return std::make_shared<PackedProduct>(pool_, host, stream());
  }
  // out = then(x W^T + b); out may be the residual.
  void multiply(const char* op, const Tensor& x, const LinearWeight& w, const Then& then, Tensor& out) {
    check_cancelled();
    CHECK(x.channels() == w.in, std::string(op) + ": input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    const Weight weight = weight_of(op, w.weight.get());
    Epilogue e = epilogue(op, then, w.bias, out);
    const Tensor in = as(x, number_);
    if (weight.packing.type != Type::e4m3) return k::gemm(launch(), x.rows(), in.raw(), 0, weight, e, output(out));
    const Tensor q(x.shape, DType::u8, Where::device, pool_->take(static_cast<size_t>(x.count())));   // e4m3
    const Tensor scale = make({x.rows()}, DType::f32);
    quantise_rows(launch(), x.rows(), small(w.in), in.raw(), type(in), 0, q.raw(), 0, floats(scale));
    e.row_scale = floats(scale);
    e.column_scale = product_of(op, w.weight.get()).column_scale();
    k::gemm(launch(), x.rows(), q.raw(), 0, weight, e, output(out));
  }
  Weight weight_of(const char* op, const heirloom::Packed* packed) const { return product_of(op, packed).at(layers_.place_of(packed)); }
  Epilogue epilogue(const char* op, const Then& then, const Tensor& bias, const Tensor& out) {
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

  // ---- rows ----
  Tensor norm(const Tensor& x, Norm kind, float eps, const Tensor& scale, const Tensor& shift, bool one_plus = false, bool then_silu = false) {
    check_cancelled();
    const Tensor a = scale.defined() ? row(scale) : scale, b = shift.defined() ? row(shift) : shift;
    Tensor out = make(x.shape, x.dtype());
    NormRows n;
    n.norm = kind;
    n.eps = eps;
    n.scale = a.defined() ? floats(a) : nullptr;
    n.shift = b.defined() ? floats(b) : nullptr;
    n.one_plus = one_plus;
    n.then_silu = then_silu;
    n.x = values(x);
    n.out = values(out);
    n.rows = x.rows();
    n.channels = small(x.channels());
    norm_rows(n, stream());
    return out;
  }
  Tensor point(const Tensor& x, const Tensor& y, Point kind, Act act, const Tensor& a = {}, const Tensor& b = {}, float p = 0, float q = 0) {
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

  // ---- pictures ----
  Tensor on_canvas(const Tensor& picture, int64_t H, int64_t W) {
    check_cancelled();
    Tensor out = picture_like({3, H, W});
    resize_canvas(floats(picture), small(picture.shape[1]), small(picture.shape[2]), floats(out), small(H), small(W), stream());
    return out;
  }
  Tensor low_band(const Tensor& picture) {
    check_cancelled();
    Tensor now = picture, next = picture_like(picture.shape), spare = picture_like(picture.shape);
    for (int distance = 1; distance <= 16; distance *= 2) {
      blur_121(floats(now), small(picture.shape[1]), small(picture.shape[2]), distance, floats(next), stream());
      now = next;
      std::swap(next, spare);
    }
    return now;
  }

  // ---- attention ----
  Tensor attention(const Tensor& q, const Segments& key, const Segments& value, const KeepList& keep, const Grid* raster, Tensor out) {
    check_cancelled();
    CHECK(q.shape.rank() == 3 && q.shape[0] == keep.queries && keep.heads > 0 && q.channels() % keep.heads == 0, "attention: queries " + str(q.shape) + " do not go with the list of kept windows");
    const std::shared_ptr<const DeviceKeep> list = keep_of(keep);
    SparseAttention a;
    a.type = type(q);
    a.D = q.channels();
    a.window_tokens = q.shape[1];
    a.q = values(q).data;
    a.k = segments_of(key, q, keep.keys);
    a.v = segments_of(value, q, keep.keys);
    a.keep = list->kept;
    a.out = out.raw();
    a.raster = raster;
    sparse_attention(a, card_.capability, stream());
    return out;
  }
  const float2* table_of(const Grid& grid, const Rope& rope, int64_t t0) {
    RopeTable& t = table_;
    const bool is_same = t.t0 == t0 && t.grid.f == grid.f && t.grid.h == grid.h && t.grid.w == grid.w && t.rope.dims == rope.dims && t.rope.base == rope.base;
    if (!is_same) {
      t = {grid, rope, t0, make({rope_table_size(grid, rope), 2}, DType::f32)};
      rope_table(grid, rope, t0, static_cast<float2*>(t.table.raw()), stream());
    }
    return static_cast<const float2*>(t.table.raw());
  }
  static StoredSegment stored_segment(const Tensor& x, int64_t heads) {
    CHECK(x.shape.rank() == 3 && x.where() == Where::device, "at_rest: " + str(x.shape) + " is not [windows, tokens, D] on the graphics card");
    return {x.shape[0], x.shape[1], x.shape[2], heads};
  }
  // Behind the numbers of a resting segment.
  static float* scales_of(const Tensor& resting, const StoredSegment& s) { return reinterpret_cast<float*>(static_cast<int8_t*>(resting.raw()) + s.values()); }
  // One buffer of so many equal segments.
  static SegmentPointers segments_of(const Tensor& x, int64_t count) {
    CHECK(count > 0 && count <= kMaxSegments, "attention: " + str(count) + " segments, at most " + str(kMaxSegments) + " are possible");
    SegmentPointers p;
    p.count = static_cast<int>(count);
    for (int64_t i = 0; i < count; ++i) p.at[i] = values(x, x.count() / count * i).data;
    return p;
  }
  static SegmentPointers segments_of(const Segments& segments, const Tensor& q, int64_t keys) {
    CHECK(!segments.empty() && segments.size() <= kMaxSegments, "attention: " + str(segments.size()) + " segments, at most " + str(kMaxSegments) + " are possible");
    SegmentPointers p;
    int64_t windows = 0;
    for (const Tensor& segment : segments) {
      CHECK(segment.shape.rank() == 3 && segment.shape[0] == segments[0].shape[0] && segment.shape[1] == q.shape[1] && segment.channels() == q.channels() && segment.dtype() == q.dtype(),
            "attention: keys " + str(segment.shape) + " do not go with queries " + str(q.shape));
      p.at[p.count++] = values(segment).data;
      windows += segment.shape[0];
    }
    CHECK(windows == keys, "attention: " + str(windows) + " key windows, the list of kept ones was made for " + str(keys));
    return p;
  }
  // Each tensor holds one or more whole segments.
  static SegmentPointers pooled_segments(const Tensor& q, const Segments& pooled, const SelectRule& rule) {
    const int64_t n = rule.rows * rule.columns;
    CHECK(n > 0 && q.shape[0] % n == 0 && rule.heads > 0 && q.channels() % rule.heads == 0,
          "select_blocks: queries " + str(q.shape) + " do not go with segments of " + str(n) + " windows and " + str(rule.heads) + " heads");
    CHECK(rule.topk >= 0 && rule.local_range >= 1, "select_blocks: topk " + str(rule.topk) + ", local range " + str(rule.local_range));
    SegmentPointers p;
    for (const Tensor& keys : pooled) {
      CHECK(keys.shape[0] % n == 0 && keys.channels() == q.channels(), "select_blocks: pooled keys " + str(keys.shape) + " do not go with queries " + str(q.shape) + " and segments of " + str(n) + " windows");
      for (int64_t first = 0; first < keys.shape[0]; first += n) {
        CHECK(p.count < kMaxSegments, "select_blocks: more than " + str(kMaxSegments) + " segments of keys");
        p.at[p.count++] = floats(keys) + first * keys.channels();
      }
    }
    CHECK(q.shape[0] <= p.count * n, "select_blocks: " + str(q.shape[0]) + " query windows, but " + str(p.count * n) + " key windows");
    return p;
  }
  Tensor candidates_of(const Tensor& q, const SegmentPointers& keys, const SelectRule& rule) {
    check_cancelled();
    Tensor out = make({rule.heads, q.shape[0], keep_capacity(rule, keys.count)}, DType::f32);
    candidate_probabilities(floats(q), q.shape[0] / (rule.rows * rule.columns), keys, q.channels(), rule, floats(out), stream());
    return out;
  }
  std::shared_ptr<DeviceKeep> room_for_keep(int64_t heads, int64_t queries, int64_t keys, int64_t capacity) {
    auto keep = std::make_shared<DeviceKeep>();
    const int64_t rows = heads * queries;
    keep->memory = pool_->take(static_cast<size_t>(rows * (capacity + 2)) * sizeof(int32_t));
    keep->stream = stream();
    keep->kept.heads = small(heads);
    keep->kept.queries = small(queries);
    keep->kept.keys = small(keys);
    keep->kept.capacity = small(capacity);
    keep->kept.count = static_cast<int32_t*>(keep->memory.get());
    keep->kept.order = keep->kept.count + rows;
    keep->kept.key = keep->kept.order + rows;
    return keep;
  }
  // A list from the host (a given mask) is brought to the device; rows in their own order.
  std::shared_ptr<const DeviceKeep> keep_of(const KeepList& list) {
    if (list.device) {
      auto mine = std::dynamic_pointer_cast<const DeviceKeep>(list.device);
      CHECK(mine != nullptr, "attention: the list of kept windows belongs to another backend");
      return mine;
    }
    const size_t rows = static_cast<size_t>(list.heads * list.queries);
    int64_t capacity = 1;
    for (size_t row = 0; row < rows; ++row) capacity = std::max(capacity, list.first[row + 1] - list.first[row]);
    auto keep = room_for_keep(list.heads, list.queries, list.keys, capacity);
    std::vector<int32_t> host(rows * (static_cast<size_t>(capacity) + 2), 0);
    for (size_t row = 0; row < rows; ++row) {
      host[row] = static_cast<int32_t>(list.first[row + 1] - list.first[row]);
      host[rows + row] = static_cast<int32_t>(row);
      std::copy(list.key.begin() + list.first[row], list.key.begin() + list.first[row + 1], host.begin() + static_cast<std::ptrdiff_t>(2 * rows + row * static_cast<size_t>(capacity)));
    }
    recordings_.interrupt();
    check_cuda(cudaMemcpyAsync(keep->memory.get(), host.data(), host.size() * sizeof(int32_t), cudaMemcpyHostToDevice, stream()), "take a list of windows");
    check_cuda(cudaStreamSynchronize(stream()), "take a list of windows");
    return keep;
  }

  // ---- checks ----
  static void check_plain(Activation activation) { CHECK(activation != Activation::prelu, "prelu needs its slopes: use prelu()"); }
  static void check_rope(const char* op, const Tensor& x, const Grid& grid, const Rope& rope) {
    const int64_t head = rope.dims[0] + rope.dims[1] + rope.dims[2];
    CHECK(x.rows() == grid.tokens() && x.channels() == rope.heads * head,
          std::string(op) + ": " + str(x.shape) + " is not " + str(grid.tokens()) + " tokens of " + str(rope.heads) + " heads x " + str(head));
  }
  void check_map(const char* op, const Tensor& x) const {
    check_cancelled();
    CHECK(x.shape.rank() == 3, std::string(op) + ": " + str(x.shape) + " is not [H, W, C]");
  }
  void check_picture(const char* op, const Tensor& x) const {
    check_cancelled();
    CHECK(x.shape.rank() == 3 && x.shape[0] == 3, std::string(op) + ": " + str(x.shape) + " is not [3, H, W]");
  }

  const Card card_;
  const DType number_;                                // of tokens and feature maps
  const bool has_small_products_, has_small_cache_, is_recorded_;                      // "fp8", "small-cache"; not "launch-by-launch"
  const std::atomic<bool>* cancelled_;
  std::shared_ptr<Pool> pool_;
  WorkStream work_;
  Recordings recordings_;
  std::shared_ptr<Frames> frames_;
  LayerWeights layers_;
  std::shared_ptr<void> scratch_;                     // scratch_of(card_) bytes
  RopeTable table_;
};

}  // namespace

// For every multiprocessor two waves of the largest tile's sums.
size_t scratch_of(const Card& card) { return kTicketBytes + static_cast<size_t>(card.multiprocessors) * (size_t{256} << 10); }

std::unique_ptr<Ops> make_cuda_ops(const Card& card, const Wishes& wishes, const std::atomic<bool>* cancelled) { return std::make_unique<CudaOps>(card, wishes, cancelled); }

}  // namespace heirloom::HL_CUDA

#include "cpu_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "exact.h"
#include "kernels.h"
#include "memory.h"
#include "motion.h"
#include "op_checks.h"
#include "pixel/pixel.h"

namespace heirloom::cpu {

namespace {

namespace k = ::heirloom::cpu;                        // the kernels, where an op has the same name

struct PackedLinear : heirloom::Packed {
  cpu::Packed packed;
};
struct PackedConv : heirloom::Packed {
  cpu::Packed packed;
};

Act act_of(Activation activation) {
  switch (activation) {
    case Activation::relu: return Act::relu;
    case Activation::silu: return Act::silu;
    case Activation::gelu_tanh: return Act::gelu;
    case Activation::prelu: return Act::prelu;
    default: return Act::none;
  }
}

int small(int64_t n) {
  CHECK(n >= 0 && n <= std::numeric_limits<int>::max(), "a size of " + str(n) + " is beyond the kernels");
  return static_cast<int>(n);
}

struct ReadyFrame : PackedFrame {
  std::vector<uint8_t> bytes;
  void take(uint8_t* to) override { std::memcpy(to, bytes.data(), bytes.size()); }
};

// The rotation of every token of a grid, kept between the layers of one chunk.
struct RopeTable {
  Grid grid;
  Rope rope;
  int64_t t0 = -1;
  Tensor cos, sin;                                    // [tokens, head / 2]
};

class CpuOps : public Ops {
 public:
  CpuOps(int threads, const std::atomic<bool>* cancelled) : pool_(threads), memory_(std::make_shared<Memory>()) { pool_.watch(cancelled); }

  // ---- memory ----
  Tensor empty(const Shape& shape) override { return memory_->take(shape); }
  Tensor zeros(const Shape& shape) override {
    Tensor out = empty(shape);
    std::memset(out.data(), 0, out.bytes());
    return out;
  }
  Tensor upload(const Tensor& host) override { return copy(host); }
  Tensor download(const Tensor& device) override { return copy(device); }
  size_t pool_bytes() const override { return memory_->held(); }
  size_t peak_bytes() const override { return memory_->peak(); }
  void trim() override {
    table_ = RopeTable();
    memory_->trim();
  }
  int threads() const override { return pool_.threads(); }
  void check_cancelled() const override { pool_.check_cancelled(); }

  // ---- weights ----
  LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) override {
    CHECK(weight.shape.rank() == 2, "linear: the weight is " + str(weight.shape) + ", [out, in] is wanted");
    check_bias("linear", bias, weight.shape[0]);
    auto packed = std::make_shared<PackedLinear>();
    packed->packed = k::pack_linear(weight.data(), small(weight.shape[0]), small(weight.shape[1]));
    return {weight.shape[1], weight.shape[0], packed, bias.defined() ? copy(bias) : bias};
  }

  ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) override { return pack_3x3(weight, bias, k::pack_conv3x3); }
  ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) override { return pack_3x3(weight, bias, k::pack_upsample_conv3x3); }

  // ---- rows ----
  Tensor linear(const Tensor& x, const LinearWeight& w, const Then& then) override {
    check_cancelled();
    CHECK(x.channels() == w.in, "linear: input is " + str(x.shape) + ", the weight wants " + str(w.in) + " channels");
    const auto* packed = dynamic_cast<const PackedLinear*>(w.weight.get());
    CHECK(packed != nullptr, "linear: the weight belongs to another backend");
    Tensor out = empty(with_channels(x.shape, w.out));
    k::linear(pool_, x.rows(), x.data(), 0, packed->packed, epilogue("linear", then, w.bias, out), out.data());
    return out;
  }

  Tensor layer_norm(const Tensor& x, float eps) override {
    Tensor out = like(x);
    k::layer_norm(pool_, x.data(), x.rows(), small(x.channels()), eps, nullptr, nullptr, out.data());
    return out;
  }

  Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) override {
    check_row("rms_norm", x, weight);
    Tensor out = like(x);
    k::rms_norm(pool_, x.data(), x.rows(), small(x.channels()), eps, weight.data(), out.data());
    return out;
  }

  Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) override {
    check_row("channel_norm", x, gamma);
    CHECK(activation == Activation::none || activation == Activation::silu, "channel_norm: only none and silu can follow");
    Tensor out = like(x);
    k::channel_norm(pool_, x.data(), x.rows(), small(x.channels()), 1e-12f, gamma.data(), activation == Activation::silu, out.data());
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
    k::layer_norm_modulate(pool_, x.data(), x.rows(), small(x.channels()), eps, shift.data(), scale.data(), out.data());
    return out;
  }

  Tensor norm_affine(const Tensor& x, float eps, const Tensor& weight, const Tensor& bias) override {
    check_row("norm_affine", x, weight);
    check_row("norm_affine", x, bias);
    Tensor out = like(x);
    k::layer_norm(pool_, x.data(), x.rows(), small(x.channels()), eps, weight.data(), bias.data(), out.data());
    return out;
  }

  Tensor add(const Tensor& a, const Tensor& b, Activation activation) override {
    check_same("add", a, b);
    Tensor out = like(a);
    k::add(pool_, a.data(), b.data(), a.count(), out.data());
    activate_into(out, activation, out);
    return out;
  }

  Tensor add_gated(const Tensor& x, const Tensor& y, const Tensor& gate) override {
    check_same("add_gated", x, y);
    check_row("add_gated", x, gate);
    Tensor out = like(x);
    k::add_gated(pool_, x.data(), y.data(), gate.data(), x.rows(), small(x.channels()), out.data());
    return out;
  }

  Tensor activate(const Tensor& x, Activation activation) override {
    Tensor out = like(x);
    if (activation == Activation::none) std::memcpy(out.data(), x.data(), x.bytes());
    activate_into(x, activation, out);
    return out;
  }

  Tensor prelu(const Tensor& x, const Tensor& slope) override {
    check_row("prelu", x, slope);
    Tensor out = like(x);
    k::prelu(pool_, x.data(), slope.data(), x.rows(), small(x.channels()), out.data());
    return out;
  }

  Tensor soft_clamp(const Tensor& x, float bound) override {
    Tensor out = like(x);
    k::soft_clamp(pool_, x.data(), x.count(), bound, out.data());
    return out;
  }

  Tensor clamp(const Tensor& x, float low, float high) override {
    Tensor out = like(x);
    k::clamp(pool_, x.data(), x.count(), low, high, out.data());
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
    CHECK(first >= 0 && n >= 0 && first + n <= x.channels(), "slice: channels " + str(first) + " to " + str(first + n) + " of " + str(x.shape));
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
  void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) override { put_rows(x, 0, linear(y, w, Then().gated(gate).plus(x))); }
  Tensor stack_rows(const std::vector<Tensor>& parts) override {
    check_cancelled();
    CHECK(!parts.empty(), "stack_rows: nothing to join");
    Shape shape = parts[0].shape;
    shape.dims[0] = 0;
    for (const Tensor& part : parts) {
      Shape expected = parts[0].shape;
      expected.dims[0] = part.shape[0];
      CHECK(part.shape == expected, "stack_rows: " + str(part.shape) + " does not go with " + str(parts[0].shape));
      shape.dims[0] += part.shape[0];
    }
    Tensor out = empty(shape);
    float* to = out.data();
    for (const Tensor& part : parts) {
      std::memcpy(to, part.data(), part.bytes());
      to += part.count();
    }
    return out;
  }

  // ---- feature maps ----
  Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, heirloom::Padding padding, const Then& then) override {
    check_cancelled();
    CHECK(!parts.empty() && parts[0].map.shape.rank() == 3, "conv: feature maps [H, W, C] are wanted");
    const int64_t H = parts[0].map.shape[0], W = parts[0].map.shape[1];
    std::vector<Source> sources;
    int64_t channels = 0;
    for (const Part& part : parts) {
      CHECK(part.map.shape.rank() == 3 && part.map.shape[0] == H && part.map.shape[1] == W, "conv: " + str(part.map.shape) + " does not go with " + str(parts[0].map.shape));
      CHECK(part.first >= 0 && part.channels > 0 && part.first + part.channels <= part.map.channels(), "conv: no channels " + str(part.first) + " to " + str(part.first + part.channels) + " in " + str(part.map.shape));
      sources.push_back({part.map.data() + part.first, small(part.channels), part.map.channels(), 0});
      channels += part.channels;
    }
    CHECK(channels == w.in, "conv: the inputs have " + str(channels) + " channels, the weight wants " + str(w.in));
    const cpu::Packed& packed = packed_conv(w);
    Tensor out = empty({H, W, w.out});
    k::conv3x3(pool_, small(H), small(W), sources.data(), static_cast<int>(sources.size()), padding == heirloom::Padding::zero ? Padding::zero : Padding::replicate,
               packed, epilogue("conv", then, w.bias, out), out.data());
    return out;
  }

  Tensor upsample_nearest2(const Tensor& x) override {
    check_map("upsample", x);
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, x.channels()});
    k::upsample2_nearest(pool_, x.data(), small(x.shape[0]), small(x.shape[1]), small(x.channels()), out.data());
    return out;
  }

  Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const Then& then) override {
    check_map("conv", x);
    CHECK(x.channels() == w.in, "conv: the input has " + str(x.channels()) + " channels, the weight wants " + str(w.in));
    Source source;
    source.data = x.data();
    source.channels = small(x.channels());
    Tensor out = empty({x.shape[0] * 2, x.shape[1] * 2, w.out});
    k::upsample_conv3x3(pool_, small(x.shape[0]), small(x.shape[1]), source, packed_conv(w), epilogue("conv", then, w.bias, out), out.data());
    return out;
  }

  Tensor pixel_unshuffle(const Tensor& x, int64_t s) override {
    check_map("pixel_unshuffle", x);
    CHECK(s > 0 && x.shape[0] % s == 0 && x.shape[1] % s == 0, "pixel_unshuffle: " + str(x.shape) + " does not divide by " + str(s));
    Tensor out = empty({x.shape[0] / s, x.shape[1] / s, x.channels() * s * s});
    k::unshuffle_pixels(pool_, x.data(), small(x.shape[0]), small(x.shape[1]), small(x.channels()), small(s), out.data());
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

  // ---- pictures ----
  Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) override {
    check_cancelled();
    CHECK(!pictures.empty(), "picture_unshuffle: no picture");
    const int64_t F = static_cast<int64_t>(pictures.size()), H = pictures[0].shape[1], W = pictures[0].shape[2];
    for (const Tensor& picture : pictures) {
      check_picture("picture_unshuffle", picture);
      check_same("picture_unshuffle", picture, pictures[0]);
    }
    CHECK(s > 0 && H % s == 0 && W % s == 0, "picture_unshuffle: " + str(pictures[0].shape) + " does not divide by " + str(s));
    Tensor planes = pictures[0];
    if (F > 1) {                                      // [3 * F, H, W], rgb first
      planes = empty({3 * F, H, W});
      for (int64_t c = 0; c < 3; ++c)
        for (int64_t f = 0; f < F; ++f)
          std::memcpy(planes.data() + (c * F + f) * H * W, pictures[static_cast<size_t>(f)].data() + c * H * W, static_cast<size_t>(H * W) * sizeof(float));
    }
    Tensor out = empty({H / s, W / s, 3 * F * s * s});
    k::unshuffle_planar(pool_, planes.data(), small(3 * F), small(H), small(W), small(s), out.data());
    return out;
  }

  Tensor picture_shuffle(const Tensor& x, int64_t s) override {
    check_map("picture_shuffle", x);
    CHECK(s > 0 && x.channels() == 3 * s * s, "picture_shuffle: " + str(x.shape) + " does not have 3 * " + str(s * s) + " channels");
    Tensor out = empty({3, x.shape[0] * s, x.shape[1] * s});
    k::shuffle_planar(pool_, x.data(), 3, small(x.shape[0]), small(x.shape[1]), small(s), nullptr, out.data());
    return out;
  }

  Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) override {
    check_map("picture_shuffle_add", x);
    check_picture("picture_shuffle_add", base);
    CHECK(s > 0 && x.channels() == 3 * s * s && base.shape[1] == x.shape[0] * s && base.shape[2] == x.shape[1] * s,
          "picture_shuffle_add: " + str(x.shape) + " does not go with " + str(base.shape));
    Tensor out = like(base);
    k::shuffle_planar(pool_, x.data(), 3, small(x.shape[0]), small(x.shape[1]), small(s), base.data(), out.data());
    return out;
  }

  Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) override {
    check_cancelled();
    check_picture("pad_edge", picture);
    const int64_t h = picture.shape[1], w = picture.shape[2];
    CHECK(H >= h && W >= w && h > 0 && w > 0, "pad_edge: " + str(picture.shape) + " is larger than " + str(H) + " x " + str(W));
    Tensor out = empty({3, H, W});
    rows(3 * H, [&](int64_t row) {
      const float* from = picture.data() + (row / H * h + std::min(row % H, h - 1)) * w;
      float* to = out.data() + row * W;
      std::memcpy(to, from, static_cast<size_t>(w) * sizeof(float));
      std::fill(to + w, to + W, from[w - 1]);
    });
    return out;
  }

  Tensor crop(const Tensor& picture, int64_t h, int64_t w) override {
    check_cancelled();
    check_picture("crop", picture);
    const int64_t H = picture.shape[1], W = picture.shape[2];
    CHECK(h <= H && w <= W && h > 0 && w > 0, "crop: " + str(h) + " x " + str(w) + " from " + str(picture.shape));
    Tensor out = empty({3, h, w});
    rows(3 * h, [&](int64_t row) {
      std::memcpy(out.data() + row * w, picture.data() + (row / h * H + row % h) * W, static_cast<size_t>(w) * sizeof(float));
    });
    return out;
  }

  Tensor adain(const Tensor& picture, const Tensor& style) override {
    check_cancelled();
    check_picture("adain", picture);
    check_same("adain", picture, style);
    const int64_t plane = picture.shape[1] * picture.shape[2];
    Tensor out = like(picture);
    pool_.parallel_for(3, [&](int64_t c) {
      double mean, variance, style_mean, style_variance;
      k::mean_variance(picture.data() + c * plane, plane, &mean, &variance);
      k::mean_variance(style.data() + c * plane, plane, &style_mean, &style_variance);
      const double gain = std::sqrt(style_variance + 1e-5) / std::sqrt(variance + 1e-5);
      const float* from = picture.data() + c * plane;
      float* to = out.data() + c * plane;
      for (int64_t i = 0; i < plane; ++i) to[i] = static_cast<float>(std::min(std::max((from[i] - mean) * gain + style_mean, -1.0), 1.0));
    });
    return out;
  }

  Tensor wavelet_colour(const Tensor& picture, const Tensor& style) override {
    check_cancelled();
    check_picture("wavelet_colour", picture);
    check_same("wavelet_colour", picture, style);
    const Tensor low = low_band(picture), low_style = low_band(style);
    Tensor out = like(picture);
    const int64_t W = picture.shape[2];
    const float *from = picture.data(), *minus = low.data(), *plus = low_style.data();
    float* to = out.data();
    rows(3 * picture.shape[1], [&](int64_t row) {
      for (int64_t i = row * W; i < (row + 1) * W; ++i) to[i] = std::min(std::max((from[i] - minus[i]) + plus[i], -1.0f), 1.0f);
    });
    return out;
  }

  Tensor give_back_detail(const Tensor& picture, const Tensor& input, int factor, Matrix matrix, float amount) override {
    check_cancelled();
    check_picture("give_back_detail", picture);
    check_same("give_back_detail", picture, input);
    Tensor out = copy(picture), scratch = empty(picture.shape);
    pixel::give_back_detail(input.data(), small(picture.shape[2]), small(picture.shape[1]), factor, pixel::luma_weights(matrix), amount, out.data(), scratch.data(), pixel_rows());
    return out;
  }

  Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) override {
    check_cancelled();
    check_picture("recursive_mean", picture);
    check_same("recursive_mean", picture, mean);
    Tensor out = like(picture);
    k::recursive_mean(pool_, picture.data(), mean.data(), small(picture.shape[1]), small(picture.shape[2]), floor, sigma, out.data());
    return out;
  }

  Tensor find_motion(const Tensor& now, const Tensor& before) override {
    check_cancelled();
    check_motion_operands("find_motion", now, before);
    const int h = small(now.shape[1]), w = small(now.shape[2]);
    Tensor out = empty({now.shape[1] / 8, now.shape[2] / 8, 2});
    float* to = out.data();
    for (const MotionVector& v : cpu::find_motion(pool_, now.data(), before.data(), h, w)) {
      *to++ = static_cast<float>(v.dy);
      *to++ = static_cast<float>(v.dx);
    }
    return out;
  }

  Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) override {
    check_cancelled();
    check_moved_operands("move_blocks", picture, motion, sign);
    std::vector<MotionVector> vectors(static_cast<size_t>(motion.count() / 2));
    for (size_t i = 0; i < vectors.size(); ++i) vectors[i] = {sign * static_cast<int>(motion.data()[2 * i]), sign * static_cast<int>(motion.data()[2 * i + 1])};
    Tensor out = like(picture);
    cpu::move_blocks(pool_, picture.data(), vectors, small(picture.shape[1]), small(picture.shape[2]), out.data());
    return out;
  }

  // ---- frames ----
  Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int factor, int64_t H, int64_t W) override {
    check_cancelled();
    Tensor rgb = empty({3, format.height, format.width}), out = empty({3, H, W});
    pixel::to_rgb(format, frame, rgb.data(), pixel_rows());
    pixel::enlarge(rgb.data(), format.width, format.height, factor, out.data(), small(W), small(H), pixel_rows());
    return out;
  }
  std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) override {
    check_cancelled();
    check_picture("frame_of", picture);
    CHECK(picture.shape[1] >= format.height && picture.shape[2] >= format.width, "frame_of: " + str(picture.shape) + " is smaller than the frame");
    auto made = std::make_unique<ReadyFrame>();
    made->bytes.resize(format.bytes());
    pixel::from_rgb(format, picture.data(), static_cast<size_t>(picture.shape[2]), static_cast<size_t>(picture.shape[1] * picture.shape[2]), made->bytes.data(), pixel_rows());
    return made;
  }

  // ---- attention ----
  void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) override {
    check_cancelled();
    const int64_t head = rope.dims[0] + rope.dims[1] + rope.dims[2];
    CHECK(x.rows() == grid.tokens() && x.channels() == rope.heads * head, "rope: " + str(x.shape) + " is not " + str(grid.tokens()) + " tokens of " + str(rope.heads) + " heads x " + str(head));
    prepare_rope(grid, rope, t0);
    k::rope(pool_, x.data(), x.rows(), small(rope.heads), small(head), table_.cos.data(), table_.sin.data());
  }

  Tensor window_partition(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_partition", grid);
    CHECK(x.rows() == grid.tokens(), "window_partition: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = empty({grid.windows(), grid.window_tokens(), x.channels()});
    k::to_windows(pool_, x.data(), small(grid.f), small(grid.h), small(grid.w), small(x.channels()), small(grid.window[0]), small(grid.window[1]), small(grid.window[2]), out.data());
    return out;
  }

  Tensor window_merge(const Tensor& x, const Grid& grid) override {
    check_cancelled();
    check_grid("window_merge", grid);
    CHECK(x.rows() == grid.tokens(), "window_merge: " + str(x.shape) + " does not have " + str(grid.tokens()) + " tokens");
    Tensor out = empty({grid.tokens(), x.channels()});
    k::from_windows(pool_, x.data(), small(grid.f), small(grid.h), small(grid.w), small(x.channels()), small(grid.window[0]), small(grid.window[1]), small(grid.window[2]), out.data());
    return out;
  }

  Tensor pool_blocks(const Tensor& x) override {
    check_cancelled();
    CHECK(x.shape.rank() == 3, "pool_blocks: " + str(x.shape) + " is not [windows, tokens, D]");
    Tensor out = empty({x.shape[0], x.channels()});
    k::window_means(pool_, x.data(), x.shape[0], small(x.shape[1]), small(x.channels()), out.data());
    return out;
  }

  Tensor block_probabilities(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const Tensor key = joined(pooled);
    check_select(q, key, rule);
    const int64_t queries = q.shape[0], keys = key.shape[0];
    Tensor out = zeros({rule.heads, queries, keys});
    pool_.parallel_for(rule.heads * queries, [&](int64_t i) {
      std::vector<Candidate> row;
      candidates(q, key, rule, i / queries, i % queries, row);
      for (const Candidate& c : row) out.data()[i * keys + c.key] = c.probability;
    });
    return out;
  }

  // theta is the (topk+1)-th largest of ALL pairs of the segment; those outside the local range count as zeros.
  KeepList select_blocks(const Tensor& q, const Segments& pooled, const SelectRule& rule) override {
    const Tensor key = joined(pooled);
    check_select(q, key, rule);
    const int64_t n = rule.rows * rule.columns, queries = q.shape[0], keys = key.shape[0], segments = queries / n;
    const int64_t budget = std::min(rule.topk, n * keys - 1);
    std::vector<std::vector<int32_t>> kept(static_cast<size_t>(rule.heads * queries));
    pool_.parallel_for(rule.heads * segments, [&](int64_t item) {
      const int64_t head = item / segments, first = item % segments * n;
      std::vector<std::vector<Candidate>> rows(static_cast<size_t>(n));
      std::vector<float> above_zero;
      for (int64_t i = 0; i < n; ++i) {
        candidates(q, key, rule, head, first + i, rows[static_cast<size_t>(i)]);
        for (const Candidate& c : rows[static_cast<size_t>(i)])
          if (c.probability > 0) above_zero.push_back(c.probability);
      }
      float theta = 0;
      if (budget < static_cast<int64_t>(above_zero.size())) {
        std::nth_element(above_zero.begin(), above_zero.begin() + budget, above_zero.end(), std::greater<float>());
        theta = above_zero[static_cast<size_t>(budget)];
      }
      for (int64_t i = 0; i < n; ++i) {
        const int64_t query = first + i, own = keys - queries + query;
        for (const Candidate& c : rows[static_cast<size_t>(i)])
          if (c.probability > theta || (rule.force_own && c.key == own)) kept[static_cast<size_t>(head * queries + query)].push_back(static_cast<int32_t>(c.key));
      }
    });
    KeepList list;
    list.heads = rule.heads;
    list.queries = queries;
    list.keys = keys;
    list.first.push_back(0);
    for (const std::vector<int32_t>& row : kept) {
      list.key.insert(list.key.end(), row.begin(), row.end());
      list.first.push_back(static_cast<int64_t>(list.key.size()));
    }
    return list;
  }

  Tensor block_sparse_attention(const Tensor& q, const Segments& key, const Segments& value, const KeepList& keep) override {
    check_cancelled();
    CHECK(!keep.device, "attention: the list of kept windows belongs to another backend");
    CHECK(q.shape.rank() == 3 && q.shape[0] == keep.queries && keep.heads > 0 && q.channels() % keep.heads == 0, "attention: queries " + str(q.shape) + " do not go with the list of kept windows");
    const std::vector<const float*> k_windows = windows_of(key, q, keep.keys), v_windows = windows_of(value, q, keep.keys);
    Tensor out = like(q);
    SparseAttention a;
    a.heads = small(keep.heads);
    a.d = small(q.channels() / keep.heads);
    a.window = small(q.shape[1]);
    a.q_windows = small(keep.queries);
    a.key_windows = small(keep.keys);
    a.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(a.d)));
    a.q = q.data();
    a.k = k_windows.data();
    a.v = v_windows.data();
    a.kept_start = keep.first.data();
    a.kept_index = keep.key.data();
    a.out = out.data();
    k::sparse_attention(pool_, a);
    return out;
  }

  Tensor cross_attention(const Tensor& q, const Tensor& key, const Tensor& value, int64_t heads) override {
    check_cancelled();
    CHECK(q.channels() == key.channels() && key.shape == value.shape && heads > 0 && q.channels() % heads == 0, "cross_attention: " + str(q.shape) + ", " + str(key.shape) + ", " + str(value.shape));
    Tensor out = like(q);
    const int64_t d = q.channels() / heads;
    k::attention(pool_, q.data(), q.rows(), key.data(), value.data(), small(key.rows()), small(heads), small(d), static_cast<float>(1.0 / std::sqrt(static_cast<double>(d))), out.data());
    return out;
  }

 private:
  struct Candidate {
    int64_t key;
    float probability;
  };

  // ---- small things ----
  ConvWeight pack_3x3(const Tensor& weight, const Tensor& bias, cpu::Packed (*pack)(const float*, int, int)) {
    CHECK(weight.shape.rank() == 4 && weight.shape[2] == 3 && weight.shape[3] == 3, "conv: the weight is " + str(weight.shape) + ", [out, in, 3, 3] is wanted");
    check_bias("conv", bias, weight.shape[0]);
    auto packed = std::make_shared<PackedConv>();
    packed->packed = pack(weight.data(), small(weight.shape[0]), small(weight.shape[1]));
    return {weight.shape[1], weight.shape[0], packed, bias.defined() ? copy(bias) : bias};
  }
  static const cpu::Packed& packed_conv(const ConvWeight& w) {
    const auto* packed = dynamic_cast<const PackedConv*>(w.weight.get());
    CHECK(packed != nullptr, "conv: the weight belongs to another backend");
    return packed->packed;
  }
  Tensor like(const Tensor& x) {
    check_cancelled();
    return empty(x.shape);
  }
  Tensor copy(const Tensor& x) {
    Tensor out = empty(x.shape);
    std::memcpy(out.data(), x.data(), x.bytes());
    return out;
  }
  static Shape with_channels(Shape shape, int64_t channels) {
    shape.dims.back() = channels;
    return shape;
  }
  // body(row) for every row, in groups that are worth a thread's while.
  template <class F>
  void rows(int64_t count, F&& body) {
    constexpr int64_t kGroup = 16;
    pool_.parallel_for((count + kGroup - 1) / kGroup, [&](int64_t group) {
      for (int64_t row = group * kGroup; row < std::min(count, (group + 1) * kGroup); ++row) body(row);
    });
  }
  // The same loop, as pixel/ wants it.
  pixel::Rows pixel_rows() {
    return [this](int count, const std::function<void(int, int)>& body) {
      constexpr int kGroup = 32;                      // enough to pay for handing them out, few enough to share evenly
      pool_.parallel_for((count + kGroup - 1) / kGroup, [&](int64_t group) { body(static_cast<int>(group) * kGroup, std::min(count, (static_cast<int>(group) + 1) * kGroup)); });
    };
  }
  template <class F>
  Tensor by_row(const Tensor& x, F&& body) {
    Tensor out = like(x);
    const int64_t d = x.channels();
    rows(x.rows(), [&](int64_t row) { body(x.data() + row * d, out.data() + row * d, d); });
    return out;
  }
  void activate_into(const Tensor& x, Activation activation, Tensor& out) {
    switch (activation) {
      case Activation::relu: k::relu(pool_, x.data(), x.count(), out.data()); break;
      case Activation::silu: k::silu(pool_, x.data(), x.count(), out.data()); break;
      case Activation::gelu_tanh: k::gelu(pool_, x.data(), x.count(), out.data()); break;
      case Activation::prelu: fail("internal", "prelu needs its slopes: use prelu()");
      default: break;
    }
  }
  static Epilogue epilogue(const char* op, const Then& then, const Tensor& bias, const Tensor& out) {
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
  void check_map(const char* op, const Tensor& x) const {
    check_cancelled();
    CHECK(x.shape.rank() == 3, std::string(op) + ": " + str(x.shape) + " is not [H, W, C]");
  }
  static void check_picture(const char* op, const Tensor& x) {
    CHECK(x.shape.rank() == 3 && x.shape[0] == 3, std::string(op) + ": " + str(x.shape) + " is not [3, H, W]");
  }

  // ---- colour ----
  // Blurred by [1 2 1]/4 both ways at distances 1, 2, 4, 8, 16, edges repeated.
  Tensor low_band(const Tensor& picture) {
    const int64_t H = picture.shape[1], W = picture.shape[2];
    Tensor now = copy(picture), across = empty(picture.shape);
    for (int64_t r = 1; r <= 16; r *= 2) {
      rows(3 * H, [&](int64_t row) {
        const float* from = now.data() + row * W;
        float* to = across.data() + row * W;
        for (int64_t x = 0; x < W; ++x) to[x] = 0.25f * from[std::max<int64_t>(x - r, 0)] + 0.5f * from[x] + 0.25f * from[std::min(x + r, W - 1)];
      });
      rows(3 * H, [&](int64_t row) {
        const int64_t y = row % H, base = row - y;
        const float *up = across.data() + (base + std::max<int64_t>(y - r, 0)) * W, *mid = across.data() + row * W, *down = across.data() + (base + std::min(y + r, H - 1)) * W;
        float* to = now.data() + row * W;
        for (int64_t x = 0; x < W; ++x) to[x] = 0.25f * up[x] + 0.5f * mid[x] + 0.25f * down[x];
      });
    }
    return now;
  }

  // ---- rope ----
  void prepare_rope(const Grid& grid, const Rope& rope, int64_t t0) {
    if (table_.t0 == t0 && table_.grid.f == grid.f && table_.grid.h == grid.h && table_.grid.w == grid.w && table_.rope.dims == rope.dims && table_.rope.base == rope.base) return;
    table_.grid = grid;
    table_.rope = rope;
    table_.t0 = t0;
    const int64_t half = (rope.dims[0] + rope.dims[1] + rope.dims[2]) / 2;
    table_.cos = empty({grid.tokens(), half});
    table_.sin = empty({grid.tokens(), half});
    fill_axis(0, 0, grid.f, t0, [&](int64_t token) { return token / (grid.h * grid.w); });
    fill_axis(1, rope.dims[0] / 2, grid.h, 0, [&](int64_t token) { return token / grid.w % grid.h; });
    fill_axis(2, (rope.dims[0] + rope.dims[1]) / 2, grid.w, 0, [&](int64_t token) { return token % grid.w; });
  }

  template <class F>
  void fill_axis(size_t axis, int64_t at, int64_t positions, int64_t origin, F&& position_of) {
    const int64_t d = table_.rope.dims[axis], pairs = d / 2, half = table_.cos.channels();
    std::vector<float> cos(static_cast<size_t>(positions * pairs)), sin(cos.size());
    for (int64_t p = 0; p < positions; ++p)
      for (int64_t i = 0; i < pairs; ++i) {
        const double angle = static_cast<double>(origin + p) * std::pow(table_.rope.base, -2.0 * static_cast<double>(i) / static_cast<double>(d));
        cos[static_cast<size_t>(p * pairs + i)] = static_cast<float>(std::cos(angle));
        sin[static_cast<size_t>(p * pairs + i)] = static_cast<float>(std::sin(angle));
      }
    rows(table_.cos.rows(), [&](int64_t token) {
      const int64_t from = position_of(token) * pairs, to = token * half + at;
      std::memcpy(table_.cos.data() + to, cos.data() + from, static_cast<size_t>(pairs) * sizeof(float));
      std::memcpy(table_.sin.data() + to, sin.data() + from, static_cast<size_t>(pairs) * sizeof(float));
    });
  }

  // ---- selection ----
  Tensor joined(const Segments& pooled) { return pooled.size() == 1 ? pooled[0] : stack_rows(pooled); }
  void check_select(const Tensor& q, const Tensor& key, const SelectRule& rule) const {
    check_cancelled();
    const int64_t n = rule.rows * rule.columns;
    CHECK(n > 0 && q.shape[0] % n == 0 && key.shape[0] % n == 0 && q.shape[0] <= key.shape[0] && q.channels() == key.channels() && rule.heads > 0 && q.channels() % rule.heads == 0,
          "select_blocks: " + str(q.shape) + " and " + str(key.shape) + " do not go with segments of " + str(n) + " windows and " + str(rule.heads) + " heads");
    CHECK(rule.topk >= 0 && rule.local_range >= 1, "select_blocks: topk " + str(rule.topk) + ", local range " + str(rule.local_range));
  }

  // The keys inside the local range of one query window, ascending, with their probabilities.
  static void candidates(const Tensor& q, const Tensor& key, const SelectRule& rule, int64_t head, int64_t query, std::vector<Candidate>& row) {
    const int64_t n = rule.rows * rule.columns, D = q.channels(), d = D / rule.heads, spatial = query % n;
    const int64_t before = rule.local_range / 2, after = rule.local_range - 1 - before;
    const int64_t top = std::max<int64_t>(spatial / rule.columns - before, 0), bottom = std::min(spatial / rule.columns + after, rule.rows - 1);
    const int64_t left = std::max<int64_t>(spatial % rule.columns - before, 0), right = std::min(spatial % rule.columns + after, rule.columns - 1);
    const float* from = q.data() + query * D + head * d;
    const float scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
    row.clear();
    float largest = -std::numeric_limits<float>::infinity();
    for (int64_t segment = 0; segment < key.shape[0] / n; ++segment)
      for (int64_t y = top; y <= bottom; ++y)
        for (int64_t x = left; x <= right; ++x) {
          const int64_t index = segment * n + y * rule.columns + x;
          const float score = dot(from, key.data() + index * D + head * d, d) * scale;
          row.push_back({index, score});
          largest = std::max(largest, score);
        }
    float sum = 0;
    for (Candidate& c : row) {
      c.probability = exact::exponential(c.probability - largest);
      sum += c.probability;
    }
    for (Candidate& c : row) c.probability /= sum;
  }

  // Eight partial sums in a fixed order: the compiler may use vectors, the result stays the same.
  static float dot(const float* a, const float* b, int64_t n) {
    float part[8] = {};
    int64_t i = 0;
    for (; i + 8 <= n; i += 8)
      for (int64_t j = 0; j < 8; ++j) part[j] += a[i + j] * b[i + j];
    for (; i < n; ++i) part[i % 8] += a[i] * b[i];
    return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
  }

  static std::vector<const float*> windows_of(const Segments& segments, const Tensor& q, int64_t keys) {
    std::vector<const float*> list;
    for (const Tensor& segment : segments) {
      CHECK(segment.shape.rank() == 3 && segment.shape[1] == q.shape[1] && segment.channels() == q.channels(), "attention: keys " + str(segment.shape) + " do not go with queries " + str(q.shape));
      for (int64_t i = 0; i < segment.shape[0]; ++i) list.push_back(segment.data() + i * segment.shape[1] * segment.channels());
    }
    CHECK(static_cast<int64_t>(list.size()) == keys, "attention: " + str(list.size()) + " key windows, the list of kept ones was made for " + str(keys));
    return list;
  }

  Pool pool_;
  std::shared_ptr<Memory> memory_;
  RopeTable table_;
};

}  // namespace

std::unique_ptr<Ops> make_cpu_ops(int threads, const std::atomic<bool>* cancelled) { return std::make_unique<CpuOps>(threads, cancelled); }

}  // namespace heirloom::cpu

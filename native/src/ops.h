// The operations the models are written in, in the papers' words. A backend implements them; models see nothing else.
// Shapes: tokens [..., D] (any leading axes, D last); feature maps [H, W, C] channels last; pictures [3, H, W] planar R'G'B'.
// Every call returns a new tensor unless it says "in place". Every call first looks at the cancel flag and throws Error("cancelled").
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tensor.h"

namespace heirloom {

enum class Activation { none, relu, silu, gelu_tanh, prelu };
enum class Padding { zero, replicate };

// Weights in the backend's own arrangement, made once by pack_*; kernels of another backend refuse them.
struct Packed {
  virtual ~Packed() = default;
  virtual bool is_waiting() const { return false; }   // beside the device, for its layer's turn
};
// The weights of one layer of a model, which may wait beside the device.
using Layer = std::vector<std::shared_ptr<const Packed>>;

struct LinearWeight {                                 // y = x W^T + b
  int64_t in = 0, out = 0;
  std::shared_ptr<const Packed> weight;
  Tensor bias;                                        // [out], or undefined
};

struct ConvWeight {                                   // 3x3
  int64_t in = 0, out = 0;
  std::shared_ptr<const Packed> weight;
  Tensor bias;                                        // [out], or undefined
};

// What happens to a product before it is stored: activation(product + bias) * gate + residual,
// or with activation_last: activation((product + bias) * gate + residual).
struct Then {
  Activation activation = Activation::none;
  Tensor slope = {};                                  // [out], for prelu
  Tensor gate = {};                                   // [out], or undefined for ones
  Tensor residual = {};                               // like the output, or undefined
  bool activation_last = false;
  Then() = default;
  Then(Activation a) : activation(a) {}               // NOLINT: linear(x, w, Activation::silu) reads well
  Then& prelu(const Tensor& s) { activation = Activation::prelu; slope = s; return *this; }
  Then& gated(const Tensor& g) { gate = g; return *this; }
  Then& plus(const Tensor& r) { residual = r; return *this; }
  Then& last() { activation_last = true; return *this; }
};

// A feature map, or some of its channels, as one of the inputs of a convolution.
struct Part {
  Tensor map;                                         // [H, W, C]
  int64_t first = 0, channels = -1;                   // channels first .. first + channels; -1: all from first
  Part(const Tensor& m, int64_t first_ = 0, int64_t n = -1) : map(m), first(first_), channels(n < 0 ? m.channels() - first_ : n) {}  // NOLINT
};

// The token grid of one call: f latents of h x w tokens, cut into windows of (window[0], window[1], window[2]) tokens.
// Tokens in raster order are [f*h*w, D], (frame, row, column), column fastest.
struct Grid {
  int64_t f = 0, h = 0, w = 0;
  std::array<int64_t, 3> window = {2, 8, 8};
  int64_t tokens() const { return f * h * w; }
  int64_t window_tokens() const { return window[0] * window[1] * window[2]; }
  int64_t segments() const { return f / window[0]; }
  int64_t rows() const { return h / window[1]; }      // windows down
  int64_t columns() const { return w / window[2]; }   // windows across
  int64_t per_segment() const { return rows() * columns(); }
  int64_t windows() const { return segments() * per_segment(); }
};

struct Rope {
  int64_t heads = 1;
  std::array<int64_t, 3> dims = {44, 42, 42};         // of one head, for time, row, column; all even
  double base = 10000.0;
};

// Which key windows every (head, query window) attends to. first has heads * queries + 1 entries into key.
// A backend may leave the list on its device: then first and key are empty, and on_host() brings them for whoever looks.
struct KeepList {
  struct OnDevice {
    virtual ~OnDevice() = default;
    virtual KeepList download() const = 0;
  };
  int64_t heads = 0, queries = 0, keys = 0;
  std::vector<int64_t> first;
  std::vector<int32_t> key;                           // ascending within a row
  std::shared_ptr<const OnDevice> device;             // null: the list is here
  KeepList on_host() const;
};
inline KeepList KeepList::on_host() const { return device ? device->download() : *this; }

struct SelectRule {
  int64_t heads = 1;
  int64_t rows = 0, columns = 0;                      // windows of one segment
  int64_t local_range = 9;                            // R: -floor(R/2) .. R-1-floor(R/2) windows, rows and columns alike
  int64_t topk = 0;                                   // pairs per (head, query segment); capped at pairs - 1
  bool force_own = false;                             // always keep the query's own window, of the newest segments
};

// How many packed frames of so many bytes a card has places for on their way in: a frame is asked for several times in a chunk, and a whole chunk may be on
// its way while the one before is at work. As many as 12 MiB hold, 12 to 48.
constexpr size_t kMostFramesIn = 48;
constexpr size_t frames_in(size_t bytes) {
  const size_t fitting = (size_t{12} << 20) / (bytes ? bytes : 1);
  return fitting < 12 ? 12 : fitting > kMostFramesIn ? kMostFramesIn : fitting;
}

// A packed frame that a backend has made or is still making; whoever needs it waits for it.
struct PackedFrame {
  virtual ~PackedFrame() = default;
  virtual bool is_there() const { return true; }      // take() need not wait
  virtual void take(uint8_t* to) = 0;                 // FrameFormat::bytes() of them
};

// The cached and current keys (or values, or pooled keys) of a stream, oldest segment first: each [per_segment, window_tokens, D] (or [per_segment, D]).
using Segments = std::vector<Tensor>;

class Ops {
 public:
  virtual ~Ops() = default;

  // ---- memory ----
  virtual Tensor empty(const Shape& shape) = 0;                                  // from the pool, uninitialised
  virtual Tensor zeros(const Shape& shape) = 0;
  virtual Tensor upload(const Tensor& host) = 0;                                 // host to device, exactly; the CPU copies
  virtual Tensor upload_tokens(const Tensor& host) { return upload(host); }      // the same, as the backend keeps tokens and feature maps
  virtual Tensor download(const Tensor& device) = 0;                             // device to host; the CPU copies
  virtual size_t pool_bytes() const = 0;                                         // held by the pool now, in use or not
  virtual size_t peak_bytes() const = 0;                                         // the most that was in use at one time
  virtual void trim() = 0;                                                       // give back what is not in use
  virtual void keep_within(size_t /*bytes*/) {}                                  // from now on unused memory is given back before the pool holds more
  virtual int threads() const = 0;
  virtual void check_cancelled() const = 0;
  // Runs body, operations whose results nobody looks at before it ends. A card may start them as one piece of work when a body of this key has run before.
  virtual void together(const std::string& /*key*/, const std::function<void()>& body) { body(); }

  // ---- weights, once at load ----
  // weight [out, in]; bias [out] or undefined
  virtual LinearWeight pack_linear(const Tensor& weight, const Tensor& bias) = 0;
  // The same for a product so large that a device may round its operands further than the rest: to eight bits where "fp8" is asked for.
  virtual LinearWeight pack_large_linear(const Tensor& weight, const Tensor& bias) { return pack_linear(weight, bias); }
  // weight [out, in, 3, 3]; bias [out] or undefined
  virtual ConvWeight pack_conv(const Tensor& weight, const Tensor& bias) = 0;
  // The same weight for upsample_conv3x3, which a backend may fold (conv_algebra.h).
  virtual ConvWeight pack_upsample_conv(const Tensor& weight, const Tensor& bias) { return pack_conv(weight, bias); }
  // The weights of `now` are used from here on, after them those of `next`. A device asked for "streamed-weights" keeps no others on it.
  virtual void enter(const Layer& /*now*/, const Layer& /*next*/) {}

  // ---- rows ----
  // then(x W^T + b)                                  x [..., in] -> [..., out]
  virtual Tensor linear(const Tensor& x, const LinearWeight& w, const Then& then = {}) = 0;
  // (x - mean) / sqrt(var + eps), no affine          x [..., D] -> same
  virtual Tensor layer_norm(const Tensor& x, float eps) = 0;
  // x * rsqrt(mean(x^2) + eps) * weight              x [..., D]; weight [D] -> same
  virtual Tensor rms_norm(const Tensor& x, const Tensor& weight, float eps) = 0;
  // x / max(||x||, 1e-12) * sqrt(C) * gamma          x [..., C]; gamma [C] -> activation(same)
  virtual Tensor channel_norm(const Tensor& x, const Tensor& gamma, Activation activation) = 0;
  // x * (1 + scale) + shift                          x [..., D]; shift, scale [D] -> same
  virtual Tensor modulate(const Tensor& x, const Tensor& shift, const Tensor& scale) = 0;
  // x * weight + bias                                x [..., D]; weight, bias [D] -> same
  virtual Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) = 0;
  // layer_norm then modulate, in one pass            x [..., D]; shift, scale [D] -> same
  virtual Tensor norm_modulate(const Tensor& x, float eps, const Tensor& shift, const Tensor& scale) = 0;
  // layer_norm then affine, in one pass              x [..., D]; weight, bias [D] -> same
  virtual Tensor norm_affine(const Tensor& x, float eps, const Tensor& weight, const Tensor& bias) = 0;
  // activation(a + b)
  virtual Tensor add(const Tensor& a, const Tensor& b, Activation activation = Activation::none) = 0;
  // x + y * gate                                     x, y [..., D]; gate [D] -> same
  virtual Tensor add_gated(const Tensor& x, const Tensor& y, const Tensor& gate) = 0;
  virtual Tensor activate(const Tensor& x, Activation activation) = 0;
  // x < 0 ? x * slope : x                            x [..., C]; slope [C] -> same
  virtual Tensor prelu(const Tensor& x, const Tensor& slope) = 0;
  // bound * tanh(x / bound)
  virtual Tensor soft_clamp(const Tensor& x, float bound) = 0;
  // min(max(x, low), high)
  virtual Tensor clamp(const Tensor& x, float low, float high) = 0;
  // scale * x + offset
  virtual Tensor scale(const Tensor& x, float scale, float offset) = 0;
  // Side by side along the last axis; all leading axes equal.
  virtual Tensor concat(const std::vector<Tensor>& parts) = 0;
  // Channels first .. first + n of the last axis.
  virtual Tensor slice(const Tensor& x, int64_t first, int64_t n) = 0;
  // One after the other along the first axis.
  virtual Tensor stack_rows(const std::vector<Tensor>& parts) = 0;
  // Entries first .. of the first axis of x become rows, in place.
  virtual void put_rows(Tensor& x, int64_t first, const Tensor& rows) = 0;
  // x += (y W^T + b) * gate, in place                x [..., out], y [..., in]; gate [out], or undefined for ones
  virtual void add_linear(Tensor& x, const Tensor& y, const LinearWeight& w, const Tensor& gate) = 0;

  // ---- feature maps [H, W, C] ----
  // then(conv3x3(concat(parts)))                     parts: [H, W, C_i], sum C_i = in -> [H, W, out]
  virtual Tensor conv2d_3x3(const std::vector<Part>& parts, const ConvWeight& w, Padding padding, const Then& then = {}) = 0;
  // Each pixel becomes 2 x 2 equal ones.             [H, W, C] -> [2H, 2W, C]
  virtual Tensor upsample_nearest2(const Tensor& x) = 0;
  // then(conv3x3(upsample_nearest2(x))), zero padding; w from pack_upsample_conv   [H, W, in] -> [2H, 2W, out]
  virtual Tensor upsample_conv3x3(const Tensor& x, const ConvWeight& w, const Then& then = {}) { return conv2d_3x3({upsample_nearest2(x)}, w, Padding::zero, then); }
  // channel = (c*s + dy)*s + dx                      [H, W, C] -> [H/s, W/s, C*s*s]
  virtual Tensor pixel_unshuffle(const Tensor& x, int64_t s) = 0;
  // the inverse                                      [H, W, C*s*s] -> [H*s, W*s, C]
  virtual Tensor pixel_shuffle(const Tensor& x, int64_t s) = 0;

  // ---- pictures [3, H, W] ----
  // channel = ((rgb*F + frame)*s + dy)*s + dx        F pictures [3, H, W] -> [H/s, W/s, 3*F*s*s]
  virtual Tensor picture_unshuffle(const std::vector<Tensor>& pictures, int64_t s) = 0;
  // channel = (rgb*s + dy)*s + dx; s may be 1        [H, W, 3*s*s] -> [3, H*s, W*s]
  virtual Tensor picture_shuffle(const Tensor& x, int64_t s) = 0;
  // the same, plus base [3, H*s, W*s]
  virtual Tensor picture_shuffle_add(const Tensor& x, int64_t s, const Tensor& base) = 0;
  // Edge values repeated at the right and bottom.    [3, h, w] -> [3, H, W]
  virtual Tensor pad_edge(const Tensor& picture, int64_t H, int64_t W) = 0;
  // The top left corner.                             [3, H, W] -> [3, h, w]
  virtual Tensor crop(const Tensor& picture, int64_t h, int64_t w) = 0;
  // Per channel: (x - mean_x) / sd_x * sd_style + mean_style, clamped to [-1, 1]; sd = sqrt(population variance + 1e-5)
  virtual Tensor adain(const Tensor& picture, const Tensor& style) = 0;
  // The low bands (5 levels of [1 2 1]/4 blur) come from style, the rest from picture; clamped to [-1, 1].
  virtual Tensor wavelet_colour(const Tensor& picture, const Tensor& style) = 0;
  // Fine structure of input that picture has lost, in part: pixel::give_back_detail. On the computer's side unless a backend does it itself.
  virtual Tensor give_back_detail(const Tensor& picture, const Tensor& input, int scale, Matrix matrix, float amount);
  // m + (floor + (1-floor) * (1 - exp(-(e/sigma)^2))) * d, d = x - m, e = box5(|box3(mean over rgb of d)|): docs/heirloom-s.md step 2
  virtual Tensor recursive_mean(const Tensor& picture, const Tensor& mean, float floor, float sigma) = 0;
  // Where every 8x8 block of `now` lay in `before`: whole pixels, found from coarse to fine on 8-bit luma in integers, the same vectors on every
  // backend (docs/heirloom-s.md step 2).   both [3, H, W], H and W multiples of 8 -> [H / 8, W / 8, 2] as dy, dx
  virtual Tensor find_motion(const Tensor& now, const Tensor& before) = 0;
  // Every 8x8 block of the result from (y + sign * dy, x + sign * dx) of picture; what lies outside is the nearest of the border.   sign 1 or -1
  virtual Tensor move_blocks(const Tensor& picture, const Tensor& motion, int sign) = 0;

  // ---- frames ----
  // A packed frame as a picture [3, H, W] in [-1, 1]: enlarged by 1, 2 or 4 (pixel/pixel.h), its last row and column repeated down and right.
  virtual Tensor picture_of(const FrameFormat& format, const uint8_t* frame, int scale, int64_t H, int64_t W) = 0;
  // The top left of a picture [3, H, W] as a packed frame. A card copies it to the computer while it goes on working.
  virtual std::unique_ptr<PackedFrame> frame_of(const Tensor& picture, const FrameFormat& format) = 0;

  // ---- attention ----
  // Rotates interleaved pairs of every head by their absolute position (latent t0 + f, row, column); angles in double.
  // x [f*h*w, D] in raster order, in place
  virtual void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) = 0;
  // raster order [f*h*w, D] -> [windows, window_tokens, D], windows ordered (segment, row, column)
  virtual Tensor window_partition(const Tensor& x, const Grid& grid) = 0;
  virtual Tensor window_merge(const Tensor& x, const Grid& grid) = 0;            // the inverse
  // rms_norm, rope and window_partition, in one pass.    x [f*h*w, D]; weight [D] -> [windows, window_tokens, D]
  virtual Tensor norm_rope_windows(const Tensor& x, const Tensor& weight, float eps, const Grid& grid, const Rope& rope, int64_t t0) {
    Tensor turned = rms_norm(x, weight, eps);
    this->rope(turned, grid, rope, t0);
    return window_partition(turned, grid);
  }
  // Mean over the tokens of each window.             [windows, window_tokens, D] -> [windows, D]
  virtual Tensor pool_blocks(const Tensor& x) = 0;
  // softmax over all keys of <q, k> / sqrt(head size), keys outside the local range excluded (zero). The whole matrix: for tests and taps.
  // q [queries, D]; k: whole segments of pooled keys, [keys, D] together -> [heads, queries, keys]
  virtual Tensor block_probabilities(const Tensor& q, const Segments& k, const SelectRule& rule) = 0;
  // The pairs that are attended to, per (head, query segment): those whose probability is strictly above the (topk+1)-th largest.
  // q and k as there: pooled; the queries are the newest of the keys
  virtual KeepList select_blocks(const Tensor& q, const Segments& k, const SelectRule& rule) = 0;
  // Softmax attention of every query window over the tokens of its kept key windows; no kept window gives zeros.
  // q [windows, window_tokens, D]; k, v: segments of the same -> like q
  virtual Tensor block_sparse_attention(const Tensor& q, const Segments& k, const Segments& v, const KeepList& keep) = 0;
  // The same, then window_merge: the results in raster order at once.   -> [f*h*w, D]
  virtual Tensor block_sparse_attention_merged(const Tensor& q, const Segments& k, const Segments& v, const KeepList& keep, const Grid& grid) {
    return window_merge(block_sparse_attention(q, k, v, keep), grid);
  }
  // Plain attention over all keys.                   q [T, D]; k, v [S, D] -> [T, D]
  virtual Tensor cross_attention(const Tensor& q, const Tensor& k, const Tensor& v, int64_t heads) = 0;
  // A segment [n, window_tokens, D] of keys or values as it rests until the next chunk, and as it is attended to again: the same tensor, or
  // (a device asked for "small-cache") eight bits with a scale for every window and head.
  virtual Tensor at_rest(const Tensor& segment, int64_t /*heads*/) { return segment; }
  virtual Tensor awake(const Tensor& resting, int64_t /*heads*/) { return resting; }
};

// device: "auto" (the first graphics card, else the processor), "cpu" or "cuda:N". Words may follow after spaces: a precision of "auto", "fp32",
// "bf16", "fp16", "fp8" (bf16 with large products of eight bits), and ways of holding of a card: "small-cache", "streamed-weights". So "cuda:0 bf16 small-cache". The processor computes in fp32
// whatever is asked and holds everything. threads 0: all cores. cancelled may be null; the caller keeps it alive.
std::unique_ptr<Ops> make_ops(const std::string& device, int threads, const std::atomic<bool>* cancelled);

// What has to be known about a device before anything is allocated there.
struct DeviceFacts {
  bool is_separate = false;                           // a card with memory of its own
  size_t free = 0;                                    // bytes, of the card; 0 for the processor
  DType number = DType::f32;                          // of tokens and feature maps, and of weights
  size_t product_bytes = 4;                           // of one number of a weight that pack_large_linear made
  size_t overhead = 0;                                // bytes that every stream takes there, whatever it does
  std::string small_cache;                            // how "small-cache" keeps keys and values: "int8"; "": not offered
  bool streams_weights = false;                       // "streamed-weights" is offered
};
DeviceFacts device_facts(const std::string& device);  // as in make_ops

// A further device, for tests: the kernels on the processor.
struct Backend {
  std::function<DeviceFacts(const std::string& words)> facts;      // words: what follows the device's id
  std::function<std::unique_ptr<Ops>(const std::string& words, const std::atomic<bool>* cancelled)> make;
};
void add_device(const std::string& device, const Backend& backend);

}  // namespace heirloom

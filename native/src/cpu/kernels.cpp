// The drivers: cut work into items for the pool, bring inputs into the shape the blocks of level.h want, and call them.
// Sums over k always run in the same order with the same block borders, so tiling and threads never change a bit.
#include "kernels.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "../../include/heirloom.h"
#include "../conv_algebra.h"
#include "../sentences.h"
#include "level.h"

namespace heirloom::cpu {

// ---- which instructions ----------------------------------------------------------------------------------------

namespace {

const Level* find(Simd level) {
  if (level == Simd::portable) return portable_level();
#if defined(HL_HAVE_AVX2) && defined(HL_HAVE_AVX512)  // set by CMake where the compiler can make them
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (level == Simd::avx2) return avx2 ? avx2_level() : nullptr;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  return avx512 ? avx512_level() : nullptr;
#else
  return nullptr;
#endif
}

Simd choose() {
  if (const char* wish = std::getenv("HEIRLOOM_SIMD"))
    for (Simd s : {Simd::portable, Simd::avx2, Simd::avx512})
      if (!std::strcmp(wish, simd_name(s)) && find(s)) return s;
  for (Simd s : {Simd::avx512, Simd::avx2})
    if (find(s)) return s;
  return Simd::portable;
}

Simd& chosen() {
  static Simd s = choose();
  return s;
}

void require(bool ok, const std::string& what) {
  if (!ok) throw Error("internal", what);
}

}  // namespace

Simd simd() { return chosen(); }
bool simd_available(Simd level) { return find(level) != nullptr; }
const char* simd_name(Simd level) {
  return level == Simd::avx512 ? "avx512" : level == Simd::avx2 ? "avx2" : "portable";
}
void use_simd(Simd level) {
  require(simd_available(level), std::string("use_simd: this machine has no ") + simd_name(level));
  chosen() = level;
}
const Level& level() { return *find(chosen()); }

// ---- memory ----------------------------------------------------------------------------------------------------

Buffer::Buffer(size_t count) : size_(count) {
  if (!count) return;
  void* p = ::operator new(count * sizeof(float), std::align_val_t(64), std::nothrow);
  if (!p)
    throw Error("out-of-memory", say(sentences::kMemoryPiece, {{"size", std::to_string(count * sizeof(float) >> 20)}}));
  data_.reset(static_cast<float*>(p));
}
void Buffer::Free::operator()(float* p) const { ::operator delete(p, std::align_val_t(64)); }

namespace {

// Room for one kernel on one thread; kept and reused, because fresh pages cost more than the work in them.
enum Slot { kInput, kSums, kScores, kOutputs, kPanels, kSlots };
float* scratch(Slot slot, size_t count) {
  thread_local Buffer room[kSlots];
  if (room[slot].size() < count) {
    room[slot] = Buffer();
    room[slot] = Buffer(count + count / 8);
  }
  return room[slot].data();
}

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// f(first, count) over rows, in items of about `per_item` floats of work
template <class F>
void over_rows(Pool& pool, int64_t rows, int64_t d, F f) {
  const int64_t step = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, d));
  pool.parallel_for(ceil_div(rows, step), [&](int64_t i) { f(i * step, std::min(step, rows - i * step)); });
}

int padded(int n) { return int(ceil_div(n, level().width)) * level().width; }

}  // namespace

void expand_f16(const uint16_t* in, int64_t n, float* out) { level().expand_f16(in, n, out); }
void expand_bf16(const uint16_t* in, int64_t n, float* out) { level().expand_bf16(in, n, out); }

// ---- matrix products -------------------------------------------------------------------------------------------

struct PackedAccess {
  static Packed make(int n, int k, int taps, size_t floats) {
    Packed p;
    p.n_ = n;
    p.k_ = k;
    p.taps_ = taps;
    p.simd_ = simd();
    p.data_ = Buffer(floats);
    return p;
  }
  static float* data(Packed& p) { return p.data_.data(); }
  static const float* data(const Packed& p) {
    require(p.simd_ == simd(), "Weights were packed for " + std::string(simd_name(p.simd_)) + " and are used with " +
                                   simd_name(simd()) + ".");
    return p.data_.data();
  }
  static int taps(const Packed& p) { return p.taps_; }
};

namespace {

void pack_all(const float* b, int64_t n_stride, int64_t k_stride, int n, int k, float* out) {
  const KBlocks blocks(k);
  for (int i = 0; i < blocks.count; ++i)
    level().pack(b, n_stride, k_stride, n, blocks.start(i), blocks.start(i + 1) - blocks.start(i),
                 out + int64_t(blocks.start(i)) * padded(n));
}

// Rows per item: many for long products (the panels are read once per item), fewer when the threads would go idle.
int64_t rows_per_item(int64_t m, int threads) {
  constexpr int64_t kMost = 192, kStep = 24;  // a multiple of 6 and of 8
  if (threads == 1) return kMost;
  return std::clamp(ceil_div(ceil_div(m, 4 * threads), kStep) * kStep, 2 * kStep, kMost);
}

void multiply(Pool& pool, int64_t m, int n, int k, const float* a, int64_t lda, const float* panels, const Epilogue& e,
              float* c, int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  const Level& l = level();
  const KBlocks k_blocks(k);
  const int64_t residual_stride = e.residual_stride ? e.residual_stride : n;
  const bool in_place = e.residual == c && k_blocks.count > 1;  // the sums need a place of their own
  const bool gather = lda >= 1024 || (lda * 4) % 4096 == 0;  // far apart rows fall into the same cache sets
  const int64_t rows = rows_per_item(m, pool.threads()), row_items = ceil_div(m, rows);
  const Panels cut(n, l.width, l.max_vecs);
  const int parts =
      row_items >= pool.threads() ? 1 : int(std::min<int64_t>(cut.count, ceil_div(pool.threads(), row_items)));
  pool.parallel_for(row_items * parts, [&](int64_t item) {
    const int64_t m0 = item / parts * rows;
    const int part = int(item % parts);
    Block t;
    t.rows = int(std::min(rows, m - m0));
    t.n = n;
    t.first_panel = int(int64_t(cut.count) * part / parts);
    t.end_panel = int(int64_t(cut.count) * (part + 1) / parts);
    t.c = c + m0 * ldc;
    t.ldc = ldc;
    t.acc = in_place ? scratch(kSums, size_t(rows) * size_t(n)) : t.c;
    t.acc_row = in_place ? n : ldc;
    Epilogue mine = e;
    mine.residual_stride = residual_stride;
    if (e.residual) mine.residual = e.residual + m0 * residual_stride;
    const bool plain = !e.bias && e.act == Act::none && !e.gate && !e.residual;
    t.epilogue = plain ? nullptr : &mine;
    for (int i = 0; i < k_blocks.count; ++i) {
      const int k0 = k_blocks.start(i);
      t.kc = k_blocks.start(i + 1) - k0;
      t.a = a + m0 * lda + k0;
      t.lda = lda;
      if (gather) {
        constexpr int64_t kPitch = KBlocks::kMost + 16;
        float* to = scratch(kInput, size_t(rows * kPitch));
        for (int r = 0; r < t.rows; ++r) l.copy(t.a + r * lda, t.kc, to + r * kPitch);
        t.a = to;
        t.lda = kPitch;
      }
      t.b = panels + int64_t(k0) * padded(n);
      t.begin = i == 0;
      t.last = i + 1 == k_blocks.count;
      l.block(t);
    }
  });
}

}  // namespace

Packed pack_linear(const float* w, int n, int k) {
  Packed p = PackedAccess::make(n, k, 1, size_t(padded(n)) * size_t(k));
  pack_all(w, k, 1, n, k, PackedAccess::data(p));
  return p;
}

void linear(Pool& pool, int64_t m, const float* a, int64_t lda, const Packed& w, const Epilogue& e, float* c,
            int64_t ldc) {
  require(PackedAccess::taps(w) == 1, "linear: the weights were packed for a convolution");
  multiply(pool, m, w.n(), w.k(), a, lda ? lda : w.k(), PackedAccess::data(w), e, c, ldc ? ldc : w.n());
}

void gemm(Pool& pool, int64_t m, int n, int k, const float* a, int64_t lda, const float* b, int64_t n_stride,
          int64_t k_stride, const Epilogue& e, float* c, int64_t ldc) {
  float* panels = scratch(kPanels, size_t(padded(n)) * size_t(k));
  const KBlocks blocks(k);
  pool.parallel_for(blocks.count, [&](int64_t i) {
    const int k0 = blocks.start(int(i));
    level().pack(b, n_stride, k_stride, n, k0, blocks.start(int(i) + 1) - k0, panels + int64_t(k0) * padded(n));
  });
  multiply(pool, m, n, k, a, lda ? lda : k, panels, e, c, ldc ? ldc : n);
}

// ---- convolutions ----------------------------------------------------------------------------------------------

namespace {

constexpr int kUpsampleTaps = 16;  // four phases of 2x2

// Channels are taken in nearly equal blocks of at most 96, all nine taps of a block in one go: a tile of 10 x 82 pixels stays in L2.
struct ChannelBlocks {
  int channels, count;
  explicit ChannelBlocks(int c) : channels(c), count(int(ceil_div(c, 96))) {}
  int start(int i) const { return int(int64_t(channels) * i / count); }
};

// Weight order: channel block, then kernel (a 3x3, or the four 2x2 phases of an upsampling one), then [row of the kernel][column][channel of the block].
// at(kernel, output, channel, row, column)
template <class At>
Packed pack_conv(int n, int channels, int kernels, int side, At at) {
  const int taps = side * side;
  Packed p =
      PackedAccess::make(n, channels, kernels * taps, size_t(padded(n)) * size_t(channels) * size_t(kernels * taps));
  const ChannelBlocks blocks(channels);
  float* out = PackedAccess::data(p);
  std::vector<float> w;  // [N, taps * block]
  for (int b = 0; b < blocks.count; ++b) {
    const int c0 = blocks.start(b), cb = blocks.start(b + 1) - c0;
    w.resize(size_t(n) * taps * cb);
    for (int kernel = 0; kernel < kernels; ++kernel) {
      for (int o = 0; o < n; ++o)
        for (int tap = 0; tap < taps; ++tap)
          for (int c = 0; c < cb; ++c)
            w[(size_t(o) * taps + tap) * cb + c] = at(kernel, o, c0 + c, tap / side, tap % side);
      level().pack(w.data(), taps * cb, 1, n, 0, taps * cb, out);
      out += int64_t(padded(n)) * taps * cb;
    }
  }
  return p;
}

}  // namespace

Packed pack_conv3x3(const float* w, int n, int channels) {
  return pack_conv(n, channels, 1, 3, [&](int, int o, int c, int ky, int kx) {
    return w[((int64_t(o) * channels + c) * 3 + ky) * 3 + kx];
  });
}

Packed pack_conv3d(const float* w, int n, int channels, int kt) {
  return pack_conv(n, channels * kt, 1, 3, [&](int, int o, int ct, int ky, int kx) {
    const int t = ct / channels, c = ct % channels;
    return w[(((int64_t(o) * channels + c) * kt + t) * 3 + ky) * 3 + kx];
  });
}

Packed pack_upsample_conv3x3(const float* w, int n, int channels) {
  const std::vector<float> phases = upsample_phases(w, n, channels);
  return pack_conv(n, channels, 4, 2, [&](int phase, int o, int c, int ky, int kx) {
    return phases[size_t((((int64_t(phase) * n + o) * channels + c) * 2 + ky) * 2 + kx)];
  });
}

namespace {

// Channels [c0, c0 + cb) of the pixels (y0 - 1 .. y0 + rows, x0 - 1 .. x0 + cols) -> to [rows + 2, cols + 2, cb].
void gather_tile(const Source* sources, int count, int h, int w, Padding padding, int c0, int cb, int y0, int rows,
                 int x0, int cols, float* to) {
  const Level& l = level();
  int from = 0;
  for (int s = 0; s < count; from += sources[s++].channels) {
    const Source& src = sources[s];
    const int lo = std::max(c0, from), hi = std::min(c0 + cb, from + src.channels);
    if (lo >= hi) continue;
    for (int r = 0; r < rows + 2; ++r) {
      float* row = to + int64_t(r) * (cols + 2) * cb + (lo - c0);
      int y = y0 - 1 + r;
      const bool outside_y = y < 0 || y >= h;
      y = std::clamp(y, 0, h - 1);
      const float* line = src.data + y * src.row_stride + (lo - from);
      // Whole source, dense: one copy for all the pixels inside the picture.
      const int first = std::max(x0 - 1, 0), end = std::min(x0 + cols + 1, w);
      const bool dense = lo == from && hi - lo == src.channels && src.channels == cb && src.pixel_stride == cb;
      if (dense && !outside_y)
        l.copy(line + int64_t(first) * cb, int64_t(end - first) * cb, row + int64_t(first - x0 + 1) * cb);
      else if (!outside_y)
        l.copy_rows(line + first * src.pixel_stride, src.pixel_stride, end - first, hi - lo,
                    row + int64_t(first - x0 + 1) * cb, cb);
      for (int i = 0; i < cols + 2; ++i) {  // what is left: the pixels outside
        int x = x0 - 1 + i;
        const bool outside = outside_y || x < 0 || x >= w;
        if (!outside) {
          i += end - first - 1;
          continue;
        }
        if (outside && padding == Padding::zero) {
          std::memset(row + int64_t(i) * cb, 0, size_t(hi - lo) * sizeof(float));
          continue;
        }
        x = std::clamp(x, 0, w - 1);
        l.copy(line + x * src.pixel_stride, hi - lo, row + int64_t(i) * cb);
      }
    }
  }
}

// One convolution whose output is made tile by tile: out [H, W, N], or [2H, 2W, N] from the four phases of an upsampling one.
class Convolution {
 public:
  Convolution(int h, int w, const Source* given, int count, Padding padding, const Packed& weight, bool upsamples,
              const Epilogue& e, float* out, int64_t out_stride)
      : h_(h),
        w_(w),
        count_(count),
        padding_(padding),
        n_(weight.n()),
        zoom_(upsamples ? 2 : 1),
        stride_(out_stride ? out_stride : weight.n()),
        residual_stride_(e.residual_stride ? e.residual_stride : weight.n()),
        panels_(PackedAccess::data(weight)),
        blocks_(weight.k()),
        e_(e),
        out_(out) {
    require(count >= 1 && count <= kMaxSources, "conv3x3: 1 to 8 sources, got " + std::to_string(count));
    require(PackedAccess::taps(weight) == (upsamples ? kUpsampleTaps : 9),
            "conv3x3: the weights were packed for another layer");
    int channels = 0;
    for (int i = 0; i < count; ++i) {
      sources_[i] = given[i];
      if (!sources_[i].pixel_stride) sources_[i].pixel_stride = sources_[i].channels;
      if (!sources_[i].row_stride) sources_[i].row_stride = w * sources_[i].pixel_stride;
      channels += sources_[i].channels;
    }
    require(channels == weight.k(), "conv3x3: the sources have " + std::to_string(channels) +
                                        " channels, the weights want " + std::to_string(weight.k()));
    require(!upsamples || e.residual != out, "conv3x3: an upsampling convolution's residual cannot be its output");
  }

  // Rows y0 .. y0 + rows of the columns x0 .. x0 + cols of the sources, all of them made. The sums of a pixel are the same in every tile.
  void tile(int y0, int rows, int x0, int cols, const Made* made = nullptr) const {
    const bool in_place = e_.residual == out_ && blocks_.count > 1;
    const int side = zoom_ == 2 ? 2 : 3;
    Block t;
    t.outer = rows;
    t.rows = cols;
    t.n = n_;
    t.c_outer = int64_t(w_) * zoom_ * zoom_ * stride_;
    t.ldc = stride_ * zoom_;
    Epilogue mine = e_;
    mine.residual_stride = residual_stride_ * zoom_;
    t.residual_outer = int64_t(w_) * zoom_ * zoom_ * residual_stride_;
    t.epilogue = &mine;
    t.b = panels_;
    for (int b = 0; b < blocks_.count; ++b) {
      const int c0 = blocks_.start(b), cb = blocks_.start(b + 1) - c0;
      float* from = scratch(kInput, size_t(rows + 2) * (cols + 2) * cb);
      gather_tile(sources_, count_, h_, w_, padding_, c0, cb, y0, rows, x0, cols, from);
      if (made) clear_border(*made, cb, y0, rows, x0, cols, from);
      t.a_outer = t.a_segment = int64_t(cols + 2) * cb;  // the next row of pixels
      t.lda = cb;
      t.segments = side;
      t.kc = side * side * cb;
      t.begin = b == 0;
      t.last = b == blocks_.count - 1;
      for (int py = 0; py < zoom_; ++py)
        for (int px = 0; px < zoom_; ++px) {
          const int64_t pixel = (int64_t(y0) * zoom_ + py) * w_ * zoom_ + x0 * zoom_ + px;
          t.a = from + (int64_t(py) * (cols + 2) + px) * cb;
          t.c = out_ + pixel * stride_;
          t.acc = t.c;
          t.acc_outer = t.c_outer;
          t.acc_row = t.ldc;
          if (in_place) {
            t.acc = scratch(kSums, size_t(rows) * cols * n_);
            t.acc_outer = int64_t(cols) * n_;
            t.acc_row = n_;
          }
          if (e_.residual) mine.residual = e_.residual + pixel * residual_stride_;
          level().block(t);
          t.b += int64_t(padded(n_)) * t.kc;
        }
    }
  }

  // All of it, in tiles of about 8 x 64 pixels: the input tile with its border and the sums stay in L2.
  void run(Pool& pool) const {
    const Level& l = level();
    const int tile_rows = std::min(h_, 8), columns = int(ceil_div(w_, kWidest));
    const int tile_cols = int(ceil_div(ceil_div(w_, columns), 24)) * 24 <= kWidest
                              ? int(ceil_div(ceil_div(w_, columns), l.tile_rows)) * l.tile_rows
                              : kWidest;
    const int across = int(ceil_div(w_, tile_cols)), down = int(ceil_div(h_, tile_rows));
    pool.parallel_for(int64_t(across) * down, [&](int64_t item) {
      const int y0 = int(item / across) * tile_rows, x0 = int(item % across) * tile_cols;
      tile(y0, std::min(tile_rows, h_ - y0), x0, std::min(tile_cols, w_ - x0));
    });
  }

  static constexpr int kWidest = 80;

 private:
  // Of the pixels around a tile [rows + 2, cols + 2, cb] those where nothing is made.
  void clear_border(const Made& made, int cb, int y0, int rows, int x0, int cols, float* from) const {
    for (int r = 0; r < rows + 2; ++r)
      for (int i = 0; i < cols + 2; i += r == 0 || r == rows + 1 ? 1 : cols + 1) {
        const int y = y0 - 1 + r, x = x0 - 1 + i;
        if (y < 0 || x < 0 || y >= h_ || x >= w_) continue;
        if (made.cells[int64_t(y / made.side) * made.columns + x / made.side] == 0.0f)
          std::memset(from + (int64_t(r) * (cols + 2) + i) * cb, 0, size_t(cb) * sizeof(float));
      }
  }

  static constexpr int kMaxSources = 8;
  int h_, w_;
  Source sources_[kMaxSources];
  int count_;
  Padding padding_;
  int n_, zoom_;
  int64_t stride_, residual_stride_;
  const float* panels_;
  ChannelBlocks blocks_;
  Epilogue e_;
  float* out_;
};

}  // namespace

void conv3x3(Pool& pool, int h, int w, const Source* sources, int count, Padding padding, const Packed& weight,
             const Epilogue& e, float* out, int64_t out_stride) {
  Convolution(h, w, sources, count, padding, weight, false, e, out, out_stride).run(pool);
}

void conv3x3_in(Pool& pool, int h, int w, const Source& source, const Packed& weight, const Epilogue& e,
                const Made* made, const Run* runs, int64_t count, float* out) {
  const Convolution convolution(h, w, &source, 1, Padding::zero, weight, false, e, out, 0);
  pool.parallel_for(count, [&](int64_t i) {
    const Run& r = runs[i];
    for (int x = r.x0; x < r.x1; x += Convolution::kWidest)
      convolution.tile(r.y0, r.y1 - r.y0, x, std::min(Convolution::kWidest, r.x1 - x), made);
  });
}

void upsample_conv3x3(Pool& pool, int h, int w, const Source& source, const Packed& weight, const Epilogue& e,
                      float* out) {
  Convolution(h, w, &source, 1, Padding::zero, weight, true, e, out, 0).run(pool);
}

void conv3d_frame(Pool& pool, int h, int w, int channels, const float* const* frames, int kt, Padding padding,
                  const Packed& weight, const Epilogue& e, float* out) {
  Source sources[8];
  require(kt >= 1 && kt <= 8, "conv3d_frame: 1 to 8 frames, got " + std::to_string(kt));
  for (int t = 0; t < kt; ++t) {
    sources[t].data = frames[t];
    sources[t].channels = channels;
  }
  conv3x3(pool, h, w, sources, kt, padding, weight, e, out);
}

// ---- rows ------------------------------------------------------------------------------------------------------

void layer_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias,
                float* out) {
  over_rows(pool, rows, d,
            [&](int64_t r, int64_t n) { level().layer_norm(x + r * d, n, d, eps, gain, bias, 0.0f, out + r * d); });
}
void layer_norm_modulate(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* shift,
                         const float* scale, float* out) {
  over_rows(pool, rows, d,
            [&](int64_t r, int64_t n) { level().layer_norm(x + r * d, n, d, eps, scale, shift, 1.0f, out + r * d); });
}
void rms_norm(Pool& pool, const float* x, int64_t rows, int d, float eps, const float* weight, float* out) {
  over_rows(pool, rows, d, [&](int64_t r, int64_t n) { level().rms_norm(x + r * d, n, d, eps, weight, out + r * d); });
}
void channel_norm(Pool& pool, const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu,
                  float* out) {
  over_rows(pool, rows, d,
            [&](int64_t r, int64_t n) { level().channel_norm(x + r * d, n, d, floor, gamma, then_silu, out + r * d); });
}
void softmax(Pool& pool, const float* x, int64_t rows, int n, float scale, float* out) {
  over_rows(pool, rows, n, [&](int64_t r, int64_t count) { level().softmax(x + r * n, count, n, scale, out + r * n); });
}
void rope(Pool& pool, float* x, int64_t rows, int heads, int d, const float* cos, const float* sin) {
  over_rows(pool, rows, int64_t(heads) * d, [&](int64_t r, int64_t n) {
    level().rope(x + r * heads * d, n, heads, d, cos + r * (d / 2), sin + r * (d / 2));
  });
}

void gelu(Pool& pool, const float* x, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().gelu(x + i, m, out + i); });
}
void silu(Pool& pool, const float* x, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().silu(x + i, m, out + i); });
}
void relu(Pool& pool, const float* x, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().relu(x + i, m, out + i); });
}
void exponential(Pool& pool, const float* x, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().exponential(x + i, m, out + i); });
}
void soft_clamp(Pool& pool, const float* x, int64_t n, float limit, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().soft_clamp(x + i, m, limit, out + i); });
}
void clamp(Pool& pool, const float* x, int64_t n, float lo, float hi, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().clamp(x + i, m, lo, hi, out + i); });
}
void add(Pool& pool, const float* x, const float* y, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().add(x + i, y + i, m, out + i); });
}
void add_gated(Pool& pool, const float* x, const float* y, const float* gate, int64_t rows, int d, float* out) {
  over_rows(pool, rows, d,
            [&](int64_t r, int64_t n) { level().add_gated(x + r * d, y + r * d, gate, n, d, out + r * d); });
}
void swish_gate(Pool& pool, const float* x, const float* gate, int64_t n, float* out) {
  over_rows(pool, n, 1, [&](int64_t i, int64_t m) { level().swish_gate(x + i, gate + i, m, out + i); });
}
void prelu(Pool& pool, const float* x, const float* slope, int64_t rows, int d, float* out) {
  over_rows(pool, rows, d, [&](int64_t r, int64_t n) { level().prelu(x + r * d, slope, n, d, out + r * d); });
}

// ---- attention -------------------------------------------------------------------------------------------------

namespace {

// One query window against a list of packed key windows: scores, online softmax in groups, weighted sum of the values.
struct Window {
  const float* q;
  int64_t q_stride;
  int rows;
  int d;
  float scale;
  float* out;
  int64_t out_stride;
};

// key(i) gives the panels of the i-th kept key window and its length.
struct Keys {
  const float *k, *v;
  int length;
};

template <class Key>
void attend(const Window& w, int kept, int longest, Key key) {
  const Level& l = level();
  if (!kept) {
    for (int r = 0; r < w.rows; ++r) std::memset(w.out + r * w.out_stride, 0, size_t(w.d) * sizeof(float));
    return;
  }
  constexpr int kGroupKeys = 512;  // scores of a group stay in L2
  const int per_group = std::max(1, kGroupKeys / longest);
  const int64_t ld = int64_t(std::min(per_group, kept)) * longest;
  float* scores = scratch(kScores, size_t(w.rows * ld));
  float* sums = scratch(kSums, size_t(w.rows) * (w.d + 2));  // [rows, d], then maxima and totals
  float *maxima = sums + int64_t(w.rows) * w.d, *totals = maxima + w.rows;
  Block t;
  t.rows = w.rows;
  t.last = false;  // sums stay in acc: no epilogue
  for (int g = 0; g < kept; g += per_group) {
    const int end = std::min(kept, g + per_group);
    int filled = 0;
    for (int i = g; i < end; ++i) {
      const Keys part = key(i);
      t.n = part.length;
      t.kc = w.d;
      t.a = w.q;
      t.lda = w.q_stride;
      t.b = part.k;
      t.c = t.acc = scores + filled;
      t.ldc = t.acc_row = ld;
      t.begin = true;
      l.block(t);
      filled += part.length;
    }
    l.softmax_block({scores, w.rows, filled, ld, w.scale, maxima, totals, sums, w.d, g == 0});
    filled = 0;
    for (int i = g; i < end; ++i) {
      const Keys part = key(i);
      t.n = w.d;
      t.kc = part.length;
      t.a = scores + filled;
      t.lda = ld;
      t.b = part.v;
      t.c = t.acc = sums;
      t.ldc = t.acc_row = w.d;
      t.begin = i == 0;
      l.block(t);
      filled += part.length;
    }
  }
  l.divide_rows(sums, w.rows, w.d, totals, w.out, w.out_stride);
}

}  // namespace

void sparse_attention(Pool& pool, const SparseAttention& a) {
  if (!a.q_windows) return;
  const Level& l = level();
  const int64_t stride = a.stride ? a.stride : int64_t(a.heads) * a.d;
  require(a.window <= 4096 && a.d <= 4096, "sparse_attention: window or head too large");
  const int64_t k_floats = int64_t(padded(a.window)) * a.d, v_floats = int64_t(padded(a.d)) * a.window,
                per_head = (k_floats + v_floats) * a.key_windows;
  // Keys and values are packed for a few heads at a time, so that the copy stays small.
  const int64_t kRoom = int64_t(16) << 20;
  const int group = int(std::clamp<int64_t>(kRoom / std::max<int64_t>(1, per_head), 1, a.heads));
  float* packed = scratch(kPanels, size_t(per_head) * group);
  for (int h0 = 0; h0 < a.heads; h0 += group) {
    const int heads = std::min(group, a.heads - h0);
    pool.parallel_for(int64_t(heads) * a.key_windows, [&](int64_t i) {
      const int h = h0 + int(i / a.key_windows), w = int(i % a.key_windows);
      float* to = packed + i * (k_floats + v_floats);
      l.pack(a.k[w] + int64_t(h) * a.d, stride, 1, a.window, 0, a.d, to);
      l.pack(a.v[w] + int64_t(h) * a.d, 1, stride, a.d, 0, a.window, to + k_floats);
    });
    pool.parallel_for(int64_t(heads) * a.q_windows, [&](int64_t i) {
      const int local = int(i / a.q_windows), h = h0 + local, w = int(i % a.q_windows);
      const int64_t row = int64_t(h) * a.q_windows + w, at = int64_t(w) * a.window * stride + int64_t(h) * a.d;
      const int32_t* kept = a.kept_index + a.kept_start[row];
      const Window window{a.q + at, stride, a.window, a.d, a.scale, a.out + at, stride};
      attend(window, int(a.kept_start[row + 1] - a.kept_start[row]), a.window, [&](int j) {
        const float* k = packed + (int64_t(local) * a.key_windows + kept[j]) * (k_floats + v_floats);
        return Keys{k, k + k_floats, a.window};
      });
    });
  }
}

void attention(Pool& pool, const float* q, int64_t tokens, const float* k, const float* v, int keys, int heads, int d,
               float scale, float* out) {
  const Level& l = level();
  constexpr int kPart = 128, kRowsPerItem = 96;
  const int64_t stride = int64_t(heads) * d;
  const int parts = int(ceil_div(keys, kPart));
  const int64_t k_floats = int64_t(padded(kPart)) * d, v_floats = int64_t(padded(d)) * kPart;
  float* packed = scratch(kPanels, size_t(k_floats + v_floats) * size_t(parts) * heads);
  const auto length = [&](int part) { return std::min(kPart, keys - part * kPart); };
  pool.parallel_for(int64_t(heads) * parts, [&](int64_t i) {
    const int h = int(i / parts), part = int(i % parts);
    const int64_t at = int64_t(part) * kPart * stride + int64_t(h) * d;
    float* to = packed + i * (k_floats + v_floats);
    l.pack(k + at, stride, 1, length(part), 0, d, to);
    l.pack(v + at, 1, stride, d, 0, length(part), to + k_floats);
  });
  const int64_t row_items = ceil_div(tokens, kRowsPerItem);
  pool.parallel_for(row_items * heads, [&](int64_t i) {
    const int h = int(i / row_items);
    const int64_t first = i % row_items * kRowsPerItem, at = first * stride + int64_t(h) * d;
    const Window window{q + at,   stride, int(std::min<int64_t>(kRowsPerItem, tokens - first)), d, scale,
                        out + at, stride};
    attend(window, parts, kPart, [&](int part) {
      const float* p = packed + (int64_t(h) * parts + part) * (k_floats + v_floats);
      return Keys{p, p + k_floats, length(part)};
    });
  });
}

void window_means(Pool& pool, const float* x, int64_t windows, int window, int d, float* out) {
  over_rows(pool, windows, int64_t(window) * d, [&](int64_t first, int64_t n) {
    for (int64_t w = first; w < first + n; ++w) level().mean_rows(x + w * window * d, window, d, out + w * d);
  });
}

namespace {

// f(row of the raster order, row of the window order) for every run of ww tokens
template <class F>
void window_rows(Pool& pool, int t, int h, int w, int wt, int wh, int ww, F f) {
  require(t % wt == 0 && h % wh == 0 && w % ww == 0, "windows do not divide the token grid");
  const int by = h / wh, bx = w / ww;
  pool.parallel_for(int64_t(t / wt) * by, [&](int64_t item) {
    const int bt = int(item / by), y = int(item % by);
    for (int x = 0; x < bx; ++x)
      for (int dt = 0; dt < wt; ++dt)
        for (int dy = 0; dy < wh; ++dy) {
          const int64_t raster = (int64_t(bt * wt + dt) * h + y * wh + dy) * w + int64_t(x) * ww;
          const int64_t window = (((int64_t(bt) * by + y) * bx + x) * wt + dt) * wh * ww + int64_t(dy) * ww;
          f(raster, window);
        }
  });
}

}  // namespace

void to_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out) {
  window_rows(pool, t, h, w, wt, wh, ww,
              [&](int64_t raster, int64_t window) { level().copy(x + raster * d, int64_t(ww) * d, out + window * d); });
}
void from_windows(Pool& pool, const float* x, int t, int h, int w, int d, int wt, int wh, int ww, float* out) {
  window_rows(pool, t, h, w, wt, wh, ww,
              [&](int64_t raster, int64_t window) { level().copy(x + window * d, int64_t(ww) * d, out + raster * d); });
}

// ---- pictures --------------------------------------------------------------------------------------------------

void upsample2_nearest(Pool& pool, const float* x, int h, int w, int channels, float* out) {
  const int64_t c = channels, row = 2 * int64_t(w) * c;
  pool.parallel_for(h, [&](int64_t y) {
    float* to = out + 2 * y * row;
    for (int i = 0; i < w; ++i) {
      const float* from = x + (y * w + i) * c;
      level().copy(from, c, to + 2 * i * c);
      level().copy(from, c, to + (2 * i + 1) * c);
    }
    level().copy(to, row, to + row);
  });
}

namespace {

// f(std::integral_constant) with the usual sizes known to the compiler: runs of 4 or 8 floats become vector moves
template <class F>
void with_step(int s, F f) {
  if (s == 4) return f(std::integral_constant<int, 4>());
  if (s == 8) return f(std::integral_constant<int, 8>());
  f(s);
}

}  // namespace

void unshuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int step, float* out) {
  with_step(step, [&](auto s) {
    const int ow = w / s;
    const int64_t d = int64_t(channels) * s * s;
    pool.parallel_for(h / s, [&](int64_t y) {
      for (int c = 0; c < channels; ++c)
        for (int dy = 0; dy < s; ++dy) {
          const float* from = x + (int64_t(c) * h + y * s + dy) * w;
          float* to = out + y * ow * d + (int64_t(c) * s + dy) * s;
          for (int i = 0; i < ow; ++i) std::memcpy(to + i * d, from + i * s, size_t(s) * sizeof(float));
        }
    });
  });
}

void unshuffle_pixels(Pool& pool, const float* x, int h, int w, int channels, int step, float* out) {
  with_step(step, [&](auto s) {
    const int ow = w / s;
    const int64_t cells = int64_t(s) * s, d = channels * cells;
    pool.parallel_for(h / s, [&](int64_t y) {
      for (int i = 0; i < ow; ++i) {
        const float* from = x + (y * s * w + int64_t(i) * s) * channels;
        float* to = out + (y * ow + i) * d;
        for (int c = 0; c < channels; ++c, to += cells)
          for (int dy = 0; dy < s; ++dy)
            for (int dx = 0; dx < s; ++dx) to[dy * s + dx] = from[(int64_t(dy) * w + dx) * channels + c];
      }
    });
  });
}

void shuffle_planar(Pool& pool, const float* x, int channels, int h, int w, int step, const float* base, float* out) {
  with_step(step, [&](auto s) {
    const int64_t d = int64_t(channels) * s * s, row = int64_t(w) * s;
    pool.parallel_for(h, [&](int64_t y) {
      for (int c = 0; c < channels; ++c)
        for (int dy = 0; dy < s; ++dy) {
          const float* from = x + y * w * d + (int64_t(c) * s + dy) * s;
          const int64_t at = (int64_t(c) * h * s + y * s + dy) * row;
          float* to = out + at;
          for (int i = 0; i < w; ++i) std::memcpy(to + i * s, from + i * d, size_t(s) * sizeof(float));
          if (base) level().add(to, base + at, row, to);
        }
    });
  });
}

void planar_to_pixels(Pool& pool, const float* x, int channels, int h, int w, float* out) {
  pool.parallel_for(h, [&](int64_t y) {
    for (int c = 0; c < channels; ++c)
      for (int i = 0; i < w; ++i) out[(y * w + i) * channels + c] = x[(int64_t(c) * h + y) * w + i];
  });
}
void pixels_to_planar(Pool& pool, const float* x, int channels, int h, int w, float* out) {
  pool.parallel_for(h, [&](int64_t y) {
    for (int c = 0; c < channels; ++c)
      for (int i = 0; i < w; ++i) out[(int64_t(c) * h + y) * w + i] = x[(y * w + i) * channels + c];
  });
}

void box_mean(Pool& pool, const float* x, int h, int w, int radius, float* out) {
  require(radius >= 1 && radius <= 16, "box_mean: the radius is " + std::to_string(radius) + ", 1 to 16 will do");
  pool.parallel_for(h, [&](int64_t y) {
    const int64_t lo = std::max<int64_t>(0, y - radius), hi = std::min<int64_t>(h - 1, y + radius);
    float* room = scratch(kSums, size_t(MeanRows::pitch(w)));
    std::fill(room, room + MeanRows::pitch(w), 0.0f);
    float* sums = room + MeanRows::kPad;
    level().copy(x + lo * w, w, sums);
    for (int64_t r = lo + 1; r <= hi; ++r) level().add(sums, x + r * w, w, sums);
    level().box_row(sums, w, radius, int(hi - lo + 1), out + y * w);
  });
}

void recursive_mean(Pool& pool, const float* x, const float* m, int h, int w, float floor, float sigma, float* out) {
  constexpr int kRows = 16;
  pool.parallel_for(ceil_div(h, kRows), [&](int64_t i) {
    const int y0 = int(i) * kRows, y1 = std::min(h, y0 + kRows);
    level().recursive_mean(
        {x, m, out, h, w, y0, y1, floor, sigma, scratch(kSums, size_t(MeanRows::room_floats(kRows, w)))});
  });
}

void mean_variance(const float* x, int64_t n, double* mean, double* variance) {
  double s = 0, q = 0;
  for (int64_t i = 0; i < n; ++i) s += x[i];
  *mean = s / double(n);
  for (int64_t i = 0; i < n; ++i) q += (x[i] - *mean) * (x[i] - *mean);
  *variance = q / double(n);
}

}  // namespace heirloom::cpu

#include "cuda/products/gemm.h"

#include <algorithm>

#include "check.h"
#include "cuda/products/conv.h"
#include "cuda/products/gemm_product.h"
#include "cuda/device/kernel_times.h"

namespace heirloom::HL_CUDA {

namespace {

bool is_aligned(const void* p, size_t bytes) { return reinterpret_cast<uintptr_t>(p) % bytes == 0; }

int small(int64_t n) {
  CHECK(n >= 0 && n < int64_t(1) << 30, "gemm: a size of " + str(n) + " is beyond the kernels");
  return int(n);
}

Finish decide(const Epilogue& e, const Output& out, int n) {
  CHECK(out.type != Type::e4m3 && e.residual_type != Type::e4m3, "gemm: results and residuals are not stored as e4m3");
  CHECK(e.act != Act::prelu || e.slope, "gemm: prelu without slopes");
  CHECK((e.row_scale != nullptr) == (e.column_scale != nullptr), "gemm: row and column scales come together");
  Finish f = {};
  f.row_scale = e.row_scale;
  f.column_scale = e.column_scale;
  f.bias = e.bias;
  f.slope = e.act == Act::prelu ? e.slope : nullptr;
  f.gate = e.gate;
  f.residual = e.residual;
  f.residual_type = e.residual_type;
  f.residual_stride = e.residual_stride ? e.residual_stride : n;
  f.out = out.data;
  f.out_type = out.type;
  f.out_stride = out.stride ? out.stride : n;
  f.act = e.act;
  f.act_last = e.act_last;
  const auto fits = [](const void* p, Type type, int64_t stride) {
    return !p || (is_aligned(p, size_t(4 * size_of(type))) && stride % 4 == 0);
  };
  f.is_quads = fits(f.out, f.out_type, f.out_stride) && fits(f.residual, f.residual_type, f.residual_stride);
  for (const float* row : {f.column_scale, f.bias, f.slope, f.gate}) f.is_quads = f.is_quads && fits(row, Type::f32, n);
  f.is_quads = f.is_quads && n % 4 == 0;
  const auto is_lines = [&](const void* p, Type type, int64_t stride, size_t bytes) {
    return is_aligned(p, bytes) && stride % 8 == 0 && type == f.out_type;
  };
  f.is_half_lines = size_of(f.out_type) == 2 && n % 8 == 0 && !f.row_scale &&
                    is_lines(f.out, f.out_type, f.out_stride, 16) &&
                    (!f.residual || is_lines(f.residual, f.residual_type, f.residual_stride, 4));
  for (const float* row : {f.bias, f.slope, f.gate}) f.is_half_lines = f.is_half_lines && is_aligned(row, 8);
  return f;
}

// What spread_conv3x3 sums up.
struct Gathered {
  const float* spread;                               // [height * width, stride], of a pixel tap after tap, n each
  int height, width, n, stride;
  bool is_replicate;
  Finish finish;
};
constexpr int kGatherX = 32, kGatherY = 8;            // pixels of a block

__global__ void gather_kernel(const Gathered g) {
  const int x = int(blockIdx.x) * kGatherX + int(threadIdx.x), y = int(blockIdx.y) * kGatherY + int(threadIdx.y);
  if (x >= g.width || y >= g.height) return;
  float sum[kMostSpread] = {};
#pragma unroll
  for (int tap = 0; tap < 9; ++tap) {
    int from_y = y + tap / 3 - 1, from_x = x + tap % 3 - 1;
    const bool is_inside = from_y >= 0 && from_y < g.height && from_x >= 0 && from_x < g.width;
    if (!is_inside && !g.is_replicate) continue;
    from_y = min(max(from_y, 0), g.height - 1);
    from_x = min(max(from_x, 0), g.width - 1);
    const float* from = g.spread + (int64_t(from_y) * g.width + from_x) * g.stride + tap * g.n;
#pragma unroll
    for (int i = 0; i < kMostSpread; ++i)
      if (i < g.n) sum[i] += from[i];
  }
#pragma unroll
  for (int i = 0; i < kMostSpread; ++i) {
    float one[1] = {sum[i]};
    if (i < g.n) finish_some<1>(g.finish, one, int64_t(y) * g.width + x, i);
  }
}

// Sources, weight and sizes become a product of pixels.
void multiply(const Launch& on, int height, int width, const Source* sources, int count, bool is_replicate,
              const Weight& w, const Epilogue& then, const Output& out) {
  const Packing& packing = w.packing;
  CHECK(is_aligned(w.data, kPieceBytes), "gemm: the weight does not begin on 16 bytes");
  Product p = {};
  p.finish = decide(then, out, packing.n);
  p.sources = count;
  p.is_whole = true;
  for (int i = 0; i < count; ++i) {
    Source& s = p.source[i];
    s = sources[i];
    if (!s.pixel_stride) s.pixel_stride = s.channels;
    if (!s.row_stride) s.row_stride = width * s.pixel_stride;
    p.channels += s.channels;
    p.is_whole = p.is_whole && s.channels % packing.piece() == 0 && s.pixel_stride % packing.piece() == 0 &&
                 (height == 1 || s.row_stride % packing.piece() == 0) && is_aligned(s.data, kPieceBytes);
  }
  CHECK(p.channels == packing.channels,
        "gemm: the inputs have " + str(p.channels) + " channels, the weight wants " + str(packing.channels));
  p.height = height;
  p.width = width;
  p.m = small(int64_t(height) * width);
  p.n = packing.n;
  p.taps_y = p.taps_x = packing.taps == 9 ? 3 : packing.taps == 4 ? 2 : 1;
  p.channel_row = packing.channel_row();
  p.is_replicate = is_replicate;
  p.weight = static_cast<const char*>(w.data);
  p.row_bytes = packing.row() * size_of(packing.type);
  p.k_tiles = packing.k_tiles();
  p.phases = packing.phases;
  if (p.m == 0 || p.n == 0) return;
  const KernelTimes::Label label{};
  if (KernelTimes::are_wanted())
    label.say(str(p.height) + "x" + str(p.width) + ", " + str(packing.taps) + " x " + str(p.channels) + " -> " +
              str(packing.phases) + " x " + str(p.n));
  if (packing.type == Type::f32) return run_simt(on, p);
  if (packing.type == Type::bf16 && on.capability == 90 && run_wgmma(on, p)) return;
  CHECK(packing.type != Type::bf16 || on.capability >= 80, "gemm: bf16 needs compute capability 8.0 or higher");
  run_mma(on, p, packing.type);
}

}  // namespace

void cut(const Launch& on, Product& p, int64_t down, int64_t across, int blocks, int sums, int steps,
         size_t scratch_used) {
  p.down = small(down);
  p.across = small(across);
  const int tiles = small(down * across * p.phases);
  p.schedule = choose_schedule(tiles, steps, on.multiprocessors * blocks);
  const size_t bytes = size_t(p.schedule.rest) * size_t(p.schedule.splits) * size_t(sums) * sizeof(float);
  if (on.scratch_bytes < scratch_used + bytes || size_t(p.schedule.rest) > kTicketBytes / sizeof(int))
    p.schedule = {tiles, 0, 1};
  p.tickets = static_cast<int*>(on.scratch);
  p.partial = reinterpret_cast<float*>(static_cast<char*>(on.scratch) + scratch_used);
}

void gemm(const Launch& on, int64_t m, const void* a, int64_t lda, const Weight& w, const Epilogue& then,
          const Output& out) {
  CHECK(w.packing.taps == 1, "gemm: the weight was packed for a convolution");
  Source rows;
  rows.data = a;
  rows.channels = w.packing.channels;
  rows.pixel_stride = lda;
  multiply(on, 1, small(m), &rows, 1, false, w, then, out);
}

void conv3x3(const Launch& on, int height, int width, const Source* sources, int count, Padding padding,
             const Weight& w, const Epilogue& then, const Output& out) {
  CHECK(count >= 1 && count <= kMaxSources, "conv: 1 to " + str(kMaxSources) + " inputs, got " + str(count));
  CHECK(w.packing.taps == 9, "conv: the weight was not packed for a 3x3 convolution");
  multiply(on, height, width, sources, count, padding == Padding::replicate, w, then, out);
}

void spread_conv3x3(const Launch& on, int height, int width, const Source* sources, int count, Padding padding,
                    const Weight& w, const Epilogue& then, const Output& out, float* spread) {
  CHECK(count >= 1 && count <= kMaxSources, "conv: 1 to " + str(kMaxSources) + " inputs, got " + str(count));
  const int n = w.packing.spread;
  CHECK(w.packing.taps == 1 && n > 0, "conv: the weight was not packed for a convolution of few outputs");
  multiply(on, height, width, sources, count, false, w, {}, {spread, Type::f32, 0});
  if (height == 0 || width == 0) return;
  const Gathered gathered = {
      spread, height, width, n, w.packing.n, padding == Padding::replicate, decide(then, out, n)};
  HL_LAUNCH(gather_kernel, dim3(blocks_for(width, kGatherX), blocks_for(height, kGatherY)), dim3(kGatherX, kGatherY), 0,
            on.stream, gathered);
}

void upsample_conv3x3(const Launch& on, int height, int width, const Source& source, const Weight& w,
                      const Epilogue& then, const Output& out) {
  CHECK(w.packing.taps == 4 && w.packing.phases == 4, "conv: the weight was not packed for an upsampling convolution");
  multiply(on, height, width, &source, 1, false, w, then, out);
}

}  // namespace heirloom::HL_CUDA

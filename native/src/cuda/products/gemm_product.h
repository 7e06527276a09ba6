// Inside the product kernels: what a kernel is told (Product), how it finds the left operand's pieces (LeftRows) and how sums become results
// (finish). Included by gemm_*.cu only.
#pragma once
#include <type_traits>

#include "cuda/features/act.h"
#include "cuda/products/conv.h"
#include "cuda/features/elements.h"
#include "cuda/products/gemm_map.h"
#include "cuda/device/ptx.h"

namespace heirloom::HL_CUDA {

// ---- what a kernel is told -----------------------------------------------------------------------------------------

// Epilogue and Output with everything decided.
struct Finish {
  const float *row_scale, *column_scale, *bias, *slope, *gate;
  const void* residual;
  void* out;
  int64_t residual_stride, out_stride;
  Type residual_type, out_type;
  Act act;
  bool act_last;
  bool is_quads;  // everything is aligned for four columns at once, N a multiple of 4
  bool
      is_half_lines;  // 16-bit results, and residuals of the same type, on 16 bytes; N a multiple of 8: finish_fragments
};

// C = then(A * W^T), A being height * width pixels seen through taps_y x taps_x taps; a matrix is one row of M pixels and one tap.
struct Product {
  Source source[kMaxSources];
  int sources;
  int height, width;
  int taps_y, taps_x;
  int channels, channel_row;  // of all sources; the same with the weight's padding
  bool is_replicate;  // padding; else zero
  bool is_whole;  // every source is made of whole aligned pieces
  const char* weight;  // [phases][n][row_bytes]
  int64_t row_bytes;
  int m, n, k_tiles;
  int phases;  // 4: the result is twice as high and wide, phase by phase
  int down, across;  // tiles
  Schedule schedule;  // of phases * down * across tiles
  float* partial;  // [rest][splits][sums of one thread][threads], of the tiles that are cut
  int* tickets;  // [rest], zero before and after
  Finish finish;
};

// The first tap's offset: the middle of three taps is 0; two taps of phase 0 are -1 and 0, of phase 1 they are 0 and 1.
__host__ __device__ constexpr int tap_offset(int taps, int phase) { return taps == 3 ? -1 : taps == 2 ? phase - 1 : 0; }

// The row of the result that pixel (y, x) of a phase becomes.
__host__ __device__ inline int64_t result_row(const Product& p, int phase, int y, int x) {
  return p.phases == 1 ? int64_t(y) * p.width + x : (int64_t(y) * 2 + phase / 2) * p.width * 2 + x * 2 + phase % 2;
}

// ---- the left operand ----------------------------------------------------------------------------------------------

// One thread's pieces of the left operand: kRows rows, always the same column of pieces, K tile after K tile.
template <int kSize, int kRows>
class LeftRows {
 public:
  static constexpr int kPiece = kPieceBytes / kSize;  // elements

  __device__ LeftRows(const Product& p, int phase)
      : p_(p),
        offset_y_(tap_offset(p.taps_y, phase / 2)),
        offset_x_(tap_offset(p.taps_x, phase % 2)) {}

  // Row i of this thread is pixel m; beyond the last it reads as zero (under replicate padding as some pixel: it is never stored).
  __device__ void set_row(int i, int m) {
    y_[i] = m < p_.m ? m / p_.width : kOutside;
    x_[i] = m < p_.m ? m - y_[i] * p_.width : 0;
  }
  // The thread's piece of a K tile, counted from the start of K.
  __device__ void seek(int piece) {
    const int per_tap = p_.channel_row / kPiece, tap = piece / per_tap;
    tap_y_ = tap / p_.taps_x;
    tap_x_ = tap - tap_y_ * p_.taps_x;
    channel_ = (piece - tap * per_tap) * kPiece;
    find();
  }
  // The same column of pieces in the next K tile.
  __device__ void advance() {
    channel_ += kTileBytes / kSize;
    while (channel_ >= p_.channel_row) {
      channel_ -= p_.channel_row;
      if (++tap_x_ == p_.taps_x) {
        tap_x_ = 0;
        ++tap_y_;
      }
    }
    find();
  }
  // Whole pieces: where row i's piece lies, or null for zeros.
  __device__ const char* address(int i) const {
    int64_t pixel;
    if (!place(i, source_, &pixel)) return nullptr;
    return static_cast<const char*>(p_.source[source_].data) + (pixel + within_) * kSize;
  }
  // Any other: row i's piece, element by element.
  __device__ uint4 gather(int i) const {
    uint64_t half[2] = {0, 0};
    int source = source_, within = within_;
#pragma unroll 1
    for (int e = 0; e < kPiece && channel_ + e < p_.channels; ++e) {
      int64_t pixel;
      if (place(i, source, &pixel)) {
        const uint64_t bits = *(static_cast<const Bits*>(p_.source[source].data) + pixel + within);
        (e * kSize < 8 ? half[0] : half[1]) |= bits << (e * kSize % 8 * 8);
      }
      if (++within == p_.source[source].channels && source + 1 < p_.sources) {
        ++source;
        within = 0;
      }
    }
    return make_uint4(unsigned(half[0]), unsigned(half[0] >> 32), unsigned(half[1]), unsigned(half[1] >> 32));
  }

 private:
  using Bits = std::conditional_t<kSize == 4, uint32_t, std::conditional_t<kSize == 2, uint16_t, uint8_t>>;
  static constexpr int kOutside = -(1 << 24);

  __device__ void find() {
    source_ = 0;
    within_ = channel_;
    while (source_ + 1 < p_.sources && within_ >= p_.source[source_].channels) within_ -= p_.source[source_++].channels;
  }
  __device__ bool place(int i, int source, int64_t* pixel) const {
    int y = y_[i] + tap_y_ + offset_y_, x = x_[i] + tap_x_ + offset_x_;
    if (p_.is_replicate) {
      y = min(max(y, 0), p_.height - 1);
      x = min(max(x, 0), p_.width - 1);
    }
    *pixel = y * p_.source[source].row_stride + x * p_.source[source].pixel_stride;
    return tap_y_ < p_.taps_y && y >= 0 && y < p_.height && x >= 0 && x < p_.width;
  }

  const Product& p_;
  const int offset_y_, offset_x_;
  int y_[kRows], x_[kRows];
  int tap_y_ = 0, tap_x_ = 0, channel_ = 0;  // of the piece
  int source_ = 0, within_ = 0;  // the source that channel lies in
};

// ---- results ---------------------------------------------------------------------------------------------------------

// kCount (1 or 4) neighbours; four lie aligned.
template <int kCount, class T>
__device__ inline void load_some(const T* from, float (&to)[kCount]) {
  struct alignas(kCount * sizeof(T)) Some {
    T each[kCount];
  };
  const Some some = *reinterpret_cast<const Some*>(from);
#pragma unroll
  for (int i = 0; i < kCount; ++i) to[i] = to_float(some.each[i]);
}
template <int kCount, class T>
__device__ inline void store_some(T* to, const float (&from)[kCount]) {
  struct alignas(kCount * sizeof(T)) Some {
    T each[kCount];
  } some;
#pragma unroll
  for (int i = 0; i < kCount; ++i) some.each[i] = from_float<T>(from[i]);
  *reinterpret_cast<Some*>(to) = some;
}
template <int kCount>
__device__ inline void load_typed(const void* base, int64_t at, Type type, float (&to)[kCount]) {
  if (type == Type::f32) load_some(static_cast<const float*>(base) + at, to);
  else if (type == Type::bf16) load_some(static_cast<const __nv_bfloat16*>(base) + at, to);
  else load_some(static_cast<const __half*>(base) + at, to);
}
template <int kCount>
__device__ inline void store_typed(void* base, int64_t at, Type type, const float (&from)[kCount]) {
  if (type == Type::f32) store_some(static_cast<float*>(base) + at, from);
  else if (type == Type::bf16) store_some(static_cast<__nv_bfloat16*>(base) + at, from);
  else store_some(static_cast<__half*>(base) + at, from);
}

// kCount sums of one row, from column n on, become results.
template <int kCount>
__device__ inline void finish_some(const Finish& f, float (&v)[kCount], int64_t row, int n) {
  float a[kCount];
  if (f.column_scale) {
    load_some(f.column_scale + n, a);
    const float s = f.row_scale[row];
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] *= s * a[i];
  }
  if (f.bias) {
    load_some(f.bias + n, a);
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] += a[i];
  }
  float slope[kCount] = {};
  if (f.slope) load_some(f.slope + n, slope);
  if (!f.act_last) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] = activated(v[i], f.act, slope[i]);
  }
  if (f.gate) {
    load_some(f.gate + n, a);
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] *= a[i];
  }
  if (f.residual) {
    load_typed(f.residual, row * f.residual_stride + n, f.residual_type, a);
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] += a[i];
  }
  if (f.act_last) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) v[i] = activated(v[i], f.act, slope[i]);
  }
  store_typed(f.out, row * f.out_stride + n, f.out_type, v);
}

// Four neighbouring sums, some of which may lie beyond the last column.
__device__ inline void finish4(const Finish& f, float4 sums, int64_t row, int n, int columns) {
  if (f.is_quads) {
    float v[4] = {sums.x, sums.y, sums.z, sums.w};
    if (n < columns) finish_some<4>(f, v, row, n);
    return;
  }
#pragma unroll 1
  for (int i = 0; i < 4 && n + i < columns; ++i) {
    float one[1] = {i == 0 ? sums.x : i == 1 ? sums.y : i == 2 ? sums.z : sums.w};
    finish_some<1>(f, one, row, n + i);
  }
}

// Two numbers of 16 bits.
__device__ __forceinline__ void unpack(uint32_t word, bool is_bf16, float (&to)[2]) {
  if (is_bf16) {
    to[0] = __uint_as_float(word << 16);
    to[1] = __uint_as_float(word & 0xffff0000u);
    return;
  }
  __half half[2];
  memcpy(half, &word, sizeof half);
  to[0] = to_float(half[0]);
  to[1] = to_float(half[1]);
}

// One warp's 16 rows of kFragments * 8 columns, from fragments to results: through a little shared memory, so that whole lines are stored.
// staging: 16 * staging_stride(kFragments) floats of this warp. row_of(r): the row of the result that row r is, or negative for none.
__host__ __device__ constexpr int staging_stride(int fragments) { return fragments * 8 + 8; }
template <int kFragments, class RowOf>
__device__ inline void finish_rows(const Product& p, const float (*sums)[4], float* staging, int lane, int n,
                                   RowOf row_of) {
  constexpr int kStride = staging_stride(kFragments), kQuads = kFragments * 2;
#pragma unroll
  for (int f = 0; f < kFragments; ++f)
#pragma unroll
    for (int i = 0; i < 4; i += 2)
      *reinterpret_cast<float2*>(staging + sum_row(lane, i) * kStride + f * 8 + sum_column(lane, i)) =
          make_float2(sums[f][i], sums[f][i + 1]);
  __syncwarp();
#pragma unroll 1
  for (int at = lane; at < 16 * kQuads; at += 32) {
    const int r = at / kQuads, quad = at % kQuads;
    const int64_t row = row_of(r);
    if (row >= 0)
      finish4(p.finish, *reinterpret_cast<const float4*>(staging + r * kStride + quad * 4), row, n + quad * 4, p.n);
  }
  __syncwarp();
}

// ---- results straight from registers -----------------------------------------------------------------------------------

// Of the four lanes that share a row, lane q gives its i-th word to lane i and gets lane i's q-th: columns of one fragment come together in one lane.
__device__ __forceinline__ void exchange4(uint32_t (&word)[4], int q) {
#pragma unroll
  for (int step = 1; step <= 2; step *= 2)
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      if (i & step) continue;
      const bool is_upper = (q & step) != 0;
      const uint32_t came = __shfl_xor_sync(kAllLanes, is_upper ? word[i] : word[i + step], step);
      (is_upper ? word[i] : word[i + step]) = came;
    }
}

// 16 rows of kFragments * 8 columns of one warp, for Finish::is_half_lines: everything is computed in the fragments' own order, four fragments at a
// time, and every lane stores 16 bytes. Residuals of the next four are on their way meanwhile. row_of as for finish_rows.
template <int kFragments, class RowOf>
__device__ __forceinline__ void finish_fragments(const Product& p, const float (&sums)[kFragments][4], int lane, int n,
                                                 RowOf row_of) {
  static_assert(kFragments % 4 == 0, "four fragments at a time");
  const Finish& f = p.finish;
  const int q = lane % 4;
  const int64_t rows[2] = {row_of(lane / 4), row_of(lane / 4 + 8)};
  const bool is_bf16 = f.out_type == Type::bf16;
  uint32_t residual[4][2] = {}, coming[4][2] = {};  // of fragment and row
  const auto fetch = [&](int first) {
#pragma unroll
    for (int i = 0; i < 4; ++i)
#pragma unroll
      for (int r = 0; r < 2; ++r)
        if (rows[r] >= 0 && n + (first + i) * 8 < p.n)
          coming[i][r] = *reinterpret_cast<const uint32_t*>(
              static_cast<const char*>(f.residual) + (rows[r] * f.residual_stride + n + (first + i) * 8 + q * 2) * 2);
  };
  if (f.residual) fetch(0);
#pragma unroll
  for (int first = 0; first < kFragments; first += 4) {
    if (n + first * 8 >= p.n) break;
    float v[4][4];
#pragma unroll
    for (int i = 0; i < 4; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) v[i][j] = sums[first + i][j];
    const auto with_row = [&](const float* row, auto apply) {  // of the columns of a fragment, two in each lane
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int column = n + (first + i) * 8;
        const float2 two = column < p.n ? *reinterpret_cast<const float2*>(row + column + q * 2) : make_float2(0, 0);
#pragma unroll
        for (int j = 0; j < 4; ++j) v[i][j] = apply(v[i][j], j % 2 ? two.y : two.x);
      }
    };
    const auto act = [&] {
      if (f.act == Act::prelu)
        return with_row(f.slope, [](float x, float slope) { return activated(x, Act::prelu, slope); });
      const auto each = [&](auto one) {
#pragma unroll
        for (int i = 0; i < 16; ++i) v[i / 4][i % 4] = one(v[i / 4][i % 4]);
      };
      if (f.act == Act::relu) each([](float x) { return activated(x, Act::relu, 0); });
      else if (f.act == Act::gelu) each([](float x) { return activated(x, Act::gelu, 0); });
      else if (f.act == Act::silu) each([](float x) { return activated(x, Act::silu, 0); });
    };
    if (f.bias) with_row(f.bias, [](float x, float bias) { return x + bias; });
    if (!f.act_last) act();
    if (f.gate) with_row(f.gate, [](float x, float gate) { return x * gate; });
    if (f.residual) {
#pragma unroll
      for (int i = 0; i < 8; ++i) residual[i / 2][i % 2] = coming[i / 2][i % 2];
      if (first + 4 < kFragments) fetch(first + 4);
#pragma unroll
      for (int i = 0; i < 4; ++i)
#pragma unroll
        for (int r = 0; r < 2; ++r) {
          float two[2];
          unpack(residual[i][r], is_bf16, two);
          v[i][2 * r] += two[0];
          v[i][2 * r + 1] += two[1];
        }
    }
    if (f.act_last) act();
#pragma unroll
    for (int r = 0; r < 2; ++r) {
      uint32_t word[4];
#pragma unroll
      for (int i = 0; i < 4; ++i)
        word[i] = is_bf16 ? pack_bf16(v[i][2 * r], v[i][2 * r + 1]) : pack_f16(v[i][2 * r], v[i][2 * r + 1]);
      exchange4(word, q);
      const int column = n + (first + q) * 8;
      if (rows[r] >= 0 && column < p.n)
        *reinterpret_cast<uint4*>(static_cast<char*>(f.out) + (rows[r] * f.out_stride + column) * 2) =
            make_uint4(word[0], word[1], word[2], word[3]);
    }
  }
}

// ---- K in parts ---------------------------------------------------------------------------------------------------------

// Hands over this block's sums of a tile that is cut. The last block of a tile to come adds all parts up, always in the same order, and gets true: it
// finishes. thread: of the kThreads that have sums; meet() is where these wait for each other.
template <int kSums, int kThreads, class Meet>
__device__ inline bool add_splits(const Product& p, float* sums, Schedule::Item item, int thread, Meet meet) {
  const int cut = item.tile - p.schedule.whole;
  float* parts = p.partial + int64_t(cut) * item.splits * (kSums * kThreads) + thread;
  float* mine = parts + int64_t(item.split) * (kSums * kThreads);
#pragma unroll
  for (int i = 0; i < kSums; ++i) mine[i * kThreads] = sums[i];
  __threadfence();  // the sums are there before the ticket says so
  HL_SHARED(int, before);
  meet();
  if (thread == 0) before = atomicAdd(p.tickets + cut, 1);
  meet();
  const bool is_last = before == item.splits - 1;
  meet();  // all have read it: the next tile may write it
  if (!is_last) return false;
  __threadfence();
  if (thread == 0) p.tickets[cut] = 0;
#pragma unroll
  for (int i = 0; i < kSums; ++i) sums[i] = 0;
  for (int s = 0; s < item.splits; ++s) {
    const float* part = parts + int64_t(s) * (kSums * kThreads);
#pragma unroll
    for (int i = 0; i < kSums; ++i) sums[i] += __ldcg(part + i * kThreads);
  }
  return true;
}

// ---- the host's side ------------------------------------------------------------------------------------------------------

// down x across tiles for every phase, `sums` floats and `steps` along K each, `blocks` at once on a multiprocessor. scratch_used: bytes of the scratch
// that hold something else, tickets included.
void cut(const Launch& on, Product& p, int64_t down, int64_t across, int blocks, int sums, int steps,
         size_t scratch_used = kTicketBytes);

// The kernels. Each takes a product of which all but the tiles and splits is set, cuts it and runs it.
void run_simt(const Launch& on, Product& p);  // f32
void run_mma(const Launch& on, Product& p, Type type);  // f16 from 7.5, bf16 from 8.0, e4m3 from 8.9
bool run_wgmma(const Launch& on, const Product& p);  // bf16 on 9.0; false: not for this product

}  // namespace heirloom::HL_CUDA

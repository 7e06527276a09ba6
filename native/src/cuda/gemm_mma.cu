// Products on the tensor cores of every card since 7.5: mma.sync, fed by ldmatrix from swizzled shared memory, filled by cp.async in stages.
#include "cuda/gemm_product.h"

namespace heirloom::HL_CUDA {

namespace {

// ---- what the numbers are ------------------------------------------------------------------------------------------
// step: one 32-byte step of K for one m16n8 fragment. a, b: the fragments' four and two registers as ldmatrix leaves them.

struct Bf16 {
  static constexpr int kSize = 2;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) { mma_m16n8k16<__nv_bfloat16>(c, a, b); }
};
struct F16 {
  static constexpr int kSize = 2;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) { mma_m16n8k16<__half>(c, a, b); }
};
struct E4m3 {
  static constexpr int kSize = 1;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) { mma_m16n8k32_e4m3(c, a, b); }
};

// ---- tiles ---------------------------------------------------------------------------------------------------------

// M x N sums of one block, by kWarpsM x kWarpsN warps; kStages steps of K in flight; kBlocks blocks at once on a multiprocessor.
template <int kM_, int kN_, int kWarpsM, int kWarpsN, int kStages_, int kBlocks_>
struct Tile {
  static constexpr int kM = kM_, kN = kN_, kStages = kStages_, kBlocks = kBlocks_;
  static constexpr int kThreads = kWarpsM * kWarpsN * 32;
  static constexpr int kWarpsAcross = kWarpsN;
  static constexpr int kWarpM = kM / kWarpsM, kWarpN = kN / kWarpsN;
  static constexpr int kFragmentsM = kWarpM / 16, kFragmentsN = kWarpN / 8;
  static constexpr int kStageBytes = (kM + kN) * kTileBytes;
  static constexpr int kStagingBytes = kThreads / 32 * 16 * staging_stride(kFragmentsN) * 4;
  static constexpr int kSharedBytes = kStages * kStageBytes > kStagingBytes ? kStages * kStageBytes : kStagingBytes;
};
using Wide = Tile<128, 256, 2, 4, 4, 1>;             // large products on 8.0 and up
using Square = Tile<128, 128, 2, 2, 3, 2>;
using Small = Tile<64, 64, 2, 2, 4, 3>;              // few rows
using Narrow = Tile<128, 48, 4, 1, 4, 3>;            // 40 and 48 channels
using Thin = Tile<128, 16, 4, 1, 4, 4>;              // pictures

// ---- the kernel ------------------------------------------------------------------------------------------------------

template <class Number, class T>
__global__ void __launch_bounds__(T::kThreads, T::kBlocks) mma_kernel(const __grid_constant__ Product p) {
  constexpr int kRowsAtOnce = T::kThreads / 4;       // four threads fetch the 64 bytes of a row
  constexpr int kLeft = T::kM / kRowsAtOnce, kRight = (T::kN + kRowsAtOnce - 1) / kRowsAtOnce;
  HL_DYNAMIC_SHARED(unsigned char, shared);

  const int tiles = p.down * p.across, tile = int(blockIdx.x) % tiles, split = int(blockIdx.x) / tiles, phase = int(blockIdx.y);
  const Spot at = spot(tile, p.down, p.across);
  const int first_m = at.m * T::kM, first_n = at.n * T::kN;
  const int first = split_first(p.k_tiles, p.splits, split), steps = split_first(p.k_tiles, p.splits, split + 1) - first;
  const int thread = int(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const int row = thread / 4, piece = thread % 4;    // what this thread fetches

  LeftRows<Number::kSize, kLeft> left(p, phase);
#pragma unroll
  for (int i = 0; i < kLeft; ++i) left.set_row(i, first_m + row + i * kRowsAtOnce);
  left.seek(first * 4 + piece);
  const char* right = p.weight + (int64_t(phase) * p.n + first_n + row) * p.row_bytes + int64_t(first) * kTileBytes + piece * kPieceBytes;

  const auto fetch = [&](int stage) {
    unsigned char* a = shared + stage * T::kStageBytes;
    unsigned char* b = a + T::kM * kTileBytes;
#pragma unroll
    for (int i = 0; i < kLeft; ++i) {
      const int to = swizzle64(row + i * kRowsAtOnce, piece) * kPieceBytes;
      if (p.is_whole) {
        const char* from = left.address(i);
        cp_async_16(shared_address(a + to), from ? from : p.weight, from ? kPieceBytes : 0);
      } else {
        *reinterpret_cast<uint4*>(a + to) = left.gather(i);
      }
    }
#pragma unroll
    for (int i = 0; i < kRight; ++i) {
      const int r = row + i * kRowsAtOnce;
      if (T::kN % kRowsAtOnce != 0 && r >= T::kN) break;
      const bool inside = first_n + r < p.n;
      cp_async_16(shared_address(b + swizzle64(r, piece) * kPieceBytes), inside ? right + int64_t(i) * kRowsAtOnce * p.row_bytes : p.weight, inside ? kPieceBytes : 0);
    }
    left.advance();
    right += kTileBytes;
  };

  float sums[T::kFragmentsM][T::kFragmentsN][4] = {};
  const int warp_m = warp / T::kWarpsAcross * T::kWarpM, warp_n = warp % T::kWarpsAcross * T::kWarpN;
  const auto multiply = [&](int stage) {
    const SharedAddress a = shared_address(shared) + stage * T::kStageBytes, b = a + T::kM * kTileBytes;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      uint32_t as[T::kFragmentsM][4], bs[T::kFragmentsN][2];
#pragma unroll
      for (int i = 0; i < T::kFragmentsM; ++i) ldmatrix_x4(as[i], a + swizzle64(warp_m + i * 16 + left_row(lane), half * 2 + left_piece(lane)) * kPieceBytes);
#pragma unroll
      for (int j = 0; j < T::kFragmentsN; j += 2) {
        uint32_t two[4];
        ldmatrix_x4(two, b + swizzle64(warp_n + j * 8 + right_row(lane), half * 2 + right_piece(lane)) * kPieceBytes);
        bs[j][0] = two[0], bs[j][1] = two[1], bs[j + 1][0] = two[2], bs[j + 1][1] = two[3];
      }
#pragma unroll
      for (int i = 0; i < T::kFragmentsM; ++i)
#pragma unroll
        for (int j = 0; j < T::kFragmentsN; ++j) Number::step(sums[i][j], as[i], bs[j]);
    }
  };

  int reading = 0, filling = 0;
#pragma unroll 1
  for (int step = 1 - T::kStages; step < steps; ++step) {
    if (step >= 0) {
      cp_async_wait<T::kStages - 2>();
      __syncthreads();                               // the stage has come for all, and nobody reads the one to be filled
    }
    if (step + T::kStages - 1 < steps) fetch(filling);
    cp_async_commit();
    if (++filling == T::kStages) filling = 0;
    if (step < 0) continue;
    multiply(reading);
    if (++reading == T::kStages) reading = 0;
  }
  cp_async_wait<0>();

  if (p.splits > 1) {
    constexpr int kSums = T::kFragmentsM * T::kFragmentsN * 4;
    if (!add_splits<kSums, T::kThreads>(p, &sums[0][0][0], phase * tiles + tile, split)) return;
  }
  __syncthreads();                                   // the stages become staging
  float* staging = reinterpret_cast<float*>(shared) + warp * 16 * staging_stride(T::kFragmentsN);
#pragma unroll 1
  for (int i = 0; i < T::kFragmentsM; ++i) {
    finish_rows<T::kFragmentsN>(p, sums[0], staging, lane, first_n + warp_n, [&](int r) -> int64_t {
      const int m = first_m + warp_m + i * 16 + r;
      return m < p.m ? result_row(p, phase, m / p.width, m % p.width) : -1;
    });
#pragma unroll
    for (int j = 0; j + 1 < T::kFragmentsM; ++j)     // the next rows move up: one copy of the code above, and registers are never indexed
#pragma unroll
      for (int k = 0; k < T::kFragmentsN * 4; ++k) sums[j][k / 4][k % 4] = sums[j + 1][k / 4][k % 4];
  }
}

template <class Number, class T>
void start(const Launch& on, Product& p) {
  cut(on, p, T::kM, T::kN, T::kBlocks, T::kThreads * T::kFragmentsM * T::kFragmentsN * 4);
  HL_LAUNCH((mma_kernel<Number, T>), dim3(unsigned(p.down * p.across * p.splits), unsigned(p.phases)), T::kThreads, T::kSharedBytes, on.stream, p);
}

// Small tiles waste reads, large ones waste sums beyond the edge and leave multiprocessors idle. The factors are the share of an instruction's
// rate a tile can reach by its reads of shared memory, on paper; which tile wins at a given size is for measurement to correct.
struct Choice {
  int m, n;
  double share;
};
template <class T>
constexpr Choice choice(double share) { return {T::kM, T::kN, share}; }

// Sums computed by the busiest multiprocessor, in units of a perfect tile.
double cost(const Launch& on, const Product& p, const Choice& c) {
  const int64_t tiles = int64_t((p.m + c.m - 1) / c.m) * ((p.n + c.n - 1) / c.n) * p.phases;
  return double((tiles + on.multiprocessors - 1) / on.multiprocessors) * c.m * c.n / c.share;
}

}  // namespace

void run_mma(const Launch& on, Product& p, Type type) {
  const bool has_wide = on.capability >= 80 && type != Type::e4m3;
  const Choice choices[] = {choice<Thin>(0.4), choice<Narrow>(0.7), choice<Small>(0.6), choice<Square>(0.9), choice<Wide>(1.0)};
  int best = 2;
  for (int i = type == Type::e4m3 ? 2 : 0; i < (has_wide ? 5 : 4); ++i)
    if (cost(on, p, choices[i]) < cost(on, p, choices[best])) best = i;
  const auto run = [&](auto number) {
    using Number = decltype(number);
    if constexpr (Number::kSize == 2) {
      if (best == 0) return start<Number, Thin>(on, p);
      if (best == 1) return start<Number, Narrow>(on, p);
      if (best == 4) return start<Number, Wide>(on, p);
    }
    if (best == 2) return start<Number, Small>(on, p);
    start<Number, Square>(on, p);
  };
  if (type == Type::bf16) return run(Bf16());
  if (type == Type::f16) return run(F16());
  CHECK(on.capability >= 89, "gemm: e4m3 needs compute capability 8.9 or higher");
  run(E4m3());
}

}  // namespace heirloom::HL_CUDA

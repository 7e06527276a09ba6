// Products on the tensor cores of every card since 7.5: mma.sync, fed by ldmatrix from swizzled shared memory, filled by cp.async in stages.
#include "cuda/products/gemm_product.h"

namespace heirloom::HL_CUDA {

namespace mma_road {  // named: not every architecture refers to all of it

// ---- what the numbers are ------------------------------------------------------------------------------------------
// step: one 32-byte step of K for one m16n8 fragment. a, b: the fragments' four and two registers as ldmatrix leaves them. kIsThere: whether
// the architecture being compiled has it, in tiles of up to kMostRows; where it has not, the kernel is an empty trap that is never launched.

#if defined(__CUDA_ARCH__)
constexpr int kArchitecture = __CUDA_ARCH__;
#else
constexpr int kArchitecture = 0;                     // the host's pass, and the emulator, which has everything
#endif
constexpr bool from(int architecture) { return kArchitecture == 0 || kArchitecture >= architecture; }

struct Bf16 {
  static constexpr int kSize = 2, kMostRows = 128;
  static constexpr bool kIsThere = from(800), kIsHeld = false;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    mma_m16n8k16<__nv_bfloat16>(c, a, b);
  }
};
struct F16 {
  static constexpr int kSize = 2, kMostRows = 128;
  static constexpr bool kIsThere = from(800), kIsHeld = false;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    mma_m16n8k16<__half>(c, a, b);
  }
};
// Turing has no copies that arrive later: pieces wait in registers while the step before is multiplied.
struct TuringF16 {
  static constexpr int kSize = 2, kMostRows = 128;
  static constexpr bool kIsThere = kArchitecture < 800, kIsHeld = true;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    mma_m16n8k8_f16(c, a[0], a[1], b[0]);
    mma_m16n8k8_f16(c, a[2], a[3], b[1]);
  }
};
// 9.0 and 10.0 have e4m3 in wgmma and tcgen05 only: the compiler turns this mma into conversions and fp16, and the large tile would spill.
struct E4m3 {
  static constexpr int kSize = 1, kMostRows = kArchitecture == 900 || kArchitecture == 1000 ? 64 : 128;
  static constexpr bool kIsThere = from(890), kIsHeld = false;
  static __device__ void step(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    mma_m16n8k32_e4m3(c, a, b);
  }
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
using Wide = Tile<128, 256, 2, 4, 4, 1>;  // large products on 8.0 and up
using Square = Tile<128, 128, 2, 2, 3, 2>;
using Small = Tile<64, 64, 2, 2, 4, 3>;  // few rows
using Narrow = Tile<128, 48, 4, 1, 4, 3>;  // 40 and 48 channels
using Thin = Tile<128, 16, 4, 1, 4, 4>;  // pictures

// ---- the kernel ------------------------------------------------------------------------------------------------------

template <class Number, class T>
__device__ __forceinline__ void multiply_tile(const Product& p) {
  constexpr int kRowsAtOnce = T::kThreads / 4;  // four threads fetch the 64 bytes of a row
  constexpr int kLeft = T::kM / kRowsAtOnce, kRight = (T::kN + kRowsAtOnce - 1) / kRowsAtOnce;
  HL_DYNAMIC_SHARED(unsigned char, shared);

  const Schedule::Item item = p.schedule.item(int(blockIdx.x));
  const int tiles = p.down * p.across, phase = item.tile / tiles;
  const Spot at = spot(item.tile - phase * tiles, p.down, p.across);
  const int first_m = at.m * T::kM, first_n = at.n * T::kN;
  const int first = split_first(p.k_tiles, item.splits, item.split),
            steps = split_first(p.k_tiles, item.splits, item.split + 1) - first;
  const int thread = int(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const int row = thread / 4, piece = thread % 4;  // what this thread fetches

  LeftRows<Number::kSize, kLeft> left(p, phase);
#pragma unroll
  for (int i = 0; i < kLeft; ++i) left.set_row(i, first_m + row + i * kRowsAtOnce);
  left.seek(first * 4 + piece);
  const char* right = p.weight + (int64_t(phase) * p.n + first_n + row) * p.row_bytes + int64_t(first) * kTileBytes +
                      piece * kPieceBytes;

  uint4 held[Number::kIsHeld ? kLeft + kRight : 1];
  const auto shared_left = [&](int stage, int i) {
    return shared + stage * T::kStageBytes + swizzle64(row + i * kRowsAtOnce, piece) * kPieceBytes;
  };
  const auto shared_right = [&](int stage, int i) { return shared_left(stage, i) + T::kM * kTileBytes; };
  const auto is_right = [&](int i) { return T::kN % kRowsAtOnce == 0 || row + i * kRowsAtOnce < T::kN; };
  // Pieces that are not whole are read element by element and stored at once.
  const auto fetch = [&](int stage) {
#pragma unroll
    for (int i = 0; i < kLeft; ++i) {
      if (!p.is_whole) {
        const uint4 gathered = left.gather(i);
        if constexpr (Number::kIsHeld) held[i] = gathered;
        else *reinterpret_cast<uint4*>(shared_left(stage, i)) = gathered;
        continue;
      }
      const char* from = left.address(i);
      if constexpr (Number::kIsHeld) held[i] = from ? *reinterpret_cast<const uint4*>(from) : make_uint4(0, 0, 0, 0);
      else cp_async_16(shared_address(shared_left(stage, i)), from ? from : p.weight, from ? kPieceBytes : 0);
    }
#pragma unroll
    for (int i = 0; i < kRight; ++i) {
      const bool is_inside = first_n + row + i * kRowsAtOnce < p.n;
      const char* from = is_inside ? right + int64_t(i) * kRowsAtOnce * p.row_bytes : p.weight;
      if constexpr (Number::kIsHeld)
        held[kLeft + i] = is_inside ? *reinterpret_cast<const uint4*>(from) : make_uint4(0, 0, 0, 0);
      else if (is_right(i)) cp_async_16(shared_address(shared_right(stage, i)), from, is_inside ? kPieceBytes : 0);
    }
    left.advance();
    right += kTileBytes;
  };
  const auto put = [&](int stage) {
#pragma unroll
    for (int i = 0; i < kLeft; ++i) *reinterpret_cast<uint4*>(shared_left(stage, i)) = held[i];
#pragma unroll
    for (int i = 0; i < kRight; ++i)
      if (is_right(i)) *reinterpret_cast<uint4*>(shared_right(stage, i)) = held[kLeft + i];
  };

  float sums[T::kFragmentsM][T::kFragmentsN][4] = {};
  const int warp_m = warp / T::kWarpsAcross * T::kWarpM, warp_n = warp % T::kWarpsAcross * T::kWarpN;
  const auto multiply = [&](int stage) {
    const SharedAddress a = shared_address(shared) + stage * T::kStageBytes, b = a + T::kM * kTileBytes;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      uint32_t as[T::kFragmentsM][4], bs[T::kFragmentsN][2];
#pragma unroll
      for (int i = 0; i < T::kFragmentsM; ++i)
        ldmatrix_x4(as[i], a + swizzle64(warp_m + i * 16 + left_row(lane), half * 2 + left_piece(lane)) * kPieceBytes);
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
      __syncthreads();  // the stage has come for all, and nobody reads the one to be filled
    }
    const bool is_fetching = step + T::kStages - 1 < steps;
    if (is_fetching) fetch(filling);
    cp_async_commit();
    if (step >= 0) {
      multiply(reading);
      if (++reading == T::kStages) reading = 0;
    }
    if constexpr (Number::kIsHeld)
      if (is_fetching) put(filling);
    if (++filling == T::kStages) filling = 0;
  }
  cp_async_wait<0>();

  if (item.splits > 1) {
    constexpr int kSums = T::kFragmentsM * T::kFragmentsN * 4;
    if (!add_splits<kSums, T::kThreads>(p, &sums[0][0][0], item, thread, [] { __syncthreads(); })) return;
  }
  __syncthreads();  // the stages become staging
  float* staging = reinterpret_cast<float*>(shared) + warp * 16 * staging_stride(T::kFragmentsN);
#pragma unroll 1
  for (int i = 0; i < T::kFragmentsM; ++i) {
    const auto row_of = [&](int r) -> int64_t {
      const int m = first_m + warp_m + i * 16 + r;
      return m < p.m ? result_row(p, phase, m / p.width, m % p.width) : -1;
    };
    bool is_done = false;
    if constexpr (T::kFragmentsN % 4 == 0) {
      is_done = p.finish.is_half_lines;
      if (is_done) finish_fragments<T::kFragmentsN>(p, sums[0], lane, first_n + warp_n, row_of);
    }
    if (!is_done) finish_rows<T::kFragmentsN>(p, sums[0], staging, lane, first_n + warp_n, row_of);
#pragma unroll
    for (int j = 0; j + 1 < T::kFragmentsM;
         ++j)  // the next rows move up: one copy of the code above, and registers are never indexed
#pragma unroll
      for (int k = 0; k < T::kFragmentsN * 4; ++k) sums[j][k / 4][k % 4] = sums[j + 1][k / 4][k % 4];
  }
}

template <class Number, class T>
__global__ void __launch_bounds__(T::kThreads, T::kBlocks) mma_kernel(const __grid_constant__ Product p) {
  if constexpr (Number::kIsThere && T::kM <= Number::kMostRows) multiply_tile<Number, T>(p);
  else __trap();
}

template <class Number, class T>
void start(const Launch& on, Product& p) {
  cut(on, p, blocks_for(p.m, T::kM), blocks_for(p.n, T::kN), T::kBlocks,
      T::kThreads * T::kFragmentsM * T::kFragmentsN * 4, p.k_tiles);
  HL_LAUNCH((mma_kernel<Number, T>), unsigned(p.schedule.items()), T::kThreads, T::kSharedBytes, on.stream, p);
}

template <class T>
constexpr bool is_shape(const TileShape& shape) {
  return T::kM == shape.m && T::kN == shape.n;
}
static_assert(is_shape<Thin>(kTileShapes[0]) && is_shape<Narrow>(kTileShapes[1]) && is_shape<Small>(kTileShapes[2]) &&
                  is_shape<Square>(kTileShapes[3]) && is_shape<Wide>(kTileShapes[4]),
              "choose_tile speaks of these tiles");

}  // namespace mma_road

void run_mma(const Launch& on, Product& p, Type type) {
  CHECK(type != Type::e4m3 || on.capability >= 89, "gemm: e4m3 needs compute capability 8.9 or higher");
  const bool is_narrow = type == Type::e4m3, has_e4m3 = on.capability == 89 || on.capability == 120;
  const int first = is_narrow ? 2 : 0, last = is_narrow && !has_e4m3 ? 2 : is_narrow || on.capability < 80 ? 3 : 4;
  const int tile = choose_tile(p.m, p.n, p.phases, on.multiprocessors, first, last);
  using namespace mma_road;
  const auto run = [&](auto number) {
    using Number = decltype(number);
    if constexpr (Number::kSize == 2) {
      if (tile == 0) return start<Number, Thin>(on, p);
      if (tile == 1) return start<Number, Narrow>(on, p);
      if constexpr (!Number::kIsHeld)
        if (tile == 4) return start<Number, Wide>(on, p);
    }
    if (tile == 2) return start<Number, Small>(on, p);
    start<Number, Square>(on, p);
  };
  if (type == Type::bf16) return run(Bf16());
  if (type == Type::e4m3) return run(E4m3());
  if (on.capability < 80) return run(TuringF16());
  run(F16());
}

}  // namespace heirloom::HL_CUDA

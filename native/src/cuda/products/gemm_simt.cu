// Products in fp32 on the ordinary cores: the reference mode. Blocks of 128 x 64 sums, 8 x 8 to a thread, two steps of K in shared memory.
#include "cuda/products/gemm_product.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kM = 128, kN = 64, kThreads = 128, kBlocks = 3;
constexpr int kK = kTileBytes / 4;  // 16 numbers of K at a time
constexpr int kLeft = kM * 4 / kThreads, kRight = kN * 4 / kThreads, kRowsAtOnce = kThreads / 4;
constexpr int kSums = 64;
// K runs down, so that a thread reads its rows side by side; the odd width spreads the four numbers of a piece over the banks when stored.
constexpr int kLeftWidth = kM + 4, kRightWidth = kN + 4;
struct Stage {
  float left[kK][kLeftWidth], right[kK][kRightWidth];
};

__device__ inline void store_down(float* to, int width, uint4 piece) {
  to[0] = __uint_as_float(piece.x);
  to[width] = __uint_as_float(piece.y);
  to[2 * width] = __uint_as_float(piece.z);
  to[3 * width] = __uint_as_float(piece.w);
}
__device__ inline void load8_of(const float* from, int apart, float (&to)[8]) {
  const float4 low = *reinterpret_cast<const float4*>(from), high = *reinterpret_cast<const float4*>(from + apart);
  to[0] = low.x, to[1] = low.y, to[2] = low.z, to[3] = low.w;
  to[4] = high.x, to[5] = high.y, to[6] = high.z, to[7] = high.w;
}

__global__ void __launch_bounds__(kThreads, kBlocks) simt_kernel(const __grid_constant__ Product p) {
  HL_SHARED(Stage[2], stages);
  const Schedule::Item item = p.schedule.item(int(blockIdx.x));
  const int tiles = p.down * p.across, phase = item.tile / tiles;
  const Spot at = spot(item.tile - phase * tiles, p.down, p.across);
  const int first_m = at.m * kM, first_n = at.n * kN;
  const int first = split_first(p.k_tiles, item.splits, item.split),
            steps = split_first(p.k_tiles, item.splits, item.split + 1) - first;
  const int thread = int(threadIdx.x), row = thread / 4, piece = thread % 4;

  LeftRows<4, kLeft> left(p, phase);
#pragma unroll
  for (int i = 0; i < kLeft; ++i) left.set_row(i, first_m + row + i * kRowsAtOnce);
  left.seek(first * 4 + piece);
  const char* right = p.weight + (int64_t(phase) * p.n + first_n + row) * p.row_bytes + int64_t(first) * kTileBytes +
                      piece * kPieceBytes;

  uint4 left_piece[kLeft], right_piece[kRight];
  const auto fetch = [&] {
    const uint4 zeros = make_uint4(0, 0, 0, 0);
#pragma unroll
    for (int i = 0; i < kLeft; ++i) {
      if (p.is_whole) {
        const char* from = left.address(i);
        left_piece[i] = from ? *reinterpret_cast<const uint4*>(from) : zeros;
      } else {
        left_piece[i] = left.gather(i);
      }
    }
#pragma unroll
    for (int i = 0; i < kRight; ++i)
      right_piece[i] = first_n + row + i * kRowsAtOnce < p.n
                           ? *reinterpret_cast<const uint4*>(right + int64_t(i) * kRowsAtOnce * p.row_bytes)
                           : zeros;
    left.advance();
    right += kTileBytes;
  };
  const auto put = [&](Stage& stage) {
#pragma unroll
    for (int i = 0; i < kLeft; ++i)
      store_down(&stage.left[piece * 4][row + i * kRowsAtOnce], kLeftWidth, left_piece[i]);
#pragma unroll
    for (int i = 0; i < kRight; ++i)
      store_down(&stage.right[piece * 4][row + i * kRowsAtOnce], kRightWidth, right_piece[i]);
  };

  // Thread (y, x) of 16 x 8: rows 4y.. and 64 + 4y.., columns 4x.. and 32 + 4x...
  const int my_m = thread / 8 * 4, my_n = thread % 8 * 4;
  float sums[8][8] = {};
  fetch();
  put(stages[0]);
  __syncthreads();
  for (int step = 0; step < steps; ++step) {
    const Stage& now = stages[step % 2];
    if (step + 1 < steps) fetch();
#pragma unroll
    for (int k = 0; k < kK; ++k) {
      float a[8], b[8];
      load8_of(&now.left[k][my_m], kM / 2, a);
      load8_of(&now.right[k][my_n], kN / 2, b);
#pragma unroll
      for (int i = 0; i < 8; ++i)
#pragma unroll
        for (int j = 0; j < 8; ++j) sums[i][j] += a[i] * b[j];
    }
    if (step + 1 < steps) put(stages[(step + 1) % 2]);
    __syncthreads();
  }

  if (item.splits > 1 && !add_splits<kSums, kThreads>(p, &sums[0][0], item, thread, [] { __syncthreads(); })) return;
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int m = first_m + my_m + i % 4 + i / 4 * (kM / 2);
    if (m >= p.m) continue;
    const int64_t row_out = result_row(p, phase, m / p.width, m % p.width);
#pragma unroll
    for (int j = 0; j < 8; j += 4)
      finish4(p.finish, make_float4(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]), row_out,
              first_n + my_n + j / 4 * (kN / 2), p.n);
  }
}

}  // namespace

void run_simt(const Launch& on, Product& p) {
  cut(on, p, blocks_for(p.m, kM), blocks_for(p.n, kN), kBlocks, kSums * kThreads, p.k_tiles);
  HL_LAUNCH(simt_kernel, unsigned(p.schedule.items()), kThreads, 0, on.stream, p);
}

}  // namespace heirloom::HL_CUDA

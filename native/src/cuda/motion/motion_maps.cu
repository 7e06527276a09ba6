// What two keys have in common around a place, which cells are made, and maps put together in them.
#include "cuda/motion/motion.h"
#include "cuda/motion/places.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;
constexpr int kCell = 8;  // pixels

__device__ inline int64_t my_item() { return static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; }

// One thread per position and motion.
__global__ void cost_kernel(const __grid_constant__ Cost p, int64_t count) {
  const int64_t item = my_item();
  if (item >= count) return;
  const int motions = p.motions * p.motions, motion = static_cast<int>(item % motions);
  const int64_t at = item / motions;
  const int x = static_cast<int>(at % p.w), y = static_cast<int>(at / p.w);
  if (!is_near(p.mask, y, x, 0)) {
    p.out[item] = 0;
    return;
  }
  const int down = motion / p.motions, across = motion % p.motions;
  const auto row = [&](const float* map, int v, int u) {
    return map + (static_cast<int64_t>(held(v, p.h)) * p.w + held(u, p.w)) * p.channels;
  };
  const float *a = row(p.a, y - p.back[down], x - p.back[across]),
              *b = row(p.b, y + p.ahead[down], x + p.ahead[across]);
  float sum = 0;
  for (int c = 0; c < p.channels; ++c) sum = fmaf(a[c], b[c], sum);
  p.out[item] = sum / static_cast<float>(p.channels);
}

// One thread per position.
__global__ void expected_kernel(Values cost, int w, int64_t positions, float scale, int radius, int cell, Mask mask,
                                float* out) {
  const int64_t at = my_item();
  if (at >= positions) return;
  const int side = 2 * radius + 1, motions = side * side;
  float across = 0, down = 0, total = 1;
  if (is_near(mask, static_cast<int>(at / w), static_cast<int>(at % w), 0)) {
    float largest = read1(cost, at * motions);
    for (int n = 1; n < motions; ++n) largest = fmaxf(largest, read1(cost, at * motions + n));
    total = 0;
    for (int n = 0; n < motions; ++n) {
      const float share = expf(scale * (read1(cost, at * motions + n) - largest));
      total += share;
      across = fmaf(share, static_cast<float>((n % side - radius) * cell), across);
      down = fmaf(share, static_cast<float>((n / side - radius) * cell), down);
    }
  }
  out[2 * at] = across / total;
  out[2 * at + 1] = down / total;
}

__global__ void add_motion_kernel(const float* flow, const float* v, int64_t count, float t, float* out) {
  const int64_t i = my_item();
  if (i >= count) return;
  out[i] = (flow ? flow[i] : 0.0f) + (i % 4 < 2 ? -t : 1 - t) * v[i / 4 * 2 + i % 2];
}

__global__ void place_kernel(Place p, int64_t count) {
  const int64_t i = my_item();
  if (i >= count) return;
  const int64_t at = i / p.channels, channel = i % p.channels;
  float v = 0;
  if (is_near(p.mask, static_cast<int>(at / p.w), static_cast<int>(at % p.w), 0))
    v = p.x.data ? read1(p.x, i) : p.value;
  write1(p.out, at * p.of + p.first + channel, v);
}

__global__ void fill_kernel(Values x, int w, int channels, int64_t count, const float* row, Mask mask) {
  const int64_t i = my_item();
  if (i >= count) return;
  const int64_t at = i / channels;
  if (is_near(mask, static_cast<int>(at / w), static_cast<int>(at % w), 0)) return;
  write1(x, i, row ? row[i % channels] : 0.0f);
}

// What `differing` says of a cell.
constexpr float kDiffers = 1, kMoves = 2;
constexpr int kMotionReach = 3;  // cells

// One warp per cell. Products and sums without contraction: a cell is needed or not as the processor says.
__global__ void differing_kernel(const float* a, const float* b, const float* flow, int H, int W, float tolerance,
                                 float moves, int64_t cells, float* marks) {
  const int64_t cell = static_cast<int64_t>(blockIdx.x) * (kThreads / 32) + threadIdx.x / 32;
  if (cell >= cells) return;
  const int lane = static_cast<int>(threadIdx.x % 32), columns = W / kCell;
  const int64_t y = cell / columns * kCell, x = cell % columns * kCell;
  float most = 0;
  for (int i = lane; i < 3 * kCell * kCell; i += 32) {
    const int64_t at = (static_cast<int64_t>(i / (kCell * kCell)) * H + y + i / kCell % kCell) * W + x + i % kCell;
    most = fmaxf(most, fabsf(a[at] - b[at]));
  }
  most = warp_max(most);
  const float *f = flow + cell * 4, across = f[2] - f[0], down = f[3] - f[1];
  const float square = __fadd_rn(__fmul_rn(across, across), __fmul_rn(down, down));
  if (lane == 0) marks[cell] = most > tolerance ? kDiffers : square > __fmul_rn(moves, moves) ? kMoves : 0.0f;
}

// One thread per cell: what differs, and what moves within reach of it.
__global__ void reached_kernel(const float* kinds, int rows, int columns, float* marks) {
  const int64_t cell = my_item();
  if (cell >= static_cast<int64_t>(rows) * columns) return;
  const int row = static_cast<int>(cell / columns), column = static_cast<int>(cell % columns);
  bool is_reached = kinds[cell] == kDiffers;
  if (kinds[cell] == kMoves)
    for (int y = max(row - kMotionReach, 0); y <= min(row + kMotionReach, rows - 1); ++y)
      for (int x = max(column - kMotionReach, 0); x <= min(column + kMotionReach, columns - 1); ++x)
        is_reached = is_reached || kinds[static_cast<int64_t>(y) * columns + x] == kDiffers;
  marks[cell] = is_reached ? 1.0f : 0.0f;
}

// One thread per cell.
__global__ void doubted_kernel(Values x, int w, int channels, int channel, float least, Mask mask, float* marks) {
  const int64_t cell = my_item();
  if (cell >= static_cast<int64_t>(mask.rows) * mask.columns) return;
  float sum = 0;
  const int s = mask.side;
  for (int i = 0; i < s * s; ++i) {
    const int64_t row = cell / mask.columns * s + i / s, column = cell % mask.columns * s + i % s;
    sum += sigmoid(read1(x, (row * w + column) * channels + channel));
  }
  const bool is_made = !mask.at || mask.at[cell] != 0.0f;
  marks[cell] = is_made && sum / static_cast<float>(s * s) < least ? 1.0f : 0.0f;
}

__global__ void widened_kernel(const float* marks, Mask mask, float* out) {
  const int64_t cell = my_item();
  if (cell >= static_cast<int64_t>(mask.rows) * mask.columns) return;
  const Mask marked = {marks, mask.rows, mask.columns, 1};
  const bool is_made = !mask.at || mask.at[cell] != 0.0f;
  const int row = static_cast<int>(cell / mask.columns), column = static_cast<int>(cell % mask.columns);
  out[cell] = is_made && is_near(marked, row, column, 1) ? 1.0f : 0.0f;
}

}  // namespace

void cost(const Cost& p, cudaStream_t stream) {
  const int64_t count = static_cast<int64_t>(p.h) * p.w * p.motions * p.motions;
  HL_LAUNCH(cost_kernel, blocks_for(count, kThreads), kThreads, 0, stream, p, count);
}

void expected_motion(const Values& cost, int h, int w, float scale, int radius, int cell, const Mask& mask, float* out,
                     cudaStream_t stream) {
  const int64_t positions = static_cast<int64_t>(h) * w;
  HL_LAUNCH(expected_kernel, blocks_for(positions, kThreads), kThreads, 0, stream, cost, w, positions, scale, radius,
            cell, mask, out);
}

void add_motion(const float* flow, const float* v, int64_t positions, float t, float* out, cudaStream_t stream) {
  HL_LAUNCH(add_motion_kernel, blocks_for(4 * positions, kThreads), kThreads, 0, stream, flow, v, 4 * positions, t,
            out);
}

void place(const Place& p, cudaStream_t stream) {
  const int64_t count = static_cast<int64_t>(p.h) * p.w * p.channels;
  HL_LAUNCH(place_kernel, blocks_for(count, kThreads), kThreads, 0, stream, p, count);
}

void fill_others(const Values& x, int h, int w, int channels, const float* row, const Mask& mask, cudaStream_t stream) {
  const int64_t count = static_cast<int64_t>(h) * w * channels;
  HL_LAUNCH(fill_kernel, blocks_for(count, kThreads), kThreads, 0, stream, x, w, channels, count, row, mask);
}

void differing(const float* a, const float* b, const float* flow, int H, int W, float tolerance, float moves,
               float* marks, cudaStream_t stream) {
  const int64_t cells = static_cast<int64_t>(H / kCell) * (W / kCell);
  HL_LAUNCH(differing_kernel, blocks_for(cells, kThreads / 32), kThreads, 0, stream, a, b, flow, H, W, tolerance, moves,
            cells, marks);
}

void reached(const float* kinds, int rows, int columns, float* marks, cudaStream_t stream) {
  HL_LAUNCH(reached_kernel, blocks_for(static_cast<int64_t>(rows) * columns, kThreads), kThreads, 0, stream, kinds,
            rows, columns, marks);
}

void doubted(const Values& x, int w, int channels, int channel, float least, const Mask& mask, float* marks,
             cudaStream_t stream) {
  HL_LAUNCH(doubted_kernel, blocks_for(static_cast<int64_t>(mask.rows) * mask.columns, kThreads), kThreads, 0, stream,
            x, w, channels, channel, least, mask, marks);
}

void widened(const float* marks, const Mask& mask, float* out, cudaStream_t stream) {
  HL_LAUNCH(widened_kernel, blocks_for(static_cast<int64_t>(mask.rows) * mask.columns, kThreads), kThreads, 0, stream,
            marks, mask, out);
}

}  // namespace heirloom::HL_CUDA

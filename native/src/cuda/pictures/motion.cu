#include "cuda/pictures/motion.h"

#include "cuda/features/elements.h"
#include "exact.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kBlock = 8, kRadius = 4, kThreads = 256;

struct Level {
  int shift, block, margin;  // side of a block and margin of its window in samples of this level
};
constexpr Level kLevels[4] = {{3, 1, 2}, {2, 2, 2}, {1, 4, 2}, {0, 8, 4}};

struct Vector {
  int dy, dx;
};

// 8-bit luma; beyond its edges they are repeated.
struct Plane {
  uint8_t* samples;
  int height, width;
  __device__ int at(int y, int x) const {
    return samples[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)];
  }
};

__global__ void luma_kernel(const float* picture, Plane out) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x,
                plane = static_cast<int64_t>(out.height) * out.width;
  if (i >= plane) return;
  const float sum = exact::add(exact::add(picture[i], picture[i + plane]), picture[i + 2 * plane]);
  const float v = exact::multiply(exact::add(exact::multiply(sum, 1.0f / 3.0f), 1.0f), 127.5f);
  out.samples[i] =
      static_cast<uint8_t>(__float_as_uint(exact::add(fminf(fmaxf(v, 0.0f), 255.0f), 12582912.0f)));  // half to even
}

__global__ void halve_kernel(Plane from, Plane to) {
  const int i = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  if (i >= to.height * to.width) return;
  const uint8_t* a = from.samples + i / to.width * 2 * from.width + i % to.width * 2;
  to.samples[i] = static_cast<uint8_t>((a[0] + a[1] + a[from.width] + a[from.width + 1] + 2) >> 2);
}

// One block's search on one level by one warp: keeps the first of the cheapest candidates.
struct Search {
  const Plane &now, &before;
  int y, x, side, lane;
  int cost = 1 << 30;
  Vector best = {0, 0};

  __device__ int toll() const { return side * side / 8; }  // what a step costs: an eighth of a luma step per sample
  __device__ void consider(int dy, int dx, int price) {
    int sum = 0;
    for (int i = lane; i < side * side; i += 32) {
      const int row = y + i / side, column = x + i % side;
      sum += abs(now.at(row, column) - before.at(row + dy, column + dx));
    }
    for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(kAllLanes, sum, step);
    if (sum + price >= cost) return;
    cost = sum + price;
    best = {dy, dx};
  }
};

// coarse: of the level before, null on the first. One warp per 8x8 block of the picture.
__global__ void search_kernel(Plane now, Plane before, Level level, int rows, int columns, const Vector* coarse,
                              Vector* fine) {
  const int item = static_cast<int>(blockIdx.x * (kThreads / 32) + threadIdx.x / 32);
  if (item >= rows * columns) return;
  const int row = item / columns, column = item % columns;
  Search search = {now,
                   before,
                   row * level.block - level.margin,
                   column * level.block - level.margin,
                   level.block + 2 * level.margin,
                   static_cast<int>(threadIdx.x % 32)};
  const int toll = search.toll();
  if (!coarse) {
    for (int dy = -kRadius; dy <= kRadius; ++dy)
      for (int dx = -kRadius; dx <= kRadius; ++dx) search.consider(dy, dx, toll * (abs(dy) + abs(dx)));
  } else {
    const auto doubled = [&](int r, int c, int price) {
      const Vector v = coarse[min(max(r, 0), rows - 1) * columns + min(max(c, 0), columns - 1)];
      search.consider(2 * v.dy, 2 * v.dx, price);
    };
    doubled(row, column, 0);
    doubled(row - 1, column, toll);
    doubled(row + 1, column, toll);
    doubled(row, column - 1, toll);
    doubled(row, column + 1, toll);
    search.consider(0, 0, 0);
    const Vector start = search.best;
    search.cost = 1 << 30;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx) search.consider(start.dy + dy, start.dx + dx, dy || dx ? toll : 0);
  }
  if (search.lane == 0) fine[item] = search.best;
}

__global__ void numbers_kernel(const Vector* vectors, int count, float* out) {
  const int i = static_cast<int>(blockIdx.x * kThreads + threadIdx.x);
  if (i >= count) return;
  out[2 * i] = static_cast<float>(vectors[i].dy);
  out[2 * i + 1] = static_cast<float>(vectors[i].dx);
}

__global__ void move_kernel(const float* picture, const float* motion, int sign, int height, int width, float* out) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i >= int64_t{3} * height * width) return;
  const int x = static_cast<int>(i % width), y = static_cast<int>(i / width % height);
  const float* v = motion + int64_t{2} * (y / kBlock * (width / kBlock) + x / kBlock);
  const int dy = sign * static_cast<int>(v[0]), dx = sign * static_cast<int>(v[1]);
  const float* plane = picture + (i - x - static_cast<int64_t>(y) * width);
  out[i] = plane[static_cast<int64_t>(min(max(y + dy, 0), height - 1)) * width + min(max(x + dx, 0), width - 1)];
}

int64_t samples(int height, int width) { return static_cast<int64_t>(height) * width; }
int64_t blocks(int height, int width) { return samples(height, width) / (kBlock * kBlock); }

}  // namespace

// Two lists of vectors, then two pyramids, each less than 1.5 times its picture.
size_t motion_scratch(int height, int width) {
  return static_cast<size_t>(2 * blocks(height, width)) * sizeof(Vector) +
         static_cast<size_t>(3 * samples(height, width));
}

void find_motion(const float* now, const float* before, int height, int width, void* scratch, float* out,
                 cudaStream_t stream) {
  const int rows = height / kBlock, columns = width / kBlock;
  Vector* fine = static_cast<Vector*>(scratch);
  Vector* coarse = fine + blocks(height, width);
  uint8_t* room = reinterpret_cast<uint8_t*>(coarse + blocks(height, width));
  Plane pyramid[2][4];
  const float* pictures[2] = {now, before};
  for (int which = 0; which < 2; ++which)
    for (int i = 0; i < 4; ++i) {
      Plane& plane = pyramid[which][i];
      plane = {room, height >> i, width >> i};
      const int64_t count = samples(plane.height, plane.width);
      room += count;
      if (i == 0) HL_LAUNCH(luma_kernel, blocks_for(count, kThreads), kThreads, 0, stream, pictures[which], plane);
      else HL_LAUNCH(halve_kernel, blocks_for(count, kThreads), kThreads, 0, stream, pyramid[which][i - 1], plane);
    }
  for (const Level& level : kLevels) {
    const bool is_first = level.shift == kLevels[0].shift;
    HL_LAUNCH(search_kernel, blocks_for(static_cast<int64_t>(rows) * columns, kThreads / 32), kThreads, 0, stream,
              pyramid[0][level.shift], pyramid[1][level.shift], level, rows, columns, is_first ? nullptr : coarse,
              fine);
    Vector* const made = fine;
    fine = coarse;
    coarse = made;
  }
  HL_LAUNCH(numbers_kernel, blocks_for(blocks(height, width), kThreads), kThreads, 0, stream, coarse, rows * columns,
            out);
}

void move_blocks(const float* picture, const float* motion, int sign, int height, int width, float* out,
                 cudaStream_t stream) {
  HL_LAUNCH(move_kernel, blocks_for(3 * samples(height, width), kThreads), kThreads, 0, stream, picture, motion, sign,
            height, width, out);
}

}  // namespace heirloom::HL_CUDA

#include "motion.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heirloom::cpu {
namespace {

constexpr int kBlock = 8, kRadius = 4;                // pixels; samples of the coarsest level, each way
constexpr int kBorder = 64;  // more than the longest vector (39), the widest margin (4) and one load (16)

struct Level {
  int shift, block, margin;  // side of a block and margin of its window in samples of this level
  int window() const { return block + 2 * margin; }
  int toll() const { return window() * window() / 8; }  // what a step costs: an eighth of a luma step per sample
};
constexpr std::array<Level, 4> kLevels = {{{3, 1, 2}, {2, 2, 2}, {1, 4, 2}, {0, 8, 4}}};

// 8-bit luma with its edges repeated on all sides.
class Plane {
 public:
  Plane(int h, int w) : h_(h), w_(w), stride_(w + 2 * kBorder), samples_(size_t(h + 2 * kBorder) * size_t(stride_)) {}
  int height() const { return h_; }
  int width() const { return w_; }
  int stride() const { return stride_; }
  uint8_t* row(int y) { return samples_.data() + size_t(y + kBorder) * size_t(stride_) + kBorder; }
  const uint8_t* row(int y) const { return const_cast<Plane*>(this)->row(y); }

  void repeat_edges() {
    for (int y = 0; y < h_; ++y) {
      std::memset(row(y) - kBorder, row(y)[0], kBorder);
      std::memset(row(y) + w_, row(y)[w_ - 1], kBorder);
    }
    for (int y = 1; y <= kBorder; ++y) {
      std::memcpy(row(-y) - kBorder, row(0) - kBorder, size_t(stride_));
      std::memcpy(row(h_ - 1 + y) - kBorder, row(h_ - 1) - kBorder, size_t(stride_));
    }
  }

 private:
  int h_, w_, stride_;
  std::vector<uint8_t> samples_;
};
using Pyramid = std::vector<Plane>;

// Rounded half to even, as PyTorch rounds: adding 1.5 * 2^23 leaves the whole number in the low bits.
uint8_t luma8(float r, float g, float b) {
  const float v = ((r + g + b) * (1.0f / 3.0f) + 1.0f) * 127.5f;
  const float whole = std::min(std::max(v, 0.0f), 255.0f) + 12582912.0f;
  uint32_t bits;
  std::memcpy(&bits, &whole, sizeof(bits));
  return static_cast<uint8_t>(bits);
}

Pyramid pyramid(Pool& pool, const float* picture, int h, int w) {
  Pyramid levels;
  for (int i = 0; i < int(kLevels.size()); ++i) levels.emplace_back(h >> i, w >> i);
  const int64_t plane = int64_t(h) * w;
  pool.parallel_for(h / kBlock, [&](int64_t item) {  // eight rows, four, two and one
    const int y0 = int(item) * kBlock;
    for (int y = y0; y < y0 + kBlock; ++y) {
      const float* r = picture + int64_t(y) * w;
      uint8_t* out = levels[0].row(y);
      for (int x = 0; x < w; ++x) out[x] = luma8(r[x], r[x + plane], r[x + 2 * plane]);
    }
    for (size_t i = 1; i < levels.size(); ++i)
      for (int y = y0 >> i; y < (y0 + kBlock) >> i; ++y) {
        const uint8_t *a = levels[i - 1].row(2 * y), *b = levels[i - 1].row(2 * y + 1);
        uint8_t* out = levels[i].row(y);
        for (int x = 0; x < w >> i; ++x)
          out[x] = static_cast<uint8_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
      }
  });
  for (Plane& p : levels) p.repeat_edges();
  return levels;
}

// Sum of absolute differences of two n x n windows, n <= 8 or 16.
int differences(const uint8_t* a, const uint8_t* b, int stride, int n) {
#if defined(__SSE2__)
  __m128i sum = _mm_setzero_si128();
  if (n == 16) {
    for (int y = 0; y < n; ++y, a += stride, b += stride)
      sum = _mm_add_epi32(sum, _mm_sad_epu8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)),
                                            _mm_loadu_si128(reinterpret_cast<const __m128i*>(b))));
    return _mm_cvtsi128_si32(sum) + _mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
  }
  const __m128i mask = _mm_cvtsi64_si128(static_cast<long long>(~0ull >> (64 - 8 * n)));
  for (int y = 0; y < n; ++y, a += stride, b += stride)
    sum = _mm_add_epi32(sum, _mm_sad_epu8(_mm_and_si128(mask, _mm_loadl_epi64(reinterpret_cast<const __m128i*>(a))),
                                          _mm_and_si128(mask, _mm_loadl_epi64(reinterpret_cast<const __m128i*>(b)))));
  return _mm_cvtsi128_si32(sum);
#else
  int sum = 0;
  for (int y = 0; y < n; ++y, a += stride, b += stride)
    for (int x = 0; x < n; ++x) sum += std::abs(a[x] - b[x]);
  return sum;
#endif
}

// One block's search on one level: keeps the first of the cheapest candidates.
class Search {
 public:
  Search(const Plane& now, const Plane& before, const Level& level, int row, int column)
      : level_(level),
        before_(before),
        y_(row * level.block - level.margin),
        x_(column * level.block - level.margin),
        window_(now.row(y_) + x_) {}

  void consider(const MotionVector& v, int toll) {
    const int cost = differences(window_, before_.row(y_ + v.dy) + x_ + v.dx, before_.stride(), level_.window()) + toll;
    if (cost >= cost_) return;
    cost_ = cost;
    best_ = v;
  }
  const MotionVector& best() const { return best_; }
  void start_again() { cost_ = 1 << 30; }

 private:
  const Level& level_;
  const Plane& before_;
  int y_, x_;
  const uint8_t* window_;
  int cost_ = 1 << 30;
  MotionVector best_;
};

}  // namespace

std::vector<MotionVector> find_motion(Pool& pool, const float* now, const float* before, int h, int w) {
  const Pyramid a = pyramid(pool, now, h, w), b = pyramid(pool, before, h, w);
  const int rows = h / kBlock, columns = w / kBlock;
  std::vector<MotionVector> coarse, fine(size_t(rows) * size_t(columns));
  for (const Level& level : kLevels) {
    const bool is_first = &level == &kLevels.front();
    coarse = fine;
    const auto doubled = [&](int row, int column) {
      const MotionVector& v =
          coarse[size_t(std::clamp(row, 0, rows - 1)) * size_t(columns) + size_t(std::clamp(column, 0, columns - 1))];
      return MotionVector{2 * v.dy, 2 * v.dx};
    };
    pool.parallel_for(rows, [&](int64_t item) {
      const int row = int(item);
      for (int column = 0; column < columns; ++column) {
        Search search(a[size_t(level.shift)], b[size_t(level.shift)], level, row, column);
        if (is_first) {
          for (int dy = -kRadius; dy <= kRadius; ++dy)
            for (int dx = -kRadius; dx <= kRadius; ++dx)
              search.consider({dy, dx}, level.toll() * (std::abs(dy) + std::abs(dx)));
        } else {
          search.consider(doubled(row, column), 0);
          search.consider(doubled(row - 1, column), level.toll());
          search.consider(doubled(row + 1, column), level.toll());
          search.consider(doubled(row, column - 1), level.toll());
          search.consider(doubled(row, column + 1), level.toll());
          search.consider({0, 0}, 0);
          const MotionVector start = search.best();
          search.start_again();
          for (int dy = -1; dy <= 1; ++dy)
            for (int dx = -1; dx <= 1; ++dx)
              search.consider({start.dy + dy, start.dx + dx}, dy || dx ? level.toll() : 0);
        }
        fine[size_t(row) * size_t(columns) + size_t(column)] = search.best();
      }
    });
  }
  return fine;
}

void move_blocks(Pool& pool, const float* picture, const std::vector<MotionVector>& motion, int h, int w, float* out) {
  const int rows = h / kBlock, columns = w / kBlock;
  pool.parallel_for(3 * rows, [&](int64_t item) {
    const int64_t plane = item / rows * h * w;
    const int row = int(item % rows);
    for (int column = 0; column < columns; ++column) {
      const MotionVector& v = motion[size_t(row) * size_t(columns) + size_t(column)];
      const int x0 = column * kBlock, from = x0 + v.dx;
      const bool is_inside = from >= 0 && from + kBlock <= w;
      for (int y = row * kBlock; y < (row + 1) * kBlock; ++y) {
        const float* in = picture + plane + int64_t(std::clamp(y + v.dy, 0, h - 1)) * w;
        float* to = out + plane + int64_t(y) * w + x0;
        if (is_inside) std::memcpy(to, in + from, kBlock * sizeof(float));
        else
          for (int x = 0; x < kBlock; ++x) to[x] = in[std::clamp(from + x, 0, w - 1)];
      }
    }
  });
}

}  // namespace heirloom::cpu

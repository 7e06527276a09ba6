// grain.cpp: the grain of a scene laid over a frame, in place. Integers only: the same bits on every machine, with any number of threads, from any frame on.
#include <algorithm>
#include <string>
#include <vector>

#include "check.h"
#include "cpu/threads.h"
#include "grain/field.h"
#include "grain/tables.h"
#include "heirloom.h"
#include "pixel/pixel.h"

namespace heirloom {
namespace {

constexpr int kCodeBits = 8;  // of a code, in which levels are counted
constexpr int kShare = 4096;  // of chroma
constexpr int kBand = 8192;  // from the middle of one band to that of the next
constexpr int kRowsAtOnce = 64;  // a piece draws the noise of some rows beyond its own: enough rows to pay for that
constexpr int64_t kWhite = 65535;

struct PlaneShape {
  size_t offset;
  int width, height;
};

struct Legal {
  int low, high;
};

Legal legal_codes(const FrameFormat& f, bool is_luma) {
  const int up = f.bits - 8;
  if (f.range == Range::full) return {0, (1 << f.bits) - 1};
  return {16 << up, (is_luma ? 235 : 240) << up};
}

// Deviation of luma's grain by the code that it lies on, 1 << kCodeBits a code: between the middles of two bands what lies between them.
std::vector<int32_t> levels_by_code(const Grain& grain, int largest) {
  const int last = int(grain.levels.size()) - 1;
  std::vector<int32_t> levels(size_t(largest) + 1);
  for (int code = 0; code <= largest; ++code) {
    const int64_t place = int64_t(code) * (last + 1) * kBand / largest - kBand / 2;
    const int64_t inside = std::clamp<int64_t>(place, 0, int64_t(last) * kBand);
    const size_t band = size_t(inside / kBand), next = std::min(band + 1, size_t(last));
    const int64_t rest = inside % kBand;
    const int64_t level = grain.levels[band] * (kBand - rest) + grain.levels[next] * rest;
    levels[size_t(code)] = int32_t(((level * largest << kCodeBits) / kWhite + kBand / 2) / kBand);
  }
  return levels;
}

// noise: a deviation is 1 << kNormalBits. What the base itself has beyond legal codes stays; grain adds nothing there.
int drawn(int code, int32_t noise, int32_t level, Legal legal) {
  constexpr int kBits = grain::kNormalBits + kCodeBits;
  const int64_t change = (int64_t(noise) * level + (int64_t{1} << (kBits - 1))) >> kBits;
  return int(std::clamp<int64_t>(code + change, std::min(code, legal.low), std::max(code, legal.high)));
}

class Layer : public GrainLayer {
 public:
  Layer(const FrameFormat& format, int threads) : format_(format), grid_(pixel::chroma_grid(format)), pool_(threads) {}

  void draw(const Grain& grain, const GrainPlace& place, uint8_t* frame, size_t bytes) override {
    CHECK(bytes == format_.bytes(), "grain: a frame of this format has " + std::to_string(format_.bytes()) +
                                        " bytes, got " + std::to_string(bytes));
    if (format_.bits > 8) draw_samples<uint16_t>(grain, place, frame);
    else draw_samples<uint8_t>(grain, place, frame);
  }

 private:
  // Chroma first: it goes by the luma of the base.
  template <class Sample>
  void draw_samples(const Grain& grain, const GrainPlace& place, uint8_t* frame) {
    const std::vector<int32_t> levels = levels_by_code(grain, (1 << format_.bits) - 1);
    if (*std::max_element(levels.begin(), levels.end()) == 0) return;
    const auto plane_bytes = format_.plane_bytes();
    const auto* luma = reinterpret_cast<const Sample*>(frame);
    if (grid_.width > 0 && grain.chroma > 0) {
      std::vector<int32_t> coloured;
      for (const int32_t level : levels) coloured.push_back(int32_t(int64_t(level) * grain.chroma / kShare));
      for (uint32_t plane = 1; plane <= 2; ++plane) {
        auto* samples = reinterpret_cast<Sample*>(frame + plane_bytes[0] + (plane - 1) * plane_bytes[1]);
        const auto code_at = [&](int x, int y) { return luma_under(luma, x, y); };
        draw_plane(grain, place, plane, {grid_.width, grid_.height, grid_.step_x, grid_.step_y}, coloured, samples,
                   code_at);
      }
    }
    auto* samples = reinterpret_cast<Sample*>(frame);
    draw_plane(grain, place, 0, {format_.width, format_.height, 1, 1}, levels, samples,
               [&](int x, int y) { return int(luma[size_t(y) * size_t(format_.width) + size_t(x)]); });
  }

  struct Shape {
    int width, height, step_x, step_y;
  };

  template <class Sample, class CodeAt>
  void draw_plane(const Grain& grain, const GrainPlace& place, uint32_t plane, const Shape& shape,
                  const std::vector<int32_t>& levels, Sample* samples, const CodeAt& code_at) {
    const grain::Field field{{place.seed, place.frame},
                             plane,
                             place.way,
                             shape.width,
                             grain::taps_of(grain.size / uint32_t(shape.step_x)),
                             grain::taps_of(grain.size / uint32_t(shape.step_y))};
    const Legal legal = legal_codes(format_, plane == 0);
    const int largest = int(levels.size()) - 1;
    const int pieces = (shape.height + kRowsAtOnce - 1) / kRowsAtOnce;
    const auto piece = [&](int from, int to) {
      grain::each_row(field, from, to, [&](int y, const int32_t* noise) {
        Sample* row = samples + size_t(y) * size_t(shape.width);
        for (int x = 0; x < shape.width; ++x) {
          const int32_t level = levels[size_t(std::min(code_at(x, y), largest))];
          row[x] = Sample(drawn(row[x], noise[x], level, legal));
        }
      });
    };
    pool_.parallel_for(
        pieces, [&](int64_t i) { piece(int(i) * kRowsAtOnce, std::min((int(i) + 1) * kRowsAtOnce, shape.height)); });
  }

  // The mean of the luma samples that a chroma sample stands for; where exactly it lies among them makes no difference that is seen.
  template <class Sample>
  int luma_under(const Sample* luma, int x, int y) const {
    const int x_end = std::min((x + 1) * grid_.step_x, format_.width);
    const int y_end = std::min((y + 1) * grid_.step_y, format_.height);
    int sum = 0, count = 0;
    for (int v = std::min(y * grid_.step_y, format_.height - 1); v < y_end; ++v)
      for (int u = std::min(x * grid_.step_x, format_.width - 1); u < x_end; ++u, ++count)
        sum += luma[size_t(v) * size_t(format_.width) + size_t(u)];
    return (sum + count / 2) / count;
  }

  FrameFormat format_;
  pixel::ChromaGrid grid_;
  cpu::Pool pool_;
};

}  // namespace

std::unique_ptr<GrainLayer> GrainLayer::open(const FrameFormat& format, int threads) {
  pixel::check_format(format, "frame");
  return std::make_unique<Layer>(format, threads);
}

}  // namespace heirloom

// registration.cpp: one frame laid over another: motion from luma, every plane moved by it, and a weight per sample that says where the
// moved picture may be trusted.
#include <algorithm>
#include <cmath>

#include "check.h"
#include "heirloom.h"
#include "pixel/clones.h"
#include "registration/motion.h"

namespace heirloom {
namespace {

using pixel::Rows;
using registration::Motion;
using registration::Plane;

// What is left between two pictures, averaged over 5x5 samples, counts as another thing when it reaches kNoises times the noise of
// such averages plus kAlways; noise is taken as at most kLoudest, so that another scene is not called noise.
constexpr float kNoises = 3.f, kAlways = 0.006f, kLoudest = 0.02f;
constexpr float kCode = 0.004f;  // about one of 256 codes: rounding, as noise
constexpr float kWorthIt = 0.5f;  // a frame of which less than this is found again shows something else
constexpr int kBox = 2;  // half of the 5x5 samples

int clamp(int i, int count) { return i < 0 ? 0 : i >= count ? count - 1 : i; }

struct PlaneShape {
  size_t offset;
  int width, height;
};

std::vector<PlaneShape> plane_shapes(const FrameFormat& f) {
  const pixel::ChromaGrid g = pixel::chroma_grid(f);
  const auto bytes = f.plane_bytes();
  std::vector<PlaneShape> shapes{{0, f.width, f.height}};
  if (g.width > 0) {
    shapes.push_back({bytes[0], g.width, g.height});
    shapes.push_back({bytes[0] + bytes[1], g.width, g.height});
  }
  return shapes;
}

// Codes as fractions of the largest one: [0, 1].
Plane read_plane(const FrameFormat& f, const PlaneShape& shape, const uint8_t* frame) {
  Plane plane(shape.width, shape.height);
  const uint8_t* from = frame + shape.offset;
  const float gain = 1.f / float((1 << f.bits) - 1);
  if (f.bits > 8)
    for (size_t i = 0; i < plane.v.size(); ++i) plane.v[i] = float(from[2 * i] | (from[2 * i + 1] << 8)) * gain;
  else
    for (size_t i = 0; i < plane.v.size(); ++i) plane.v[i] = float(from[i]) * gain;
  return plane;
}

void write_plane(const FrameFormat& f, const PlaneShape& shape, const Plane& plane, uint8_t* frame) {
  uint8_t* to = frame + shape.offset;
  const float largest = float((1 << f.bits) - 1);
  for (size_t i = 0; i < plane.v.size(); ++i) {
    const int code = int(std::min(std::max(plane.v[i], 0.f), 1.f) * largest + 0.5f);
    if (f.bits > 8) {
      to[2 * i] = uint8_t(code & 255);
      to[2 * i + 1] = uint8_t(code >> 8);
    } else to[i] = uint8_t(code);
  }
}

// Cubic convolution, a = -0.5 (Keys 1981), between samples 1 and 2 of four.
void cubic(float t, float* w) {
  const float t2 = t * t, t3 = t2 * t;
  w[0] = -0.5f * t + t2 - 0.5f * t3;
  w[1] = 1.f - 2.5f * t2 + 1.5f * t3;
  w[2] = 0.5f * t + 2.f * t2 - 1.5f * t3;
  w[3] = -0.5f * t2 + 0.5f * t3;
}

// Where a plane's samples lie on the luma grid: step * i + offset.
struct Place {
  double step_x, step_y, offset_x, offset_y;
};

// out(x, y) = in(x + u, y + v), the motion read between its points; `inside` says where that is a place of the picture.
void warp(const Plane& in, const Motion& motion, const Place& place, Plane& out, std::vector<uint8_t>& inside,
          const Rows& rows) {
  inside.assign(out.v.size(), 0);
  rows(out.height, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const float grid_y = float((place.step_y * y + place.offset_y) / motion.step);
      const int row = clamp(int(grid_y), motion.rows), below = clamp(row + 1, motion.rows);
      const float fy = std::min(grid_y - float(row), 1.f);
      for (int x = 0; x < out.width; ++x) {
        const float grid_x = float((place.step_x * x + place.offset_x) / motion.step);
        const int column = clamp(int(grid_x), motion.columns), right = clamp(column + 1, motion.columns);
        const float fx = std::min(grid_x - float(column), 1.f);
        const auto between = [&](const std::vector<float>& m) {
          const auto at = [&](int r, int c) { return m[size_t(r) * size_t(motion.columns) + size_t(c)]; };
          const float upper = at(row, column) + (at(row, right) - at(row, column)) * fx;
          const float lower = at(below, column) + (at(below, right) - at(below, column)) * fx;
          return upper + (lower - upper) * fy;
        };
        const float px = float(x) + between(motion.u) / float(place.step_x),
                    py = float(y) + between(motion.v) / float(place.step_y);
        const float floor_x = std::floor(px), floor_y = std::floor(py);
        const size_t i = size_t(y) * size_t(out.width) + size_t(x);
        inside[i] = px > -0.5f && py > -0.5f && px < float(in.width) - 0.5f && py < float(in.height) - 0.5f;
        if (!inside[i]) {
          out.v[i] = 0;
          continue;
        }
        float wx[4], wy[4], sum = 0;
        cubic(px - floor_x, wx);
        cubic(py - floor_y, wy);
        const int x0 = int(floor_x) - 1, y0 = int(floor_y) - 1;
        for (int j = 0; j < 4; ++j) {
          const float* line = in.row(clamp(y0 + j, in.height));
          float part = 0;
          if (x0 >= 0 && x0 + 3 < in.width)
            part = wx[0] * line[x0] + wx[1] * line[x0 + 1] + wx[2] * line[x0 + 2] + wx[3] * line[x0 + 3];
          else
            for (int k = 0; k < 4; ++k) part += wx[k] * line[clamp(x0 + k, in.width)];
          sum += wy[j] * part;
        }
        out.v[i] = sum;
      }
    }
  });
}

// Mean over (2r+1)x(2r+1) samples, borders repeated; `pick` may replace the mean, e.g. by the least.
template <class Join>
Plane around(const Plane& in, int r, float first, float gain, const Rows& rows, Join join) {
  Plane across(in.width, in.height), out(in.width, in.height);
  rows(in.height, [&](int begin, int end) {
    for (int y = begin; y < end; ++y)
      for (int x = 0; x < in.width; ++x) {
        float value = first;
        for (int k = -r; k <= r; ++k) value = join(value, in.row(y)[clamp(x + k, in.width)]);
        across.row(y)[x] = value;
      }
  });
  rows(in.height, [&](int begin, int end) {
    for (int y = begin; y < end; ++y)
      for (int x = 0; x < in.width; ++x) {
        float value = first;
        for (int k = -r; k <= r; ++k) value = join(value, across.row(clamp(y + k, in.height))[x]);
        out.row(y)[x] = value * gain;
      }
  });
  return out;
}
Plane box(const Plane& in, int r, const Rows& rows) {
  return around(in, r, 0.f, 1.f / float((2 * r + 1) * (2 * r + 1)), rows, [](float a, float b) { return a + b; });
}
Plane least(const Plane& in, int r, const Rows& rows) {
  return around(in, r, INFINITY, 1.f, rows, [](float a, float b) { return std::min(a, b); });
}

float median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The lower quarter's end of many values, as the quantity that it is of when the values are noise: places that do not match sit above it.
float quarter(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto at = values.begin() + std::ptrdiff_t(values.size() / 4);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}
constexpr float kQuarterOfNormal = 0.3186f;  // a quarter of |N(0, 1)| lies below
constexpr float kQuarterOfEnergy = 0.8f;  // a quarter of means of 25 squares of N(0, 1) lies below, about
constexpr float kScatter = 1.3f;  // such means scatter by a quarter of themselves: only what is beyond that is no noise

// How much noise there is between two pictures of the same thing. Motion that was not followed exactly looks like noise too, so the least
// that any neighbour showed is believed.
struct Noise {
  float mean = INFINITY, energy = INFINITY;
};  // standard deviation of 5x5 means; mean square of samples

// How far the moved plane is from the chosen one, place by place.
struct Leftover {
  Plane distance;  // squared, of 5x5 means, 1 = as far as noise never goes
  Plane excess;  // mean square beyond noise, in units of one frame's noise
};

Leftover leftover(Plane& moved, const Plane& chosen, const std::vector<uint8_t>& inside, Noise& noise,
                  const Rows& rows) {
  constexpr size_t kEvery = 7;  // a sample of samples is enough; odd, so that columns take turns
  Plane difference(chosen.width, chosen.height), energy(chosen.width, chosen.height);
  std::vector<float> some;
  for (size_t i = 0; i < difference.v.size(); ++i) {
    difference.v[i] = inside[i] ? moved.v[i] - chosen.v[i] : 0.f;
    if (inside[i] && i % kEvery == 0) some.push_back(difference.v[i]);
  }
  // A common shift of brightness (a flickering lamp, automatic gain) is not a difference of things: it is taken from `moved`.
  const float shift = std::min(std::max(median(some), -0.1f), 0.1f);
  for (size_t i = 0; i < difference.v.size(); ++i) {
    if (inside[i]) {
      moved.v[i] -= shift;
      difference.v[i] -= shift;
    }
    energy.v[i] = difference.v[i] * difference.v[i];
  }
  Leftover left{box(difference, kBox, rows), box(energy, kBox, rows)};
  std::vector<float> means, energies;
  for (size_t i = 0; i < difference.v.size(); i += kEvery) {
    if (!inside[i]) continue;
    means.push_back(std::abs(left.distance.v[i]));
    energies.push_back(left.excess.v[i]);
  }
  noise.mean = std::min({noise.mean, quarter(means) / kQuarterOfNormal, kLoudest});
  noise.energy = std::min(noise.energy, quarter(energies) / kQuarterOfEnergy + kCode * kCode);
  const float allowed = kNoises * noise.mean + kAlways;
  for (size_t i = 0; i < difference.v.size(); ++i) {
    const float d = left.distance.v[i] / allowed;
    left.distance.v[i] = d * d;
    left.excess.v[i] = std::max(0.f, 2 * (left.excess.v[i] / noise.energy - kScatter));
  }
  return left;
}

// The weight of a neighbour's sample beside the chosen frame's own weight of 1. Where it shows the same thing: the share that leaves
// the least error, noise / (noise + what motion got wrong). Where it shows another thing: none (Tukey's biweight of the distance).
float weight_of(float distance, float excess) {
  const float left = std::max(1.f - distance, 0.f);
  return left * left / (1.f + excess);
}

// The chosen frame and everything merged into it.
class Merge {
 public:
  Merge(const FrameFormat& format, const uint8_t* chosen, const Rows& rows)
      : format_(format),
        grid_(pixel::chroma_grid(format)),
        rows_(rows),
        shapes_(plane_shapes(format)) {
    for (const PlaneShape& shape : shapes_) {
      chosen_.push_back(read_plane(format, shape, chosen));
      sums_.push_back(chosen_.back());
      weights_.emplace_back(shape.width, shape.height);
      std::fill(weights_.back().v.begin(), weights_.back().v.end(), 1.f);
    }
    noise_.resize(shapes_.size());
    levels_ = registration::pyramid(chosen_[0], rows_);
  }

  Neighbour add(const uint8_t* frame) {
    std::vector<Plane> moved;
    std::vector<std::vector<uint8_t>> inside(shapes_.size());
    std::vector<Leftover> left;
    {
      std::vector<Plane> planes;
      for (const PlaneShape& shape : shapes_) planes.push_back(read_plane(format_, shape, frame));
      const Motion motion = registration::find_motion(levels_, registration::pyramid(planes[0], rows_), rows_);
      for (size_t p = 0; p < planes.size(); ++p) {
        const Place place = p == 0 ? Place{1, 1, 0, 0}
                                   : Place{double(grid_.step_x), double(grid_.step_y), grid_.offset_x, grid_.offset_y};
        moved.emplace_back(planes[p].width, planes[p].height);
        warp(planes[p], motion, place, moved[p], inside[p], rows_);
        left.push_back(leftover(moved[p], chosen_[p], inside[p], noise_[p], rows_));
      }
    }
    Neighbour found;
    const Plane weight = weights(left, inside[0], found.matched);
    found.is_used = found.matched >= kWorthIt;
    if (!found.is_used) return found;
    for (size_t p = 0; p < moved.size(); ++p)
      for (int y = 0; y < moved[p].height; ++y)
        for (int x = 0; x < moved[p].width; ++x) {
          const size_t i = size_t(y) * size_t(moved[p].width) + size_t(x);
          if (!inside[p][i]) continue;  // a colour sample may lie outside where its luma does not
          const float w = p == 0 ? weight.v[i] : weight.row(luma_row(y))[luma_column(x)];
          sums_[p].v[i] += w * moved[p].v[i];
          weights_[p].v[i] += w;
        }
    return found;
  }

  void write(uint8_t* out) const {
    for (size_t p = 0; p < shapes_.size(); ++p) {
      Plane mean = sums_[p];
      for (size_t i = 0; i < mean.v.size(); ++i) mean.v[i] /= weights_[p].v[i];
      write_plane(format_, shapes_[p], mean, out);
    }
  }

 private:
  int luma_row(int y) const { return std::min(int(grid_.step_y * y + grid_.offset_y + 0.5), format_.height - 1); }
  int luma_column(int x) const { return std::min(int(grid_.step_x * x + grid_.offset_x + 0.5), format_.width - 1); }

  // One weight per luma sample. Colour has a say too: skin before a wall of its brightness is seen there. `matched`: share of the picture.
  Plane weights(const std::vector<Leftover>& left, const std::vector<uint8_t>& inside, float& matched) const {
    Plane weight(format_.width, format_.height);
    double count = 0;
    for (int y = 0; y < weight.height; ++y)
      for (int x = 0; x < weight.width; ++x) {
        const size_t i = size_t(y) * size_t(weight.width) + size_t(x);
        float distance = left[0].distance.v[i], excess = left[0].excess.v[i];
        if (left.size() > 1) {
          const size_t j = size_t(std::min(y / grid_.step_y, grid_.height - 1)) * size_t(grid_.width) +
                           size_t(std::min(x / grid_.step_x, grid_.width - 1));
          distance += std::max(left[1].distance.v[j], left[2].distance.v[j]);
          excess = std::max({excess, left[1].excess.v[j], left[2].excess.v[j]});
        }
        if (!inside[i]) continue;
        weight.v[i] = weight_of(distance, excess);
        count += distance < 1;
      }
    matched = float(count / double(weight.v.size()));
    return box(least(weight, 1, rows_), 1, rows_);  // a little away from every border between matching and not
  }

  FrameFormat format_;
  pixel::ChromaGrid grid_;
  const Rows& rows_;
  std::vector<PlaneShape> shapes_;
  std::vector<Plane> chosen_, levels_, sums_, weights_;
  std::vector<Noise> noise_;
};

}  // namespace

std::vector<Neighbour> merge_frames(const FrameFormat& format, const std::vector<const uint8_t*>& frames, size_t chosen,
                                    uint8_t* out, int threads, const Progress& progress) {
  pixel::check_format(format, "picture");
  CHECK_AS("bad-argument", chosen < frames.size(),
           "There are " + str(frames.size()) + " frames; number " + str(chosen) + " cannot be chosen.");
  const Rows rows = pixel::threaded_rows(threads, progress.cancelled);
  Merge merge(format, frames[chosen], rows);
  std::vector<Neighbour> found(frames.size());
  found[chosen] = {1.f, true};
  // The nearest first: they match best and say how much is noise.
  std::vector<size_t> order;
  for (size_t i = 0; i < frames.size(); ++i)
    if (i != chosen) order.push_back(i);
  const auto distance = [chosen](size_t i) { return i < chosen ? chosen - i : i - chosen; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return distance(a) < distance(b); });
  size_t done = 0;
  for (size_t i : order) {
    found[i] = merge.add(frames[i]);
    if (progress.report) progress.report("merge", ++done, order.size());
  }
  merge.write(out);
  return found;
}

}  // namespace heirloom

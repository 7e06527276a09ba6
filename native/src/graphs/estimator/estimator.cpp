// The estimator: statistics of a few fixed filters over tiles of frame pairs, and two small layers that know what they mean; models/estimator.py is the
// same in Python and says what the four levels are.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <new>
#include <utility>

#include "check.h"
#include "heirloom.h"
#include "weights/json.h"
#include "pixel/pixel.h"
#include "weights/weight_file.h"

namespace heirloom {
namespace {

constexpr int kTile = 32, kReach = 4;  // pixels; how far a filter looks
constexpr int kMaps = 15, kPhases = 8;
constexpr double kShares[] = {0.1, 0.5, 0.9, 1.0};  // of the tiles that lie below
constexpr size_t kCombDown = 3, kCombAcross = 4;  // among the maps
constexpr double kSmall = 0.05;  // luma steps: what is less counts as nothing
constexpr size_t kFeatures = kMaps * 5 + 2 * 3 + 2 * 2, kHidden = 128, kAnswers = 4;
constexpr double kFurthest = 4;  // deviations from the examples' mean

struct Ladder {
  std::array<double, kAnswers> weights;
  double power, from, to;
};

Ladder read_ladder(const Json& json, const std::string& where) {
  const std::vector<Json>& weights = json.at("weights").array();
  CHECK_AS("weights-corrupt", weights.size() == kAnswers,
           where + ": \"weights\" of the ladder must have four numbers.");
  Ladder ladder{{}, json.at("power").number(), json.at("from").number(), json.at("to").number()};
  for (size_t i = 0; i < kAnswers; ++i) ladder.weights[i] = weights[i].number();
  CHECK_AS("weights-corrupt", ladder.power >= 1 && ladder.from < ladder.to,
           where + ": the ladder needs a power of 1 or more, and \"from\" below \"to\".");
  return ladder;
}

// Luma in steps of 255, the edge repeated kReach times around.
struct Plane {
  int height, width;
  size_t stride;
  std::vector<double> v;

  Plane(int h, int w) : height(h), width(w), stride(size_t(w) + 2 * kReach), v(stride * (size_t(h) + 2 * kReach)) {}
  const double* at(int y, int x) const { return v.data() + size_t(y + kReach) * stride + size_t(x + kReach); }
};

Plane luma_of(const FrameFormat& format, const uint8_t* frame) {
  const pixel::CodeScale scale = pixel::code_scale(format);
  Plane plane(format.height, format.width);
  for (int y = -kReach; y < format.height + kReach; ++y)
    for (int x = -kReach; x < format.width + kReach; ++x) {
      const size_t i = size_t(std::min(std::max(y, 0), format.height - 1)) * size_t(format.width) +
                       size_t(std::min(std::max(x, 0), format.width - 1));
      const int code = format.bits > 8 ? frame[2 * i] | (frame[2 * i + 1] << 8) : frame[i];
      *const_cast<double*>(plane.at(y, x)) = 255 * (code - scale.y_offset) * scale.y_gain;
    }
  return plane;
}

Plane difference(const Plane& a, const Plane& b) {
  Plane d(a.height, a.width);
  for (size_t i = 0; i < d.v.size(); ++i) d.v[i] = a.v[i] - b.v[i];
  return d;
}

// Columns become rows.
Plane transposed(const Plane& p) {
  Plane t(p.width, p.height);
  for (size_t y = 0; y < size_t(t.height) + 2 * kReach; ++y)
    for (size_t x = 0; x < t.stride; ++x) t.v[y * t.stride + x] = p.v[x * p.stride + y];
  return t;
}

double second_difference(const double* p, std::ptrdiff_t step) { return p[-step] - 2 * p[0] + p[step]; }

// |second difference across of the second difference down|: no edge along rows or columns answers, noise does.
double grain(const double* p, std::ptrdiff_t row) {
  return std::abs(second_difference(p - 1, row) - 2 * second_difference(p, row) + second_difference(p + 1, row)) / 6;
}

// How far a line stands out from both its neighbours, beyond what these differ from each other.
double comb(const double* p, std::ptrdiff_t step) {
  return std::max(std::sqrt(std::max((p[0] - p[-step]) * (p[0] - p[step]), 0.0)) - std::abs(p[-step] - p[step]), 0.0);
}

std::array<double, kMaps> answers_at(const double* p, const double* change, std::ptrdiff_t row) {
  const auto step = [&](std::ptrdiff_t n) { return std::abs(p[n] - p[-n]); };
  return {grain(p, row),
          grain(change, row),
          std::abs(*change),
          comb(p, row),
          comb(p, 1),
          std::abs(p[0] - p[1]),
          std::abs(p[0] - p[row]),
          step(1),
          step(2),
          step(4),
          step(row),
          step(2 * row),
          step(4 * row),
          std::abs(second_difference(p, row)),
          std::abs(second_difference(p, 1))};
}

// The values below which kShares (from number `from` on) of all lie.
std::vector<double> at_shares(std::vector<double> values, size_t from) {
  std::sort(values.begin(), values.end());
  std::vector<double> found;
  for (size_t n = from; n < std::size(kShares); ++n)
    found.push_back(values[size_t(kShares[n] * double(values.size() - 1) + 0.5)]);
  return found;
}

// Means of every answer over whole tiles: calm, middling and busy tiles, and all of them, as logarithms.
void tile_features(const Plane& first, const Plane& change, std::vector<double>& features) {
  const int h = std::min(kTile, first.height), w = std::min(kTile, first.width);
  std::array<std::vector<double>, kMaps> means;
  for (int top = 0; top + h <= first.height; top += h)
    for (int left = 0; left + w <= first.width; left += w) {
      std::array<double, kMaps> sums{};
      for (int y = top; y < top + h; ++y)
        for (int x = left; x < left + w; ++x) {
          const std::array<double, kMaps> answers =
              answers_at(first.at(y, x), change.at(y, x), std::ptrdiff_t(first.stride));
          for (size_t n = 0; n < kMaps; ++n) sums[n] += answers[n];
        }
      for (size_t n = 0; n < kMaps; ++n) means[n].push_back(sums[n] / (h * w));
    }
  std::vector<double> excess, ratio;  // combs lie down the picture; texture answers in both directions
  for (size_t i = 0; i < means[0].size(); ++i) {
    excess.push_back(means[kCombDown][i] - means[kCombAcross][i]);
    ratio.push_back(std::log((means[kCombDown][i] + kSmall) / (means[kCombAcross][i] + kSmall)));
  }
  for (const std::vector<double>& of : means) {
    for (double v : at_shares(of, 0)) features.push_back(std::log(v + kSmall));
    double sum = 0;
    for (double mean : of) sum += mean;
    features.push_back(std::log(sum / double(of.size()) + kSmall));
  }
  for (double v : at_shares(excess, 1)) features.push_back(std::log(std::max(v, 0.0) + kSmall));
  for (double v : at_shares(ratio, 1)) features.push_back(v);
}

// Jumps between columns that slopes do not explain, by the column's number modulo 8: how much the strongest phase stands out.
void grid_features(const Plane& plane, std::vector<double>& features) {
  std::array<double, kPhases> sums{}, columns{};
  for (int x = 2; x < plane.width - 2; ++x) {
    double sum = 0;
    for (int y = 0; y < plane.height; ++y) {
      const double* p = plane.at(y, x);
      sum += std::abs(p[1] - p[0] - (p[0] - p[-1] + p[2] - p[1]) / 2);
    }
    sums[size_t((x - 2) % kPhases)] += sum / plane.height;
    ++columns[size_t((x - 2) % kPhases)];
  }
  double top = 0, total = 0;
  for (size_t n = 0; n < kPhases; ++n) {
    const double mean = sums[n] / columns[n];
    top = std::max(top, mean);
    total += mean;
  }
  const double rest = (total - top) / (kPhases - 1);
  features.push_back(std::log((top + kSmall) / (rest + kSmall)));
  features.push_back(std::log(top - rest + kSmall));
}

struct Dense {  // W x + b
  Tensor weight, bias;
  std::vector<double> operator()(const std::vector<double>& x) const {
    std::vector<double> y(size_t(weight.shape[0]));
    for (size_t o = 0; o < y.size(); ++o) {
      y[o] = bias.data()[o];
      for (size_t i = 0; i < x.size(); ++i) y[o] += double(weight.data()[o * x.size() + i]) * x[i];
    }
    return y;
  }
};

std::vector<double> relu(std::vector<double> x) {
  for (double& v : x) v = std::max(v, 0.0);
  return x;
}

class SmallEstimator final : public Estimator {
 public:
  explicit SmallEstimator(const std::string& folder) {
    const std::string where = folder + "/model.json";
    const Json json = Json::read_file(where);
    CHECK_AS("weights-unsupported",
             json.at("format").integer() == 1 && json.at("graph").string() == "heirloom-estimator" &&
                 json.at("features").integer() == int64_t(kFeatures),
             where + " describes no estimator that this version knows. Install the program again.");
    ladder_ = read_ladder(json.at("ladder"), where);
    Weights weights;
    weights.open(folder + "/model.safetensors");
    const auto dense = [&](const std::string& name, size_t in, size_t out) {
      return Dense{weights.get(name + ".weight", {int64_t(out), int64_t(in)}),
                   weights.get(name + ".bias", {int64_t(out)})};
    };
    mean_ = weights.get("mean", {int64_t(kFeatures)});
    scale_ = weights.get("scale", {int64_t(kFeatures)});
    layer1_ = dense("layer1", kFeatures, kHidden);
    layer2_ = dense("layer2", kHidden, kHidden);
    output_ = dense("output", kHidden, kAnswers);
  }

  Estimate estimate(const FrameFormat& format, const std::vector<const uint8_t*>& frames,
                    const Progress& progress) const override {
    pixel::check_format(format, "frame");
    CHECK_AS("bad-argument", !frames.empty() && frames.size() % 2 == 0,
             "An estimate wants pairs of neighbouring frames, not " + str(frames.size()) + " frames.");
    std::vector<double> sum(kFeatures, 0.0);
    for (size_t pair = 0; pair < frames.size(); pair += 2) {
      CHECK_AS("cancelled", !progress.cancelled || !*progress.cancelled, "Cancelled.");
      const Plane first = luma_of(format, frames[pair]);
      std::vector<double> features;
      tile_features(first, difference(luma_of(format, frames[pair + 1]), first), features);
      grid_features(first, features);
      grid_features(transposed(first), features);
      for (size_t i = 0; i < kFeatures; ++i) sum[i] += features[i];
      if (progress.report) progress.report("estimate", pair + 2, frames.size());
    }
    for (size_t i = 0; i < kFeatures; ++i) {
      const double deviations = (sum[i] / double(frames.size() / 2) - mean_.data()[i]) * scale_.data()[i];
      sum[i] = std::min(std::max(deviations, -kFurthest), kFurthest);
    }
    return placed(output_(relu(layer2_(relu(layer1_(sum))))));
  }

 private:
  // Four logits -> levels, the place on the ladder, the strength it suggests
  Estimate placed(const std::vector<double>& logits) const {
    std::array<float, kAnswers> levels;
    double norm = 0;
    for (size_t i = 0; i < kAnswers; ++i) {
      const double level = 1 / (1 + std::exp(-logits[i]));
      levels[i] = float(level);
      norm += std::pow(ladder_.weights[i] * level, ladder_.power);
    }
    const double position = std::min(std::pow(norm, 1 / ladder_.power), 1.0);
    const double strength = std::min(std::max((position - ladder_.from) / (ladder_.to - ladder_.from), 0.0), 1.0);
    return {levels[0], levels[1], levels[2], levels[3], float(position), float(strength)};
  }

  Ladder ladder_{};
  Tensor mean_, scale_;
  Dense layer1_, layer2_, output_;
};

}  // namespace

std::shared_ptr<const Estimator> Estimator::load(const std::string& folder) {
  try {
    return std::make_shared<SmallEstimator>(folder);
  } catch (const std::bad_alloc&) { fail("out-of-memory", say(sentences::kMemoryClip)); }
}

}  // namespace heirloom

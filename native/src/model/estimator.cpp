// The estimator: a tiny convolutional network over windows of frame pairs; models/estimator.py is the same in PyTorch and says what the four levels mean.
#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "check.h"
#include "heirloom.h"
#include "json.h"
#include "ops.h"
#include "pixel/pixel.h"
#include "weight_file.h"

namespace heirloom {
namespace {

constexpr int kWindow = 96, kAlong = 4;              // pixels of a window's side; at most so many windows along each side of the picture
constexpr int64_t kFirst = 24, kRest = 28, kHidden = 24, kAnswers = 4;
constexpr int kReach = 2;                             // of the mean that is taken away: 5x5
constexpr float kStep = 255 / 1.5f;                   // where the compression begins: 1.5 luma steps

struct Ladder { double weights[kAnswers], power, from, to; };

Ladder read_ladder(const Json& json, const std::string& where) {
  Ladder ladder{};
  const std::vector<Json>& weights = json.at("weights").array();
  CHECK_AS("weights-corrupt", weights.size() == size_t(kAnswers), where + ": \"weights\" of the ladder must have four numbers.");
  for (int64_t i = 0; i < kAnswers; ++i) ladder.weights[i] = weights[size_t(i)].number();
  ladder.power = json.at("power").number();
  ladder.from = json.at("from").number();
  ladder.to = json.at("to").number();
  CHECK_AS("weights-corrupt", ladder.power >= 1 && ladder.from < ladder.to, where + ": the ladder needs a power of 1 or more, and \"from\" below \"to\".");
  return ladder;
}

// Luma of one frame, 0 black .. 1 white.
std::vector<float> luma_of(const FrameFormat& format, const uint8_t* frame) {
  const pixel::CodeScale scale = pixel::code_scale(format);
  const size_t samples = size_t(format.width) * size_t(format.height);
  std::vector<float> luma(samples);
  for (size_t i = 0; i < samples; ++i) {
    const int code = format.bits > 8 ? frame[2 * i] | (frame[2 * i + 1] << 8) : frame[i];
    luma[i] = float((code - scale.y_offset) * scale.y_gain);
  }
  return luma;
}

// Where windows begin along a side: spread evenly, no more overlap than there must be.
std::vector<int> starts(int side) {
  if (side <= kWindow) return {0};
  const int n = std::min(kAlong, std::max(2, (side + kWindow - 1) / kWindow));
  std::vector<int> at;
  for (int i = 0; i < n; ++i) at.push_back((2 * i * (side - kWindow) + n - 1) / (2 * (n - 1)));
  return at;
}

// What lies around (y, x) of a window; the window's edge is repeated.
float mean_around(const std::vector<float>& luma, int width, int top, int left, int h, int w, int y, int x) {
  float sum = 0;
  for (int dy = -kReach; dy <= kReach; ++dy) {
    const float* row = luma.data() + size_t(top + std::min(std::max(y + dy, 0), h - 1)) * size_t(width) + left;
    for (int dx = -kReach; dx <= kReach; ++dx) sum += row[std::min(std::max(x + dx, 0), w - 1)];
  }
  return sum / float((2 * kReach + 1) * (2 * kReach + 1));
}

float compressed(float v) { return std::asinh(v * kStep) / 2; }

// Means of 2x2 cells.                                 [H, W, C] -> [H/2, W/2, C]
Tensor halved(const Tensor& x) {
  const int64_t h = x.shape[0] / 2, w = x.shape[1] / 2, c = x.channels();
  Tensor out = Tensor::heap({h, w, c});
  const float* in = x.data();
  for (int64_t y = 0; y < h; ++y)
    for (int64_t j = 0; j < w; ++j)
      for (int64_t k = 0; k < c; ++k) {
        const float* cell = in + ((2 * y) * 2 * w + 2 * j) * c + k;
        out.data()[(y * w + j) * c + k] = 0.25f * (cell[0] + cell[c] + cell[2 * w * c] + cell[2 * w * c + c]);
      }
  return out;
}

// The mean over the window, a value per channel, appended.
void pool(const Tensor& x, std::vector<double>& pooled) {
  const int64_t places = x.rows(), c = x.channels();
  for (int64_t k = 0; k < c; ++k) {
    double sum = 0;
    for (int64_t i = 0; i < places; ++i) sum += x.data()[i * c + k];
    pooled.push_back(sum / double(places));
  }
}

struct Dense {                                        // y = W x + b, a few numbers
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

class SmallEstimator final : public Estimator {
 public:
  explicit SmallEstimator(const std::string& folder) {
    const std::string where = folder + "/model.json";
    const Json json = Json::read_file(where);
    CHECK_AS("weights-unsupported", json.at("format").integer() == 1 && json.at("graph").string() == "heirloom-estimator" && json.at("window").integer() == kWindow,
             where + " describes no estimator that this version knows. Install the program again.");
    ladder_ = read_ladder(json.at("ladder"), where);
    Weights weights;
    weights.open(folder + "/model.safetensors");
    const auto ops = make_ops("cpu", 1, nullptr);
    const auto conv = [&](const char* name, int64_t in, int64_t out) {
      return ops->pack_conv(weights.get(std::string(name) + ".weight", {out, in, 3, 3}), weights.get(std::string(name) + ".bias", {out}));
    };
    convs_ = {conv("convs.0", 8, kFirst), conv("convs.1", kFirst, kFirst), conv("convs.2", kFirst, kRest), conv("convs.3", kRest, kRest), conv("convs.4", kRest, kRest)};
    hidden_ = {weights.get("hidden.weight", {kHidden, kFirst + 2 * kRest}), weights.get("hidden.bias", {kHidden})};
    output_ = {weights.get("output.weight", {2 * kAnswers, kHidden}), weights.get("output.bias", {2 * kAnswers})};
  }

  Estimate estimate(const FrameFormat& format, const std::vector<const uint8_t*>& frames, int threads, const Progress& progress) const override {
    pixel::check_format(format, "frame");
    CHECK_AS("bad-argument", !frames.empty() && frames.size() % 2 == 0, "An estimate wants pairs of neighbouring frames, not " + str(frames.size()) + " frames.");
    const auto ops = make_ops("cpu", threads, progress.cancelled);
    std::vector<std::vector<double>> windows;         // each 4 answers, 4 trusts
    for (size_t pair = 0; pair < frames.size(); pair += 2) {
      const std::vector<float> first = luma_of(format, frames[pair]), second = luma_of(format, frames[pair + 1]);
      for (int y : starts(format.height))
        for (int x : starts(format.width)) windows.push_back(look(*ops, format, first, second, y, x));
      if (progress.report) progress.report("estimate", pair + 2, frames.size());
    }
    return place(windows);
  }

 private:
  // One window of a pair -> 4 answers and 4 trusts
  std::vector<double> look(Ops& ops, const FrameFormat& format, const std::vector<float>& first, const std::vector<float>& second, int top, int left) const {
    const int h = std::min(kWindow, format.height) / 8 * 8, w = std::min(kWindow, format.width) / 8 * 8;
    Tensor x = ops.empty({h / 2, w / 2, 8});          // two planes, their 2x2 cells as channels
    for (int y = 0; y < h; ++y)
      for (int j = 0; j < w; ++j) {
        const size_t at = size_t(top + y) * size_t(format.width) + size_t(left + j);
        float* to = x.data() + ((y / 2) * (w / 2) + j / 2) * 8 + y % 2 * 2 + j % 2;
        to[0] = compressed(first[at] - mean_around(first, format.width, top, left, h, w, y, j));
        to[4] = compressed(second[at] - first[at]);
      }
    std::vector<double> pooled;
    x = relu_conv(ops, relu_conv(ops, x, 0), 1);      // [h, w, 24]
    pool(x, pooled);
    x = relu_conv(ops, relu_conv(ops, halved(x), 2), 3);   // [h/2, w/2, 28]
    pool(x, pooled);
    x = relu_conv(ops, halved(x), 4);                 // [h/4, w/4, 28]
    pool(x, pooled);
    std::vector<double> hidden = hidden_(pooled);
    for (double& v : hidden) v = std::max(v, 0.0);
    return output_(hidden);
  }

  Tensor relu_conv(Ops& ops, const Tensor& x, size_t n) const { return ops.conv2d_3x3({Part(x)}, convs_[n], Padding::zero, Activation::relu); }

  // Windows that trust themselves more weigh more, for each of the four on its own.
  Estimate place(const std::vector<std::vector<double>>& windows) const {
    double levels[kAnswers], norm = 0;
    for (size_t i = 0; i < size_t(kAnswers); ++i) {
      double largest = -INFINITY, sum = 0, total = 0;
      for (const auto& window : windows) largest = std::max(largest, window[size_t(kAnswers) + i]);
      for (const auto& window : windows) {
        const double trust = std::exp(window[size_t(kAnswers) + i] - largest);
        sum += trust * window[i];
        total += trust;
      }
      levels[i] = 1 / (1 + std::exp(-sum / total));
      norm += std::pow(ladder_.weights[i] * levels[i], ladder_.power);
    }
    const double position = std::min(std::pow(norm, 1 / ladder_.power), 1.0);
    Estimate e;
    e.noise = float(levels[0]);
    e.blockiness = float(levels[1]);
    e.blur = float(levels[2]);
    e.combing = float(levels[3]);
    e.position = float(position);
    e.strength = float(std::min(std::max((position - ladder_.from) / (ladder_.to - ladder_.from), 0.0), 1.0));
    return e;
  }

  Ladder ladder_;
  std::vector<ConvWeight> convs_;
  Dense hidden_, output_;
};

}  // namespace

std::shared_ptr<const Estimator> Estimator::load(const std::string& folder) {
  try {
    return std::make_shared<SmallEstimator>(folder);
  } catch (const std::bad_alloc&) {
    fail("out-of-memory", "There is not enough memory to look at the clip. Close other programs.");
  }
}

}  // namespace heirloom

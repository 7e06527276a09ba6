#include "graphs/residual/graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "check.h"

namespace heirloom {
namespace {

constexpr float kSlope = 0.1f;
constexpr int64_t kBlock = 3 * ResidualConfig::kQuarter * ResidualConfig::kQuarter;  // channels of a picture at 1/4
constexpr double kPi = 3.14159265358979323846;

// The exponential of the line between the two knots that a quality lies between.
float between_knots(const Tensor& logs, int quality, int64_t channel) {
  CHECK(quality >= 0 && quality < ResidualConfig::kQualities, "residual-codec: a quality of " + str(quality));
  const int64_t columns = logs.count() / ResidualConfig::kKnots;
  const double at = double(quality) * (ResidualConfig::kKnots - 1) / (ResidualConfig::kQualities - 1);
  const int64_t below = std::min(static_cast<int64_t>(at), ResidualConfig::kKnots - 2);
  const double part = at - double(below);
  const double a = logs.data()[below * columns + channel], b = logs.data()[(below + 1) * columns + channel];
  return static_cast<float>(std::exp(a + part * (b - a)));
}

// At a time t there are cos(pi t / 2) of the residual and sin(pi t / 2) of the noise. A step of DDIM without chance from t to s:
// r_s = made * R + kept * r_t.
struct Step {
  double made, kept;
};
Step step_between(double t, double s) {
  const double kept = std::sin(kPi * s / 2) / std::sin(kPi * t / 2);
  return {std::cos(kPi * s / 2) - kept * std::cos(kPi * t / 2), kept};
}

std::vector<double> time_values(double t) {
  constexpr int64_t half = ResidualConfig::kTimeValues / 2;
  std::vector<double> values(ResidualConfig::kTimeValues);
  for (int64_t i = 0; i < half; ++i) {
    const double angle = t * 1000 * std::pow(10000.0, -double(i) / half);
    values[static_cast<size_t>(i)] = std::sin(angle);
    values[static_cast<size_t>(half + i)] = std::cos(angle);
  }
  return values;
}

}  // namespace

ResidualWeights ResidualWeights::load(Ops& ops, const ResidualConfig& c, const Weights& file) {
  ResidualWeights w;
  w.config = c;
  w.bytes = file.parameters() * sizeof(float);
  int64_t widest = c.denoiser;
  const auto conv3 = [&](const std::string& name, int64_t in, int64_t out) {
    widest = std::max(widest, out);
    return ops.products.pack_conv(file.get(name + ".weight", {out, in, 3, 3}), file.get(name + ".bias", {out}));
  };
  const auto chain = [&](const std::string& name, ConvWeight* layers,
                         const std::vector<std::pair<int64_t, int64_t>>& sizes) {
    for (size_t i = 0; i < sizes.size(); ++i) layers[i] = conv3(name + "." + str(i), sizes[i].first, sizes[i].second);
  };
  chain("analysis", w.analysis,
        {{kBlock, c.hidden},
         {c.hidden, c.hidden},
         {4 * c.hidden, c.eighth},
         {4 * c.eighth, c.sixteenth()},
         {c.sixteenth(), c.latent}});
  chain("hyper_analysis", w.hyper_analysis,
        {{c.latent, c.hyper_hidden}, {4 * c.hyper_hidden, c.hyper_hidden}, {4 * c.hyper_hidden, c.hyper}});
  chain("mean", w.mean,
        {{c.hyper, 4 * c.hyper_hidden}, {c.hyper_hidden, 4 * c.hyper_hidden}, {c.hyper_hidden, c.latent}});
  chain("synthesis", w.synthesis, {{c.latent, c.eighth}, {c.eighth, 4 * c.hidden}, {c.hidden, 4 * c.quarter}});
  chain("fidelity", w.fidelity, {{c.quarter, c.hidden}, {c.hidden, c.hidden}, {c.hidden, kBlock}});
  for (int64_t i = 0; i < c.denoiser_layers; ++i)
    w.denoiser.push_back(conv3("denoiser." + str(i), i == 0 ? 2 * kBlock + c.quarter : c.denoiser, c.denoiser));
  w.denoiser.push_back(conv3("denoiser.out", c.denoiser, kBlock));
  const int64_t times = (c.denoiser_layers - 1) * 2 * c.denoiser;
  if (times > 0) {
    w.time = file.get("denoiser_time.weight", {times, ResidualConfig::kTimeValues});
    w.time_bias = file.get("denoiser_time.bias", {times});
  }
  w.log_gains = file.get("gains", {ResidualConfig::kKnots, c.latent});
  w.log_deviation = file.get("log_residual_std", {ResidualConfig::kKnots});
  Tensor slopes = Tensor::heap({widest});
  std::fill_n(slopes.data(), slopes.count(), kSlope);
  w.bend = ops.memory.upload(slopes);
  return w;
}

std::vector<float> ResidualWeights::gains(int quality) const {
  std::vector<float> list;
  for (int64_t c = 0; c < config.latent; ++c) {
    list.push_back(between_knots(log_gains, quality, c));
    CHECK_AS("weights-unsupported", list.back() > 0 && std::isfinite(list.back()), "A gain of the model is no number.");
  }
  return list;
}

float ResidualWeights::residual_deviation(int quality) const { return between_knots(log_deviation, quality, 0); }

ResidualGraph::ResidualGraph(Ops& ops, const ResidualWeights& weights, const Taps* taps)
    : ops_(ops),
      w_(weights),
      taps_(taps) {}

Tensor ResidualGraph::straight(const Tensor& x, const ConvWeight& w) const {
  return ops_.products.conv2d_3x3({x}, w, Padding::zero);
}
Tensor ResidualGraph::bent(const Tensor& x, const ConvWeight& w) const {
  return ops_.products.conv2d_3x3({x}, w, Padding::zero,
                                  Epilogue(Activation::prelu).prelu(w_.bend.row_range(0, w.out)));
}

Tensor ResidualGraph::analysis(const Tensor& x) const {
  const auto halved = [&](const Tensor& map) { return ops_.features.pixel_unshuffle(map, 2); };
  const Tensor a4 = bent(bent(ops_.pictures.picture_unshuffle({x}, ResidualConfig::kQuarter), w_.analysis[0]),
                         w_.analysis[1]);  // [H/4, W/4, hidden]
  const Tensor a8 = bent(halved(a4), w_.analysis[2]);  // [H/8, W/8, eighth]
  const Tensor a16 = bent(halved(a8), w_.analysis[3]);  // [H/16, W/16, 2 hidden]
  return straight(a16, w_.analysis[4]);
}

Tensor ResidualGraph::hyper_analysis(const Tensor& latents) const {
  const Tensor h0 = bent(latents, w_.hyper_analysis[0]);  // [H/16, W/16, hyper_hidden]
  const Tensor h1 = bent(ops_.features.pixel_unshuffle(h0, 2), w_.hyper_analysis[1]);
  const Tensor z = straight(ops_.features.pixel_unshuffle(h1, 2), w_.hyper_analysis[2]);
  tap(taps_, "z", z);
  return z;
}

Tensor ResidualGraph::mean(const Tensor& zs) const {
  const auto doubled = [&](const Tensor& map) { return ops_.features.pixel_shuffle(map, 2); };
  const Tensor x = doubled(bent(ops_.features.scale(zs, 1.0f / 8, 0), w_.mean[0]));  // [H/32, W/32, hyper_hidden]
  const Tensor m = straight(doubled(bent(x, w_.mean[1])), w_.mean[2]);
  tap(taps_, "mean", m);
  return m;
}

ResidualFaithful ResidualGraph::synthesis(const Tensor& yh) const {
  const auto doubled = [&](const Tensor& map) { return ops_.features.pixel_shuffle(map, 2); };
  const Tensor c16 = bent(yh, w_.synthesis[0]);  // [H/16, W/16, eighth]
  const Tensor c8 = doubled(bent(c16, w_.synthesis[1]));  // [H/8, W/8, hidden]
  ResidualFaithful faithful;
  faithful.c4 = doubled(bent(c8, w_.synthesis[2]));  // [H/4, W/4, quarter]
  tap(taps_, "synthesis", faithful.c4);
  const Tensor f = straight(bent(bent(faithful.c4, w_.fidelity[0]), w_.fidelity[1]), w_.fidelity[2]);
  faithful.picture = ops_.features.clamp(ops_.pictures.picture_shuffle(f, ResidualConfig::kQuarter), -1, 1);
  tap(taps_, "faithful", faithful.picture);
  return faithful;
}

// Everything at 1/4: what a step of the diffusion takes the residual for.   -> [H/4, W/4, 48]
Tensor ResidualGraph::denoised(const std::vector<Part>& seen, double t) const {
  const int64_t D = w_.config.denoiser;
  const std::vector<double> values = time_values(t);
  const auto told = [&](int64_t first) {
    Tensor row = Tensor::heap({D});
    for (int64_t i = 0; i < D; ++i) {
      double sum = w_.time_bias.data()[first + i];
      for (size_t k = 0; k < values.size(); ++k)
        sum += values[k] * double(w_.time.data()[(first + i) * ResidualConfig::kTimeValues + int64_t(k)]);
      row.data()[i] = static_cast<float>(sum);
    }
    return ops_.memory.upload(row);
  };
  const Tensor slopes = w_.bend.row_range(0, D);
  Tensor d = ops_.products.conv2d_3x3(seen, w_.denoiser[0], Padding::zero);
  for (int64_t k = 1; k < w_.config.denoiser_layers; ++k) {
    const int64_t first = (k - 1) * 2 * D;
    const Tensor u = ops_.features.prelu(ops_.features.modulate(d, told(first + D), told(first)), slopes);
    d = ops_.products.conv2d_3x3({u}, w_.denoiser[static_cast<size_t>(k)], Padding::zero, Epilogue().plus(d));
  }
  return straight(ops_.features.prelu(d, slopes), w_.denoiser.back());
}

Tensor ResidualGraph::residual(const ResidualFaithful& faithful, const Tensor& noise) const {
  const auto quartered = [&](const Tensor& picture) {
    return ops_.pictures.picture_unshuffle({picture}, ResidualConfig::kQuarter);
  };
  const Tensor seen = quartered(faithful.picture);
  Tensor x = quartered(noise), made;
  for (int64_t k = 0; k < w_.config.steps; ++k) {
    const double t = double(w_.config.steps - k) / double(w_.config.steps), s = t - 1.0 / double(w_.config.steps);
    made = denoised({x, seen, faithful.c4}, t);
    if (taps_) tap(taps_, "denoised." + str(k), ops_.pictures.picture_shuffle(made, ResidualConfig::kQuarter));
    if (k + 1 == w_.config.steps) break;
    const Step step = step_between(t, s);
    x = ops_.features.add(ops_.features.scale(made, float(step.made), 0), ops_.features.scale(x, float(step.kept), 0));
  }
  return ops_.pictures.picture_shuffle(made, ResidualConfig::kQuarter);
}

}  // namespace heirloom

// The Wan VAE, latent by latent, against the whole clip at once in double precision and plain loops.
#include <cmath>

#include "device.h"
#include "check_test.h"
#include "flashvsr_fixture.h"
#include "graphs/flashvsr/files.h"
#include "graphs/flashvsr/wan_vae.h"
#include "temp_folder.h"

using namespace heirloom;

namespace {

struct Map {                                          // [h, w, c]
  int64_t h = 0, w = 0, c = 0;
  std::vector<double> v;
  Map(int64_t h_, int64_t w_, int64_t c_) : h(h_), w(w_), c(c_), v(static_cast<size_t>(h_ * w_ * c_)) {}
  double& at(int64_t y, int64_t x, int64_t i) { return v[static_cast<size_t>((y * w + x) * c + i)]; }
  double at(int64_t y, int64_t x, int64_t i) const { return v[static_cast<size_t>((y * w + x) * c + i)]; }
};
using Frames = std::vector<Map>;

class Reference {
 public:
  explicit Reference(const Weights& weights) : weights_(weights) {}

  Frames decode(Frames z, const std::vector<double>& mean, const std::vector<double>& deviation) const {
    for (Map& m : z)
      for (size_t i = 0; i < m.v.size(); ++i) m.v[i] = m.v[i] * deviation[i % deviation.size()] + mean[i % mean.size()];
    Frames x = causal(causal(z, "conv2", 1, 1), "decoder.conv1", 3, 3);
    x = residual(x, "decoder.middle.0");
    for (Map& m : x) m = attention(m);
    x = residual(x, "decoder.middle.2");
    for (int i = 0; i < 15; ++i) {
      const std::string name = "decoder.upsamples." + std::to_string(i);
      x = i == 3 || i == 7 || i == 11 ? upsample(x, name) : residual(x, name);
    }
    x = causal(silu(norm(x, "decoder.head.0.gamma")), "decoder.head.2", 3, 3);
    for (Map& m : x)
      for (double& v : m.v) v = std::min(std::max(v, -1.0), 1.0);
    return x;
  }

 private:
  // Kernel (time, side, side): zeros in front in time, around in space.
  Frames causal(const Frames& in, const std::string& name, int64_t time, int64_t side) const {
    const Tensor w = weights_.get(name + ".weight"), b = weights_.get(name + ".bias");
    const int64_t out = w.shape[0], c = w.shape[1], pad = side / 2;
    Frames result;
    for (int64_t t = 0; t < static_cast<int64_t>(in.size()); ++t) {
      Map y(in[0].h, in[0].w, out);
      for (int64_t r = 0; r < y.h; ++r)
        for (int64_t q = 0; q < y.w; ++q)
          for (int64_t o = 0; o < out; ++o) {
            double sum = b.data()[o];
            for (int64_t dt = 0; dt < time; ++dt)
              for (int64_t dy = 0; dy < side; ++dy)
                for (int64_t dx = 0; dx < side; ++dx) {
                  const int64_t from = t - (time - 1) + dt, yy = r + dy - pad, xx = q + dx - pad;
                  if (from < 0 || yy < 0 || yy >= y.h || xx < 0 || xx >= y.w) continue;
                  for (int64_t i = 0; i < c; ++i)
                    sum += in[static_cast<size_t>(from)].at(yy, xx, i) *
                           w.data()[(((o * c + i) * time + dt) * side + dy) * side + dx];
                }
            y.at(r, q, o) = sum;
          }
      result.push_back(y);
    }
    return result;
  }

  Frames norm(Frames x, const std::string& gamma) const {
    const Tensor g = weights_.get(gamma);
    for (Map& m : x)
      for (int64_t p = 0; p < m.h * m.w; ++p) {
        double squares = 0;
        for (int64_t i = 0; i < m.c; ++i) squares += m.at(0, p, i) * m.at(0, p, i);
        for (int64_t i = 0; i < m.c; ++i)
          m.at(0, p, i) *= std::sqrt(static_cast<double>(m.c)) / std::max(std::sqrt(squares), 1e-12) * g.data()[i];
      }
    return x;
  }

  static Frames silu(Frames x) {
    for (Map& m : x)
      for (double& v : m.v) v = v / (1 + std::exp(-v));
    return x;
  }

  Frames residual(const Frames& x, const std::string& name) const {
    Frames y = causal(silu(norm(x, name + ".residual.0.gamma")), name + ".residual.2", 3, 3);
    y = causal(silu(norm(y, name + ".residual.3.gamma")), name + ".residual.6", 3, 3);
    const Frames past = weights_.has(name + ".shortcut.weight") ? causal(x, name + ".shortcut", 1, 1) : x;
    for (size_t t = 0; t < y.size(); ++t)
      for (size_t i = 0; i < y[t].v.size(); ++i) y[t].v[i] += past[t].v[i];
    return y;
  }

  Map attention(const Map& x) const {
    const Map qkv = causal(norm({x}, "decoder.middle.1.norm.gamma"), "decoder.middle.1.to_qkv", 1, 1)[0];
    const int64_t n = x.h * x.w, c = x.c;
    Map mixed(x.h, x.w, c);
    for (int64_t i = 0; i < n; ++i) {
      std::vector<double> weight(static_cast<size_t>(n));
      double total = 0;
      for (int64_t j = 0; j < n; ++j) {
        double dot = 0;
        for (int64_t k = 0; k < c; ++k) dot += qkv.at(0, i, k) * qkv.at(0, j, c + k);
        total += weight[static_cast<size_t>(j)] = std::exp(dot / std::sqrt(static_cast<double>(c)));
      }
      for (int64_t j = 0; j < n; ++j)
        for (int64_t k = 0; k < c; ++k)
          mixed.at(0, i, k) += weight[static_cast<size_t>(j)] / total * qkv.at(0, j, 2 * c + k);
    }
    Map y = causal({mixed}, "decoder.middle.1.proj", 1, 1)[0];
    for (size_t i = 0; i < y.v.size(); ++i) y.v[i] += x.v[i];
    return y;
  }

  Frames upsample(const Frames& x, const std::string& name) const {
    Frames doubled = x;
    if (weights_.has(name + ".time_conv.weight")) {
      doubled = {x[0]};
      const Tensor w = weights_.get(name + ".time_conv.weight"), b = weights_.get(name + ".time_conv.bias");
      const int64_t c = x[0].c;
      for (int64_t t = 1; t < static_cast<int64_t>(x.size()); ++t)
        for (int64_t half = 0; half < 2; ++half) {
          Map y(x[0].h, x[0].w, c);
          for (int64_t p = 0; p < y.h * y.w; ++p)
            for (int64_t o = 0; o < c; ++o) {
              double sum = b.data()[half * c + o];
              for (int64_t dt = 0; dt < 3; ++dt)
                for (int64_t i = 0; i < c && t - 2 + dt >= 1; ++i)
                  sum += x[static_cast<size_t>(t - 2 + dt)].at(0, p, i) * w.data()[((half * c + o) * c + i) * 3 + dt];
              y.at(0, p, o) = sum;
            }
          doubled.push_back(y);
        }
    }
    const Tensor w = weights_.get(name + ".resample.1.weight"), b = weights_.get(name + ".resample.1.bias");
    Frames result;
    for (const Map& m : doubled) {
      Map y(2 * m.h, 2 * m.w, w.shape[0]);
      for (int64_t r = 0; r < y.h; ++r)
        for (int64_t q = 0; q < y.w; ++q)
          for (int64_t o = 0; o < y.c; ++o) {
            double sum = b.data()[o];
            for (int64_t dy = -1; dy <= 1; ++dy)
              for (int64_t dx = -1; dx <= 1; ++dx) {
                if (r + dy < 0 || r + dy >= y.h || q + dx < 0 || q + dx >= y.w) continue;
                for (int64_t i = 0; i < m.c; ++i)
                  sum += m.at((r + dy) / 2, (q + dx) / 2, i) * w.data()[((o * m.c + i) * 3 + dy + 1) * 3 + dx + 1];
              }
            y.at(r, q, o) = sum;
          }
      result.push_back(y);
    }
    return result;
  }

  const Weights& weights_;
};

}  // namespace

TEST(
    "latent by latent is the whole clip at once: one picture for the first latent, four for every other, the same "
    "numbers") {
  constexpr int64_t kLatents = 4, h = 3, w = 5, C = 16;
  fixture::Maker make(12);
  fixture::Named tensors;
  for (const NamedShape& t : tensors_of(FlashVsrPart::vae, {{'V', 4}, {'C', C}})) {
    const bool is_gamma = t.name.find("gamma") != std::string::npos;
    tensors.emplace_back(
        t.name,
        make.tensor(t.shape, is_gamma ? 300 : static_cast<double>(t.shape.count()) / static_cast<double>(t.shape[0]),
                    is_gamma ? 1 : 0));
  }
  TempFolder folder("vae");
  fixture::write_bytes(folder.file("vae"), fixture::safetensors(tensors, DType::f32));
  Weights weights;
  weights.open(folder.file("vae"));
  const std::unique_ptr<Ops> ops = make_ops({"cpu"}, 2, nullptr);
  const WanVae vae(*ops, weights, C);

  Frames z;
  std::vector<Tensor> ours;
  WanVaeState state;
  for (int64_t t = 0; t < kLatents; ++t) {
    const Tensor latent = make.tensor({h, w, C}, 3);
    Map map(h, w, C);
    for (size_t i = 0; i < map.v.size(); ++i) map.v[i] = latent.data()[i];
    z.push_back(map);
    const std::vector<Tensor> made = vae.forward(*ops, latent, state);
    EXPECT(made.size() == (t == 0 ? 1u : 4u));
    ours.insert(ours.end(), made.begin(), made.end());
  }
  const std::vector<double> mean = {-0.7571, -0.7089, -0.9113, 0.1075,  -0.1745, 0.9653,  -0.1517, 1.5508,
                                    0.4134,  -0.0715, 0.5517,  -0.3632, -0.1922, -0.9497, 0.2503,  -0.2921};
  const std::vector<double> deviation = {2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
                                         3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160};
  const Frames exact = Reference(weights).decode(z, mean, deviation);
  EXPECT(ours.size() == exact.size() && exact.size() == 4 * kLatents - 3);
  double worst = 0, inside = 0;
  for (size_t t = 0; t < ours.size(); ++t)
    for (int64_t c = 0; c < 3; ++c)
      for (int64_t i = 0; i < 64 * h * w; ++i) {
        const double v = exact[t].at(0, i, c);
        worst = std::max(worst, std::fabs(v - ours[t].data()[c * 64 * h * w + i]));
        inside += std::fabs(v) < 1;
      }
  std::printf("      largest difference %.1e, %.0f %% of the values are not clamped\n", worst,
              100 * inside / static_cast<double>(ours.size() * 3 * 64 * h * w));
  EXPECT(worst < 1e-4);                               // float32 through some forty layers, of values around 1
  EXPECT(inside > 0.3 * static_cast<double>(ours.size() * 3 * 64 * h * w));
}

TEST_MAIN

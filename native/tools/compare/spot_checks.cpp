// Single operations with a model's own weights and real shapes, a handful of outputs each against plain loops in double precision.
// Drawn inputs; no selection is involved, so nothing can flip.
#include <algorithm>
#include <cmath>

#include "compare.h"
#include "graphs/flashvsr/causal_conv.h"
#include "graphs/flashvsr/constants.h"

namespace compare {

using namespace heirloom;

namespace {

constexpr int64_t kOutputs = 24;  // looked at per operation

struct Draw {  // splitmix64
  uint64_t state;
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  int64_t below(int64_t n) { return static_cast<int64_t>(next() % static_cast<uint64_t>(n)); }
  Tensor tensor(const Shape& shape, bool is_rounded) {
    Tensor t = Tensor::heap(shape);
    for (int64_t i = 0; i < t.count(); ++i)
      t.data()[i] = static_cast<float>(next() >> 40) * (2.0f / 16777216.0f) - 1.0f;
    return is_rounded ? rounded_to_bfloat(t) : t;
  }
};

class Checker {
 public:
  Checker(Ops& ops, Table& table) : ops_(ops), table_(table), is_short_(ops.memory.zeros({1}).dtype() != DType::f32) {}

  // weight [out, in] times rows of x
  void product(const std::string& name, const Weights& weights, int64_t rows) {
    Tensor w = weights.get(name + ".weight"), b = weights.get(name + ".bias");
    w = w.reshape({w.shape[0], w.count() / w.shape[0]});
    const Tensor x = draw_.tensor({rows, w.shape[1]}, is_short_);
    const Tensor y = ops_.memory.download(
        ops_.products.linear(ops_.memory.upload(x), ops_.products.pack_linear(w, ops_.memory.upload(b))));
    judge("product " + name, y.shape, [&](std::vector<double>& ours, std::vector<double>& exact) {
      const int64_t row = draw_.below(rows), column = draw_.below(w.shape[0]);
      double sum = b.data()[column];
      for (int64_t i = 0; i < w.shape[1]; ++i)
        sum += static_cast<double>(x.data()[row * w.shape[1] + i]) * w.data()[column * w.shape[1] + i];
      ours.push_back(y.data()[row * w.shape[0] + column]);
      exact.push_back(sum);
    });
  }

  // weight [out, in, frames, 3, 3], or [out, frames * in, 3, 3] with the frames as parts
  void convolution(const std::string& name, const Weights& weights, int64_t frames, Padding padding) {
    const Tensor w = weights.get(name + ".weight"), b = weights.get(name + ".bias");
    const bool is_causal = w.shape.rank() == 5;
    const int64_t out = w.shape[0], in = is_causal ? w.shape[1] : w.shape[1] / frames, h = 13, width = 10;
    std::vector<Tensor> host;
    std::vector<Part> parts;
    for (int64_t t = 0; t < frames; ++t) {
      host.push_back(draw_.tensor({h, width, in}, is_short_));
      parts.emplace_back(ops_.memory.upload(host.back()));
    }
    const ConvWeight packed = is_causal ? load_causal_conv(ops_, weights, name, in, frames)
                                        : ops_.products.pack_conv(w, ops_.memory.upload(b));
    const Tensor y = ops_.memory.download(ops_.products.conv2d_3x3(parts, packed, padding));
    judge("convolution " + name, y.shape, [&](std::vector<double>& ours, std::vector<double>& exact) {
      const bool is_corner = exact.size() % 4 == 0;
      const int64_t row = is_corner ? 0 : draw_.below(h), column = is_corner ? width - 1 : draw_.below(width),
                    o = draw_.below(out);
      double sum = b.data()[o];
      for (int64_t t = 0; t < frames; ++t)
        for (int64_t dy = 0; dy < 3; ++dy)
          for (int64_t dx = 0; dx < 3; ++dx) {
            int64_t r = row + dy - 1, c = column + dx - 1;
            if (padding == Padding::zero && (r < 0 || r >= h || c < 0 || c >= width)) continue;
            r = std::min(std::max<int64_t>(r, 0), h - 1);
            c = std::min(std::max<int64_t>(c, 0), width - 1);
            const float* x = host[static_cast<size_t>(t)].data() + (r * width + c) * in;
            for (int64_t i = 0; i < in; ++i)
              sum += static_cast<double>(x[i]) *
                     w.data()[(is_causal ? (o * in + i) * frames + t : o * frames * in + t * in + i) * 9 + dy * 3 + dx];
          }
      ours.push_back(y.data()[(row * width + column) * out + o]);
      exact.push_back(sum);
    });
  }

  // Block-sparse attention of D channels in heads of 128 under a drawn list; one window keeps nothing.
  void sparse_attention(int64_t D) {
    constexpr int64_t kWindows = 3, kTokens = 128, kSegments = 3, kHead = 128;
    const int64_t heads = D / kHead;
    const Tensor q = draw_.tensor({kWindows, kTokens, D}, is_short_);
    std::vector<Tensor> k, v;
    Segments k_up, v_up;
    for (int64_t s = 0; s < kSegments; ++s) {
      k.push_back(draw_.tensor({kWindows, kTokens, D}, is_short_));
      v.push_back(draw_.tensor({kWindows, kTokens, D}, is_short_));
      k_up.push_back(ops_.memory.upload(k.back()));
      v_up.push_back(ops_.memory.upload(v.back()));
    }
    BlockMask keep;
    keep.heads = heads;
    keep.queries = kWindows;
    keep.keys = kSegments * kWindows;
    keep.first.push_back(0);
    for (int64_t row = 0; row < heads * kWindows; ++row) {
      for (int32_t key = 0; key < keep.keys; ++key)
        if (row != 1 && draw_.below(2)) keep.key.push_back(key);
      keep.first.push_back(static_cast<int64_t>(keep.key.size()));
    }
    const Tensor y =
        ops_.memory.download(ops_.attention.block_sparse_attention(ops_.memory.upload(q), k_up, v_up, keep));
    judge("sparse attention", y.shape, [&](std::vector<double>& ours, std::vector<double>& exact) {
      const bool is_empty = exact.empty();  // the first looks at the row that keeps nothing: head 0, window 1
      const int64_t head = is_empty ? 0 : draw_.below(heads), window = is_empty ? 1 : draw_.below(kWindows),
                    token = draw_.below(kTokens), channel = draw_.below(kHead);
      const float* query = q.data() + (window * kTokens + token) * D + head * kHead;
      std::vector<const float*> keys, values;
      for (int64_t i = keep.first[static_cast<size_t>(head * kWindows + window)];
           i < keep.first[static_cast<size_t>(head * kWindows + window + 1)]; ++i)
        for (int64_t t = 0; t < kTokens; ++t) {
          const int64_t key = keep.key[static_cast<size_t>(i)], at = (key % kWindows * kTokens + t) * D + head * kHead;
          keys.push_back(k[static_cast<size_t>(key / kWindows)].data() + at);
          values.push_back(v[static_cast<size_t>(key / kWindows)].data() + at);
        }
      ours.push_back(y.data()[(window * kTokens + token) * D + head * kHead + channel]);
      exact.push_back(attended(query, keys, values, kHead, channel));
    });
  }

  // Queries over all keys: the prompt's, or (one head) the positions of a frame in the VAE.
  void full_attention(const std::string& name, const Tensor& k, const Tensor& v, int64_t heads, int64_t queries) {
    const int64_t D = k.channels(), d = D / heads;
    const Tensor q = draw_.tensor({queries, D}, is_short_);
    const Tensor y = ops_.memory.download(
        ops_.attention.cross_attention(ops_.memory.upload(q), ops_.memory.upload(k), ops_.memory.upload(v), heads));
    judge("attention " + name, y.shape, [&](std::vector<double>& ours, std::vector<double>& exact) {
      const int64_t head = draw_.below(heads), row = draw_.below(queries), channel = draw_.below(d);
      std::vector<const float*> keys, values;
      for (int64_t i = 0; i < k.rows(); ++i) {
        keys.push_back(k.data() + i * D + head * d);
        values.push_back(v.data() + i * D + head * d);
      }
      ours.push_back(y.data()[row * D + head * d + channel]);
      exact.push_back(attended(q.data() + row * D + head * d, keys, values, d, channel));
    });
  }

  Tensor drawn(const Shape& shape) { return draw_.tensor(shape, is_short_); }

 private:
  static double attended(const float* q, const std::vector<const float*>& keys, const std::vector<const float*>& values,
                         int64_t d, int64_t channel) {
    std::vector<double> scores;
    double largest = -INFINITY, sum = 0, total = 0;
    for (const float* k : keys) {
      double dot = 0;
      for (int64_t i = 0; i < d; ++i) dot += static_cast<double>(q[i]) * k[i];
      scores.push_back(dot / std::sqrt(static_cast<double>(d)));
      largest = std::max(largest, scores.back());
    }
    for (size_t i = 0; i < keys.size(); ++i) {
      const double weight = std::exp(scores[i] - largest);
      total += weight;
      sum += weight * values[i][channel];
    }
    return total > 0 ? sum / total : 0;
  }

  // Float32 sums of up to 74 000 products stay within 1e-5 of the largest value; short numbers keep 8 bits.
  template <class One>
  void judge(const std::string& name, const Shape& shape, One&& one) {
    std::vector<double> ours, exact;
    for (int64_t i = 0; i < kOutputs; ++i) one(ours, exact);
    double worst = 0, largest = 0;
    for (size_t i = 0; i < exact.size(); ++i) {
      const double error = std::fabs(ours[i] - exact[i]);
      worst = std::isnan(error) ? INFINITY : std::max(worst, error);
      largest = std::max(largest, std::fabs(exact[i]));
    }
    const double bar = is_short_ ? 2e-2 : 1e-5, error = worst / (largest > 0 ? largest : 1);
    char text[2][32];
    std::snprintf(text[0], sizeof text[0], "%.2e", error);
    std::snprintf(text[1], sizeof text[1], "%.2e", bar);
    table_.line(name, str(shape), text[0], text[1], error <= bar);
  }

  Ops& ops_;
  Table& table_;
  bool is_short_;  // the backend keeps 16 bits: inputs are rounded, so that only its own error shows
  Draw draw_{11};
};

}  // namespace

void spot_checks(Ops& ops, const FlashVsrWeights& w, Table& table) {
  Checker check(ops, table);
  const int64_t D = w.transformer.entry("patch_embedding.weight").shape[0];
  for (const char* name : {"blocks.0.self_attn.q", "blocks.0.ffn.0", "blocks.0.ffn.2", "patch_embedding", "head.head"})
    check.product(name, w.transformer, 300);
  check.convolution("conv1", w.projection, 4, Padding::replicate);
  check.convolution("conv2", w.projection, 4, Padding::replicate);
  check.product("linear_layers.0", w.projection, 300);
  check.convolution("decoder.1", w.decoder, 1, Padding::zero);
  check.convolution("decoder.5.conv.0", w.decoder, 2, Padding::zero);
  check.convolution("decoder.26", w.decoder, 1, Padding::zero);
  check.sparse_attention(D);
  if (is_folded(w.transformer))
    check.full_attention("prompt", w.transformer.get("blocks.0.cross_attn.key"),
                         w.transformer.get("blocks.0.cross_attn.value"), D / 128, 300);
  if (w.vae.entries().empty()) return;
  check.convolution("decoder.conv1", w.vae, 3, Padding::zero);
  check.convolution("decoder.upsamples.0.residual.2", w.vae, 3, Padding::zero);
  const int64_t V = w.vae.entry("decoder.conv1.bias").shape[0];
  check.full_attention("of a frame", check.drawn({1024, V}), check.drawn({1024, V}), 1, 1024);
}

}  // namespace compare

#include "graphs/flashvsr/causal_conv.h"

#include <cstring>

namespace heirloom {

namespace {

// [out, in, T, 3, 3] -> [out, T*in, 3, 3]: time becomes the slower part of the input channel.
Tensor time_to_channels(const Tensor& w) {
  const int64_t O = w.shape[0], I = w.shape[1], T = w.shape[2];
  constexpr int64_t kTaps = 9;
  Tensor out = Tensor::heap({O, T * I, 3, 3});
  for (int64_t o = 0; o < O; ++o)
    for (int64_t i = 0; i < I; ++i)
      for (int64_t t = 0; t < T; ++t)
        std::memcpy(out.data() + ((o * T + t) * I + i) * kTaps, w.data() + ((o * I + i) * T + t) * kTaps,
                    kTaps * sizeof(float));
  return out;
}

}  // namespace

ConvWeight load_causal_conv(Ops& ops, const Weights& weights, const std::string& name, int64_t in, int64_t frames,
                            int64_t out) {
  const Shape found = weights.entry(name + ".weight").shape;
  CHECK_AS("weights-unsupported", found.rank() == 5,
           "The tensor " + name + ".weight is " + str(found) +
               ", a causal convolution is wanted. The weights belong to another model.");
  if (out == 0) out = found[0];
  const Tensor arranged = time_to_channels(weights.get(
      name + ".weight", {out, in, frames, 3, 3}));  // a statement of its own: the file's copy, up to 0.9 GB, goes first
  return ops.products.pack_conv(arranged, ops.memory.upload(weights.get(name + ".bias", {out})));
}

}  // namespace heirloom

#include "graphs/flashvsr/constants.h"

#include <cmath>

namespace heirloom {

namespace {

constexpr double kTimestep = 1000.0;

LinearWeight linear(Ops& ops, const Weights& weights, const std::string& name, int64_t out, int64_t in) {
  return ops.products.pack_linear(weights.get(name + ".weight", {out, in}),
                                  ops.memory.upload(weights.get(name + ".bias", {out})));
}

// [cos(1000 w_i) ; sin(1000 w_i)], w_i = 10000^(-i / half) -> [1, 2 * half]
Tensor timestep_embedding(int64_t width) {
  Tensor e = Tensor::heap({1, width});
  const int64_t half = width / 2;
  for (int64_t i = 0; i < half; ++i) {
    const double angle = kTimestep * std::pow(10000.0, -static_cast<double>(i) / static_cast<double>(half));
    e.data()[i] = static_cast<float>(std::cos(angle));
    e.data()[half + i] = static_cast<float>(std::sin(angle));
  }
  return e;
}

}  // namespace

TimeRows time_rows(Ops& ops, const Weights& w, int64_t D) {
  const Shape time = w.entry("time_embedding.0.weight").shape;
  CHECK_AS("weights-unsupported", time.rank() == 2 && time[1] > 0 && time[1] % 2 == 0,
           "time_embedding.0.weight is " + str(time) + ". The weights belong to another model.");
  const Tensor e = ops.products.linear(ops.memory.upload(timestep_embedding(time[1])),
                                       linear(ops, w, "time_embedding.0", D, time[1]), Activation::silu);
  const Tensor t = ops.products.linear(e, linear(ops, w, "time_embedding.2", D, D));
  return {t, ops.products.linear(ops.features.activate(t, Activation::silu),
                                 linear(ops, w, "time_projection.1", 6 * D, D))};
}

Tensor embed_prompt(Ops& ops, const Weights& w, const Tensor& prompt, int64_t D) {
  const Shape text = w.entry("text_embedding.0.weight").shape;
  CHECK_AS("weights-unsupported",
           prompt.defined() && prompt.shape.rank() == 2 && text.rank() == 2 && text[1] == prompt.channels(),
           "The prompt does not go with the transformer: text_embedding.0.weight is " + str(text) + ", the prompt is " +
               str(prompt.shape) + ".");
  return ops.products.linear(ops.products.linear(ops.memory.upload(prompt),
                                                 linear(ops, w, "text_embedding.0", D, text[1]), Activation::gelu_tanh),
                             linear(ops, w, "text_embedding.2", D, D));
}

PromptRows prompt_rows(Ops& ops, const Weights& w, int64_t block, const Tensor& embedded) {
  const std::string at = "blocks." + str(block) + ".cross_attn.";
  const int64_t D = embedded.channels();
  const Tensor norm = ops.memory.upload(w.get(at + "norm_k.weight", {D}));
  return {ops.features.rms_norm(ops.products.linear(embedded, linear(ops, w, at + "k", D, D)), norm, kFlashVsrEps),
          ops.products.linear(embedded, linear(ops, w, at + "v", D, D))};
}

bool is_folded(const Weights& transformer) { return transformer.has("blocks.0.cross_attn.key"); }

bool is_folded_away(const std::string& name) {
  for (const char* start : {"text_embedding.", "time_embedding.", "time_projection."})
    if (name.compare(0, std::string(start).size(), start) == 0) return true;
  const size_t at = name.find(".cross_attn.");
  if (at == std::string::npos) return false;
  for (const char* part : {"k.weight", "k.bias", "v.weight", "v.bias", "norm_k.weight"})
    if (name.compare(at + 12, std::string::npos, part) == 0) return true;
  return false;
}

}  // namespace heirloom

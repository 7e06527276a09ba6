// What follows from FlashVSR's fixed timestep and prompt: computed once, when the published files are loaded or brought in.
// An imported folder holds the results instead of the weights they come from.
#pragma once
#include <string>

#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

constexpr float kFlashVsrEps = 1e-6f;  // of every LayerNorm and RMS norm of the transformer

struct TimeRows {
  Tensor t;  // [1, D]
  Tensor modulation;  // [1, 6D], joins every block's own
};
TimeRows time_rows(Ops& ops, const Weights& transformer, int64_t D);

// prompt [S, text] -> [S, D]
Tensor embed_prompt(Ops& ops, const Weights& transformer, const Tensor& prompt, int64_t D);

struct PromptRows {
  Tensor k, v;  // [S, D]
};
// The cross-attention's keys (normed) and values of one block. embedded: embed_prompt()
PromptRows prompt_rows(Ops& ops, const Weights& transformer, int64_t block, const Tensor& embedded);

// Do these weights hold the results already?
bool is_folded(const Weights& transformer);
// Is this tensor of the transformer only needed to compute the constants?
bool is_folded_away(const std::string& name);
// The same, or is it replaced by a constant of its name?
inline bool is_constant(const std::string& name) {
  return is_folded_away(name) || name.find("modulation") != std::string::npos;
}

}  // namespace heirloom

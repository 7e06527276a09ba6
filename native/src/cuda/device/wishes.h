// What is asked of a card, in the words behind its id: how it computes and how it holds what it remembers.
#pragma once
#include <string>
#include <vector>

#include "cuda/device/device.h"
#include "tensor.h"

namespace heirloom::HL_CUDA {

// How tokens and feature maps are kept. Pictures [3, H, W] and rows of parameters are fp32 always; sums are fp32 always.
enum class Precision { fp32, bf16, fp16, fp8 };         // fp8: bf16, and large products (pack_large_linear) of e4m3
DType number_of(Precision precision);

std::vector<std::string> precisions_of(const Card& card);

// What follows a card's id in make_ops: how it computes and how it holds what it remembers.
struct Wishes {
  Precision precision = Precision::fp32;
  bool small_cache = false;                           // keys and values of earlier frames in eight bits (kv_store.h)
  bool recorded = true;                               // work that comes again as CUDA graphs (recordings.h)
  bool streamed_weights = false;                      // layers wait in the computer's memory (weights.h)
};
// Without a precision, or with "auto": bf16 from compute capability 8.0 on, fp16 on 7.5. Throws bad-argument for what the card cannot do or nobody knows.
Wishes wishes_of(const std::string& words, const Card& card);

}  // namespace heirloom::HL_CUDA

// How a card computes.
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
// "auto": bf16 from compute capability 8.0 on, fp16 on 7.5. Throws bad-argument for what the card cannot do or nobody knows.
Precision precision_of(const std::string& name, const Card& card);

}  // namespace heirloom::HL_CUDA

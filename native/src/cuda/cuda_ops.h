// The operations of ops.h on a graphics card.
#pragma once
#include <atomic>
#include <memory>

#include "cuda/device.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// How tokens and feature maps are kept. Pictures [3, H, W] and rows of parameters are fp32 always; sums are fp32 always.
enum class Precision { fp32, bf16, fp16 };
DType number_of(Precision precision);
// "auto": bf16 from compute capability 8.0 on, fp16 on 7.5. Throws bad-argument for what the card cannot do or nobody knows.
Precision precision_of(const std::string& name, const Card& card);

// cancelled may be null; the caller keeps it alive.
std::unique_ptr<Ops> make_cuda_ops(const Card& card, Precision precision, const std::atomic<bool>* cancelled);

}  // namespace heirloom::HL_CUDA

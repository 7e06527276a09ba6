// The operations of ops.h on a graphics card.
#pragma once
#include <atomic>
#include <memory>

#include "cuda/device/wishes.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// Bytes that every CudaOps keeps for products that are cut along K.
size_t scratch_of(const Card& card);

// cancelled may be null; the caller keeps it alive.
std::unique_ptr<Ops> make_cuda_ops(const Card& card, const Wishes& wishes, const std::atomic<bool>* cancelled);

}  // namespace heirloom::HL_CUDA

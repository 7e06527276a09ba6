// How numbers are stored on the device.
#pragma once
#include <cstdint>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

// Sums are always fp32.
enum class Type : uint8_t { f32, bf16, f16, e4m3 };

constexpr int size_of(Type type) { return type == Type::f32 ? 4 : type == Type::e4m3 ? 1 : 2; }

}  // namespace heirloom::HL_CUDA

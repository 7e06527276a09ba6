// The activations, as every kernel computes them.
#pragma once
#include "cuda/products/gemm.h"

namespace heirloom::HL_CUDA {

// slope: for prelu
__device__ inline float activated(float v, Act act, float slope) {
  switch (act) {
    case Act::relu: return fmaxf(v, 0.0f);
    case Act::prelu: return v < 0 ? v * slope : v;
    case Act::silu: return __fdividef(v, 1.0f + __expf(-v));
    // v / 2 * (1 + tanh(u)) = v / (1 + exp(-2u)), u = sqrt(2 / pi) * (v + 0.044715 v^3)
    case Act::gelu: return __fdividef(v, 1.0f + __expf(v * (-1.5957691216f - 0.0713548163f * v * v)));
    default: return v;
  }
}

}  // namespace heirloom::HL_CUDA

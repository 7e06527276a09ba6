// A convolution over time and space as one over space: frames lie side by side as input channels of conv2d_3x3.
#pragma once
#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

// Loads NAME.weight [out, in, frames, 3, 3] and NAME.bias; parts of the call: the frames, oldest first. out 0: as the file says.
ConvWeight load_causal_conv(Ops& ops, const Weights& weights, const std::string& name, int64_t in, int64_t frames,
                            int64_t out = 0);

}  // namespace heirloom

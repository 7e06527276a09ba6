// What may be done to every number of a result.
#pragma once

namespace heirloom {

enum class Activation { none, relu, silu, gelu_tanh, prelu };

}  // namespace heirloom

// Frame-chunk retention in windows of tokens (docs/heirloom-motion.md steps 2 and 4) in plain loops on the host: keys write a state, queries read it.
#pragma once
#include <cstdint>
#include <vector>

#include "tensor.h"

namespace heirloom::plain {

// By how much every head forgets from one key to the next and from token to token, each in (0, 1). Their number is the number of heads.
using Decays = std::vector<float>;

// Windows of side x side tokens of a map [h, w, D], cut from its upper left, and in each one token more, its last: the frame's serial number.
struct TokenWindows {
  int64_t h = 0, w = 0;  // of the map, any size: what a window has beyond it is zero
  int64_t side = 8;
  int64_t rows() const { return (h + side - 1) / side; }
  int64_t columns() const { return (w + side - 1) / side; }
  int64_t count() const { return rows() * columns(); }
  int64_t tokens() const { return side * side + 1; }  // of one window
};

// x [h, w, D], serial [D] -> [windows, tokens, D]
Tensor window_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows);
// The way back, without what lies beyond the map and the serial numbers.
Tensor window_merge(const Tensor& x, const TokenWindows& windows);
// scale * x, and in the tokens of the map every pair (2j, 2j+1) of every head turned: the first half of the pairs by row * base^(-4j/d), the others by
// the column.     x [windows, tokens, heads * d], d a multiple of 4
Tensor rotate(const Tensor& x, const TokenWindows& windows, int64_t heads, double base, float scale);
// The sum of k v^T over the tokens of every window.   k [windows, T, heads * dk], v [windows, T, heads * dv] -> [windows, heads, dk, dv]
Tensor contribution(const Tensor& k, const Tensor& v, int64_t heads);
// g state + contribution; state undefined: nothing was written yet.
Tensor fold(const Tensor& state, const Tensor& contribution, const Decays& decays);
// sum over the window's tokens j of (q . k_j) g^(|dy| + |dx|) v_j  +  g q^T state; the serial number is at distance 0 from all.   -> like v
Tensor read(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& state, const Decays& decays,
            const TokenWindows& windows);
// x / sqrt(mean(x^2) + eps) of each head.   x [..., heads * d]
Tensor head_norm(const Tensor& x, int64_t heads, float eps);
// x * silu(gate)
Tensor swish_gate(const Tensor& x, const Tensor& gate);

}  // namespace heirloom::plain

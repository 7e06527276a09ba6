// Operations of retention (docs/heirloom-motion.md steps 2 and 4): sums of what was, fainter the longer ago, in place of attention. Along a
// sequence in three equal forms, and of the frames of a film in windows, where key frames write a state and others only read it.
#pragma once
#include <cstdint>
#include <vector>

#include "tensor.h"

namespace heirloom {

// By how much every head forgets from one step to the next, each in (0, 1). Their number is the number of heads.
using Decays = std::vector<float>;

// All that a stream keeps of what was written, whatever its length: for every sequence or window (B of them) and head the decayed sum of k v^T.
struct RetentionState {
  Tensor sum;  // [B, heads, dk, dv], fp32 on the device; undefined: nothing was written yet, or nothing since a cut
};

// Windows of side x side tokens of a map [h, w, D], cut from its upper left, and in each one token more, its last: the frame's serial number.
struct TokenWindows {
  int64_t h = 0, w = 0;  // of the map, any size: what a window has beyond it is zero
  int64_t side = 8;
  int64_t rows() const { return (h + side - 1) / side; }
  int64_t columns() const { return (w + side - 1) / side; }
  int64_t count() const { return rows() * columns(); }
  int64_t tokens() const { return side * side + 1; }  // of one window
};

class RetentionOps {
 public:
  virtual ~RetentionOps() = default;

  // ---- along sequences ----
  // out_n = sum over m <= n of g^(n-m) (q_n . k_m) v_m      q, k [B, heads, L, dk], v [B, heads, L, dv] -> [B, heads, L, dv]
  // Equal after head_norm; not scaled: what makes dk of no account is the caller's. All at once, O(L^2): the control of the other two.
  virtual Tensor parallel(const Tensor& q, const Tensor& k, const Tensor& v, const Decays& decays) = 0;
  // Token by token, O(L); the state goes on from where it is.
  virtual Tensor recurrent(const Tensor& q, const Tensor& k, const Tensor& v, const Decays& decays,
                           RetentionState& state) = 0;
  // All at once within 64 tokens, recurrent from those to the next, O(L); the state goes on from where it is.
  virtual Tensor chunkwise(const Tensor& q, const Tensor& k, const Tensor& v, const Decays& decays,
                           RetentionState& state) = 0;
  // x / sqrt(mean(x^2) + eps) for each head.                x [..., heads * d] -> same
  virtual Tensor head_norm(const Tensor& x, int64_t heads, float eps) = 0;

  // ---- frames of a film, in windows ----
  // x [h, w, D], serial [D] -> [windows, side * side + 1, D], windows and their tokens in raster order
  virtual Tensor window_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows) = 0;
  // The way back, without what lies beyond the map and the serial numbers.    [windows, side * side + 1, D] -> [h, w, D]
  virtual Tensor window_merge(const Tensor& x, const TokenWindows& windows) = 0;
  // scale * x, and in the tokens of the map every pair (2j, 2j+1) of every head turned: pairs j < d/4 by row * base^(-4j/d), the others by
  // column * base^(-4j/d + 1), row and column inside the window.     x [windows, side * side + 1, heads * d], d a multiple of 4 -> same
  virtual Tensor rotate(const Tensor& x, const TokenWindows& windows, int64_t heads, float base, float scale) = 0;
  // What a key frame writes: the sum of k v^T over the tokens of every window.
  // k [windows, T, heads * dk], v [windows, T, heads * dv] -> [windows, heads, dk, dv], fp32
  virtual Tensor contribution(const Tensor& k, const Tensor& v, int64_t heads) = 0;
  // state = g state + contribution: the key frame has been written.
  virtual void fold(RetentionState& state, const Tensor& contribution, const Decays& decays) = 0;
  // What a frame sees of itself, in both directions, and reads of the key frames before it; the state stays as it is.
  // sum over the window's tokens j of (q . k_j) g^(|dy| + |dx|) v_j  +  g q^T state; the serial number is at distance 0 from all.
  // q, k [windows, side * side + 1, heads * dk], v [windows, side * side + 1, heads * dv] -> like v
  virtual Tensor read(const Tensor& q, const Tensor& k, const Tensor& v, const RetentionState& state,
                      const Decays& decays, const TokenWindows& windows) = 0;
};

}  // namespace heirloom

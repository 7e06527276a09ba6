// Retention on a card: plain device pointers; what the sums mean says ops/retention.h. Numbers come in the stream's format, states are fp32, and
// every sum runs in fp32 in a fixed order, whatever the card.
#pragma once
#include "cuda/features/values.h"

namespace heirloom::HL_CUDA {

constexpr int kMaxHeads = 32, kMaxHeadWidth = 64;  // dk, dv
constexpr int kRetentionChunk = 64;  // tokens

// A value for every head, by value into kernels.
struct PerHead {
  float at[kMaxHeads] = {};
};

// The rows of all heads: element (sequence, head, token, channel) at sequence * of_sequence + head * of_head + token * of_token + channel.
struct HeadRows {
  Values values;
  int64_t of_sequence = 0, of_head = 0, of_token = 0;
};

enum class Sight : uint8_t {
  behind,  // a token sees all tokens up to itself
  chunk,  // those of its own chunk
  frame,  // all, by their distance in a window of side x side; the last one is at distance 0 from all
};

struct Retain {
  Sight sight = Sight::behind;
  HeadRows q, k, v, out;
  // chunk: [sequences, heads, chunks, dk, dv], before each chunk; frame: [sequences, heads, dk, dv]; null: nothing was written
  const float* state = nullptr;
  PerHead log_decay, decay;  // to the base 2, and itself
  int64_t sequences = 0, tokens = 0;
  int heads = 0, dk = 0, dv = 0, side = 0;
};
void retain(const Retain& r, cudaStream_t stream);

// The sums of k v^T over `length` tokens at a time, each fainter by one decay for every token after it: [sequences, heads, chunks, dk, dv].
// log_decay of 0: all alike.
struct RetentionSums {
  HeadRows k, v;
  PerHead log_decay;
  int64_t sequences = 0, tokens = 0, length = 0;
  int heads = 0, dk = 0, dv = 0;
  float* out = nullptr;
};
void retention_sums(const RetentionSums& s, cudaStream_t stream);

// after = what is left of it after the last of the chunks, before[i] = what there is before chunk i (null: not kept):
// decay[head] * state + sums[i], by `last` instead of `decay` at the last chunk. state null: zero.
struct RetentionScan {
  const float *state = nullptr, *sums = nullptr;
  float *before = nullptr, *after = nullptr;
  PerHead decay, last;
  int64_t sequences = 0, chunks = 0;
  int heads = 0, size = 0;  // dk * dv
};
void retention_scan(const RetentionScan& s, cudaStream_t stream);

// Token by token. state [sequences, heads, dk, dv], in place
struct Recur {
  HeadRows q, k, v, out;
  float* state = nullptr;
  PerHead decay;
  int64_t sequences = 0, tokens = 0;
  int heads = 0, dk = 0, dv = 0;
};
void recur(const Recur& r, cudaStream_t stream);

// A map of h x w in windows of side x side, and one token more in each.
struct WindowsOfTokens {
  int h = 0, w = 0, side = 0, columns = 0;
  __host__ __device__ int tokens() const { return side * side + 1; }
  // Where a token lies in the map; -1: beyond it.
  __host__ __device__ int64_t place_of(int64_t window, int token) const {
    const int64_t y = window / columns * side + token / side, x = window % columns * side + token % side;
    return y < h && x < w ? y * w + x : -1;
  }
};
// x [h, w, channels], serial [channels] -> out [windows, tokens, channels]
void cut_windows(const Values& x, const Values& serial, const WindowsOfTokens& windows, int64_t count, int channels,
                 const Values& out, cudaStream_t stream);
// The way back.
void join_windows(const Values& x, const WindowsOfTokens& windows, int channels, const Values& out,
                  cudaStream_t stream);

// x [rows, heads * 2 * pairs], `tokens` rows of a window after each other; cos and sin of position p and pair j at [p * pairs / 2 + j], the same for
// rows (the first half of the pairs) and columns, scale included.
constexpr int kMaxAngles = 128;
struct Rotation {
  Values x, out;
  int64_t rows = 0;
  int heads = 0, pairs = 0, side = 0;
  float scale = 1;
  float cos[kMaxAngles], sin[kMaxAngles];
};
void rotate(const Rotation& r, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

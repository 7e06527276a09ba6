// Operations of attention over windows of tokens: positions, windows, which of them attend to which, and the attention itself.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "tensor.h"

namespace heirloom {

// The token grid of one call: f latents of h x w tokens, cut into windows of (window[0], window[1], window[2]) tokens.
// Tokens in raster order are [f*h*w, D], (frame, row, column), column fastest.
struct Grid {
  int64_t f = 0, h = 0, w = 0;
  std::array<int64_t, 3> window = {2, 8, 8};
  int64_t tokens() const { return f * h * w; }
  int64_t window_tokens() const { return window[0] * window[1] * window[2]; }
  int64_t segments() const { return f / window[0]; }
  int64_t rows() const { return h / window[1]; }  // windows down
  int64_t columns() const { return w / window[2]; }  // windows across
  int64_t per_segment() const { return rows() * columns(); }
  int64_t windows() const { return segments() * per_segment(); }
};

struct Rope {
  int64_t heads = 1;
  std::array<int64_t, 3> dims = {44, 42, 42};  // of one head, for time, row, column; all even
  double base = 10000.0;
};

// Which key windows every (head, query window) attends to. first has heads * queries + 1 entries into key.
// A backend may leave the list on its device: then first and key are empty, and on_host() brings them for whoever looks.
struct BlockMask {
  struct OnDevice {
    virtual ~OnDevice() = default;
    virtual BlockMask download() const = 0;
  };
  int64_t heads = 0, queries = 0, keys = 0;
  std::vector<int64_t> first;
  std::vector<int32_t> key;  // ascending within a row
  std::shared_ptr<const OnDevice> device;  // null: the list is here
  BlockMask on_host() const;
};
inline BlockMask BlockMask::on_host() const { return device ? device->download() : *this; }

struct SelectRule {
  int64_t heads = 1;
  int64_t rows = 0, columns = 0;  // windows of one segment
  int64_t local_range = 9;  // R: -floor(R/2) .. R-1-floor(R/2) windows, rows and columns alike
  int64_t topk = 0;  // pairs per (head, query segment); capped at pairs - 1
  bool force_own = false;  // always keep the query's own window, of the newest segments
};

// The cached and current keys (or values, or pooled keys) of a stream, oldest segment first: each [per_segment, window_tokens, D] (or [per_segment, D]).
using Segments = std::vector<Tensor>;

class AttentionOps {
 public:
  virtual ~AttentionOps() = default;

  // Rotates interleaved pairs of every head by their absolute position (latent t0 + f, row, column); angles in double.
  // x [f*h*w, D] in raster order, in place
  virtual void rope(Tensor& x, const Grid& grid, const Rope& rope, int64_t t0) = 0;
  // raster order [f*h*w, D] -> [windows, window_tokens, D], windows ordered (segment, row, column)
  virtual Tensor window_partition(const Tensor& x, const Grid& grid) = 0;
  virtual Tensor window_merge(const Tensor& x, const Grid& grid) = 0;  // the inverse
  // rms_norm, rope and window_partition, in one pass.    x [f*h*w, D]; weight [D] -> [windows, window_tokens, D]
  virtual Tensor norm_rope_windows(const Tensor& x, const Tensor& weight, float eps, const Grid& grid, const Rope& rope,
                                   int64_t t0) = 0;
  // Mean over the tokens of each window.             [windows, window_tokens, D] -> [windows, D]
  virtual Tensor pool_blocks(const Tensor& x) = 0;
  // softmax over all keys of <q, k> / sqrt(head size), keys outside the local range excluded (zero). The whole matrix: for tests and taps.
  // q [queries, D]; k: whole segments of pooled keys, [keys, D] together -> [heads, queries, keys]
  virtual Tensor block_probabilities(const Tensor& q, const Segments& k, const SelectRule& rule) = 0;
  // The pairs that are attended to, per (head, query segment): those whose probability is strictly above the (topk+1)-th largest.
  // q and k as there: pooled; the queries are the newest of the keys
  virtual BlockMask select_blocks(const Tensor& q, const Segments& k, const SelectRule& rule) = 0;
  // Softmax attention of every query window over the tokens of its kept key windows; no kept window gives zeros.
  // q [windows, window_tokens, D]; k, v: segments of the same -> like q
  virtual Tensor block_sparse_attention(const Tensor& q, const Segments& k, const Segments& v,
                                        const BlockMask& mask) = 0;
  // The same, then window_merge: the results in raster order at once.   -> [f*h*w, D]
  virtual Tensor block_sparse_attention_merged(const Tensor& q, const Segments& k, const Segments& v,
                                               const BlockMask& mask, const Grid& grid) {
    return window_merge(block_sparse_attention(q, k, v, mask), grid);
  }
  // Plain attention over all keys.                   q [T, D]; k, v [S, D] -> [T, D]
  virtual Tensor cross_attention(const Tensor& q, const Tensor& k, const Tensor& v, int64_t heads) = 0;
  // A segment [n, window_tokens, D] of keys or values as it is kept until the next chunk, and as it is attended to again: the same tensor, or
  // (DeviceOptions::small_cache) eight bits with a scale for every window and head.
  virtual Tensor quantise_kv(const Tensor& segment, int64_t /*heads*/) { return segment; }
  virtual Tensor dequantise_kv(const Tensor& quantised, int64_t /*heads*/) { return quantised; }
};

}  // namespace heirloom

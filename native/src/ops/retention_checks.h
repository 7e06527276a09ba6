// What every backend asks of the operands of retention (ops/checks.h).
#pragma once
#include <string>

#include "ops/retention.h"

namespace heirloom {

// The sizes of sequences [B, heads, L, d], or of windows' tokens [B, L, heads * d].
struct RetentionSizes {
  int64_t B = 0, heads = 0, L = 0, dk = 0, dv = 0;
  Shape state() const { return {B, heads, dk, dv}; }
};

inline void check_decays(const char* op, const Decays& decays) {
  CHECK(!decays.empty(), std::string(op) + ": no heads");
  for (const float g : decays)
    CHECK(g > 0 && g < 1, std::string(op) + ": a decay of " + str(g) + " does not lie between 0 and 1");
}

inline void check_state(const char* op, const RetentionState& state, const Shape& wanted) {
  CHECK(!state.sum.defined() || state.sum.shape == wanted,
        std::string(op) + ": the state " + str(state.sum.shape) + " is not " + str(wanted));
}

inline RetentionSizes sizes_of_sequences(const char* op, const Tensor& q, const Tensor& k, const Tensor& v,
                                         const Decays& decays) {
  check_decays(op, decays);
  const bool fits = q.shape.rank() == 4 && q.shape == k.shape && v.shape.rank() == 4 && v.shape[0] == q.shape[0] &&
                    v.shape[1] == q.shape[1] && v.shape[2] == q.shape[2] && q.shape[2] > 0 &&
                    q.shape[1] == static_cast<int64_t>(decays.size());
  CHECK(fits, std::string(op) + ": " + str(q.shape) + ", " + str(k.shape) + ", " + str(v.shape) + " with " +
                  str(decays.size()) + " decays");
  return {q.shape[0], q.shape[1], q.shape[2], q.shape[3], v.shape[3]};
}

inline RetentionSizes sizes_of_windows(const char* op, const Tensor& k, const Tensor& v, int64_t heads) {
  const bool fits = heads > 0 && k.shape.rank() == 3 && v.shape.rank() == 3 && k.shape[0] == v.shape[0] &&
                    k.shape[1] == v.shape[1] && k.shape[1] > 0 && k.channels() % heads == 0 &&
                    v.channels() % heads == 0;
  CHECK(fits, std::string(op) + ": " + str(k.shape) + ", " + str(v.shape) + " of " + str(heads) + " heads");
  return {k.shape[0], heads, k.shape[1], k.channels() / heads, v.channels() / heads};
}

inline void check_head_norm(const Tensor& x, int64_t heads) {
  CHECK(heads > 0 && x.shape.rank() > 0 && x.channels() % heads == 0,
        "head_norm: " + str(x.shape) + " does not divide into " + str(heads) + " heads");
}

inline void check_token_windows(const char* op, const TokenWindows& windows) {
  CHECK(windows.h > 0 && windows.w > 0 && windows.side > 0,
        std::string(op) + ": windows of " + str(windows.side) + " over " + str(windows.h) + " x " + str(windows.w));
}

inline void check_window_tokens(const char* op, const Tensor& x, const TokenWindows& windows) {
  check_token_windows(op, windows);
  CHECK(x.shape.rank() == 3 && x.shape[0] == windows.count() && x.shape[1] == windows.tokens(),
        std::string(op) + ": " + str(x.shape) + " is not " + str(windows.count()) + " windows of " +
            str(windows.tokens()) + " tokens");
}

inline void check_partition(const Tensor& x, const Tensor& serial, const TokenWindows& windows) {
  check_token_windows("window_partition", windows);
  CHECK(x.shape.rank() == 3 && x.shape[0] == windows.h && x.shape[1] == windows.w && serial.defined() &&
            serial.count() == x.channels(),
        "window_partition: " + str(x.shape) + " and a serial number " + str(serial.shape) + " over " + str(windows.h) +
            " x " + str(windows.w));
}

inline void check_rotation(const Tensor& x, const TokenWindows& windows, int64_t heads, float base) {
  check_window_tokens("rotate", x, windows);
  CHECK(heads > 0 && x.channels() % (4 * heads) == 0 && base > 0,
        "rotate: " + str(x.shape) + " does not divide into " + str(heads) + " heads of pairs of rows and columns");
}

inline RetentionSizes check_read(const Tensor& q, const Tensor& k, const Tensor& v, const RetentionState& state,
                                 const Decays& decays, const TokenWindows& windows) {
  check_decays("read", decays);
  check_window_tokens("read", k, windows);
  const RetentionSizes s = sizes_of_windows("read", k, v, static_cast<int64_t>(decays.size()));
  CHECK(q.shape == k.shape, "read: queries " + str(q.shape) + " of keys " + str(k.shape));
  check_state("read", state, s.state());
  return s;
}

}  // namespace heirloom

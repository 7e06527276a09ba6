// Where the graphs hand out named intermediate results, for the comparison with goldens. Null everywhere else.
#pragma once
#include <functional>
#include <string>

#include "ops.h"

namespace heirloom {

struct Taps {
  std::string prefix;                                 // put before every name: "c1."
  std::function<void(const std::string& name, const Tensor& value)> tensor;
  std::function<void(const std::string& name, const BlockMask& kept)> mask;
  std::function<void()> denoised;  // the transformer has been asked for, the decoder comes: for measuring
};

inline void tap(const Taps* taps, const std::string& name, const Tensor& value) {
  if (taps && taps->tensor) taps->tensor(taps->prefix + name, value);
}
inline void tap(const Taps* taps, const std::string& name, const BlockMask& mask) {
  if (taps && taps->mask) taps->mask(taps->prefix + name, mask.on_host());
}

}  // namespace heirloom

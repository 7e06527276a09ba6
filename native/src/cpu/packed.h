// Weights in the arrangement of the processor's kernels, as the families that multiply by them find them.
#pragma once
#include "cpu/kernels.h"
#include "ops/products.h"

namespace heirloom::cpu {

struct PackedLinear : heirloom::Packed {
  cpu::Packed packed;
};
struct PackedConv : heirloom::Packed {
  cpu::Packed packed;
};

inline const cpu::Packed& packed_of(const LinearWeight& w) {
  const auto* packed = dynamic_cast<const PackedLinear*>(w.weight.get());
  CHECK(packed != nullptr, "linear: the weight belongs to another backend");
  return packed->packed;
}
inline const cpu::Packed& packed_of(const ConvWeight& w) {
  const auto* packed = dynamic_cast<const PackedConv*>(w.weight.get());
  CHECK(packed != nullptr, "conv: the weight belongs to another backend");
  return packed->packed;
}

}  // namespace heirloom::cpu

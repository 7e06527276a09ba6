#include "cpu/family.h"

#include <cstring>
#include <limits>

namespace heirloom::cpu {

int small(int64_t n) {
  CHECK(n >= 0 && n <= std::numeric_limits<int>::max(), "a size of " + str(n) + " is beyond the kernels");
  return static_cast<int>(n);
}

Shape with_channels(Shape shape, int64_t channels) {
  shape.dims.back() = channels;
  return shape;
}

void check_picture(const char* op, const Tensor& x) {
  CHECK(x.shape.rank() == 3 && x.shape[0] == 3, std::string(op) + ": " + str(x.shape) + " is not [3, H, W]");
}

void Family::check_map(const char* op, const Tensor& x) const {
  check_cancelled();
  CHECK(x.shape.rank() == 3, std::string(op) + ": " + str(x.shape) + " is not [H, W, C]");
}

Tensor Family::like(const Tensor& x) const {
  check_cancelled();
  return empty(x.shape);
}

Tensor Family::copy(const Tensor& x) const {
  Tensor out = empty(x.shape);
  std::memcpy(out.data(), x.data(), x.bytes());
  return out;
}

Tensor Family::stacked(const std::vector<Tensor>& parts) const {
  check_cancelled();
  CHECK(!parts.empty(), "stack_rows: nothing to join");
  Shape shape = parts[0].shape;
  shape.dims[0] = 0;
  for (const Tensor& part : parts) {
    Shape expected = parts[0].shape;
    expected.dims[0] = part.shape[0];
    CHECK(part.shape == expected, "stack_rows: " + str(part.shape) + " does not go with " + str(parts[0].shape));
    shape.dims[0] += part.shape[0];
  }
  Tensor out = empty(shape);
  float* to = out.data();
  for (const Tensor& part : parts) {
    std::memcpy(to, part.data(), part.bytes());
    to += part.count();
  }
  return out;
}

}  // namespace heirloom::cpu

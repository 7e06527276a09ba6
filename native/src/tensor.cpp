#include "tensor.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace heirloom {

int64_t Shape::count() const {
  int64_t n = 1;
  for (int64_t d : dims) n *= d;
  return n;
}

std::string str(const Shape& shape) {
  std::string text = "[";
  for (int i = 0; i < shape.rank(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Tensor Tensor::heap(const Shape& shape) {
  constexpr size_t kAlign = 64;
  const size_t bytes = std::max<size_t>(static_cast<size_t>(shape.count()) * sizeof(float), 1);
  void* memory = std::aligned_alloc(kAlign, (bytes + kAlign - 1) / kAlign * kAlign);
  CHECK_AS("out-of-memory", memory != nullptr, say(sentences::kMemoryRefused, {{"size", str(bytes >> 20)}}));
  return Tensor(shape, std::shared_ptr<float>(static_cast<float*>(memory), [](float* p) { std::free(p); }));
}

Tensor Tensor::zeros(const Shape& shape) {
  Tensor t = heap(shape);
  std::memset(t.data(), 0, t.bytes());
  return t;
}

Tensor Tensor::of(const Shape& shape, const std::vector<float>& values) {
  CHECK(shape.count() == static_cast<int64_t>(values.size()),
        "Tensor::of: " + str(values.size()) + " values do not fill " + str(shape));
  Tensor t = heap(shape);
  if (!values.empty()) std::memcpy(t.data(), values.data(), t.bytes());
  return t;
}

Tensor Tensor::reshape(const Shape& to) const {
  CHECK(to.count() == count(), "reshape: " + str(shape) + " does not hold as many numbers as " + str(to));
  return Tensor(to, dtype_, where_, data_);
}

Tensor Tensor::row_range(int64_t first, int64_t n) const {
  CHECK(shape.rank() >= 1 && first >= 0 && n >= 0 && first + n <= shape[0],
        "row_range: rows " + str(first) + " to " + str(first + n) + " of " + str(shape));
  Shape part = shape;
  part.dims[0] = n;
  const int64_t row = shape[0] ? count() / shape[0] : 0;
  return Tensor(part, dtype_, where_,
                std::shared_ptr<void>(
                    data_, static_cast<char*>(data_.get()) + static_cast<size_t>(first * row) * bytes_of(dtype_)));
}

void Tensor::no_floats() const {
  fail("internal", "a tensor " + str(shape) + " of " + name_of(dtype_) +
                       (where_ == Where::device ? " on the device" : "") +
                       " was used as numbers on the host: download it first");
}

}  // namespace heirloom

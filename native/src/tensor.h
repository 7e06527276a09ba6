// A float32 tensor: a shape and a shared, contiguous buffer. Copying a Tensor copies the handle, not the numbers.
// The buffer belongs to whoever made it: the backend's pool, a memory-mapped weight file, or the heap.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "check.h"

namespace heirloom {

struct Shape {
  std::vector<int64_t> dims;

  Shape() = default;
  Shape(std::initializer_list<int64_t> list) : dims(list) {}
  explicit Shape(std::vector<int64_t> list) : dims(std::move(list)) {}

  int rank() const { return static_cast<int>(dims.size()); }
  // Negative axes count from the end.
  int64_t operator[](int axis) const { return dims[static_cast<size_t>(axis < 0 ? axis + rank() : axis)]; }
  int64_t count() const;                              // product of all; 1 for a scalar
  int64_t rows() const { return dims.empty() ? 1 : count() / (dims.back() > 0 ? dims.back() : 1); }  // all but the last axis
  bool operator==(const Shape& other) const { return dims == other.dims; }
  bool operator!=(const Shape& other) const { return dims != other.dims; }
};

std::string str(const Shape& shape);                  // "[2, 128, 256]"

class Tensor {
 public:
  Shape shape;

  Tensor() = default;
  Tensor(Shape shape_, std::shared_ptr<float> data) : shape(std::move(shape_)), data_(std::move(data)) {}

  static Tensor heap(const Shape& shape);             // uninitialised, on the heap
  static Tensor zeros(const Shape& shape);            // zeros, on the heap
  static Tensor of(const Shape& shape, const std::vector<float>& values);

  bool defined() const { return data_ != nullptr; }
  int64_t count() const { return shape.count(); }
  int64_t rows() const { return shape.rows(); }
  int64_t channels() const { return shape[-1]; }      // the last axis
  size_t bytes() const { return static_cast<size_t>(count()) * sizeof(float); }

  // Host pointers; only the CPU backend, weight loading and tests use them.
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  const std::shared_ptr<float>& storage() const { return data_; }

  Tensor reshape(const Shape& to) const;              // same buffer, same count
  Tensor row_range(int64_t first, int64_t n) const;   // entries first .. first+n of the first axis; same buffer

 private:
  std::shared_ptr<float> data_;
};

}  // namespace heirloom

// A tensor: a shape, a number format and a shared, contiguous buffer, on the host or on a backend's device. Copying a Tensor copies the handle,
// not the numbers. The buffer belongs to whoever made it: the backend's pool, a memory-mapped weight file, or the heap.
// Weights and whatever the CPU computes with are float32 on the host; other formats and places are the backends' own affair.
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
  int64_t count() const;  // product of all; 1 for a scalar
  int64_t rows() const {
    return dims.empty() ? 1 : count() / (dims.back() > 0 ? dims.back() : 1);
  }  // all but the last axis
  bool operator==(const Shape& other) const { return dims == other.dims; }
  bool operator!=(const Shape& other) const { return dims != other.dims; }
};

std::string str(const Shape& shape);  // "[2, 128, 256]"

enum class DType { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };
size_t bytes_of(DType dtype);
const char* name_of(DType dtype);

enum class Where { host, device };

class Tensor {
 public:
  Shape shape;

  Tensor() = default;
  Tensor(Shape shape_, std::shared_ptr<float> data)
      : shape(std::move(shape_)),
        floats_(data.get()),
        data_(std::move(data)) {}
  Tensor(Shape shape_, DType dtype, Where where, std::shared_ptr<void> data)
      : shape(std::move(shape_)),
        floats_(dtype == DType::f32 && where == Where::host ? static_cast<float*>(data.get()) : nullptr),
        data_(std::move(data)),
        dtype_(dtype),
        where_(where) {}

  static Tensor heap(const Shape& shape);  // uninitialised, on the heap
  static Tensor zeros(const Shape& shape);  // zeros, on the heap
  static Tensor of(const Shape& shape, const std::vector<float>& values);

  bool defined() const { return data_ != nullptr; }
  int64_t count() const { return shape.count(); }
  int64_t rows() const { return shape.rows(); }
  int64_t channels() const { return shape[-1]; }  // the last axis
  size_t bytes() const { return static_cast<size_t>(count()) * bytes_of(dtype_); }
  DType dtype() const { return dtype_; }
  Where where() const { return where_; }

  // Float32 on the host, or nothing: only the CPU backend, weight loading and tests look at numbers. Refuses device tensors.
  float* data() {
    if (!floats_ && data_) no_floats();
    return floats_;
  }
  const float* data() const { return const_cast<Tensor*>(this)->data(); }
  void* raw() const { return data_.get(); }  // for the backend that made it
  bool same_buffer(const Tensor& other) const { return data_.get() == other.data_.get(); }

  Tensor reshape(const Shape& to) const;  // same buffer, same count
  Tensor row_range(int64_t first, int64_t n) const;  // entries first .. first+n of the first axis; same buffer

 private:
  [[noreturn]] void no_floats() const;
  float* floats_ = nullptr;  // data_, where it holds float32 on the host
  std::shared_ptr<void> data_;
  DType dtype_ = DType::f32;
  Where where_ = Where::host;
};

}  // namespace heirloom

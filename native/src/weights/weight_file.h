// The tensors of one or several weight files by name, whatever their container, expanded to float32 when asked for.
// Readers (safetensors.h, torch_zip.h) have checked every offset before an entry appears here.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weights/mapped_file.h"
#include "tensor.h"

namespace heirloom {

float float_from_half(uint16_t bits);
inline float float_from_bfloat(uint16_t bits) {
  union {
    uint32_t u;
    float f;
  } x = {static_cast<uint32_t>(bits) << 16};
  return x.f;
}

// Rounds half to even, as torch does. Infinities and NaN stay what they are.
uint16_t bfloat_from_float(float v);
Tensor rounded_to_bfloat(const Tensor& t);            // a copy whose values are all bfloat16 numbers

// One stored tensor. bytes points into file; strides (in elements) is empty when the elements lie in order.
struct Entry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::vector<int64_t> strides;
  const uint8_t* bytes = nullptr;
  std::shared_ptr<const MappedFile> file;
};

// float32 values of an entry: a view of the file where it holds aligned float32 in order, else a copy.
Tensor as_float(const Entry& entry);

class Weights {
 public:
  // Takes the container from the content, not from the name. Throws weights-missing, weights-corrupt.
  void open(const std::string& path);
  void add(const Entry& entry);                       // refuses a name that is already there

  bool has(const std::string& name) const { return entries_.count(name) != 0; }
  const Entry& entry(const std::string& name) const;  // weights-missing when absent
  const std::map<std::string, Entry>& entries() const { return entries_; }
  size_t parameters() const;
  // The tensors whose names start with prefix, under the rest of their names.
  Weights within(const std::string& prefix) const;
  // From now on get() gives the values as bfloat16 would keep them, as the reference and an import do.
  void round_to_bfloat() { rounds_ = true; }
  Tensor get(const std::string& name) const {
    return rounds_ ? rounded_to_bfloat(as_float(entry(name))) : as_float(entry(name));
  }
  // weights-unsupported when the shape is another.
  Tensor get(const std::string& name, const Shape& shape) const;
  // A tensor that may be absent: undefined then.
  Tensor get_or_none(const std::string& name, const Shape& shape) const {
    return has(name) ? get(name, shape) : Tensor();
  }

 private:
  std::map<std::string, Entry> entries_;
  std::string files_;                                 // names of the opened files, for sentences
  bool rounds_ = false;
};

// The name of a weight file as model.json states it: of a file in its own folder. weights-corrupt where it is a path.
std::string weights_name(const std::string& name, const std::string& where);

// How many elements a shape has, or -1 when that overflows or a dimension is negative.
int64_t checked_count(const std::vector<int64_t>& dims);

}  // namespace heirloom

#include "weights/weight_file.h"

#include <cstring>
#include <limits>

#include "weights/safetensors.h"
#include "weights/torch_zip.h"

namespace heirloom {

size_t bytes_of(DType dtype) {
  switch (dtype) {
    case DType::f64:
    case DType::i64: return 8;
    case DType::f32:
    case DType::i32: return 4;
    case DType::f16:
    case DType::bf16:
    case DType::i16: return 2;
    default: return 1;
  }
}

const char* name_of(DType dtype) {
  switch (dtype) {
    case DType::f64: return "F64";
    case DType::f32: return "F32";
    case DType::f16: return "F16";
    case DType::bf16: return "BF16";
    case DType::i64: return "I64";
    case DType::i32: return "I32";
    case DType::i16: return "I16";
    case DType::i8: return "I8";
    case DType::u8: return "U8";
    default: return "BOOL";
  }
}

float float_from_half(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16, exponent = bits >> 10 & 31, fraction = bits & 1023;
  union {
    uint32_t u;
    float f;
  } x;
  if (exponent == 0) {                                // zero and subnormals: fraction * 2^-24
    x.f = static_cast<float>(fraction) * 5.9604644775390625e-08f;
    x.u |= sign;
  } else if (exponent == 31) {
    x.u = sign | 0x7f800000u | fraction << 13;
  } else {
    x.u = sign | (exponent + 112) << 23 | fraction << 13;
  }
  return x.f;
}

uint16_t bfloat_from_float(float v) {
  uint32_t bits;
  std::memcpy(&bits, &v, sizeof bits);
  const bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  return static_cast<uint16_t>(is_nan ? bits >> 16 | 64 : (bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

Tensor rounded_to_bfloat(const Tensor& t) {
  Tensor out = Tensor::heap(t.shape);
  for (int64_t i = 0; i < t.count(); ++i) out.data()[i] = float_from_bfloat(bfloat_from_float(t.data()[i]));
  return out;
}

int64_t checked_count(const std::vector<int64_t>& dims) {
  int64_t n = 1;
  for (int64_t d : dims)
    if (d < 0) return -1;
  for (int64_t d : dims)
    if (d == 0) return 0;
  for (int64_t d : dims) {
    if (n > std::numeric_limits<int64_t>::max() / d) return -1;
    n *= d;
  }
  return n;
}

namespace {

template <class T>
T read(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

float element(DType dtype, const uint8_t* p) {
  switch (dtype) {
    case DType::f64: return static_cast<float>(read<double>(p));
    case DType::f32: return read<float>(p);
    case DType::f16: return float_from_half(read<uint16_t>(p));
    case DType::bf16: return float_from_bfloat(read<uint16_t>(p));
    case DType::i64: return static_cast<float>(read<int64_t>(p));
    case DType::i32: return static_cast<float>(read<int32_t>(p));
    case DType::i16: return static_cast<float>(read<int16_t>(p));
    case DType::i8: return static_cast<float>(read<int8_t>(p));
    default: return static_cast<float>(*p);
  }
}

}  // namespace

Tensor as_float(const Entry& entry) {
  const int64_t count = entry.shape.count();
  const size_t size = bytes_of(entry.dtype);
  const bool in_order = entry.strides.empty();
  if (in_order && entry.dtype == DType::f32 && count > 0 &&
      reinterpret_cast<uintptr_t>(entry.bytes) % alignof(float) == 0) {
    // The mapping is read-only and the handle keeps it alive; nothing writes to weights.
    float* view = const_cast<float*>(reinterpret_cast<const float*>(entry.bytes));
    std::shared_ptr<const MappedFile> file = entry.file;
    return Tensor(entry.shape, std::shared_ptr<float>(view, [file](float*) {}));
  }
  Tensor out = Tensor::heap(entry.shape);
  float* to = out.data();
  if (in_order &&
      entry.dtype ==
          DType::
              bf16) {  // most of a large model: worth a loop that vectorises, and the file's pages are not needed again
    for (int64_t i = 0; i < count; ++i) to[i] = float_from_bfloat(read<uint16_t>(entry.bytes + 2 * i));
    if (entry.file && count > 1 << 20) entry.file->release(entry.bytes, 2 * static_cast<size_t>(count));
    return out;
  }
  if (in_order) {
    for (int64_t i = 0; i < count; ++i) to[i] = element(entry.dtype, entry.bytes + static_cast<size_t>(i) * size);
    return out;
  }
  const int rank = entry.shape.rank();
  std::vector<int64_t> index(static_cast<size_t>(rank), 0);
  for (int64_t i = 0; i < count; ++i) {
    int64_t offset = 0;
    for (int axis = 0; axis < rank; ++axis)
      offset += index[static_cast<size_t>(axis)] * entry.strides[static_cast<size_t>(axis)];
    to[i] = element(entry.dtype, entry.bytes + static_cast<size_t>(offset) * size);
    for (int axis = rank - 1; axis >= 0 && ++index[static_cast<size_t>(axis)] == entry.shape[axis]; --axis)
      index[static_cast<size_t>(axis)] = 0;
  }
  return out;
}

void Weights::open(const std::string& path) {
  std::shared_ptr<const MappedFile> file = MappedFile::open(path);
  std::vector<Entry> found = looks_like_torch(*file) ? read_torch(file) : read_safetensors(file);
  for (Entry& entry : found) add(entry);
  files_ += (files_.empty() ? "" : ", ") + path;
}

void Weights::add(const Entry& entry) {
  const auto placed = entries_.emplace(entry.name, entry);
  CHECK_AS(
      "weights-corrupt", placed.second,
      say(sentences::kTensorTwice, {{"tensor", entry.name}, {"file", entry.file ? entry.file->path() : "memory"}}));
}

const Entry& Weights::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  CHECK_AS("weights-missing", found != entries_.end(),
           say(sentences::kTensorsMissing, {{"tensor", name}, {"where", files_.empty() ? "memory" : files_}}));
  return found->second;
}

size_t Weights::parameters() const {
  size_t n = 0;
  for (const auto& item : entries_) n += static_cast<size_t>(item.second.shape.count());
  return n;
}

Tensor Weights::get(const std::string& name, const Shape& shape) const {
  const Entry& found = entry(name);
  CHECK_AS("weights-unsupported", found.shape == shape,
           say(sentences::kTensorOther, {{"tensor", name},
                                         {"file", found.file ? found.file->path() : "memory"},
                                         {"found", str(found.shape)},
                                         {"wanted", str(shape)}}));
  return get(name);
}

Weights Weights::within(const std::string& prefix) const {
  Weights part;
  part.files_ = files_;
  part.rounds_ = rounds_;
  for (auto at = entries_.lower_bound(prefix); at != entries_.end() && at->first.compare(0, prefix.size(), prefix) == 0;
       ++at) {
    Entry entry = at->second;
    entry.name = at->first.substr(prefix.size());
    part.entries_.emplace(entry.name, entry);
  }
  return part;
}

std::string weights_name(const std::string& name, const std::string& where) {
  CHECK_AS("weights-corrupt",
           !name.empty() && name.find_first_of("/\\:") == std::string::npos && name[0] != '.' &&
               name.find('\0') == std::string::npos,
           where + ": \"weights\" must be the name of a file in the same folder.");
  return name;
}

}  // namespace heirloom

// Arrays in device memory for the kernel tests, filled from the host and read back, and numbers rounded as the device stores them.
#pragma once
#include <cstring>
#include <vector>

#include "check_test.h"
#include "cuda/features/elements.h"
#include "test_device.h"

namespace check {

namespace device = ::heirloom::HL_CUDA;

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count_(count) {
    void* memory = nullptr;
    device::check_cuda(device::cudaMalloc(&memory, std::max<size_t>(count, 1) * sizeof(T)), "give memory to a test");
    data_ = static_cast<T*>(memory);
  }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    device::check_cuda(device::cudaMemcpy(data_, values.data(), count_ * sizeof(T), device::cudaMemcpyHostToDevice),
                       "fill a test's memory");
  }
  ~DeviceArray() { device::cudaFree(data_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  T* data() { return data_; }
  std::vector<T> host() const {
    std::vector<T> values(count_);
    device::check_cuda(device::cudaMemcpy(values.data(), data_, count_ * sizeof(T), device::cudaMemcpyDeviceToHost),
                       "read a test's memory");
    return values;
  }

 private:
  T* data_;
  size_t count_;
};

using Bytes = std::vector<unsigned char>;

// Floats as the device stores them, and back.
inline Bytes stored(device::Type type, const std::vector<float>& values) {
  Bytes bytes(values.size() * static_cast<size_t>(device::size_of(type)));
  device::with_type(type, [&](auto element) {
    using T = decltype(element);
    for (size_t i = 0; i < values.size(); ++i) {
      const T x = device::from_float<T>(values[i]);
      std::memcpy(bytes.data() + i * sizeof(T), &x, sizeof(T));
    }
  });
  return bytes;
}
inline std::vector<float> read(device::Type type, const Bytes& bytes) {
  std::vector<float> values(bytes.size() / static_cast<size_t>(device::size_of(type)));
  device::with_type(type, [&](auto element) {
    using T = decltype(element);
    for (size_t i = 0; i < values.size(); ++i) {
      T x;
      std::memcpy(&x, bytes.data() + i * sizeof(T), sizeof(T));
      values[i] = device::to_float(x);
    }
  });
  return values;
}
// What is left of floats after storing them.
inline std::vector<float> rounded(device::Type type, const std::vector<float>& values) {
  return read(type, stored(type, values));
}

// Half the distance between neighbours of 1: the relative error of storing.
inline double storage_error(device::Type type) {
  return type == device::Type::f32 ? 0x1p-24 : type == device::Type::bf16 ? 0x1p-8 : 0x1p-11;
}

inline std::vector<float> random_floats(Random& random, int64_t count, float size = 1) {
  std::vector<float> values(static_cast<size_t>(count));
  for (float& x : values) x = random.uniform() * size;
  return values;
}

constexpr device::Type kTypes[] = {device::Type::f32, device::Type::bf16, device::Type::f16};

}  // namespace check

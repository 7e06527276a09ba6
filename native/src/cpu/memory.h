// The CPU backend's pool of tensor buffers: what a chunk frees, the next one takes. Thread safe.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "tensor.h"

namespace heirloom::cpu {

class Memory : public std::enable_shared_from_this<Memory> {
 public:
  ~Memory();
  Tensor take(const Shape& shape);  // uninitialised, on a 64-byte boundary; throws out-of-memory with numbers
  void trim();  // free the buffers that nobody uses
  size_t held() const;  // in use or not
  size_t peak() const;  // the most in use at one time

 private:
  void give(float* memory, size_t bytes);
  mutable std::mutex mutex_;
  std::multimap<size_t, float*> free_;
  size_t held_ = 0, used_ = 0, peak_ = 0;
};

}  // namespace heirloom::cpu

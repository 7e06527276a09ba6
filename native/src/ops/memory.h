// Operations of memory and of the stream of work: tensors come from here and go back to the computer.
#pragma once
#include <cstddef>
#include <functional>
#include <string>

#include "tensor.h"

namespace heirloom {

class MemoryOps {
 public:
  virtual ~MemoryOps() = default;

  virtual Tensor empty(const Shape& shape) = 0;                                  // from the pool, uninitialised
  virtual Tensor zeros(const Shape& shape) = 0;
  virtual Tensor upload(const Tensor& host) = 0;  // host to device, exactly; the CPU copies
  virtual Tensor upload_tokens(const Tensor& host) {
    return upload(host);
  }  // the same, as the backend keeps tokens and feature maps
  virtual Tensor download(const Tensor& device) = 0;  // device to host; the CPU copies
  virtual size_t pool_bytes() const = 0;  // held by the pool now, in use or not
  virtual size_t peak_bytes() const = 0;  // the most that was in use at one time
  virtual void trim() = 0;  // give back what is not in use
  virtual void keep_within(size_t /*bytes*/) {}  // from now on unused memory is given back before the pool holds more
  virtual int threads() const = 0;
  virtual void check_cancelled() const = 0;
  // Runs body, operations whose results nobody looks at before it ends. A card may start them as one CUDA graph when a body of this key has run before.
  virtual void replayable(const std::string& /*key*/, const std::function<void()>& body) { body(); }
};

}  // namespace heirloom

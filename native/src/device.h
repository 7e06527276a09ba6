// Which device computes, and how: asked about before anything is allocated there, and made into the operations of one stream.
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "heirloom.h"
#include "tensor.h"

namespace heirloom {

struct Ops;

struct DeviceOptions {
  std::string id = "auto";  // "auto" (the first graphics card, else the processor), "cpu" or "cuda:N"
  std::string precision =
      "auto";  // of a card: "auto", "fp32", "bf16", "fp16", "fp8" (bf16 with large products of eight bits); the
  // processor computes in fp32 whatever is asked, and holds everything
  bool small_cache = false;  // keys and values of earlier frames rest in eight bits
  bool streamed_weights = false;  // layers wait in the computer's memory and come one by one
  bool cuda_graphs = true;  // work that comes again is started as one graph; false: launch by launch, for measuring
};
inline DeviceOptions device_of(const LoadOptions& options) { return {options.device, options.precision}; }

// threads 0: all cores. cancelled may be null; the caller keeps it alive. Throws bad-argument for a device or a precision that is not there.
std::unique_ptr<Ops> make_ops(const DeviceOptions& device, int threads, const std::atomic<bool>* cancelled);

// What has to be known about a device before anything is allocated there.
struct DeviceFacts {
  bool is_separate = false;  // a card with memory of its own
  size_t free = 0;  // bytes, of the card; 0 for the processor
  DType number = DType::f32;  // of tokens and feature maps, and of weights
  size_t product_bytes = 4;  // of one number of a weight that pack_large_linear made
  size_t overhead = 0;  // bytes that every stream takes there, whatever it does
  std::string small_cache;  // how a small cache keeps keys and values: "int8"; "": not offered
  bool streams_weights = false;  // streamed weights are offered
};
DeviceFacts device_facts(const DeviceOptions& device);

// A further device, for tests: the kernels on the processor.
struct Backend {
  std::function<DeviceFacts(const DeviceOptions& options)> facts;
  std::function<std::unique_ptr<Ops>(const DeviceOptions& options, const std::atomic<bool>* cancelled)> make;
};
void add_device(const std::string& id, const Backend& backend);

}  // namespace heirloom

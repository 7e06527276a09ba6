// The operations the models are written in, in the papers' words, by family (ops/). A backend implements them; models see nothing else.
// Shapes: tokens [..., D] (any leading axes, D last); feature maps [H, W, C] channels last; pictures [3, H, W] planar R'G'B'.
// Every call returns a new tensor unless it says "in place". Every call first looks at the cancel flag and throws Error("cancelled").
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "ops/attention.h"
#include "ops/features.h"
#include "ops/memory.h"
#include "ops/pictures.h"
#include "ops/products.h"

namespace heirloom {

// What one stream computes with: the families of one backend, which share its memory and its stream of work. A new family is a header of ops/, a
// member here, and a file in every backend.
struct Ops {
  MemoryOps& memory;
  ProductOps& products;
  FeatureOps& features;
  PictureOps& pictures;
  AttentionOps& attention;
  std::shared_ptr<void> backend;                      // owns the families
};

// device: "auto" (the first graphics card, else the processor), "cpu" or "cuda:N". Words may follow after spaces: a precision of "auto", "fp32",
// "bf16", "fp16", "fp8" (bf16 with large products of eight bits), and ways of holding of a card: "small-cache", "streamed-weights". So "cuda:0 bf16 small-cache". The processor computes in fp32
// whatever is asked and holds everything. threads 0: all cores. cancelled may be null; the caller keeps it alive.
std::unique_ptr<Ops> make_ops(const std::string& device, int threads, const std::atomic<bool>* cancelled);

// What has to be known about a device before anything is allocated there.
struct DeviceFacts {
  bool is_separate = false;                           // a card with memory of its own
  size_t free = 0;                                    // bytes, of the card; 0 for the processor
  DType number = DType::f32;                          // of tokens and feature maps, and of weights
  size_t product_bytes = 4;                           // of one number of a weight that pack_large_linear made
  size_t overhead = 0;                                // bytes that every stream takes there, whatever it does
  std::string small_cache;                            // how "small-cache" keeps keys and values: "int8"; "": not offered
  bool streams_weights = false;                       // "streamed-weights" is offered
};
DeviceFacts device_facts(const std::string& device);  // as in make_ops

// A further device, for tests: the kernels on the processor.
struct Backend {
  std::function<DeviceFacts(const std::string& words)> facts;      // words: what follows the device's id
  std::function<std::unique_ptr<Ops>(const std::string& words, const std::atomic<bool>* cancelled)> make;
};
void add_device(const std::string& device, const Backend& backend);

}  // namespace heirloom

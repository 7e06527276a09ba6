#include "memory.h"

#include <algorithm>
#include <cstdlib>

namespace heirloom::cpu {

namespace {
constexpr size_t kRound = 4096;

float* allocate(size_t bytes) { return static_cast<float*>(std::aligned_alloc(64, bytes)); }
}  // namespace

Memory::~Memory() { trim(); }

Tensor Memory::take(const Shape& shape) {
  const size_t wanted =
      (std::max<size_t>(static_cast<size_t>(shape.count()) * sizeof(float), 1) + kRound - 1) / kRound * kRound;
  float* memory = nullptr;
  size_t bytes = wanted;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto fit = free_.lower_bound(wanted);
    if (fit != free_.end() &&
        fit->first <= wanted + wanted / 4) {   // a little too large is fine, much too large wastes memory
      bytes = fit->first;
      memory = fit->second;
      free_.erase(fit);
    }
  }
  const bool is_new = memory == nullptr;
  if (is_new) memory = allocate(wanted);
  if (!memory) {
    trim();
    memory = allocate(wanted);
  }
  CHECK_AS("out-of-memory", memory != nullptr,
           say(sentences::kMemoryHeld, {{"size", str(wanted >> 20)}, {"held", str(held() >> 20)}}));
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_new) held_ += bytes;
    used_ += bytes;
    peak_ = std::max(peak_, used_);
  }
  std::shared_ptr<Memory> self = shared_from_this();
  return Tensor(shape, std::shared_ptr<float>(memory, [self, bytes](float* p) { self->give(p, bytes); }));
}

void Memory::give(float* memory, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  free_.emplace(bytes, memory);
  used_ -= bytes;
}

void Memory::trim() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& item : free_) {
    held_ -= item.first;
    std::free(item.second);
  }
  free_.clear();
}

size_t Memory::held() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_;
}

size_t Memory::peak() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return peak_;
}

}  // namespace heirloom::cpu

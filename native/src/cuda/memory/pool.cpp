#include "cuda/memory/pool.h"

#include <algorithm>
#include <iterator>

namespace heirloom::HL_CUDA {

namespace {

// Small buffers in steps of 512 bytes, large ones of 64 KiB: like sizes meet again.
size_t rounded_up(size_t bytes) {
  const size_t step = bytes < (1 << 20) ? 512 : 64 << 10;
  return (std::max<size_t>(bytes, 1) + step - 1) / step * step;
}

}  // namespace

Pool::~Pool() { trim(); }

// Null if the limit or the card says no.
void* Pool::allocate(size_t bytes) {
  if (limit_ && (bytes > limit_ || held_ > limit_ - bytes)) return nullptr;
  void* memory = nullptr;
  cudaSetDevice(card_);
  if (cudaMalloc(&memory, bytes) != cudaSuccess) {
    cudaGetLastError();
    return nullptr;
  }
  held_ += bytes;
  return memory;
}

std::shared_ptr<void> Pool::take(size_t wanted) {
  size_t bytes = rounded_up(wanted);
  void* memory = nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto fit = free_.lower_bound(bytes);
    if (fit != free_.end() &&
        fit->first <= bytes + bytes / 4) {     // a little too large is fine, much too large wastes memory
      bytes = fit->first;
      memory = fit->second;
      free_.erase(fit);
    } else {
      if (wanted_ && held_ + bytes > wanted_) drop_unused(wanted_ > bytes ? wanted_ - bytes : 0);
      memory = allocate(bytes);
    }
  }
  if (!memory) {
    trim();
    std::lock_guard<std::mutex> lock(mutex_);
    memory = allocate(bytes);
    CHECK_AS("out-of-memory", memory != nullptr,
             limit_ ? say(sentences::kMemoryCardLimit,
                          {{"size", str(bytes >> 20)}, {"held", str(held_ >> 20)}, {"limit", str(limit_ >> 20)}})
                    : say(sentences::kMemoryCard, {{"size", str(bytes >> 20)}, {"held", str(held_ >> 20)}}));
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    used_ += bytes;
    peak_ = std::max(peak_, used_);
  }
  std::shared_ptr<Pool> self = shared_from_this();
  return std::shared_ptr<void>(memory, [self, bytes](void* p) { self->give(p, bytes); });
}

void Pool::give(void* memory, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  free_.emplace(bytes, memory);
  used_ -= bytes;
}

void Pool::trim() {
  std::lock_guard<std::mutex> lock(mutex_);
  drop_unused(0);
}

void Pool::keep_within(size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  wanted_ = bytes;
}

// The largest first, until no more than so much is held.
void Pool::drop_unused(size_t until) {
  if (free_.empty() || held_ <= until) return;
  if (notify_) notify_();
  cudaSetDevice(card_);
  while (!free_.empty() && held_ > until) {
    const auto largest = std::prev(free_.end());
    held_ -= largest->first;
    cudaFree(largest->second);                        // waits until the card is done with it
    free_.erase(largest);
  }
}

size_t Pool::held() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_;
}

size_t Pool::peak() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return peak_;
}

}  // namespace heirloom::HL_CUDA

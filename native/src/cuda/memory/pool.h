// Device memory of one stream of work: what an op frees, the next one takes. All work that touches it is ordered by one CUDA stream, so a buffer
// may be handed on before the work that used it has run.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  // limit: bytes the pool may hold; 0: what the card has
  Pool(int card, size_t limit) : card_(card), limit_(limit) {}
  ~Pool();
  std::shared_ptr<void> take(size_t bytes);  // uninitialised, on 256 bytes; throws out-of-memory with numbers
  void trim();  // give back what nobody uses; waits for the card
  void keep_within(size_t bytes);  // from now on what nobody uses is given back before more than so much is held
  void before_freeing(std::function<void()> notify) {
    notify_ = std::move(notify);
  }  // called first by whoever makes it trim
  size_t held() const;  // in use or not
  size_t peak() const;  // the most in use at one time

 private:
  void* allocate(size_t bytes);
  void give(void* memory, size_t bytes);
  void drop_unused(size_t until);
  mutable std::mutex mutex_;
  std::multimap<size_t, void*> free_;
  std::function<void()> notify_;
  const int card_;
  const size_t limit_;
  size_t wanted_ = 0;  // of keep_within; 0: no such wish
  size_t held_ = 0, used_ = 0, peak_ = 0;
};

}  // namespace heirloom::HL_CUDA

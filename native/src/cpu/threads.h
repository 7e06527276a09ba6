// A pool of worker threads that stay alive between calls. Work is cut into items whose results do not depend on
// who computes them, so any number of threads gives the same bits. A cancel flag is looked at between items.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace heirloom::cpu {

class Pool {
 public:
  explicit Pool(int threads = 0);                    // 0: all cores. The caller's thread is one of them.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const;
  // While *flag is true, parallel_for stops between items and throws heirloom::Error("cancelled"). nullptr: never.
  void watch(const std::atomic<bool>* flag);
  void check_cancelled() const;                      // throws if the watched flag is set

  // fn(i) for every i in [0, n), in any order, on any thread; returns when all are done. What fn throws is thrown here.
  // Inside a worker a nested call runs in place. One caller at a time.
  template <class F>
  void parallel_for(int64_t n, F&& fn) {
    using Fn = std::remove_reference_t<F>;
    run(
        n, [](void* data, int64_t i) { (*static_cast<Fn*>(data))(i); },
        const_cast<void*>(static_cast<const void*>(&fn)));
  }

 private:
  void run(int64_t n, void (*call)(void*, int64_t), void* data);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heirloom::cpu

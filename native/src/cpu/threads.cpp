// The pool: workers sleep until a piece of work is posted, then take items from a shared counter until none is left.
#include "threads.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "../../include/heirloom.h"

namespace heirloom::cpu {

namespace {
thread_local bool inside_worker = false;             // a nested call runs in place

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}
}  // namespace

struct Pool::State {
  std::vector<std::thread> workers;
  std::mutex mutex;
  std::condition_variable posted, done;
  std::atomic<uint64_t> generation{0};               // counts the pieces of work posted
  bool stopping = false;
  bool open = false;                                 // the current piece may still be joined
  int active = 0;                                    // workers that have joined it and not finished

  void (*call)(void*, int64_t) = nullptr;
  void* data = nullptr;
  int64_t count = 0;
  std::atomic<int64_t> next{0};
  std::exception_ptr error;
  const std::atomic<bool>* cancel = nullptr;

  bool cancelled() const { return cancel && cancel->load(std::memory_order_relaxed); }

  // Takes items until there are none. Which thread takes which item does not matter: an item's result is its own.
  void work() {
    try {
      for (;;) {
        const int64_t i = next.fetch_add(1, std::memory_order_relaxed);
        if (i >= count || cancelled()) return;
        call(data, i);
      }
    } catch (...) {
      std::lock_guard<std::mutex> lock(mutex);
      if (!error) error = std::current_exception();
      next.store(count, std::memory_order_relaxed);
    }
  }

  void loop() {
    inside_worker = true;
    uint64_t seen = 0;
    for (;;) {
      // Work often comes in quick succession: a short spin saves the sleep and the wake-up.
      for (int i = 0; i < 2000 && generation.load(std::memory_order_acquire) == seen; ++i) pause_briefly();
      {
        std::unique_lock<std::mutex> lock(mutex);
        posted.wait(lock, [&] { return stopping || (open && generation.load(std::memory_order_relaxed) != seen); });
        if (stopping) return;
        seen = generation.load(std::memory_order_relaxed);
        ++active;
      }
      work();
      std::lock_guard<std::mutex> lock(mutex);
      if (--active == 0) done.notify_one();
    }
  }
};

Pool::Pool(int threads) : state_(new State) {
  if (threads <= 0) threads = int(std::thread::hardware_concurrency());
  if (threads < 1) threads = 1;
  try {
    for (int i = 1; i < threads; ++i) state_->workers.emplace_back([this] { state_->loop(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: go on with those there are, the result is the same.
  }
}

Pool::~Pool() {
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    state_->stopping = true;
  }
  state_->posted.notify_all();
  for (std::thread& t : state_->workers) t.join();
}

int Pool::threads() const { return int(state_->workers.size()) + 1; }

void Pool::watch(const std::atomic<bool>* flag) { state_->cancel = flag; }

void Pool::check_cancelled() const {
  if (state_->cancelled())
    throw Error("cancelled", "The work was cancelled. Nothing that was finished before is lost.");
}

void Pool::run(int64_t n, void (*call)(void*, int64_t), void* data) {
  if (n <= 0) return;
  check_cancelled();
  State& s = *state_;
  if (n == 1 || s.workers.empty() || inside_worker) {
    for (int64_t i = 0; i < n; ++i) {
      if (!inside_worker) check_cancelled();
      call(data, i);
    }
    return;
  }
  {
    std::lock_guard<std::mutex> lock(s.mutex);
    s.call = call;
    s.data = data;
    s.count = n;
    s.error = nullptr;
    s.open = true;
    s.next.store(0, std::memory_order_relaxed);
    s.generation.fetch_add(1, std::memory_order_release);
  }
  s.posted.notify_all();
  inside_worker = true;                              // for the time being the caller is a worker
  s.work();
  inside_worker = false;
  {
    // A worker that has not woken up by now is not waited for: on a busy machine that would cost more than it could have helped.
    std::unique_lock<std::mutex> lock(s.mutex);
    s.open = false;
    s.done.wait(lock, [&] { return s.active == 0; });
  }
  if (s.error) std::rethrow_exception(s.error);
  check_cancelled();
}

}  // namespace heirloom::cpu

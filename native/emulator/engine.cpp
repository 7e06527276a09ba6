#include "engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"
#include "fiber.h"

namespace heirloom::emulator {

thread_local Here* here = nullptr;

namespace {

constexpr unsigned char kPoison = 0xff;               // not a number in every float format
constexpr unsigned char kCanary = 0xa5;
constexpr size_t kGuard = 256, kArena = 256 << 10;
constexpr size_t kDynamic = 1024;  // where dynamic shared memory begins in the arena; a guard lies before it

struct Copy {
  void* shared;
  const void* global;
  size_t bytes, zeros;
  int group;
};

struct Lane : Here {
  int index = 0;  // in the block
  bool started = false;
  Fiber* fiber = nullptr;
  const char* waits = nullptr;  // for what; null: it does not wait
  uint32_t mask = 0;  // with which lanes, at a warp's meeting
  void* operands = nullptr;
  std::vector<Copy> copies;  // asked for, not arrived
  int groups = 0;  // committed so far
};

struct Meeting {  // lanes of a warp that wait for the rest of their mask
  const char* name;
  uint32_t mask, arrived;
};

struct StaticShared {
  const void* key;
  unsigned char* memory;
  size_t bytes;
};

uint64_t order = 0;
int wanted_threads = 0;
Device the_device;

uint64_t mixed(uint64_t z) {  // splitmix64
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

std::string text(const uint3& at) {
  return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ", " + std::to_string(at.z) + ")";
}

std::string hex(uint32_t mask) {
  std::string out = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[mask >> shift & 15];
  return out;
}

struct Launch {
  const char* kernel;
  dim3 grid, block;
  size_t dynamic_bytes;
  const std::function<void()>* body;
  int64_t blocks() const { return int64_t{grid.x} * grid.y * grid.z; }
};

// One core's work: the blocks it is given, one after the other. Its fibers and its shared memory are kept from block to block.
class Worker {
 public:
  Worker() : arena_(static_cast<unsigned char*>(std::aligned_alloc(1024, kArena))) {
    CHECK_AS("out-of-memory", arena_ != nullptr, "The emulator got no memory.");
  }
  ~Worker() { std::free(arena_); }

  void run(const Launch& launch, int64_t block);
  void work();

  // ---- on a lane's fiber ----
  void barrier(const char* name, int value);
  int sum() const { return sum_; }
  void meet(const char* name, uint32_t mask, void* operands, Meet combine);
  void wait_until(const char* name, const std::function<bool()>& is_true);
  void* static_memory(const void* key, size_t bytes, size_t alignment);
  void* dynamic_memory() { return arena_ + kDynamic; }
  void check(const char* name, const void* address, size_t bytes, size_t alignment) const;
  [[noreturn]] void trap(const std::string& why) const;

 private:
  static Lane& lane() { return *static_cast<Lane*>(here); }
  void begin(const Launch& launch, int64_t block);
  void leave(Fiber* from);
  void wait(Lane& lane, const char* name, uint32_t mask);
  void open_barrier();
  void wake_watchers();
  Fiber* idle_fiber();
  void guard(size_t at);
  void check_guards() const;
  std::string place() const { return std::string("kernel ") + launch_->kernel + ", block " + text(lanes_[0].blockIdx); }
  std::string stuck() const;

  const Launch* launch_ = nullptr;
  Fiber main_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  std::vector<Lane> lanes_;
  std::vector<std::vector<Meeting>> meetings_;  // of every warp
  std::vector<uint32_t> gone_;  // the lanes of every warp that have ended
  std::deque<Lane*> ready_;
  std::vector<std::pair<Lane*, const std::function<bool()>*>> watchers_;
  Lane* starting_ = nullptr;
  size_t ended_ = 0, at_barrier_ = 0;
  int adding_ = 0, sum_ = 0;
  std::exception_ptr error_;
  unsigned char* arena_;
  std::vector<StaticShared> statics_;
  std::vector<size_t> guards_;  // where the guards begin
  size_t used_ = 0;
};

thread_local std::unique_ptr<Worker> worker;

Worker& my_worker() {
  if (!worker) worker = std::make_unique<Worker>();
  return *worker;
}

void Worker::begin(const Launch& launch, int64_t block) {
  launch_ = &launch;
  const size_t threads = size_t{launch.block.x} * launch.block.y * launch.block.z;
  const unsigned gx = launch.grid.x, gy = launch.grid.y;
  const uint3 at = {static_cast<unsigned>(block % gx), static_cast<unsigned>(block / gx % gy),
                    static_cast<unsigned>(block / gx / gy)};
  if (lanes_.size() != threads) lanes_ = std::vector<Lane>(threads);
  for (size_t i = 0; i < threads; ++i) {
    Lane& lane = lanes_[i];
    const unsigned index = static_cast<unsigned>(i);
    lane.threadIdx = {index % launch.block.x, index / launch.block.x % launch.block.y,
                      index / launch.block.x / launch.block.y};
    lane.blockIdx = at;
    lane.blockDim = launch.block;
    lane.gridDim = launch.grid;
    lane.lane = static_cast<int>(i % kWarp);
    lane.index = static_cast<int>(i);
    lane.started = false;
    lane.fiber = nullptr;
    lane.waits = nullptr;
    lane.copies.clear();
    lane.groups = 0;
  }
  meetings_.assign((threads + kWarp - 1) / kWarp, {});
  gone_.assign(meetings_.size(), 0);
  idle_.clear();
  for (const auto& fiber : fibers_) idle_.push_back(fiber.get());
  ready_.clear();
  watchers_.clear();
  for (Lane& lane : lanes_) ready_.push_back(&lane);
  if (order) {
    uint64_t state = order ^ static_cast<uint64_t>(block) << 20;
    for (size_t i = threads; i > 1; --i) std::swap(ready_[i - 1], ready_[(state = mixed(state)) % i]);
  }
  ended_ = at_barrier_ = 0;
  adding_ = 0;
  error_ = nullptr;
  statics_.clear();
  guards_.clear();
  std::memset(arena_ + kDynamic, kPoison, launch.dynamic_bytes);
  guard(kDynamic - kGuard);
  guard(kDynamic + launch.dynamic_bytes);
}

void Worker::run(const Launch& launch, int64_t block) {
  begin(launch, block);
  leave(&main_);  // comes back when nobody can go on
  here = nullptr;
  if (!error_ && ended_ != lanes_.size()) error_ = std::make_exception_ptr(Error("internal", stuck()));
  if (error_) {  // fibers were left in the middle; they begin afresh
    for (const auto& fiber : fibers_) fiber->restart();
    std::rethrow_exception(error_);
  }
  check_guards();
}

// A fiber's life: run the lane it was given, then another one or rest.
void Worker::work() {
  for (;;) {
    Lane& lane = *starting_;
    here = &lane;
    try {
      (*launch_->body)();
      gone_[static_cast<size_t>(lane.index) / kWarp] |= 1u << lane.lane;
      ++ended_;
      if (at_barrier_ && at_barrier_ == lanes_.size() - ended_) open_barrier();
    } catch (...) { error_ = std::current_exception(); }
    idle_.push_back(lane.fiber);
    leave(lane.fiber);
  }
}

// Go on with whoever can; with run() if nobody can, or after an error.
void Worker::leave(Fiber* from) {
  Fiber* to = &main_;
  if (!error_ && ready_.empty()) wake_watchers();
  if (!error_ && !ready_.empty()) {
    Lane* next = ready_.front();
    ready_.pop_front();
    if (!next->started) {
      next->started = true;
      next->fiber = idle_fiber();
      starting_ = next;
    }
    to = next->fiber;
  }
  if (to != from) Fiber::change(*from, *to);
}

Fiber* Worker::idle_fiber() {
  if (idle_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>([] { worker->work(); }));
    return fibers_.back().get();
  }
  Fiber* fiber = idle_.back();
  idle_.pop_back();
  return fiber;
}

void Worker::wait(Lane& lane, const char* name, uint32_t mask) {
  lane.waits = name;
  lane.mask = mask;
  leave(lane.fiber);
  here = &lane;
}

void Worker::barrier(const char* name, int value) {
  Lane& me = lane();
  adding_ += value;
  ++at_barrier_;
  if (at_barrier_ == lanes_.size() - ended_) {
    open_barrier();
    return;
  }
  wait(me, name, 0);
}

void Worker::open_barrier() {
  sum_ = adding_;
  adding_ = 0;
  at_barrier_ = 0;
  const size_t first = ready_.size();
  for (Lane& lane : lanes_)
    if (lane.waits && !lane.mask) {
      lane.waits = nullptr;
      ready_.push_back(&lane);
    }
  if (order)
    for (size_t i = ready_.size(); i > first + 1; --i)
      std::swap(ready_[i - 1], ready_[first + mixed(order + i) % (i - first)]);
}

void Worker::wait_until(const char* name, const std::function<bool()>& is_true) {
  watchers_.emplace_back(&lane(), &is_true);
  wait(lane(), name, 1u << lane().lane);
}

void Worker::wake_watchers() {
  std::vector<std::pair<Lane*, const std::function<bool()>*>> still;
  for (const auto& watcher : watchers_) {
    if ((*watcher.second)()) {
      watcher.first->waits = nullptr;
      ready_.push_back(watcher.first);
    } else {
      still.push_back(watcher);
    }
  }
  watchers_ = still;
}

void Worker::meet(const char* name, uint32_t mask, void* operands, Meet combine) {
  Lane& me = lane();
  const size_t warp = static_cast<size_t>(me.index) / kWarp, first = warp * kWarp;
  const size_t lanes = std::min<size_t>(kWarp, lanes_.size() - first);
  if (lanes < kWarp) mask &= (1u << lanes) - 1;
  if (!(mask >> me.lane & 1))
    trap(std::string(name) + " with the mask " + hex(mask) + ", which lacks the calling lane");
  if (const uint32_t gone = mask & gone_[warp])
    trap(std::string(name) + " waits for thread " +
         text(lanes_[first + static_cast<size_t>(__builtin_ctz(gone))].threadIdx) + ", which has ended");
  std::vector<Meeting>& meetings = meetings_[warp];
  const auto found = std::find_if(meetings.begin(), meetings.end(), [&](const Meeting& m) { return m.mask == mask; });
  me.operands = operands;
  uint32_t arrived = 1u << me.lane;
  if (found != meetings.end()) {
    if (found->name != name && std::strcmp(found->name, name) != 0)
      trap(std::string(name) + ", while other lanes of the warp are at " + found->name);
    arrived |= found->arrived;
  }
  if (arrived != mask) {
    if (found != meetings.end()) found->arrived = arrived;
    else meetings.push_back({name, mask, arrived});
    wait(me, name, mask);
    return;
  }
  if (found != meetings.end()) meetings.erase(found);
  void* all[kWarp] = {};
  for (size_t i = 0; i < lanes; ++i)
    if (mask >> i & 1) all[i] = lanes_[first + i].operands;
  if (combine) combine(all, mask);
  for (size_t i = lanes; i-- > 0;)
    if ((mask >> i & 1) && &lanes_[first + i] != &me) {
      lanes_[first + i].waits = nullptr;
      ready_.push_front(&lanes_[first + i]);  // this warp first: its stacks are in the cache
    }
}

void Worker::guard(size_t at) {
  guards_.push_back(at);
  std::memset(arena_ + at, kCanary, kGuard);
  used_ = at + kGuard;
}

void* Worker::static_memory(const void* key, size_t bytes, size_t alignment) {
  for (const StaticShared& known : statics_)
    if (known.key == key) return known.memory;
  const size_t at = (used_ + alignment - 1) / alignment * alignment;
  if (at + bytes + kGuard > kArena) trap("more shared memory than a block can have");
  statics_.push_back({key, arena_ + at, bytes});
  std::memset(arena_ + at, kPoison, bytes);
  guard(at + bytes);
  return arena_ + at;
}

void Worker::check(const char* name, const void* address, size_t bytes, size_t alignment) const {
  const auto* at = static_cast<const unsigned char*>(address);
  bool inside = at >= arena_ + kDynamic && at + bytes <= arena_ + kDynamic + launch_->dynamic_bytes;
  for (const StaticShared& known : statics_)
    inside = inside || (at >= known.memory && at + bytes <= known.memory + known.bytes);
  if (!inside)
    trap(std::string(name) + " reaches outside the block's shared memory, at " +
         std::to_string(at - (arena_ + kDynamic)) + " of " + std::to_string(launch_->dynamic_bytes) + " dynamic bytes");
  if (reinterpret_cast<uintptr_t>(at) % alignment != 0)
    trap(std::string(name) + " at a shared address that is not a multiple of " + std::to_string(alignment));
}

void Worker::check_guards() const {
  for (size_t begin : guards_)
    for (size_t i = begin; i < begin + kGuard; ++i)
      CHECK(arena_[i] == kCanary, place() + ": shared memory was written outside its bounds, at " +
                                      std::to_string(static_cast<int64_t>(i) - static_cast<int64_t>(kDynamic)) +
                                      " of " + std::to_string(launch_->dynamic_bytes) + " dynamic bytes");
}

std::string Worker::stuck() const {
  std::string sentence = place() + ": no thread can go on.";
  const char* told = nullptr;
  for (const Lane& lane : lanes_) {
    if (!lane.waits || lane.waits == told) continue;  // one example of each kind
    told = lane.waits;
    sentence += " Thread " + text(lane.threadIdx) + " waits at " + lane.waits +
                (lane.mask ? " for the lanes " + hex(lane.mask) : "") + ".";
  }
  return sentence;
}

void Worker::trap(const std::string& why) const {
  fail("internal", place() + ", thread " + text(here->threadIdx) + ": " + why + ".");
}

// The threads that help run_grid. They take blocks until none is left.
class Crew {
 public:
  ~Crew() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      leaving_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(const Launch& launch, int helpers) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      while (static_cast<int>(threads_.size()) < helpers) threads_.emplace_back([this] { help(); });
      launch_ = &launch;
      next_ = 0;
      error_ = nullptr;
      wanted_ = helpers;
      ++turn_;
    }
    wake_.notify_all();
    take(launch);
    std::unique_lock<std::mutex> lock(mutex_);
    wanted_ = 0;  // who has not begun need not
    done_.wait(lock, [&] { return busy_ == 0; });
    launch_ = nullptr;
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void help() {
    uint64_t seen = 0;
    for (;;) {
      const Launch* launch = nullptr;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return leaving_ || (turn_ != seen && wanted_ > 0); });
        if (leaving_) return;
        seen = turn_;
        --wanted_;
        ++busy_;
        launch = launch_;
      }
      take(*launch);
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) done_.notify_all();
    }
  }

  void take(const Launch& launch) {
    try {
      for (int64_t block; (block = next_++) < launch.blocks();) my_worker().run(launch, block);
    } catch (...) {
      next_ = launch.blocks();
      std::lock_guard<std::mutex> lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<std::thread> threads_;
  const Launch* launch_ = nullptr;
  std::atomic<int64_t> next_{0};
  uint64_t turn_ = 0;
  int wanted_ = 0, busy_ = 0;
  bool leaving_ = false;
  std::exception_ptr error_;
};

}  // namespace

void block_barrier(const char* name) { worker->barrier(name, 0); }

int block_sum(const char* name, int value) {
  worker->barrier(name, value);
  return worker->sum();
}

void warp_meet(const char* name, uint32_t mask, void* operands, Meet combine) {
  worker->meet(name, mask, operands, combine);
}
void wait_until(const char* name, const std::function<bool()>& is_true) { worker->wait_until(name, is_true); }
void* static_shared(const void* key, size_t bytes, size_t alignment) {
  return worker->static_memory(key, bytes, alignment);
}
void* dynamic_shared() { return worker->dynamic_memory(); }
void check_shared(const char* name, const void* address, size_t bytes, size_t alignment) {
  worker->check(name, address, bytes, alignment);
}
void device_trap(const std::string& why) { worker->trap(why); }

void copy_later(void* shared, const void* global, size_t bytes, size_t zeros) {
  check_shared("cp.async", shared, bytes + zeros, bytes + zeros);
  Lane& lane = *static_cast<Lane*>(here);
  lane.copies.push_back({shared, global, bytes, zeros, lane.groups});
}

void copy_commit() { ++static_cast<Lane*>(here)->groups; }

void copy_wait(int pending_groups) {
  Lane& lane = *static_cast<Lane*>(here);
  size_t arrived = 0;
  for (; arrived < lane.copies.size() && lane.copies[arrived].group < lane.groups - pending_groups; ++arrived) {
    const Copy& copy = lane.copies[arrived];
    if (copy.bytes) std::memcpy(copy.shared, copy.global, copy.bytes);
    if (copy.zeros) std::memset(static_cast<char*>(copy.shared) + copy.bytes, 0, copy.zeros);
  }
  lane.copies.erase(lane.copies.begin(), lane.copies.begin() + static_cast<std::ptrdiff_t>(arrived));
}

void run_grid(const char* kernel, dim3 grid, dim3 block, size_t dynamic_bytes, const std::function<void()>& body) {
  const std::string name = std::string("kernel ") + kernel;
  CHECK(grid.x && grid.y && grid.z && grid.y <= 65535 && grid.z <= 65535,
        name + ": a grid of " + text({grid.x, grid.y, grid.z}) + " blocks cannot be launched");
  CHECK(block.x && block.y && block.z && uint64_t{block.x} * block.y * block.z <= 1024 && block.z <= 64,
        name + ": a block of " + text({block.x, block.y, block.z}) + " threads cannot be launched");
  CHECK(dynamic_bytes <= the_device.shared_limit(), name + ": " + std::to_string(dynamic_bytes) +
                                                        " bytes of shared memory, the device has " +
                                                        std::to_string(the_device.shared_limit()));
  const Launch launch = {kernel, grid, block, dynamic_bytes, &body};
  static Crew crew;
  static std::mutex one_at_a_time;
  const int threads =
      wanted_threads ? wanted_threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int helpers = static_cast<int>(std::min<int64_t>(threads, launch.blocks())) - 1;
  std::unique_lock<std::mutex> lock(one_at_a_time, std::defer_lock);
  if (helpers > 0 && lock.try_lock()) {
    crew.run(launch, helpers);
  } else {
    for (int64_t i = 0; i < launch.blocks(); ++i) my_worker().run(launch, i);
  }
}

size_t Device::shared_limit()
    const {  // CUDA C++ programming guide, table "technical specifications per compute capability"
  switch (capability) {
    case 75: return 64 << 10;
    case 80: return 163 << 10;
    case 86:
    case 89:
    case 120: return 99 << 10;
    default: return 227 << 10;
  }
}

Device& device() { return the_device; }
void set_order(uint64_t seed) { order = seed; }
void set_threads(int threads) { wanted_threads = threads; }

}  // namespace heirloom::emulator

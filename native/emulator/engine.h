// Runs CUDA kernels on the processor, so that they are executed and checked in tests where there is no GPU.
// A grid runs block by block; the threads of a block are fibers that meet at barriers and warp collectives. Shared memory starts poisoned
// and is guarded; a thread that never comes to a meeting is an error with its name. It proves that kernels compute the right thing, never that
// they are fast. Refused: kernels whose threads wait for each other by spinning on memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace heirloom::emulator {

struct uint3 {
  unsigned x, y, z;
};
struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}  // NOLINT: as in CUDA
};

constexpr int kWarp = 32;

// What kernels see of where they run. Set by the engine whenever a thread goes on.
struct Here {
  uint3 threadIdx, blockIdx;
  dim3 blockDim, gridDim;
  int lane;  // of the warp, 0..31
};
extern thread_local Here* here;

// ---- called by kernels, through cuda.h and ptx.h ----
void block_barrier(const char* name);
// The sum of value over the block, after all have come.
int block_sum(const char* name, int value);
// The lanes of mask meet; the last to come calls meet(all), all[i] being the operands of lane i (null if not in the mask).
using Meet = void (*)(void* const* all, uint32_t mask);
void warp_meet(const char* name, uint32_t mask, void* operands, Meet meet);

// The thread goes on once is_true() holds, which is asked whenever no other thread can go on: for the barriers of hopper.h.
void wait_until(const char* name, const std::function<bool()>& is_true);

void* static_shared(const void* key, size_t bytes, size_t alignment);
void* dynamic_shared();
// Traps unless all of [address, address + bytes) lies in this block's shared memory, aligned.
void check_shared(const char* name, const void* address, size_t bytes, size_t alignment);

// Copies that have been asked for and arrive at the wait, not before: a kernel that forgets to wait reads poison.
void copy_later(void* shared, const void* global, size_t bytes, size_t zeros);
void copy_commit();
void copy_wait(int pending_groups);

[[noreturn]] void device_trap(const std::string& why);

// ---- called by the host ----
void run_grid(const char* kernel, dim3 grid, dim3 block, size_t dynamic_bytes, const std::function<void()>& body);

// The device that is played: its compute capability (75, 80, 86, 89, 90, 100, 120) and memory. Tests choose; the default is 89 and 16 GiB.
struct Device {
  int capability = 89;
  size_t memory_bytes = size_t{16} << 30;
  size_t shared_limit() const;  // most shared memory of one block
};
Device& device();

// In which order threads go on when several could: 0 ascending, any other number a shuffled order. A kernel that lacks a barrier gives
// different results for different orders.
void set_order(uint64_t seed);

// Blocks run at the same time; 0: as many as there are cores.
void set_threads(int threads);

}  // namespace heirloom::emulator

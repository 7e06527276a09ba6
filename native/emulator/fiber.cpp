#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>

#include "check.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#ifndef HL_FIBER_UCONTEXT
// Saves what a called function must keep, changes stacks, restores it from there.
extern "C" void heirloom_change_stack(void** from, void* to);
asm(R"(
.text
.globl heirloom_change_stack
.hidden heirloom_change_stack
.type heirloom_change_stack, @function
heirloom_change_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size heirloom_change_stack, .-heirloom_change_stack
)");
#endif

namespace heirloom::emulator {

namespace {
constexpr size_t kStack = 256 << 10, kGuard = 4096;
thread_local Fiber* arriving = nullptr;               // whom the last switch went to
#ifdef __SANITIZE_ADDRESS__
thread_local Fiber* leaving = nullptr;
#endif
}  // namespace

Fiber::Fiber(void (*entry)()) : entry_(entry) {
  memory_ = static_cast<char*>(
      mmap(nullptr, kStack + kGuard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  CHECK_AS("out-of-memory", memory_ != MAP_FAILED && mprotect(memory_, kGuard, PROT_NONE) == 0,
           "The emulator got no memory for a thread's stack.");
  stack_ = memory_ + kGuard;
  stack_bytes_ = kStack;
  restart();
}

Fiber::~Fiber() {
  if (memory_) munmap(memory_, kStack + kGuard);
}

// Runs on the new stack.
void Fiber::arrive() {
#ifdef __SANITIZE_ADDRESS__
  const void* bottom = nullptr;
  size_t bytes = 0;
  __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
  if (!leaving->stack_) {
    leaving->stack_ = bottom;
    leaving->stack_bytes_ = bytes;
  }
#endif
  arriving->entry_();
}

void Fiber::restart() {
#ifdef __SANITIZE_ADDRESS__
  __asan_unpoison_memory_region(memory_ + kGuard, kStack);   // of functions that were left and never ended
#endif
#ifdef HL_FIBER_UCONTEXT
  getcontext(&context_);
  context_.uc_stack.ss_sp = memory_ + kGuard;
  context_.uc_stack.ss_size = kStack;
  context_.uc_link = nullptr;
  makecontext(&context_, &Fiber::arrive, 0);
#else
  // Six saved registers and the return address; a function starts with its stack 8 below a multiple of 16.
  void** top = reinterpret_cast<void**>(memory_ + kGuard + kStack) - 8;
  for (int i = 0; i < 8; ++i) top[i] = nullptr;
  top[6] = reinterpret_cast<void*>(&Fiber::arrive);
  top_ = top;
#endif
}

void Fiber::change(Fiber& from, Fiber& to) {
  arriving = &to;
#ifdef __SANITIZE_ADDRESS__
  leaving = &from;
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, to.stack_, to.stack_bytes_);
#endif
#ifdef HL_FIBER_UCONTEXT
  swapcontext(&from.context_, &to.context_);
#else
  heirloom_change_stack(&from.top_, to.top_);
#endif
#ifdef __SANITIZE_ADDRESS__
  const void* bottom = nullptr;
  size_t bytes = 0;
  __sanitizer_finish_switch_fiber(fake, &bottom, &bytes);
#endif
}

}  // namespace heirloom::emulator

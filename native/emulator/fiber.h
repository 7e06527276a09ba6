// Stacks one can leave and come back to. Hand-written for x86-64, where ucontext's signal calls would take most of the time.
#pragma once
#include <cstddef>

#if !defined(__x86_64__) || defined(_WIN32)
#define HL_FIBER_UCONTEXT 1
#include <ucontext.h>
#endif

namespace heirloom::emulator {

class Fiber {
 public:
  Fiber() = default;  // the stack we are on; the first switch away from it fills it in
  explicit Fiber(void (*entry)());  // its own stack; entry never returns
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  void restart();  // the next switch to it calls entry afresh
  static void change(Fiber& from, Fiber& to);

 private:
  static void arrive();
  void (*entry_)() = nullptr;
  char* memory_ = nullptr;
  const void* stack_ = nullptr;  // lowest address, for AddressSanitizer
  size_t stack_bytes_ = 0;
#ifdef HL_FIBER_UCONTEXT
  ucontext_t context_;
#else
  void* top_ = nullptr;                               // the stack pointer while it is not running
#endif
};

}  // namespace heirloom::emulator

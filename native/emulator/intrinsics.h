// CUDA's built-in functions on the processor, those our kernels use.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "engine.h"
#include "numbers.h"

namespace heirloom::emulator {

// ---- barriers ----
inline void __syncthreads() { block_barrier("__syncthreads"); }
inline int __syncthreads_count(int predicate) { return block_sum("__syncthreads_count", predicate != 0); }
inline int __syncthreads_or(int predicate) { return block_sum("__syncthreads_or", predicate != 0) != 0; }
inline int __syncthreads_and(int predicate) { return block_sum("__syncthreads_and", predicate == 0) == 0; }
inline void __syncwarp(uint32_t mask = 0xffffffffu) { warp_meet("__syncwarp", mask, nullptr, nullptr); }
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
[[noreturn]] inline void __trap() { device_trap("__trap"); }

// ---- warp collectives ----
template <class T>
struct ShuffleOperands {
  T value, result;
  int source;                                         // lane of the warp
};
template <class T>
T shuffle(const char* name, uint32_t mask, T value, int source) {
  static_assert(std::is_trivially_copyable<T>::value && (sizeof(T) == 4 || sizeof(T) == 8 || sizeof(T) == 2),
                "a shuffle moves 2, 4 or 8 bytes");
  ShuffleOperands<T> mine = {value, value, source};
  warp_meet(name, mask, &mine, [](void* const* all, uint32_t lanes) {
    for (int i = 0; i < kWarp; ++i) {
      if (!all[i]) continue;
      auto* own = static_cast<ShuffleOperands<T>*>(all[i]);
      if (!(lanes >> own->source & 1))
        device_trap("a shuffle reads lane " + std::to_string(own->source) + ", which does not take part");
      own->result = static_cast<ShuffleOperands<T>*>(all[own->source])->value;
    }
  });
  return mine.result;
}
template <class T>
T __shfl_sync(uint32_t mask, T value, int source, int width = 32) {
  return shuffle("__shfl_sync", mask, value, (here->lane & ~(width - 1)) | (source & (width - 1)));
}
template <class T>
T __shfl_xor_sync(uint32_t mask, T value, int lanes, int width = 32) {
  const int source = here->lane ^ lanes, end = (here->lane & ~(width - 1)) + width;
  return shuffle("__shfl_xor_sync", mask, value, source < end ? source : here->lane);
}
template <class T>
T __shfl_up_sync(uint32_t mask, T value, unsigned delta, int width = 32) {
  const int source = here->lane - static_cast<int>(delta);
  return shuffle("__shfl_up_sync", mask, value, source >= (here->lane & ~(width - 1)) ? source : here->lane);
}
template <class T>
T __shfl_down_sync(uint32_t mask, T value, unsigned delta, int width = 32) {
  const int source = here->lane + static_cast<int>(delta), end = (here->lane & ~(width - 1)) + width;
  return shuffle("__shfl_down_sync", mask, value, source < end ? source : here->lane);
}

struct VoteOperands {
  uint32_t value, result;
};
inline uint32_t __ballot_sync(uint32_t mask, int predicate) {
  VoteOperands mine = {predicate != 0, 0};
  warp_meet("__ballot_sync", mask, &mine, [](void* const* all, uint32_t) {
    uint32_t votes = 0;
    for (int i = 0; i < kWarp; ++i)
      if (all[i]) votes |= static_cast<VoteOperands*>(all[i])->value << i;
    for (int i = 0; i < kWarp; ++i)
      if (all[i]) static_cast<VoteOperands*>(all[i])->result = votes;
  });
  return mine.result;
}
inline int __any_sync(uint32_t mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(uint32_t mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }
inline uint32_t __match_any_sync(uint32_t mask, uint32_t value) {
  VoteOperands mine = {value, 0};
  warp_meet("__match_any_sync", mask, &mine, [](void* const* all, uint32_t) {
    for (int i = 0; i < kWarp; ++i)
      for (int j = 0; all[i] && j < kWarp; ++j)
        if (all[j] && static_cast<VoteOperands*>(all[j])->value == static_cast<VoteOperands*>(all[i])->value)
          static_cast<VoteOperands*>(all[i])->result |= 1u << j;
  });
  return mine.result;
}

// ---- atomics; each returns what was there before ----
template <class T, class F>
T atomic_change(T* at, F change) {
  T before, after;
  __atomic_load(at, &before, __ATOMIC_SEQ_CST);
  do after = change(before);
  while (!__atomic_compare_exchange(at, &before, &after, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  return before;
}
template <class T> T atomicAdd(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return static_cast<T>(now + value); });
}
template <class T> T atomicSub(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return static_cast<T>(now - value); });
}
template <class T> T atomicMax(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return std::max(now, value); });
}
template <class T> T atomicMin(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return std::min(now, value); });
}
template <class T> T atomicOr(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return static_cast<T>(now | value); });
}
template <class T> T atomicAnd(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return static_cast<T>(now & value); });
}
template <class T> T atomicExch(T* at, std::common_type_t<T> value) {
  return atomic_change(at, [&](T) { return value; });
}
template <class T> T atomicCAS(T* at, std::common_type_t<T> expected, std::common_type_t<T> value) {
  return atomic_change(at, [&](T now) { return now == expected ? value : now; });
}

// ---- bits ----
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
inline unsigned __float_as_uint(float f) { return bits_of(f); }
inline int __float_as_int(float f) { return static_cast<int>(bits_of(f)); }
inline float __uint_as_float(unsigned u) { return float_of(u); }
inline float __int_as_float(int i) { return float_of(static_cast<uint32_t>(i)); }

// ---- arithmetic ----
template <class T> const T& __ldg(const T* at) { return *at; }
template <class T> void __stcs(T* at, const T& value) { *at = value; }
template <class T> T __ldcs(const T* at) { return *at; }
template <class T> T __ldcg(const T* at) { return *at; }
template <class A, class B> std::common_type_t<A, B> min(A a, B b) { return b < a ? b : a; }
template <class A, class B> std::common_type_t<A, B> max(A a, B b) { return a < b ? b : a; }
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float __saturatef(float x) { return std::fmin(std::fmax(x, 0.0f), 1.0f); }
inline int __float2int_rn(float x) { return static_cast<int>(std::nearbyint(x)); }

}  // namespace heirloom::emulator

#include "hopper.h"

#include <cstring>
#include <deque>
#include <vector>

#include "engine.h"
#include "numbers.h"

namespace heirloom::emulator {

namespace {

constexpr int kRowBytes = 128;                        // of a box, and of a wgmma operand

// Its eight bytes in shared memory.
struct Barrier {
  uint32_t count : 12, pending : 12, parity : 1;      // parity: of the phase that is not complete
  int32_t bytes;                                      // announced and not arrived

  void arrived() {
    if (pending == 0) device_trap("more threads arrive at an mbarrier than it was made for");
    --pending;
    settle();
  }
  void settle() {
    if (pending || bytes) return;
    parity ^= 1;
    pending = count;
  }
};
static_assert(sizeof(Barrier) == 8, "an mbarrier has eight bytes");

Barrier& barrier_at(uintptr_t address) {
  check_shared("mbarrier", reinterpret_cast<void*>(address), sizeof(Barrier), sizeof(Barrier));
  return *reinterpret_cast<Barrier*>(address);
}

struct Box {
  uintptr_t to, barrier;
  TensorMap map;
  int64_t from[3];
};
thread_local std::deque<Box> under_way;

uintptr_t swizzled(uintptr_t address) { return address ^ (address >> 3 & 0x70); }

void deliver(const Box& box) {
  const TensorMap& m = box.map;
  const int bytes = kRowBytes * m.box[1] * m.box[2];
  for (int z = 0; z < m.box[2]; ++z)
    for (int y = 0; y < m.box[1]; ++y)
      for (int x = 0; x < m.box[0]; ++x) {
        const int64_t at[3] = {box.from[0] + x, box.from[1] + y, box.from[2] + z};
        uint16_t value = 0;
        if (at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && at[0] < m.size[0] && at[1] < m.size[1] && at[2] < m.size[2])
          std::memcpy(&value, m.base + at[0] * 2 + at[1] * m.stride[0] + at[2] * m.stride[1], 2);
        const int row = z * m.box[1] + y;
        std::memcpy(reinterpret_cast<void*>(swizzled(box.to + static_cast<uintptr_t>(row * kRowBytes + x * 2))), &value,
                    2);
      }
  Barrier& barrier = barrier_at(box.barrier);
  barrier.bytes -= bytes;
  barrier.settle();
}

struct Product {
  float* d;
  int n;
  uint64_t a, b;
  bool adds;
  const uint32_t* values[4] = {};  // of the lanes of the quad, if the left operand lies in registers
};
// Of every thread of the block: groups of products that were issued and not waited for, the last one still open.
thread_local std::vector<std::deque<std::vector<Product>>> issued;

std::deque<std::vector<Product>>& mine() {
  const size_t thread = here->threadIdx.x;
  if (issued.size() <= thread) issued.resize(thread + 1);
  if (issued[thread].empty()) issued[thread].emplace_back();
  return issued[thread];
}

// Numbers k = 0..15 of row `row` of the operand that a descriptor names.
void operand_row(uint64_t descriptor, int row, float (&to)[16]) {
  if (descriptor >> 62 != 1) device_trap("wgmma: the descriptor does not name the 128-byte swizzle");
  const uintptr_t start = (descriptor & 0x3FFF) << 4, stride = (descriptor >> 32 & 0x3FFF) << 4;
  const uintptr_t base = reinterpret_cast<uintptr_t>(dynamic_shared());
  for (int k = 0; k < 16; ++k) {
    const uintptr_t at = base + swizzled(start + static_cast<uintptr_t>(row / 8) * stride +
                                         static_cast<uintptr_t>(row % 8) * kRowBytes + static_cast<uintptr_t>(k) * 2);
    check_shared("wgmma", reinterpret_cast<void*>(at), 2, 2);
    __nv_bfloat16 value;
    std::memcpy(&value, reinterpret_cast<void*>(at), 2);
    to[k] = value;
  }
}

// Number k of column `column` of an operand whose columns lie beside each other: 64 of them in a row of 128 bytes, the next 64 a leading offset on.
float operand_column(uint64_t descriptor, int column, int k) {
  if (descriptor >> 62 != 1) device_trap("wgmma: the descriptor does not name the 128-byte swizzle");
  const uintptr_t start = (descriptor & 0x3FFF) << 4, leading = (descriptor >> 16 & 0x3FFF) << 4,
                  stride = (descriptor >> 32 & 0x3FFF) << 4;
  const uintptr_t at =
      reinterpret_cast<uintptr_t>(dynamic_shared()) +
      swizzled(start + static_cast<uintptr_t>(column / 64) * leading + static_cast<uintptr_t>(k / 8) * stride +
               static_cast<uintptr_t>(k % 8 * kRowBytes + column % 64 * 2));
  check_shared("wgmma", reinterpret_cast<void*>(at), 2, 2);
  __nv_bfloat16 value;
  std::memcpy(&value, reinterpret_cast<void*>(at), 2);
  return value;
}

void compute_values(const Product& p) {
  const int lane = here->lane;
  float a[2][16];
  for (int half = 0; half < 2; ++half)
    for (int k = 0; k < 16; ++k)
      a[half][k] = float_of((p.values[k % 8 / 2][k / 8 * 2 + half] >> (k % 2 * 16) & 0xFFFF) << 16);
  for (int column = 0; column < p.n; ++column) {
    if (column % 8 / 2 != lane % 4) continue;
    float sum[2] = {};
    for (int k = 0; k < 16; ++k) {
      const float b = operand_column(p.b, column, k);
      for (int half = 0; half < 2; ++half) sum[half] += a[half][k] * b;
    }
    for (int half = 0; half < 2; ++half) {
      float& d = p.d[column / 8 * 4 + half * 2 + column % 2];
      d = (p.adds ? d : 0) + sum[half];
    }
  }
}

void compute(const Product& p) {
  if (p.values[0]) return compute_values(p);
  const int warp = static_cast<int>(here->threadIdx.x / 32 % 4), lane = here->lane;
  float a[2][16], b[16];
  for (int half = 0; half < 2; ++half) operand_row(p.a, warp * 16 + lane / 4 + half * 8, a[half]);
  for (int column = 0; column < p.n; ++column) {
    if (column % 8 / 2 != lane % 4) continue;
    operand_row(p.b, column, b);
    for (int half = 0; half < 2; ++half) {
      float& d = p.d[column / 8 * 4 + half * 2 + column % 2];
      float sum = p.adds ? d : 0;
      for (int k = 0; k < 16; ++k) sum += a[half][k] * b[k];
      d = sum;
    }
  }
}

}  // namespace

void mbarrier_init(uintptr_t barrier, int count) {
  if (!under_way.empty()) device_trap("a block ended before the boxes it had asked for arrived");
  Barrier& b = barrier_at(barrier);
  b = {};
  b.count = b.pending = static_cast<uint32_t>(count);
}
void mbarrier_arrive(uintptr_t barrier) { barrier_at(barrier).arrived(); }
void mbarrier_arrive_expect(uintptr_t barrier, int bytes) {
  barrier_at(barrier).bytes += bytes;
  barrier_at(barrier).arrived();
}

void mbarrier_wait(uintptr_t barrier, int parity) {
  const auto is_complete = [&] { return static_cast<int>(barrier_at(barrier).parity) != parity; };
  if (is_complete()) return;
  wait_until("an mbarrier", [&] {
    while (!is_complete() && !under_way.empty()) {
      deliver(under_way.front());
      under_way.pop_front();
    }
    return is_complete();
  });
}

void copy_box(uintptr_t to, const TensorMap& map, uintptr_t barrier, int c0, int c1, int c2) {
  if (map.box[0] * 2 != kRowBytes || map.box[1] > 256 || map.box[2] > 256)
    device_trap("a box that the tensor copy engine cannot fetch");
  check_shared("tensor copy", reinterpret_cast<void*>(to), static_cast<size_t>(kRowBytes * map.box[1] * map.box[2]),
               1024);
  under_way.push_back({to, barrier, map, {c0, c1, c2}});
}

void wgmma(float* d, int n, uint64_t a, uint64_t b, bool adds) { mine().back().push_back({d, n, a, b, adds}); }
void wgmma_values(float* d, int n, const uint32_t* a, uint64_t b, bool adds) {
  struct Operands {
    const uint32_t* own;
    const uint32_t* quad[4];
  } operands = {a, {}};
  warp_meet("wgmma", 0xffffffffu, &operands, [](void* const* all, uint32_t) {
    for (int lane = 0; lane < kWarp; ++lane)
      for (int i = 0; i < 4; ++i)
        static_cast<Operands*>(all[lane])->quad[i] = static_cast<Operands*>(all[lane / 4 * 4 + i])->own;
  });
  Product product = {d, n, 0, b, adds};
  for (int i = 0; i < 4; ++i) product.values[i] = operands.quad[i];
  mine().back().push_back(product);
}
void wgmma_commit() { mine().emplace_back(); }
void wgmma_wait(int pending_groups) {
  auto& groups = mine();
  warp_meet("wgmma_wait", 0xffffffffu, nullptr, nullptr);  // registers of other lanes are read: all of them are here
  while (static_cast<int>(groups.size()) - 1 > pending_groups) {
    for (const Product& product : groups.front()) compute(product);
    groups.pop_front();
  }
  warp_meet("wgmma_wait", 0xffffffffu, nullptr, nullptr);
}

}  // namespace heirloom::emulator

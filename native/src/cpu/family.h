// What the families of operations of one CPU stream share: threads, memory, the angles of a chunk; and what many of them do first and last.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "cpu/memory.h"
#include "cpu/threads.h"
#include "ops.h"

namespace heirloom::cpu {

// The rotation of every token of a grid, kept between the layers of one chunk.
struct RopeTable {
  Grid grid;
  Rope rope;
  int64_t t0 = -1;
  Tensor cos, sin;  // [tokens, head / 2]
};

struct Work {
  Work(int threads, const std::atomic<bool>* cancelled) : pool(threads), memory(std::make_shared<Memory>()) {
    pool.watch(cancelled);
  }
  Pool pool;
  std::shared_ptr<Memory> memory;
  RopeTable angles;
};

int small(int64_t n);  // throws where the kernels' sizes end
Shape with_channels(Shape shape, int64_t channels);
void check_picture(const char* op, const Tensor& x);

class Family {
 public:
  explicit Family(Work& work) : work_(work) {}

 protected:
  ~Family() = default;
  void check_cancelled() const { work_.pool.check_cancelled(); }
  void check_map(const char* op, const Tensor& x) const;
  Tensor empty(const Shape& shape) const { return work_.memory->take(shape); }
  Tensor like(const Tensor& x) const;  // after a look at the cancel flag
  Tensor copy(const Tensor& x) const;
  Tensor stacked(const std::vector<Tensor>& parts) const;  // FeatureOps::stack_rows
  // body(row) for every row, in groups that are worth a thread's while.
  template <class F>
  void rows(int64_t count, F&& body) const {
    constexpr int64_t kGroup = 16;
    work_.pool.parallel_for((count + kGroup - 1) / kGroup, [&](int64_t group) {
      for (int64_t row = group * kGroup; row < std::min(count, (group + 1) * kGroup); ++row) body(row);
    });
  }
  Work& work_;
};

std::unique_ptr<MemoryOps> make_memory(Work& work);
std::unique_ptr<ProductOps> make_products(Work& work);
std::unique_ptr<FeatureOps> make_features(Work& work);
std::unique_ptr<PictureOps> make_pictures(Work& work);
std::unique_ptr<AttentionOps> make_attention(Work& work);
std::unique_ptr<MotionOps> make_motion(Work& work);
std::unique_ptr<RetentionOps> make_retention(Work& work);

}  // namespace heirloom::cpu

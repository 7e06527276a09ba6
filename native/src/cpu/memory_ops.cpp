// Memory of a CPU stream.
#include <cstring>

#include "cpu/family.h"

namespace heirloom::cpu {

namespace {

class CpuMemory final : public MemoryOps, Family {
 public:
  using Family::Family;

  Tensor empty(const Shape& shape) override { return Family::empty(shape); }

  Tensor zeros(const Shape& shape) override {
    Tensor out = empty(shape);
    std::memset(out.data(), 0, out.bytes());
    return out;
  }

  Tensor upload(const Tensor& host) override { return copy(host); }
  Tensor download(const Tensor& device) override { return copy(device); }
  size_t pool_bytes() const override { return work_.memory->held(); }
  size_t peak_bytes() const override { return work_.memory->peak(); }

  void trim() override {
    work_.angles = RopeTable();
    work_.memory->trim();
  }

  int threads() const override { return work_.pool.threads(); }
  void check_cancelled() const override { Family::check_cancelled(); }
};

}  // namespace

std::unique_ptr<MemoryOps> make_memory(Work& work) { return std::make_unique<CpuMemory>(work); }

}  // namespace heirloom::cpu

// Memory of a stream of work on a card.

#include "cuda/family.h"

namespace heirloom::HL_CUDA {

namespace {

class CudaMemory final : public MemoryOps, Family {
 public:
  using Family::Family;

  Tensor empty(const Shape& shape) override { return Family::empty(shape); }

  Tensor zeros(const Shape& shape) override {
    Tensor out = empty(shape);
    check_cuda(cudaMemsetAsync(out.raw(), 0, out.bytes(), stream()), "clear memory");
    return out;
  }

  Tensor upload(const Tensor& host) override { return Family::upload(host); }
  Tensor upload_tokens(const Tensor& host) override { return as(upload(host), work_.number); }

  Tensor download(const Tensor& x) override { return Family::download(x); }
  size_t pool_bytes() const override { return work_.pool->held(); }
  size_t peak_bytes() const override { return work_.pool->peak(); }

  // Freeing makes the computer wait for the card, and the next chunk wants the same buffers again: what is kept is given back only where it goes beyond
  // the most that was ever in use.
  void trim() override {
    if (work_.pool->held() <= work_.pool->peak() + work_.pool->peak() / 16) return;
    work_.angles = RopeTable();
    work_.pool->trim();
  }

  void keep_within(size_t bytes) override { work_.pool->keep_within(bytes); }
  int threads() const override { return 1; }

  void check_cancelled() const override { Family::check_cancelled(); }

  void replayable(const std::string& key, const std::function<void()>& body) override {
    if (!work_.uses_graphs)
      return body();  // streamed weights come on a stream of their own, which a graph of this one cannot hold
    stream();
    try {
      work_.graphs.run(key, body);
    } catch (...) {
      work_.angles = RopeTable();  // its kernel may never have been started
      throw;
    }
  }
};

}  // namespace

std::unique_ptr<MemoryOps> make_memory(Work& work) { return std::make_unique<CudaMemory>(work); }

}  // namespace heirloom::HL_CUDA

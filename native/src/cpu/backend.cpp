#include "cpu/backend.h"

#include "cpu/family.h"

namespace heirloom::cpu {

namespace {

struct CpuBackend {
  CpuBackend(int threads, const std::atomic<bool>* cancelled) : work(threads, cancelled) {}
  Work work;
  const std::unique_ptr<MemoryOps> memory = make_memory(work);
  const std::unique_ptr<ProductOps> products = make_products(work);
  const std::unique_ptr<FeatureOps> features = make_features(work);
  const std::unique_ptr<PictureOps> pictures = make_pictures(work);
  const std::unique_ptr<AttentionOps> attention = make_attention(work);
  const std::unique_ptr<MotionOps> motion = make_motion(work);
  const std::unique_ptr<RetentionOps> retention = make_retention(work);
};

}  // namespace

std::unique_ptr<Ops> make_ops(int threads, const std::atomic<bool>* cancelled) {
  const auto b = std::make_shared<CpuBackend>(threads, cancelled);
  return std::unique_ptr<Ops>(
      new Ops{*b->memory, *b->products, *b->features, *b->pictures, *b->attention, *b->retention, *b->motion, b});
}

}  // namespace heirloom::cpu

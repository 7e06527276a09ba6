#include "cuda/backend.h"

#include "cuda/family.h"

namespace heirloom::HL_CUDA {

namespace {

struct CudaBackend {
  CudaBackend(const Card& card, const DeviceOptions& options, const std::atomic<bool>* cancelled)
      : work(card, options, cancelled) {}
  Work work;
  const std::unique_ptr<MemoryOps> memory = make_memory(work);
  const std::unique_ptr<ProductOps> products = make_products(work);
  const std::unique_ptr<FeatureOps> features = make_features(work);
  const std::unique_ptr<PictureOps> pictures = make_pictures(work);
  const std::unique_ptr<AttentionOps> attention = make_attention(work);
  const std::unique_ptr<RetentionOps> retention = make_retention(work);
  const std::unique_ptr<MotionOps> motion = make_motion(work, *products);
};

std::unique_ptr<Ops> make_ops(const Card& card, const DeviceOptions& options, const std::atomic<bool>* cancelled) {
  const auto b = std::make_shared<CudaBackend>(card, options, cancelled);
  return std::unique_ptr<Ops>(
      new Ops{*b->memory, *b->products, *b->features, *b->pictures, *b->attention, *b->retention, *b->motion, b});
}

Backend backend_of(const Card& card) {
  return {[card](const DeviceOptions& options) {
            const Precision precision = precision_of(options.precision, card);
            DeviceFacts facts;
            facts.is_separate = true;
            facts.free = free_memory(card.index);
            facts.number = number_of(precision);
            facts.product_bytes = precision == Precision::fp8 ? 1 : bytes_of(facts.number);
            facts.overhead = scratch_of(card);
            facts.small_cache = "int8";
            facts.streams_weights = true;
            return facts;
          },
          [card](const DeviceOptions& options, const std::atomic<bool>* cancelled) {
            return make_ops(card, options, cancelled);
          }};
}

}  // namespace

#ifdef HL_CUDA_EMULATED

void add_emulated_device() {  // the played card is looked at anew every time: tests change it
  add_device("cuda-emulated", {[](const DeviceOptions& options) { return backend_of(cards().at(0)).facts(options); },
                               [](const DeviceOptions& options, const std::atomic<bool>* cancelled) {
                                 return backend_of(cards().at(0)).make(options, cancelled);
                               }});
}

#else

std::vector<CardBackend> backends() {
  std::vector<CardBackend> list;
  for (const Card& card : cards())
    list.push_back({{"cuda:" + std::to_string(card.index), card.name, "sm_" + std::to_string(card.capability),
                     card.multiprocessors, card.memory_bytes, precisions_of(card)},
                    backend_of(card)});
  return list;
}

#endif

}  // namespace heirloom::HL_CUDA

#include "cuda/backend.h"

#include "cuda/family.h"

namespace heirloom::HL_CUDA {

namespace {

struct CudaBackend {
  CudaBackend(const Card& card, const Wishes& wishes, const std::atomic<bool>* cancelled) : work(card, wishes, cancelled) {}
  Work work;
  const std::unique_ptr<MemoryOps> memory = make_memory(work);
  const std::unique_ptr<ProductOps> products = make_products(work);
  const std::unique_ptr<FeatureOps> features = make_features(work);
  const std::unique_ptr<PictureOps> pictures = make_pictures(work);
  const std::unique_ptr<AttentionOps> attention = make_attention(work);
};

std::unique_ptr<Ops> make_ops(const Card& card, const Wishes& wishes, const std::atomic<bool>* cancelled) {
  const auto b = std::make_shared<CudaBackend>(card, wishes, cancelled);
  return std::unique_ptr<Ops>(new Ops{*b->memory, *b->products, *b->features, *b->pictures, *b->attention, b});
}

Backend backend_of(const Card& card) {
  return {[card](const std::string& words) {
            const Precision precision = wishes_of(words, card).precision;
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
          [card](const std::string& words, const std::atomic<bool>* cancelled) { return make_ops(card, wishes_of(words, card), cancelled); }};
}

}  // namespace

#ifdef HL_CUDA_EMULATED

void add_emulated_device() {                          // the played card is looked at anew every time: tests change it
  add_device("cuda-emulated", {[](const std::string& words) { return backend_of(cards().at(0)).facts(words); },
                               [](const std::string& words, const std::atomic<bool>* cancelled) { return backend_of(cards().at(0)).make(words, cancelled); }});
}

#else

std::vector<CardBackend> backends() {
  std::vector<CardBackend> list;
  for (const Card& card : cards())
    list.push_back({{"cuda:" + std::to_string(card.index), card.name, "sm_" + std::to_string(card.capability), card.multiprocessors, card.memory_bytes, precisions_of(card)}, backend_of(card)});
  return list;
}

#endif

}  // namespace heirloom::HL_CUDA

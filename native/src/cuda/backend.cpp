#include "cuda/backend.h"

#include "cuda/cuda_ops.h"

namespace heirloom::HL_CUDA {

namespace {

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
          [card](const std::string& words, const std::atomic<bool>* cancelled) { return make_cuda_ops(card, wishes_of(words, card), cancelled); }};
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

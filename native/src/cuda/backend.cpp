#include "cuda/backend.h"

#include "cuda/cuda_ops.h"

namespace heirloom::HL_CUDA {

namespace {

Backend backend_of(const Card& card) {
  return {[card](const std::string& precision) {
            return DeviceFacts{true, free_memory(card.index), number_of(precision_of(precision, card))};
          },
          [card](const std::string& precision, const std::atomic<bool>* cancelled) { return make_cuda_ops(card, precision_of(precision, card), cancelled); }};
}

}  // namespace

#ifdef HL_CUDA_EMULATED

void add_emulated_device() {                          // the played card is looked at anew every time: tests change it
  add_device("cuda-emulated", {[](const std::string& precision) { return backend_of(cards().at(0)).facts(precision); },
                               [](const std::string& precision, const std::atomic<bool>* cancelled) { return backend_of(cards().at(0)).make(precision, cancelled); }});
}

#else

std::vector<CardBackend> backends() {
  std::vector<CardBackend> list;
  for (const Card& card : cards())
    list.push_back({{"cuda:" + std::to_string(card.index), card.name, "sm_" + std::to_string(card.capability), card.multiprocessors, card.memory_bytes}, backend_of(card)});
  return list;
}

#endif

}  // namespace heirloom::HL_CUDA

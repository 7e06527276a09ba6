// Which graphics cards there are. Without a driver, without a card or with one too old, there are none: never an error.
#pragma once
#include <string>
#include <vector>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

struct Card {
  int index = 0;
  std::string name;
  int capability = 0;  // 75, 80, 86, 89, 90, 100, 120, ...
  int multiprocessors = 1;
  size_t memory_bytes = 0;
};

std::vector<Card> cards();
// Free memory of a card now, in bytes.
size_t free_memory(int index);

}  // namespace heirloom::HL_CUDA

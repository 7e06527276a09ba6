#include "entropy/gaussian_tables.h"

namespace heirloom::entropy {

namespace {

SymbolTable make(int index) {
  const int begin = index ? kGaussianEnds[index - 1] : 0, reach = kGaussianEnds[index] - begin;
  const uint16_t* count = kGaussianCounts + begin - 1;  // of the distance 1, 2, ...
  uint32_t zero = kCounts - kGaussianEscapes[index];
  for (int i = 1; i <= reach; ++i) zero -= 2u * count[i];
  std::vector<uint16_t> starts;
  uint32_t start = 0;
  for (int i = -reach; i <= reach; ++i) {
    starts.push_back(static_cast<uint16_t>(start));
    start += i < 0 ? count[-i] : i > 0 ? count[i] : zero;
  }
  starts.push_back(static_cast<uint16_t>(start));
  return {-reach, starts};
}

std::vector<SymbolTable> make_all() {
  std::vector<SymbolTable> tables;
  for (int i = 0; i < kScales; ++i) tables.push_back(make(i));
  return tables;
}

}  // namespace

const std::vector<SymbolTable>& gaussian_tables() {
  static const std::vector<SymbolTable> tables = make_all();
  return tables;
}

}  // namespace heirloom::entropy

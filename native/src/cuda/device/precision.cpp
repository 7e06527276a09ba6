#include "cuda/device/precision.h"

#include <algorithm>

namespace heirloom::HL_CUDA {

DType number_of(Precision precision) {
  return precision == Precision::fp32 ? DType::f32 : precision == Precision::fp16 ? DType::f16 : DType::bf16;
}

std::vector<std::string> precisions_of(const Card& card) {
  std::vector<std::string> list = {"fp32", "fp16"};
  if (card.capability >= 80) list.emplace_back("bf16");
  if (card.capability >= 89) list.emplace_back("fp8");
  return list;
}

Precision precision_of(const std::string& name, const Card& card) {
  if (name == "auto") return card.capability >= 80 ? Precision::bf16 : Precision::fp16;
  if (name == "fp32") return Precision::fp32;
  if (name == "fp16") return Precision::fp16;
  CHECK_AS("bad-argument", name == "bf16" || name == "fp8",
           "There is no precision \"" + name + "\". Use \"auto\", \"fp32\", \"bf16\", \"fp16\" or \"fp8\".");
  const std::vector<std::string> known = precisions_of(card);
  CHECK_AS("bad-argument", std::find(known.begin(), known.end(), name) != known.end(),
           say(sentences::kNoPrecision, {{"card", card.name}, {"name", name}}));
  return name == "bf16" ? Precision::bf16 : Precision::fp8;
}

}  // namespace heirloom::HL_CUDA

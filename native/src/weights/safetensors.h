// Reader of the safetensors container. The header is checked completely before any tensor is handed out:
// lengths, dtypes, overflow, duplicate names, overlaps, holes and bytes left over.
#pragma once
#include <memory>
#include <vector>

#include "weights/weight_file.h"

namespace heirloom {

std::vector<Entry> read_safetensors(const std::shared_ptr<const MappedFile>& file);

}  // namespace heirloom

// Bringing FlashVSR's published files in: one pass over them, tensor by tensor, into a folder the graph loads directly.
#pragma once
#include <cstddef>
#include <string>

namespace heirloom {

// Throws disk-full with the numbers unless `needed` bytes and some margin are free.
void require_space(const std::string& folder, size_t needed, size_t available);

}  // namespace heirloom

// CRC-32C (Castagnoli) of bytes: finds every change within four neighbouring bytes.
#pragma once
#include <cstddef>
#include <cstdint>

namespace heirloom::entropy {

// before: the checksum of what stands in front of these bytes; 0 of nothing.
uint32_t crc32c(const uint8_t* bytes, size_t count, uint32_t before = 0);

}  // namespace heirloom::entropy

// frames.h: packed frames from JavaScript, copied, so that the caller may reuse its buffers.
#pragma once
#include <napi.h>

#include <cstdint>
#include <vector>

#include "heirloom.h"

namespace addon {

// An array of Uint8Array, each one frame of this format; anything else is bad-argument.
std::vector<std::vector<uint8_t>> read_frames(const Napi::Value& value, const heirloom::FrameFormat& format);
std::vector<const uint8_t*> pointers(const std::vector<std::vector<uint8_t>>& frames);

}  // namespace addon

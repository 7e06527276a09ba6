// A card's places for packed frames on their way in: planned with, and kept to.
#pragma once
#include <cstddef>

namespace heirloom {

// How many packed frames of so many bytes a card has places for on their way in: a frame is asked for several times in a chunk, and a whole chunk may be on
// its way while the one before is at work. As many as 12 MiB hold, 12 to 48.
constexpr size_t kMostFramesIn = 48;
constexpr size_t frames_in(size_t bytes) {
  const size_t fitting = (size_t{12} << 20) / (bytes ? bytes : 1);
  return fitting < 12 ? 12 : fitting > kMostFramesIn ? kMostFramesIn : fitting;
}

}  // namespace heirloom

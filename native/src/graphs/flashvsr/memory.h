// What FlashVSR takes, by arithmetic: the sizes that decide it, and bytes and operations for any picture and any way of holding it.
// Checked against the published model's numbers (test/native/plan_test.cpp) and against what streams really take (flashvsr_test.cpp).
#pragma once
#include <array>
#include <cstdint>

#include "heirloom.h"
#include "planning/memory_plan.h"

namespace heirloom {

// Floats stand for numbers of any precision.
struct FlashVsrFacts {
  double floats = 0;  // of all weights and constants that are kept
  double layers = 0, dim = 0, ffn = 0, kv_segments = 0, window_latents = 2;
  double latent_channels = 16, kept_windows = 120;  // key windows a query window attends to, on average
  double near_windows = 121;  // that a query window can see in one segment: the local range squared
  double hidden1 = 0, hidden2 = 0;  // of the projection
  std::array<double, 4> channels{};  // of the small decoder at 1/8, 1/4, 1/2 and full size
  double decoder_state = 0, decoder_work = 0;  // floats per pixel of another decoder; 0: the small one
};

// Sizes of the published v1 and v1.1, without reading a file.
FlashVsrFacts published_flashvsr();

// Every step's bytes are counted as the code runs; the largest decides. Parts are priced with the frames of the first chunk waiting. is_card: on a graphics card.
ModelNeeds flashvsr_needs(const FlashVsrFacts& facts, const StreamOptions& options, bool is_card);

// Operations (two per multiply-add) of one steady chunk, eight frames, of so many pixels.
double flashvsr_operations(const FlashVsrFacts& facts, double pixels);

}  // namespace heirloom

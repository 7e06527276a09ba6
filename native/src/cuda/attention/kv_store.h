// Cached keys and values in eight bits, a rung of the memory planner: half the ring. Every (window, head) has a scale of its own:
// x is about q * scale, the largest of the window's head is 127. Segments are quantised when the next chunk no longer needs them exact (the
// chunk that made them attends to them as they were), and a layer's cached segments are expanded into scratch that all layers share.
// The price, as kv_store_cuda_test prints it on the emulator for normally distributed queries, keys and values, 128 queries over 512 keys:
// attention in bf16 agrees with fp32 to 48.3 dB, with keys and values in eight bits to 36.9 dB. Numbers of the real model are not known.
#pragma once
#include <cstdint>

#include "cuda/features/elements.h"

namespace heirloom::HL_CUDA {

// Bytes of one segment in eight bits, and as it is used.
struct StoredSegment {
  int64_t windows = 0, window_tokens = 0, D = 0, heads = 0;
  int64_t values() const { return windows * window_tokens * D; }
  int64_t scales() const { return windows * heads; }
  int64_t bytes() const { return values() + scales() * 4; }
};

// x [windows, window_tokens, D] -> q of the same shape, scale [windows, heads]. Heads of a multiple of 8 channels.
void store_windows(Type type, const void* x, const StoredSegment& segment, int8_t* q, float* scale,
                   cudaStream_t stream);
void expand_windows(Type type, const int8_t* q, const float* scale, const StoredSegment& segment, void* x,
                    cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

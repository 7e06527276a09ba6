// What the published FlashVSR script feeds its model with, to the last bit: Pillow's bicubic on 8-bit pictures, the padding of the
// frame count, and the noise of torch's CPU generator. Only comparisons with goldens need it; the engine's streams do better.
#pragma once
#include <cstdint>
#include <vector>

#include "tensor.h"

namespace heirloom {

// rgb [height, width, 3] -> [out_height, out_width, 3]; horizontal first, the intermediate rounded to 8 bits.
std::vector<uint8_t> pillow_bicubic(const std::vector<uint8_t>& rgb, int height, int width, int out_height,
                                    int out_width);

// The source frame of each fed frame: the last one appended four times, then cut to the largest 8k + 1.
std::vector<int> reference_frame_index(int frames);

// count standard normals as torch.randn draws them on the CPU (MT19937, float32, count a multiple of 16).
std::vector<float> torch_normal(uint32_t seed, int64_t count);

}  // namespace heirloom

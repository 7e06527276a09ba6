// Operations on pictures [3, H, W], fp32: padding, cropping, colour, the recursive mean, and packed Y'CbCr frames to pictures and back with the
// exact enlarging of pixel/. Sums over a picture are in double, in a fixed order.
#pragma once
#include "cuda/device/platform.h"
#include "pixel/pixel.h"

namespace heirloom::HL_CUDA {

// The last row and column repeated down and right; or the top left corner, when the result is smaller. from [3, h, w] -> to [3, H, W]
void resize_canvas(const float* from, int h, int w, float* to, int H, int W, cudaStream_t stream);

// Scratch: 2 * 3 * kAdainParts * 2 doubles
constexpr int kAdainParts = 64;
void adain(const float* picture, const float* style, int height, int width, double* scratch, float* out,
           cudaStream_t stream);

// from -> to, both [3, H, W] and different: [1 2 1]/4 both ways at a distance, edges repeated.
void blur_121(const float* from, int height, int width, int distance, float* to, cudaStream_t stream);
// clamp(x - low + low_style, -1, 1)
void exchange_bands(const float* x, const float* low, const float* low_style, int64_t count, float* out,
                    cudaStream_t stream);

// scratch [H, W]
void recursive_mean(const float* picture, const float* mean, int height, int width, float floor, float sigma,
                    float* scratch, float* out, cudaStream_t stream);

// A format as kernels want it.
struct FrameShape {
  int width, height, bits;
  pixel::ChromaGrid chroma;
  float y_offset, y_gain, c_offset, c_gain, largest;
  float wr, wg, wb;  // of luma
};
FrameShape frame_shape(const FrameFormat& format);

// One packed frame on the device -> rgb [3, height, width] in [-1, 1].
void frame_to_rgb(const uint8_t* frame, const FrameShape& shape, float* rgb, cudaStream_t stream);
// rgb [3, h, w] -> [3, H, W]: enlarged by 1, 2 or 4, clamped to [-1, 1], edges repeated.
void enlarge(const float* rgb, int h, int w, int scale, float* out, int H, int W, cudaStream_t stream);
// The top left of rgb [3, H, W] -> one packed frame on the device.
void rgb_to_frame(const float* rgb, int H, int W, const FrameShape& shape, uint8_t* frame, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA

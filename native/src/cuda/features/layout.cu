#include "cuda/features/layout.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;

__device__ inline int64_t my_item() { return static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; }

template <int kPiece>
__global__ void upsample2_kernel(Values x, int height, int width, int channels, Values out) {
  const int64_t i = my_item() * kPiece;
  if (i >= int64_t{4} * height * width * channels) return;
  const int64_t pixel = i / channels, row = pixel / (2 * width), column = pixel % (2 * width);
  const int64_t from = ((row / 2) * width + column / 2) * channels + i % channels;
  if constexpr (kPiece == 8) {
    float v[8];
    read8(x, from, v);
    write8(out, i, v);
  } else {
    write1(out, i, read1(x, from));
  }
}

__global__ void pixel_unshuffle_kernel(Values x, int height, int width, int channels, int s, Values out) {
  const int64_t i = my_item();
  if (i >= static_cast<int64_t>(height) * width * channels) return;
  const int deep = channels * s * s, across = width / s;
  const int channel = static_cast<int>(i % deep);
  const int64_t cell = i / deep, row = cell / across * s + channel / s % s, column = cell % across * s + channel % s;
  write1(out, i, read1(x, (row * width + column) * channels + channel / (s * s)));
}

__global__ void pixel_shuffle_kernel(Values x, int height, int width, int channels, int s, Values out) {
  const int64_t i = my_item();
  if (i >= static_cast<int64_t>(height) * width * channels) return;
  const int c = static_cast<int>(i % channels);
  const int64_t row = i / channels / width, column = i / channels % width;
  write1(out, i,
         read1(x, (row / s * (width / s) + column / s) * (static_cast<int64_t>(channels) * s * s) +
                      (c * s + row % s) * s + column % s));
}

__global__ void picture_unshuffle_kernel(const __grid_constant__ Pictures pictures, int height, int width, int s,
                                         Values out) {
  const int64_t i = my_item();
  const int deep = 3 * pictures.count * s * s, across = width / s;
  if (i >= static_cast<int64_t>(height / s) * across * deep) return;
  const int channel = static_cast<int>(i % deep), plane = channel / (s * s);
  const int64_t cell = i / deep, row = cell / across * s + channel / s % s, column = cell % across * s + channel % s;
  write1(out, i,
         pictures.at[plane % pictures.count]
                    [(static_cast<int64_t>(plane / pictures.count) * height + row) * width + column]);
}

__global__ void picture_shuffle_kernel(Values x, int height, int width, int s, const float* base, float* out) {
  const int64_t i = my_item();
  if (i >= int64_t{3} * height * width) return;
  const int64_t plane = i / width / height, row = i / width % height, column = i % width;
  const float v = read1(x, (row / s * (width / s) + column / s) * (3 * s * s) + (plane * s + row % s) * s + column % s);
  out[i] = base ? v + base[i] : v;
}

}  // namespace

void upsample2(const Values& x, int height, int width, int channels, const Values& out, cudaStream_t stream) {
  const int64_t count = int64_t{4} * height * width * channels;
  if (channels % 8 == 0 && x.is_aligned() && out.is_aligned())
    HL_LAUNCH(upsample2_kernel<8>, blocks_for(count, kThreads * 8), kThreads, 0, stream, x, height, width, channels,
              out);
  else
    HL_LAUNCH(upsample2_kernel<1>, blocks_for(count, kThreads), kThreads, 0, stream, x, height, width, channels, out);
}

void pixel_unshuffle(const Values& x, int height, int width, int channels, int s, const Values& out,
                     cudaStream_t stream) {
  HL_LAUNCH(pixel_unshuffle_kernel, blocks_for(static_cast<int64_t>(height) * width * channels, kThreads), kThreads, 0,
            stream, x, height, width, channels, s, out);
}

void pixel_shuffle(const Values& x, int height, int width, int channels, int s, const Values& out,
                   cudaStream_t stream) {
  HL_LAUNCH(pixel_shuffle_kernel, blocks_for(static_cast<int64_t>(height) * width * channels, kThreads), kThreads, 0,
            stream, x, height, width, channels, s, out);
}

void picture_unshuffle(const Pictures& pictures, int height, int width, int s, const Values& out, cudaStream_t stream) {
  HL_LAUNCH(picture_unshuffle_kernel, blocks_for(int64_t{3} * pictures.count * height * width, kThreads), kThreads, 0,
            stream, pictures, height, width, s, out);
}

void picture_shuffle(const Values& x, int height, int width, int s, const float* base, float* out,
                     cudaStream_t stream) {
  HL_LAUNCH(picture_shuffle_kernel, blocks_for(int64_t{3} * height * width, kThreads), kThreads, 0, stream, x, height,
            width, s, base, out);
}

}  // namespace heirloom::HL_CUDA

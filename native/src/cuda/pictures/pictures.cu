#include "cuda/pictures/pictures.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;

__device__ inline int64_t my_item() { return static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; }

__global__ void canvas_kernel(const float* from, int h, int w, float* to, int H, int W) {
  const int64_t i = my_item();
  if (i >= int64_t{3} * H * W) return;
  const int x = static_cast<int>(i % W), y = static_cast<int>(i / W % H), c = static_cast<int>(i / W / H);
  to[i] = from[(static_cast<int64_t>(c) * h + min(y, h - 1)) * w + min(x, w - 1)];
}

// ---- AdaIN ----

struct Sums {
  double sum, squares;
};

// Block (part, channel, picture): the sums of its share, to parts [2][3][kAdainParts].
__global__ void adain_sums(const float* picture, const float* style, int64_t plane, double* parts) {
  HL_SHARED(Sums[kThreads], shared);
  const float* from = (blockIdx.z == 0 ? picture : style) + blockIdx.y * plane;
  const int64_t share = (plane + kAdainParts - 1) / kAdainParts, begin = blockIdx.x * share,
                end = min(begin + share, plane);
  Sums mine = {0, 0};
  for (int64_t i = begin + threadIdx.x; i < end; i += kThreads) {
    const double v = from[i];
    mine.sum += v;
    mine.squares += v * v;
  }
  shared[threadIdx.x] = mine;
  __syncthreads();
  for (unsigned half = kThreads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      shared[threadIdx.x].sum += shared[threadIdx.x + half].sum;
      shared[threadIdx.x].squares += shared[threadIdx.x + half].squares;
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    double* to = parts + ((blockIdx.z * 3 + blockIdx.y) * kAdainParts + blockIdx.x) * 2;
    to[0] = shared[0].sum;
    to[1] = shared[0].squares;
  }
}

struct Moments {
  double mean, deviation;
};
__device__ inline Moments moments_of(const double* parts, int64_t plane) {
  double sum = 0, squares = 0;
  for (int i = 0; i < kAdainParts; ++i) {
    sum += parts[2 * i];
    squares += parts[2 * i + 1];
  }
  const double mean = sum / static_cast<double>(plane), variance = squares / static_cast<double>(plane) - mean * mean;
  return {mean, sqrt((variance > 0 ? variance : 0) + 1e-5)};
}

__global__ void adain_apply(const float* picture, int64_t plane, const double* parts, float* out) {
  HL_SHARED(float[2], line);                          // out = x * line[0] + line[1]
  if (threadIdx.x == 0) {
    const Moments own = moments_of(parts + blockIdx.y * kAdainParts * 2, plane),
                  style = moments_of(parts + (3 + blockIdx.y) * kAdainParts * 2, plane);
    line[0] = static_cast<float>(style.deviation / own.deviation);
    line[1] = static_cast<float>(style.mean - own.mean * (style.deviation / own.deviation));
  }
  __syncthreads();
  const int64_t i = my_item();
  if (i >= plane) return;
  out[blockIdx.y * plane + i] = fminf(fmaxf(picture[blockIdx.y * plane + i] * line[0] + line[1], -1.0f), 1.0f);
}

// ---- wavelet ----

__global__ void blur_kernel(const float* from, int height, int width, int distance, float* to) {
  const int64_t i = my_item();
  if (i >= int64_t{3} * height * width) return;
  const int x = static_cast<int>(i % width), y = static_cast<int>(i / width % height), left = max(x - distance, 0),
            right = min(x + distance, width - 1);
  const float* plane = from + (i - x - static_cast<int64_t>(y) * width);
  const auto across = [&](int row) {
    const float* line = plane + static_cast<int64_t>(row) * width;
    return 0.25f * line[left] + 0.5f * line[x] + 0.25f * line[right];
  };
  to[i] = 0.25f * across(max(y - distance, 0)) + 0.5f * across(y) + 0.25f * across(min(y + distance, height - 1));
}

__global__ void exchange_kernel(const float* x, const float* low, const float* low_style, int64_t count, float* out) {
  const int64_t i = my_item();
  if (i < count) out[i] = fminf(fmaxf((x[i] - low[i]) + low_style[i], -1.0f), 1.0f);
}

// ---- recursive mean ----

// Mean of value(y, x) over the part of a square of this radius that lies inside.
template <class F>
__device__ inline float box(int y, int x, int height, int width, int radius, F value) {
  const int top = max(y - radius, 0), bottom = min(y + radius, height - 1), left = max(x - radius, 0),
            right = min(x + radius, width - 1);
  float sum = 0;
  for (int row = top; row <= bottom; ++row)
    for (int column = left; column <= right; ++column) sum += value(row, column);
  return sum / static_cast<float>((bottom - top + 1) * (right - left + 1));
}

__global__ void change_kernel(const float* picture, const float* mean, int height, int width, float* change) {
  const int64_t i = my_item(), plane = static_cast<int64_t>(height) * width;
  if (i >= plane) return;
  change[i] =
      fabsf(box(static_cast<int>(i / width), static_cast<int>(i % width), height, width, 1, [&](int row, int column) {
        const int64_t at = static_cast<int64_t>(row) * width + column;
        return (picture[at] - mean[at] + (picture[at + plane] - mean[at + plane]) +
                (picture[at + 2 * plane] - mean[at + 2 * plane])) /
               3.0f;
      }));
}

__global__ void follow_kernel(const float* picture, const float* mean, const float* change, int height, int width,
                              float floor, float sigma, float* out) {
  const int64_t i = my_item(), plane = static_cast<int64_t>(height) * width;
  if (i >= plane) return;
  const float e = box(static_cast<int>(i / width), static_cast<int>(i % width), height, width, 2,
                      [&](int row, int column) { return change[static_cast<int64_t>(row) * width + column]; }) /
                  sigma;
  const float gain = floor + (1.0f - floor) * (1.0f - expf(-(e * e)));
  for (int c = 0; c < 3; ++c)
    out[i + c * plane] = mean[i + c * plane] + gain * (picture[i + c * plane] - mean[i + c * plane]);
}

// ---- frames ----

__device__ inline float sample(const uint8_t* plane, int64_t i, int bits) {
  return static_cast<float>(bits > 8 ? plane[2 * i] | plane[2 * i + 1] << 8 : plane[i]);
}
// Halves go up, NaN becomes 0, as pixel/ does.
__device__ inline void put_sample(uint8_t* plane, int64_t i, int bits, float value, float offset, float gain,
                                  float largest) {
  float code = value / gain + (offset + 0.5f);
  code = code > 0.0f ? code : 0.0f;
  const int whole = static_cast<int>(code < largest ? code : largest);
  if (bits > 8) {
    plane[2 * i] = static_cast<uint8_t>(whole & 255);
    plane[2 * i + 1] = static_cast<uint8_t>(whole >> 8);
  } else {
    plane[i] = static_cast<uint8_t>(whole);
  }
}

struct Between {
  int near, far;
  float blend;
};
__device__ inline Between between(float position, int count) {
  const float lower = floorf(position);
  const int at = static_cast<int>(lower);
  return {min(max(at, 0), count - 1), min(max(at + 1, 0), count - 1), position - lower};
}

__host__ __device__ inline int64_t sample_bytes(const FrameShape& f) { return f.bits > 8 ? 2 : 1; }
__host__ __device__ inline int64_t chroma_start(const FrameShape& f, int plane) {
  return (static_cast<int64_t>(f.width) * f.height + static_cast<int64_t>(plane) * f.chroma.width * f.chroma.height) *
         sample_bytes(f);
}

__global__ void frame_to_rgb_kernel(const uint8_t* frame, FrameShape f, float* rgb) {
  const int64_t i = my_item(), plane = static_cast<int64_t>(f.width) * f.height;
  if (i >= plane) return;
  const int x = static_cast<int>(i % f.width), y = static_cast<int>(i / f.width);
  const float luma = 2.0f * ((sample(frame, i, f.bits) - f.y_offset) * f.y_gain) - 1.0f;
  float c[2] = {0, 0};
  if (f.chroma.width) {
    // Steps are 1, 2 or 4 and offsets multiples of a quarter: exact in float.
    const Between across =
        between((static_cast<float>(x) - static_cast<float>(f.chroma.offset_x)) / static_cast<float>(f.chroma.step_x),
                f.chroma.width);
    const Between down =
        between((static_cast<float>(y) - static_cast<float>(f.chroma.offset_y)) / static_cast<float>(f.chroma.step_y),
                f.chroma.height);
    for (int k = 0; k < 2; ++k) {
      const uint8_t* from = frame + chroma_start(f, k);
      const auto at = [&](int row, int column) {
        return (sample(from, static_cast<int64_t>(row) * f.chroma.width + column, f.bits) - f.c_offset) * f.c_gain;
      };
      const auto column = [&](int where) {
        return at(down.near, where) + (at(down.far, where) - at(down.near, where)) * down.blend;
      };
      const float near = column(across.near);
      c[k] = near + (column(across.far) - near) * across.blend;
    }
  }
  // R = Y + 2(1-wr) Cr, B = Y + 2(1-wb) Cb, G = (Y - wr R - wb B) / wg; doubled because the range is [-1, 1]
  const float red_cr = 4.0f * (1.0f - f.wr), blue_cb = 4.0f * (1.0f - f.wb);
  rgb[i] = luma + red_cr * c[1];
  rgb[i + plane] = luma - f.wb / f.wg * blue_cb * c[0] - f.wr / f.wg * red_cr * c[1];
  rgb[i + 2 * plane] = luma + blue_cb * c[0];
}

// The four taps of an output line of a bicubic filter (a = -0.5) for enlarging by S; those outside are dropped, the rest sum to 1.
struct CubicTaps {
  int first;
  float weight[4];
};
__device__ inline CubicTaps cubic_taps(int i, int scale, int count) {
  const float centre = (static_cast<float>(i) + 0.5f) / static_cast<float>(scale);
  const int from = static_cast<int>(floorf(centre - 1.5f));  // the first of four whose centres are less than 2 away
  CubicTaps taps = {from, {}};
  float sum = 0;
  for (int k = 0; k < 4; ++k) {
    const float t = fabsf(static_cast<float>(from + k) + 0.5f - centre);
    float w = t < 1.0f   ? (1.5f * t - 2.5f) * t * t + 1.0f
              : t < 2.0f ? -0.5f * (((t - 5.0f) * t + 8.0f) * t - 4.0f)
                         : 0.0f;
    if (from + k < 0 || from + k >= count) w = 0.0f;
    taps.weight[k] = w;
    sum += w;
  }
  for (float& w : taps.weight) w /= sum;
  return taps;
}

// One thread per pixel: the taps of its three numbers are the same.
__global__ void enlarge_kernel(const float* rgb, int h, int w, int scale, float* out, int H, int W) {
  const int64_t i = my_item(), area = static_cast<int64_t>(H) * W;
  if (i >= area) return;
  const int row = static_cast<int>(i / W), x = min(static_cast<int>(i - static_cast<int64_t>(row) * W), w * scale - 1),
            y = min(row, h * scale - 1);
  const auto put = [&](int plane, float v) { out[plane * area + i] = fminf(fmaxf(v, -1.0f), 1.0f); };
  if (scale == 1) {
    for (int plane = 0; plane < 3; ++plane) put(plane, rgb[(static_cast<int64_t>(plane) * h + y) * w + x]);
    return;
  }
  const CubicTaps across = cubic_taps(x, scale, w), down = cubic_taps(y, scale, h);
  for (int plane = 0; plane < 3; ++plane) {
    float v = 0;
    for (int r = 0; r < 4; ++r) {
      const float* line = rgb + (static_cast<int64_t>(plane) * h + min(max(down.first + r, 0), h - 1)) * w;
      float sum = 0;
      for (int c = 0; c < 4; ++c) sum += across.weight[c] * line[min(max(across.first + c, 0), w - 1)];
      v += down.weight[r] * sum;
    }
    put(plane, v);
  }
}

__global__ void rgb_to_luma_kernel(const float* rgb, int H, int W, FrameShape f, uint8_t* frame) {
  const int64_t i = my_item(), plane = static_cast<int64_t>(H) * W;
  if (i >= static_cast<int64_t>(f.width) * f.height) return;
  const float* at = rgb + i / f.width * W + i % f.width;
  put_sample(frame, i, f.bits, (f.wr * at[0] + f.wg * at[plane] + f.wb * at[2 * plane]) * 0.5f + 0.5f, f.y_offset,
             f.y_gain, f.largest);
}

// A triangle as wide as the chroma step on either side of the sample's place, cut at the border.
__global__ void rgb_to_chroma_kernel(const float* rgb, int H, int W, FrameShape f, uint8_t* frame) {
  const int64_t i = my_item(), plane = static_cast<int64_t>(H) * W;
  if (i >= static_cast<int64_t>(f.chroma.width) * f.chroma.height) return;
  const float centre_x = fminf(static_cast<float>(f.chroma.step_x * static_cast<int>(i % f.chroma.width)) +
                                   static_cast<float>(f.chroma.offset_x),
                               static_cast<float>(f.width - 1));
  const float centre_y = fminf(static_cast<float>(f.chroma.step_y * static_cast<int>(i / f.chroma.width)) +
                                   static_cast<float>(f.chroma.offset_y),
                               static_cast<float>(f.height - 1));
  const float step_x = static_cast<float>(f.chroma.step_x), step_y = static_cast<float>(f.chroma.step_y);
  const int left = max(0, static_cast<int>(floorf(centre_x - step_x)) + 1),
            top = max(0, static_cast<int>(floorf(centre_y - step_y)) + 1);
  float mixed[3] = {0, 0, 0}, total = 0;
  for (int y = top; y < f.height && fabsf(static_cast<float>(y) - centre_y) < step_y; ++y)
    for (int x = left; x < f.width && fabsf(static_cast<float>(x) - centre_x) < step_x; ++x) {
      const float weight = (1.0f - fabsf(static_cast<float>(y) - centre_y) / step_y) *
                           (1.0f - fabsf(static_cast<float>(x) - centre_x) / step_x);
      const float* at = rgb + static_cast<int64_t>(y) * W + x;
      for (int c = 0; c < 3; ++c) mixed[c] += weight * at[c * plane];
      total += weight;
    }
  for (float& v : mixed) v /= total;
  const float luma = f.wr * mixed[0] + f.wg * mixed[1] + f.wb * mixed[2];
  put_sample(frame + chroma_start(f, 0), i, f.bits, (mixed[2] - luma) * (0.25f / (1.0f - f.wb)), f.c_offset, f.c_gain,
             f.largest);
  put_sample(frame + chroma_start(f, 1), i, f.bits, (mixed[0] - luma) * (0.25f / (1.0f - f.wr)), f.c_offset, f.c_gain,
             f.largest);
}

int64_t area(int height, int width) { return static_cast<int64_t>(height) * width; }

}  // namespace

void resize_canvas(const float* from, int h, int w, float* to, int H, int W, cudaStream_t stream) {
  HL_LAUNCH(canvas_kernel, blocks_for(3 * area(H, W), kThreads), kThreads, 0, stream, from, h, w, to, H, W);
}

void adain(const float* picture, const float* style, int height, int width, double* scratch, float* out,
           cudaStream_t stream) {
  const int64_t plane = area(height, width);
  HL_LAUNCH(adain_sums, dim3(kAdainParts, 3, 2), kThreads, 0, stream, picture, style, plane, scratch);
  HL_LAUNCH(adain_apply, dim3(blocks_for(plane, kThreads), 3), kThreads, 0, stream, picture, plane, scratch, out);
}

void blur_121(const float* from, int height, int width, int distance, float* to, cudaStream_t stream) {
  HL_LAUNCH(blur_kernel, blocks_for(3 * area(height, width), kThreads), kThreads, 0, stream, from, height, width,
            distance, to);
}

void exchange_bands(const float* x, const float* low, const float* low_style, int64_t count, float* out,
                    cudaStream_t stream) {
  HL_LAUNCH(exchange_kernel, blocks_for(count, kThreads), kThreads, 0, stream, x, low, low_style, count, out);
}

void recursive_mean(const float* picture, const float* mean, int height, int width, float floor, float sigma,
                    float* scratch, float* out, cudaStream_t stream) {
  const unsigned blocks = blocks_for(area(height, width), kThreads);
  HL_LAUNCH(change_kernel, blocks, kThreads, 0, stream, picture, mean, height, width, scratch);
  HL_LAUNCH(follow_kernel, blocks, kThreads, 0, stream, picture, mean, scratch, height, width, floor, sigma, out);
}

FrameShape frame_shape(const FrameFormat& format) {
  const pixel::CodeScale scale = pixel::code_scale(format);
  const pixel::Luma luma = pixel::luma_weights(format.matrix);
  FrameShape f = {};
  f.width = format.width;
  f.height = format.height;
  f.bits = format.bits;
  f.chroma = pixel::chroma_grid(format);
  f.y_offset = static_cast<float>(scale.y_offset);
  f.y_gain = static_cast<float>(scale.y_gain);
  f.c_offset = static_cast<float>(scale.c_offset);
  f.c_gain = static_cast<float>(scale.c_gain);
  f.largest = static_cast<float>(scale.largest);
  f.wr = static_cast<float>(luma.red);
  f.wg = static_cast<float>(luma.green);
  f.wb = static_cast<float>(luma.blue);
  return f;
}

void frame_to_rgb(const uint8_t* frame, const FrameShape& f, float* rgb, cudaStream_t stream) {
  HL_LAUNCH(frame_to_rgb_kernel, blocks_for(area(f.height, f.width), kThreads), kThreads, 0, stream, frame, f, rgb);
}

void enlarge(const float* rgb, int h, int w, int scale, float* out, int H, int W, cudaStream_t stream) {
  HL_LAUNCH(enlarge_kernel, blocks_for(area(H, W), kThreads), kThreads, 0, stream, rgb, h, w, scale, out, H, W);
}

void rgb_to_frame(const float* rgb, int H, int W, const FrameShape& f, uint8_t* frame, cudaStream_t stream) {
  HL_LAUNCH(rgb_to_luma_kernel, blocks_for(area(f.height, f.width), kThreads), kThreads, 0, stream, rgb, H, W, f,
            frame);
  if (f.chroma.width)
    HL_LAUNCH(rgb_to_chroma_kernel, blocks_for(area(f.chroma.height, f.chroma.width), kThreads), kThreads, 0, stream,
              rgb, H, W, f, frame);
}

}  // namespace heirloom::HL_CUDA

#include "cuda/attention/kv_store.h"

#include "check.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 256;

struct Shape {
  int window_tokens, D, d, heads;
  int pieces() const { return window_tokens * (d / 8); }  // of eight channels, in one head of one window
  __device__ int64_t at(int window, int head, int piece) const {
    const int per_row = d / 8;
    return (static_cast<int64_t>(window) * window_tokens + piece / per_row) * D + head * d + piece % per_row * 8;
  }
};

// One block per (window, head).
template <class T>
__global__ void store_kernel(const T* x, Shape shape, int pieces, int8_t* q, float* scale) {
  HL_SHARED(float[kThreads / 32], largest_of);
  const int thread = static_cast<int>(threadIdx.x), window = static_cast<int>(blockIdx.x) / shape.heads,
            head = static_cast<int>(blockIdx.x) % shape.heads;
  float largest = 0, v[8];
  for (int i = thread; i < pieces; i += kThreads) {
    load8(x + shape.at(window, head, i), v);
#pragma unroll
    for (int j = 0; j < 8; ++j) largest = fmaxf(largest, fabsf(v[j]));
  }
  largest = warp_max(largest);
  if (thread % 32 == 0) largest_of[thread / 32] = largest;
  __syncthreads();
#pragma unroll
  for (int i = 0; i < kThreads / 32; ++i) largest = fmaxf(largest, largest_of[i]);
  const float steps = largest > 0 ? 127.0f / largest : 0.0f;
  if (thread == 0) scale[blockIdx.x] = largest / 127.0f;
  for (int i = thread; i < pieces; i += kThreads) {
    const int64_t at = shape.at(window, head, i);
    load8(x + at, v);
    uint32_t packed[2] = {0, 0};
#pragma unroll
    for (int j = 0; j < 8; ++j)
      packed[j / 4] |= (static_cast<uint32_t>(__float2int_rn(v[j] * steps)) & 255u) << (j % 4 * 8);
    *reinterpret_cast<uint2*>(q + at) = make_uint2(packed[0], packed[1]);
  }
}

// One thread per eight channels.
template <class T>
__global__ void expand_kernel(const int8_t* q, const float* scale, Shape shape, int64_t pieces, T* x) {
  const int64_t piece = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (piece >= pieces) return;
  const int64_t at = piece * 8, window = at / (static_cast<int64_t>(shape.window_tokens) * shape.D);
  const float factor = scale[window * shape.heads + at % shape.D / shape.d];
  const uint2 packed = *reinterpret_cast<const uint2*>(q + at);
  float v[8];
#pragma unroll
  for (int j = 0; j < 8; ++j)
    v[j] = static_cast<float>(static_cast<int8_t>((j < 4 ? packed.x : packed.y) >> (j % 4 * 8))) * factor;
  store8(x + at, v);
}

Shape shape_of(const StoredSegment& s) {
  CHECK(s.heads > 0 && s.D % s.heads == 0 && s.D / s.heads % 8 == 0, "quantise_kv: " + str(s.heads) +
                                                                         " heads of a width of " + str(s.D) +
                                                                         " are not of 8 channels each or a multiple");
  return {static_cast<int>(s.window_tokens), static_cast<int>(s.D), static_cast<int>(s.D / s.heads),
          static_cast<int>(s.heads)};
}

}  // namespace

void store_windows(Type type, const void* x, const StoredSegment& segment, int8_t* q, float* scale,
                   cudaStream_t stream) {
  const Shape shape = shape_of(segment);
  with_type(type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(store_kernel<T>, static_cast<unsigned>(segment.scales()), kThreads, 0, stream, static_cast<const T*>(x),
              shape, shape.pieces(), q, scale);
  });
}

void expand_windows(Type type, const int8_t* q, const float* scale, const StoredSegment& segment, void* x,
                    cudaStream_t stream) {
  const Shape shape = shape_of(segment);
  const int64_t pieces = segment.values() / 8;
  with_type(type, [&](auto element) {
    using T = decltype(element);
    HL_LAUNCH(expand_kernel<T>, blocks_for(pieces, kThreads), kThreads, 0, stream, q, scale, shape, pieces,
              static_cast<T*>(x));
  });
}

}  // namespace heirloom::HL_CUDA

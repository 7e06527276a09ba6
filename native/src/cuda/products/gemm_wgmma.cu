// Products on Hopper: one producer thread asks the tensor copy engine for tiles, two warpgroups multiply them with wgmma, blocks stay for as many
// tiles as come to them. A convolution's tap is the same box of pixels shifted; what lies outside the picture arrives as zeros.
#include <algorithm>

#include "cuda/products/gemm_product.h"
#include "cuda/device/hopper.h"

namespace heirloom::HL_CUDA {

#ifdef HL_CUDA_EMULATED

TensorMap tensor_map(const void* base, const int64_t (&size)[3], const int64_t (&stride)[2], const int (&box)[3]) {
  return {static_cast<const unsigned char*>(base),
          {size[0], size[1], size[2]},
          {stride[0], stride[1]},
          {box[0], box[1], box[2]}};
}

#else

TensorMap tensor_map(const void* base, const int64_t (&size)[3], const int64_t (&stride)[2], const int (&box)[3]) {
  static const auto encode = [] {                    // through the runtime: the program does not link the driver
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
    constexpr unsigned kSince = 12000;
    check_cuda(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, kSince, cudaEnableDefault, &found),
               "find the driver's tensor maps");
    CHECK(found == cudaDriverEntryPointSuccess && function,
          "gemm: the driver has no cuTensorMapEncodeTiled; a driver of CUDA 12 or newer has");
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
  }();
  TensorMap map;
  const cuuint64_t sizes[3] = {cuuint64_t(size[0]), cuuint64_t(size[1]), cuuint64_t(size[2])},
                   strides[2] = {cuuint64_t(stride[0]), cuuint64_t(stride[1])};
  const cuuint32_t boxes[3] = {cuuint32_t(box[0]), cuuint32_t(box[1]), cuuint32_t(box[2])}, steps[3] = {1, 1, 1};
  const CUresult result = encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 3, const_cast<void*>(base), sizes, strides,
                                 boxes, steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
                                 CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  CHECK(result == CUDA_SUCCESS, "gemm: the driver refused a tensor map, error " + str(int(result)));
  return map;
}

#endif

namespace {

constexpr int kK = 64;  // numbers of K in one stage: 128 bytes
constexpr int kConsumers = 2, kThreads = (1 + kConsumers) * 128;
constexpr int kM = kPatchPixels;  // 64 rows for each consumer
constexpr int kGroup = 4;  // fragments a warp stages at a time on their way out

template <int kN>
struct Ring {
  static constexpr int kLeftBytes = kM * kK * 2, kRightBytes = kN * kK * 2, kStageBytes = kLeftBytes + kRightBytes;
  static constexpr int kStages = kN == 256 ? 4 : 6;
  static constexpr int kStaging = kStages * kStageBytes;  // where staging begins
  static constexpr int kStagingFloats = 16 * staging_stride(kGroup);  // of one warp
  static constexpr int kBarriers = kStaging + kConsumers * 4 * kStagingFloats * 4;
  static constexpr int kBytes = kBarriers + (kStages * 2 + 1) * 8;  // full, empty; where the consumers meet
};
static_assert(Ring<256>::kBytes <= 227 << 10 && Ring<128>::kBytes <= 227 << 10, "the shared memory of one block");

struct HopperProduct {
  Product p;
  Patch patch;
  int patches_across;
  int chunks[kMaxSources];  // of kK channels, of every source
  int steps;  // stages of K
  TensorMap left[kMaxSources], right;
};

struct Where {
  int phase, y, x, n;  // of a tile: the first pixel, and which tile along N it is
};

#if HL_HAS_HOPPER

__device__ inline Where where(const HopperProduct& h, int tile) {
  const int tiles = h.p.down * h.p.across, phase = tile / tiles;
  const Spot at = spot(tile - phase * tiles, h.p.down, h.p.across);
  return {phase, at.m / h.patches_across * h.patch.rows, at.m % h.patches_across * h.patch.columns, at.n};
}

// Which stage comes next, and whether its barriers are in an even or odd round.
template <int kStages>
struct Turn {
  int stage = 0, parity = 0;
  __device__ void next() {
    if (++stage == kStages) {
      stage = 0;
      parity ^= 1;
    }
  }
};

template <int kN>
__device__ __forceinline__ void produce(const HopperProduct& h, SharedAddress shared, SharedAddress full,
                                        SharedAddress empty) {
  using R = Ring<kN>;
  const Product& p = h.p;
  Turn<R::kStages> turn;
  const int border = p.is_replicate ? 1 : 0;
  for (int i = int(blockIdx.x); i < p.schedule.items(); i += int(gridDim.x)) {
    const Schedule::Item item = p.schedule.item(i);
    const Where at = where(h, item.tile);
    const int first = split_first(h.steps, item.splits, item.split),
              last = split_first(h.steps, item.splits, item.split + 1);
    int step = 0;
    for (int tap = 0; tap < p.taps_y * p.taps_x; ++tap) {
      const int y = at.y + border + tap / p.taps_x + tap_offset(p.taps_y, at.phase / 2),
                x = at.x + border + tap % p.taps_x + tap_offset(p.taps_x, at.phase % 2);
      int k = tap * p.channel_row;
      for (int source = 0; source < p.sources; ++source) {
        // A last chunk's channels beyond the source are zeros on the left, so whatever stands beside them on the right adds nothing.
        for (int chunk = 0; chunk < h.chunks[source]; ++chunk, ++step) {
          if (step < first || step >= last) continue;
          mbarrier_wait(empty + turn.stage * 8, turn.parity ^ 1);
          const SharedAddress left = shared + turn.stage * R::kStageBytes, barrier = full + turn.stage * 8;
          mbarrier_arrive_expect(barrier, R::kStageBytes);
          tensor_copy(left, h.left[source], barrier, chunk * kK, x, y);
          tensor_copy(left + R::kLeftBytes, h.right, barrier, k + chunk * kK, at.phase * p.n + at.n * kN, 0);
          turn.next();
        }
        k += p.source[source].channels;
      }
    }
  }
}

template <int kN>
__device__ __forceinline__ void consume(const HopperProduct& h, unsigned char* memory, SharedAddress full,
                                        SharedAddress empty, SharedAddress together) {
  using R = Ring<kN>;
  constexpr int kFragments = kN / 8;
  const Product& p = h.p;
  const int thread = int(threadIdx.x) - 128, lane = thread % 32, warp = thread / 32, group = thread / 128;
  const SharedAddress shared = shared_address(memory);
  float* staging = reinterpret_cast<float*>(memory + R::kStaging) + warp * R::kStagingFloats;
  Turn<R::kStages> turn;
  float sums[kFragments][4];
#pragma unroll
  for (int i = 0; i < kFragments * 4; ++i) sums[i / 4][i % 4] = 0;
  int meetings = 0;
  const auto meet = [&] {  // of the consumers: the producer has gone ahead
    __syncwarp();
    if (lane == 0) mbarrier_arrive(together);
    mbarrier_wait(together, meetings++ & 1);
  };
  for (int i = int(blockIdx.x); i < p.schedule.items(); i += int(gridDim.x)) {
    const Schedule::Item item = p.schedule.item(i);
    const int steps = split_first(h.steps, item.splits, item.split + 1) - split_first(h.steps, item.splits, item.split);
    int before = 0;  // the stage whose products may still be reading
    for (int step = 0; step < steps; ++step) {
      mbarrier_wait(full + turn.stage * 8, turn.parity);
      const SharedAddress left = shared + turn.stage * R::kStageBytes;
      const uint64_t a = wgmma_descriptor(descriptor_address(left + group * 64 * kK * 2)),
                     b = wgmma_descriptor(descriptor_address(left + R::kLeftBytes));
      wgmma_fence();
#pragma unroll
      for (int k = 0; k < kK / 16; ++k)
        wgmma(sums, a + k * 2, b + k * 2, step + k > 0);  // 16 numbers are 32 bytes, 2 in a descriptor's units
      wgmma_commit();
      if (step > 0) {
        wgmma_wait<1>();
        if (lane == 0) mbarrier_arrive(empty + before * 8);
      }
      before = turn.stage;
      turn.next();
    }
    wgmma_wait<0>();
    wgmma_done(sums);
    if (lane == 0) mbarrier_arrive(empty + before * 8);

    if (item.splits > 1 && !add_splits<kFragments * 4, kConsumers * 128>(p, &sums[0][0], item, thread, meet)) continue;
    const Where at = where(h, item.tile);
    const auto row_of = [&](int r) -> int64_t {
      const int row = warp * 16 + r, y = at.y + patch_y(h.patch, row), x = at.x + patch_x(h.patch, row);
      return y < p.height && x < p.width ? result_row(p, at.phase, y, x) : -1;
    };
    if (p.finish.is_half_lines) {
      finish_fragments<kFragments>(p, sums, lane, at.n * kN, row_of);
      continue;
    }
#pragma unroll 1
    for (int fragment = 0; fragment < kFragments && at.n * kN + fragment * 8 < p.n; fragment += kGroup) {
      finish_rows<kGroup>(p, sums, staging, lane, at.n * kN + fragment * 8, row_of);
#pragma unroll
      for (int j = 0; j + kGroup < kFragments; ++j)  // the next fragments move up, as in gemm_mma.cu
#pragma unroll
        for (int c = 0; c < 4; ++c) sums[j][c] = sums[j + kGroup][c];
    }
  }
}

#endif

template <int kN>
__global__ void __launch_bounds__(kThreads, 1) wgmma_kernel(const __grid_constant__ HopperProduct h) {
#if HL_HAS_HOPPER
  using R = Ring<kN>;
  HL_DYNAMIC_SHARED(unsigned char, memory);
  const SharedAddress full = shared_address(memory) + R::kBarriers, empty = full + R::kStages * 8,
                      together = empty + R::kStages * 8;
  if (threadIdx.x == 0) {
    for (int stage = 0; stage < R::kStages; ++stage) {
      mbarrier_init(full + stage * 8, 1);
      mbarrier_init(empty + stage * 8, kConsumers * 4);  // one lane of every consumer warp
    }
    mbarrier_init(together, kConsumers * 4);
    mbarrier_init_fence();
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    give_registers<40>();
    if (threadIdx.x == 0) produce<kN>(h, shared_address(memory), full, empty);
  } else {
    take_registers<232>();
    consume<kN>(h, memory, full, empty, together);
  }
#else
  (void)h;
  __trap();
#endif
}

// Sources [H, W, C] with their edges repeated once all around: [H + 2, W + 2, C], in pieces of 16 bytes. The copy engine knows no other
// outside than zeros.
__global__ void replicate_kernel(Source source, int height, int width, uint4* to) {
  const int pieces = source.channels / 8;
  const int64_t at = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
  if (at >= int64_t(height + 2) * (width + 2) * pieces) return;
  const int piece = int(at % pieces), x = min(max(int(at / pieces % (width + 2)) - 1, 0), width - 1),
            y = min(max(int(at / pieces / (width + 2)) - 1, 0), height - 1);
  const char* from = static_cast<const char*>(source.data) + (y * source.row_stride + x * source.pixel_stride) * 2;
  to[at] = *(reinterpret_cast<const uint4*>(from) + piece);
}

// False if the scratch does not hold them all. used: so many of its bytes are taken then.
bool replicate(const Launch& on, HopperProduct& h, size_t& used) {
  Product& p = h.p;
  size_t at = used;
  for (int i = 0; i < p.sources; ++i)
    at += size_t(p.height + 2) * size_t(p.width + 2) * size_t(p.source[i].channels) * 2;
  if (at > on.scratch_bytes) return false;
  at = used;
  for (int i = 0; i < p.sources; ++i) {
    Source& s = p.source[i];
    const int64_t pieces = int64_t(p.height + 2) * (p.width + 2) * s.channels / 8;
    unsigned char* to = static_cast<unsigned char*>(on.scratch) + at;
    HL_LAUNCH(replicate_kernel, blocks_for(pieces, 256), 256, 0, on.stream, s, p.height, p.width,
              reinterpret_cast<uint4*>(to));
    at += size_t(pieces) * 16;
    s.pixel_stride = s.channels;
    s.row_stride = int64_t(p.width + 2) * s.channels;
    s.data = to + (s.row_stride + s.pixel_stride) * 2;  // the corner of the picture itself
  }
  used = at;
  return true;
}

TensorMap left_map(const Product& p, const Source& s, Patch patch) {
  const int border = p.is_replicate ? 1 : 0;  // as replicate made it
  const char* base = static_cast<const char*>(s.data) - (s.row_stride + s.pixel_stride) * 2 * border;
  const int64_t row = p.height > 1 ? s.row_stride : p.width * s.pixel_stride;  // of a matrix: anything that is allowed
  return tensor_map(base, {s.channels, p.width + 2 * border, p.height + 2 * border}, {s.pixel_stride * 2, row * 2},
                    {kK, patch.columns, patch.rows});
}

template <int kN>
void start(const Launch& on, HopperProduct& h, size_t scratch_used) {
  Product& p = h.p;
  const int64_t columns = p.row_bytes / 2;
  h.right = tensor_map(p.weight, {columns, int64_t(p.phases) * p.n, 1}, {p.row_bytes, p.row_bytes * p.phases * p.n},
                       {kK, kN, 1});
  cut(on, p, patches(h.patch, p.height, p.width), blocks_for(p.n, kN), 1, kM * kN, h.steps, scratch_used);
  HL_LAUNCH(wgmma_kernel<kN>, unsigned(std::min(p.schedule.items(), on.multiprocessors)), kThreads, Ring<kN>::kBytes,
            on.stream, h);
}

}  // namespace

bool run_wgmma(const Launch& on, const Product& product) {
  if (!product.is_whole || product.n < 96) return false;
  for (int i = 0; i < product.sources; ++i)  // tensor maps want every stride to be a multiple of the one before
    if (product.height > 1 && product.source[i].row_stride % product.source[i].pixel_stride != 0) return false;
  HopperProduct h = {};
  h.p = product;
  Product& p = h.p;
  h.patch = choose_patch(p.height, p.width);
  h.patches_across = (p.width + h.patch.columns - 1) / h.patch.columns;
  const auto tiles = [&](int columns) {
    return patches(h.patch, p.height, p.width) * blocks_for(p.n, columns) * p.phases;
  };
  // Fewer tiles than half the multiprocessors: mma.sync cuts them smaller. A tile of 256 reads less than two of 128, unless half of it is waste.
  if (tiles(128) * 2 < on.multiprocessors) return false;
  const bool is_wide = (p.n % 256 == 0 || p.n % 256 > 128) && tiles(256) >= on.multiprocessors;
  size_t scratch_used = kTicketBytes;
  if (p.is_replicate && !replicate(on, h, scratch_used)) return false;
  for (int i = 0; i < p.sources; ++i) {
    h.chunks[i] = (p.source[i].channels + kK - 1) / kK;
    h.steps += h.chunks[i] * p.taps_y * p.taps_x;
    h.left[i] = left_map(p, p.source[i], h.patch);
  }
  if (is_wide) start<256>(on, h, scratch_used);
  else start<128>(on, h, scratch_used);
  return true;
}

}  // namespace heirloom::HL_CUDA

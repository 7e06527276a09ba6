// The emulator that runs CUDA kernels in tests: does it compute what a GPU would, and does it catch what a GPU would not forgive?
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "check_test.h"
#include "cuda/device/platform.h"
#include "cuda/device/ptx.h"

namespace heirloom::HL_CUDA {

namespace {

// What a launch that must fail says.
template <class F>
std::string complaint(F&& launch) {
  std::string sentence;
  EXPECT(check::error_code(launch, &sentence) == "internal");
  return sentence;
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

__global__ void indices(int* out, int n) {
  const int i = static_cast<int>((blockIdx.y * gridDim.x + blockIdx.x) * blockDim.x * blockDim.y +
                                 threadIdx.y * blockDim.x + threadIdx.x);
  if (i < n) out[i] += i;
}

TEST("every thread of every block runs once and knows its place") {
  std::vector<int> out(3 * 2 * 5 * 7, 1000);
  HL_LAUNCH(indices, dim3(3, 2), dim3(5, 7), 0, nullptr, out.data(), static_cast<int>(out.size()));
  for (size_t i = 0; i < out.size(); ++i) EXPECT(out[i] == 1000 + static_cast<int>(i));
}

template <class T, int N>
__global__ void reversed(const T* in, T* out) {
  HL_SHARED(T[N], tile);
  tile[threadIdx.x] = in[blockIdx.x * N + threadIdx.x];
  __syncthreads();
  out[blockIdx.x * N + threadIdx.x] = tile[N - 1 - threadIdx.x];
}

TEST("a barrier makes static shared memory visible to the whole block, in a template kernel, in any order of threads") {
  for (uint64_t order : {0, 1, 2}) {
    emulator::set_order(order);
    std::vector<double> in(4 * 300), out(in.size());
    for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<double>(i);
    HL_LAUNCH((reversed<double, 300>), 4, 300, 0, nullptr, in.data(), out.data());
    for (size_t i = 0; i < out.size(); ++i) EXPECT(out[i] == in[i / 300 * 300 + 299 - i % 300]);
  }
  emulator::set_order(0);
}

__global__ void reversed_without_barrier(const float* in, float* out) {
  HL_SHARED(float[64], tile);
  tile[threadIdx.x] = in[threadIdx.x];
  out[threadIdx.x] = tile[63 - threadIdx.x];
}

TEST("a forgotten barrier is seen as poison") {
  std::vector<float> in(64, 1.0f), out(64);
  HL_LAUNCH(reversed_without_barrier, 1, 64, 0, nullptr, in.data(), out.data());
  EXPECT(std::isnan(out[0]));
}

__global__ void sums(const float* in, float* out, int n) {
  HL_DYNAMIC_SHARED(float, part);
  float sum = 0;
  for (int i = static_cast<int>(threadIdx.x); i < n; i += static_cast<int>(blockDim.x))
    sum += in[blockIdx.x * static_cast<unsigned>(n) + static_cast<unsigned>(i)];
  for (int lanes = 16; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, lanes);
  if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (unsigned i = 1; i < blockDim.x / 32; ++i) sum += part[i];
    out[blockIdx.x] = sum;
  }
}

TEST("shuffles add up over warps, dynamic shared memory over the block") {
  std::vector<float> in(3 * 1000), out(3);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i % 7);
  HL_LAUNCH(sums, 3, 256, 8 * sizeof(float), nullptr, in.data(), out.data(), 1000);
  for (size_t block = 0; block < 3; ++block) {
    float expected = 0;
    for (size_t i = 0; i < 1000; ++i) expected += in[block * 1000 + i];
    EXPECT(out[block] == expected);  // whole numbers: exact in any order
  }
}

__global__ void lanes(int* out) {
  const int lane = static_cast<int>(threadIdx.x);
  out[lane * 8 + 0] = __shfl_sync(0xffffffffu, lane, 5);
  out[lane * 8 + 1] = __shfl_sync(0xffffffffu, lane, 1, 8);
  out[lane * 8 + 2] = __shfl_up_sync(0xffffffffu, lane, 3);
  out[lane * 8 + 3] = __shfl_down_sync(0xffffffffu, lane, 3, 16);
  out[lane * 8 + 4] = static_cast<int>(__ballot_sync(0xffffffffu, lane % 3 == 0));
  out[lane * 8 + 5] = __any_sync(0xffffffffu, lane == 31) + 2 * __all_sync(0xffffffffu, lane < 31);
  out[lane * 8 + 6] = static_cast<int>(__match_any_sync(0xffffffffu, static_cast<unsigned>(lane) / 16));
  out[lane * 8 + 7] = lane < 8 ? __shfl_xor_sync(0x000000ffu, lane, 1)
                               : __shfl_xor_sync(0xffffff00u, lane, 2);  // two meetings of one warp
  __syncwarp();
}

TEST("warp collectives move what the CUDA guide says") {
  std::vector<int> out(32 * 8);
  HL_LAUNCH(lanes, 1, 32, 0, nullptr, out.data());
  for (int lane = 0; lane < 32; ++lane) {
    const int* got = &out[static_cast<size_t>(lane * 8)];
    EXPECT(got[0] == 5 && got[1] == lane / 8 * 8 + 1);
    EXPECT(got[2] == (lane >= 3 ? lane - 3 : lane));
    EXPECT(got[3] == (lane % 16 < 13 ? lane + 3 : lane));
    EXPECT(got[4] == 0x49249249 && got[5] == 1);
    EXPECT(static_cast<unsigned>(got[6]) == (lane < 16 ? 0x0000ffffu : 0xffff0000u));
    EXPECT(got[7] == (lane < 8 ? lane ^ 1 : lane ^ 2));
  }
}

__global__ void counting(int* total, unsigned long long* largest, float* sum, int* over_block) {
  atomicAdd(total, 1);
  atomicMax(largest, threadIdx.x + 1000ull * blockIdx.x);
  atomicAdd(sum, 0.5f);
  const int odd = __syncthreads_count(threadIdx.x % 2);
  if (threadIdx.x == 0) over_block[blockIdx.x] = odd;
}

TEST("atomics count right with blocks on several cores") {
  emulator::set_threads(3);
  int total = 0;
  unsigned long long largest = 0;
  float sum = 0;
  std::vector<int> over_block(50);
  HL_LAUNCH(counting, 50, 33, 0, nullptr, &total, &largest, &sum, over_block.data());
  emulator::set_threads(0);
  EXPECT(total == 50 * 33 && largest == 49032 && sum == 825.0f);
  for (int odd : over_block) EXPECT(odd == 16);
}

// ---- what must be refused ----

__global__ void some_leave(int* out) {
  if (threadIdx.x == 7) return;
  out[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1, 1);
}
__global__ void some_wait_elsewhere() {
  if (threadIdx.x < 40) __syncthreads();
  else __syncwarp(0xffffffffu);
}
__global__ void different_words() {
  if (threadIdx.x < 16) __shfl_sync(0xffffffffu, 1, 0);
  else __ballot_sync(0xffffffffu, 1);
}
__global__ void writes_too_far(int at) {
  HL_DYNAMIC_SHARED(float, buffer);
  buffer[at] = 1.0f;
}
__global__ void static_too_far(int at) {
  HL_SHARED(float[8], buffer);
  float* const first = buffer;  // the sanitizer would see it in the array
  first[at] = 1.0f;
}

TEST("threads that wait for each other forever are named") {
  std::vector<int> out(32);
  std::string sentence = complaint([&] { HL_LAUNCH(some_leave, 1, 32, 0, nullptr, out.data()); });
  EXPECT(has(sentence, "some_leave") && has(sentence, "thread (7, 0, 0), which has ended"));
  sentence = complaint([] { HL_LAUNCH(some_wait_elsewhere, dim3(2, 1), 64, 0, nullptr); });
  EXPECT(has(sentence, "some_wait_elsewhere") && has(sentence, "no thread can go on") &&
         has(sentence, "(0, 0, 0) waits at __syncthreads") &&
         has(sentence, "(40, 0, 0) waits at __syncwarp for the lanes 0xffffffff"));
  EXPECT(has(complaint([] { HL_LAUNCH(different_words, 1, 32, 0, nullptr); }),
             "__ballot_sync, while other lanes of the warp are at __shfl_sync"));
}

TEST("writing outside shared memory is seen, and the next kernel runs as if nothing had happened") {
  EXPECT(has(complaint([] { HL_LAUNCH(writes_too_far, 1, 1, 64, nullptr, 16); }),
             "shared memory was written outside its bounds, at 64 of 64"));
  EXPECT(has(complaint([] { HL_LAUNCH(writes_too_far, 1, 1, 64, nullptr, -1); }), "outside its bounds, at -4 of"));
  EXPECT(has(complaint([] { HL_LAUNCH(static_too_far, 1, 1, 0, nullptr, 8); }), "outside its bounds"));
  HL_LAUNCH(writes_too_far, 1, 1, 64, nullptr, 15);
}

TEST("a launch the device could not make is refused") {
  EXPECT(has(complaint([] { HL_LAUNCH(writes_too_far, 1, 1025, 64, nullptr, 0); }), "a block of (1025, 1, 1)"));
  EXPECT(has(complaint([] { HL_LAUNCH(writes_too_far, 0, 1, 64, nullptr, 0); }), "a grid of (0, 1, 1)"));
  emulator::device().capability = 75;
  EXPECT(has(complaint([] { HL_LAUNCH(writes_too_far, 1, 1, 66 << 10, nullptr, 0); }),
             "67584 bytes of shared memory, the device has 65536"));
  emulator::device().capability = 89;
}

// ---- asynchronous copies ----

template <bool Waits>
__global__ void copies(const float* in, float* out) {
  HL_DYNAMIC_SHARED(float, tile);
  const unsigned i = threadIdx.x;
  cp_async_16(shared_address(tile + 4 * i), in + 4 * i, i % 3 == 0 ? 8 : 16);
  cp_async_commit();
  cp_async_16(shared_address(tile + 128 + 4 * i), in, i == 5 ? 16 : 0);
  cp_async_commit();
  if (Waits) cp_async_wait<1>();
  __syncthreads();
  for (unsigned j = 0; j < 4; ++j) out[4 * i + j] = tile[4 * (31 - i) + j];
  cp_async_wait<0>();
  out[128 + i] = tile[128 + 4 * i + 1];
}

TEST("asynchronous copies arrive at the wait and no earlier, with zeros behind what was copied") {
  std::vector<float> in(128), out(160);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i + 1);
  HL_LAUNCH(copies<true>, 1, 32, 1024, nullptr, in.data(), out.data());
  for (size_t i = 0; i < 32; ++i) {
    for (size_t j = 0; j < 4; ++j) EXPECT(out[4 * i + j] == ((31 - i) % 3 == 0 && j > 1 ? 0.0f : in[4 * (31 - i) + j]));
    EXPECT(out[128 + i] == (i == 5 ? 2.0f : 0.0f));
  }
  HL_LAUNCH(copies<false>, 1, 32, 1024, nullptr, in.data(), out.data());
  EXPECT(std::any_of(out.begin(), out.begin() + 128, [](float v) { return std::isnan(v); }));
}

__global__ void copies_badly(const char* in, int to, int from) {
  HL_DYNAMIC_SHARED(char, tile);
  cp_async_16(shared_address(tile + to), in + from);
}

TEST("asynchronous copies to a crooked address or outside the block's memory are refused") {
  alignas(16) char in[64] = {};
  EXPECT(has(complaint([&] { HL_LAUNCH(copies_badly, 1, 1, 64, nullptr, in, 8, 0); }), "not a multiple of 16"));
  EXPECT(has(complaint([&] { HL_LAUNCH(copies_badly, 1, 1, 64, nullptr, in, 0, 4); }), "not a multiple of 16"));
  EXPECT(has(complaint([&] { HL_LAUNCH(copies_badly, 1, 1, 64, nullptr, in, 64, 0); }),
             "outside the block's shared memory"));
}

// ---- matrices. The fragments are filled here element by element from the tables of the PTX ISA, independently of the twin. ----

__global__ void load_four(const uint16_t* in, uint32_t* out, bool transposed) {
  HL_SHARED(uint16_t[4 * 64], tile);
  for (unsigned i = threadIdx.x; i < 256; i += 32) tile[i] = in[i];
  __syncwarp();
  uint32_t r[4];
  const SharedAddress row = shared_address(tile + threadIdx.x * 8);
  if (transposed) ldmatrix_x4_trans(r, row);
  else ldmatrix_x4(r, row);
  for (unsigned j = 0; j < 4; ++j) out[threadIdx.x * 4 + j] = r[j];
  uint32_t two[2];
  ldmatrix_x2(two, row);
  if (two[0] != out[threadIdx.x * 4] && !transposed) __trap();
}

TEST("ldmatrix gives lane l the elements of row l / 4, transposed of column l / 4") {
  std::vector<uint16_t> in(256);
  for (size_t i = 0; i < 256; ++i) in[i] = static_cast<uint16_t>(i);
  for (bool transposed : {false, true}) {
    std::vector<uint32_t> out(128);
    HL_LAUNCH(load_four, 1, 32, 0, nullptr, in.data(), out.data(), transposed);
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned j = 0; j < 4; ++j)
        for (unsigned e = 0; e < 2; ++e) {
          const unsigned line = lane / 4, place = lane % 4 * 2 + e;
          EXPECT((out[lane * 4 + j] >> (16 * e) & 0xffff) ==
                 j * 64 + (transposed ? place * 8 + line : line * 8 + place));
        }
  }
}

// i-th element of A, B and C/D fragments of a lane: (row, column)
struct Spot {
  int row, column;
};
Spot spot_a16(int lane, int i) {
  return {lane / 4 + ((i < 2 || (i >= 4 && i < 6)) ? 0 : 8), lane % 4 * 2 + (i & 1) + (i >= 4 ? 8 : 0)};
}  // m16n8k16
Spot spot_b16(int lane, int i) { return {lane % 4 * 2 + (i & 1) + (i >= 2 ? 8 : 0), lane / 4}; }
Spot spot_a8(int lane, int i) { return {lane / 4 + (i < 2 ? 0 : 8), lane % 4 * 2 + (i & 1)}; }  // m16n8k8
Spot spot_b8(int lane, int i) { return {lane % 4 * 2 + i, lane / 4}; }
Spot spot_a32(int lane, int i) {
  return {lane / 4 + ((i < 4 || (i >= 8 && i < 12)) ? 0 : 8), lane % 4 * 4 + (i & 3) + (i >= 8 ? 16 : 0)};
}  // m16n8k32
Spot spot_b32(int lane, int i) { return {lane % 4 * 4 + (i & 3) + (i >= 4 ? 16 : 0), lane / 4}; }
Spot spot_c(int lane, int i) { return {lane / 4 + (i < 2 ? 0 : 8), lane % 4 * 2 + (i & 1)}; }

template <class T> T number(float f);
template <> __nv_bfloat16 number(float f) { return f; }
template <> __half number(float f) { return f; }
template <> uint8_t number(float f) { return bits_from_float_e4m3(f); }

template <class T, int K>
__global__ void product(const uint32_t* a, const uint32_t* b, float* d) {
  const unsigned lane = threadIdx.x;
  uint32_t ra[4], rb[2];
  for (int i = 0; i < 4; ++i) ra[i] = a[lane * 4 + static_cast<unsigned>(i)];
  for (int i = 0; i < 2; ++i) rb[i] = b[lane * 2 + static_cast<unsigned>(i)];
  float rd[4];
  for (int i = 0; i < 4; ++i) rd[i] = d[lane * 4 + static_cast<unsigned>(i)];
  if constexpr (K == 32) mma_m16n8k32_e4m3(rd, ra, rb);
  else if constexpr (K == 8) mma_m16n8k8_f16(rd, ra[0], ra[1], rb[0]);
  else mma_m16n8k16<T>(rd, ra, rb);
  for (int i = 0; i < 4; ++i) d[lane * 4 + static_cast<unsigned>(i)] = rd[i];
}

template <class T, int K>
void check_product(Spot (*spot_a)(int, int), Spot (*spot_b)(int, int)) {
  check::Random random(static_cast<uint64_t>(K) * 10 + sizeof(T));
  std::vector<float> a(16 * K), b(K * 8), expected(16 * 8);
  for (float& v : a) v = static_cast<float>(random.below(9) - 4);  // whole numbers: every format and order is exact
  for (float& v : b) v = static_cast<float>(random.below(9) - 4);
  for (float& v : expected) v = static_cast<float>(random.below(9));
  const int a_count = 16 * K / 32, b_count = K * 8 / 32;
  std::vector<T> fa(32 * 16 / sizeof(T)), fb(32 * 8 / sizeof(T));
  std::vector<float> fd(32 * 4);
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < a_count; ++i)
      fa[static_cast<size_t>(lane) * (16 / sizeof(T)) + static_cast<size_t>(i)] =
          number<T>(a[static_cast<size_t>(spot_a(lane, i).row * K + spot_a(lane, i).column)]);
    for (int i = 0; i < b_count; ++i)
      fb[static_cast<size_t>(lane) * (8 / sizeof(T)) + static_cast<size_t>(i)] =
          number<T>(b[static_cast<size_t>(spot_b(lane, i).row * 8 + spot_b(lane, i).column)]);
    for (int i = 0; i < 4; ++i)
      fd[static_cast<size_t>(lane * 4 + i)] =
          expected[static_cast<size_t>(spot_c(lane, i).row * 8 + spot_c(lane, i).column)];
  }
  std::vector<uint32_t> ra(32 * 4), rb(32 * 2);
  std::memcpy(ra.data(), fa.data(), 32 * 16);
  std::memcpy(rb.data(), fb.data(), 32 * 8);
  HL_LAUNCH((product<T, K>), 1, 32, 0, nullptr, ra.data(), rb.data(), fd.data());
  for (int row = 0; row < 16; ++row)
    for (int column = 0; column < 8; ++column)
      for (int k = 0; k < K; ++k)
        expected[static_cast<size_t>(row * 8 + column)] +=
            a[static_cast<size_t>(row * K + k)] * b[static_cast<size_t>(k * 8 + column)];
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i)
      EXPECT(fd[static_cast<size_t>(lane * 4 + i)] ==
             expected[static_cast<size_t>(spot_c(lane, i).row * 8 + spot_c(lane, i).column)]);
}

TEST("tensor-core products follow the fragment layouts of the PTX documentation") {
  check_product<__nv_bfloat16, 16>(spot_a16, spot_b16);
  check_product<__half, 16>(spot_a16, spot_b16);
  check_product<__half, 8>(spot_a8, spot_b8);
  check_product<uint8_t, 32>(spot_a32, spot_b32);
}

TEST("bfloat16, half and e4m3 round to nearest even and saturate like the hardware") {
  EXPECT(__nv_bfloat16(1.0f).bits == 0x3f80 && __nv_bfloat16(1.00390625f).bits == 0x3f80 &&
         __nv_bfloat16(1.01171875f).bits == 0x3f82);
  EXPECT(__half(1.0f).bits == 0x3c00 && __half(65504.0f).bits == 0x7bff && __half(65520.0f).bits == 0x7c00 &&
         __half(-6e-8f).bits == 0x8001);
  for (unsigned bits = 0; bits < 0x7c00; ++bits)
    EXPECT(bits_from_float_half(float_from_half_bits(static_cast<uint16_t>(bits))) == bits);
  for (unsigned bits = 0; bits < 0x7f; ++bits)
    EXPECT(bits_from_float_e4m3(float_from_e4m3_bits(static_cast<uint8_t>(bits))) == bits);
  EXPECT(float_from_e4m3_bits(0x7e) == 448.0f && bits_from_float_e4m3(1e9f) == 0x7e &&
         bits_from_float_e4m3(-1e9f) == 0xfe);
  EXPECT(bits_from_float_e4m3(1.0625f) == 0x38 && bits_from_float_e4m3(1.1875f) == 0x3a);  // halfway: to the even one
}

TEST("device memory has a limit and begins as not-a-number") {
  emulator::device().memory_bytes = 1 << 20;
  float *first = nullptr, *second = nullptr;
  EXPECT(cudaMalloc(&first, 1 << 19) == cudaSuccess && std::isnan(first[17]));
  EXPECT(cudaMalloc(&second, (1 << 19) + 1) == cudaErrorMemoryAllocation && second == nullptr);
  EXPECT(cudaFree(first) == cudaSuccess && cudaFree(first) == cudaErrorInvalidValue);
  emulator::device().memory_bytes = size_t{16} << 30;
}

}  // namespace

}  // namespace heirloom::HL_CUDA

TEST_MAIN

// Work recorded as CUDA graphs, on the emulator: the same results as launch by launch, whatever changes from one time to the next.
#include "cuda/device/cuda_graphs.h"

#include <stdexcept>

#include "check_test.h"
#include "test_device.h"
#include "cuda/memory/pool.h"
#include "device.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

namespace {

struct WorkStream {
  cudaStream_t stream = nullptr;
  WorkStream() { cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking); }
  ~WorkStream() { cudaStreamDestroy(stream); }
};

__global__ void add_kernel(int* to, int value) { to[threadIdx.x] += value; }

void add(cudaStream_t stream, std::vector<int>& to, int value) {
  HL_LAUNCH(add_kernel, 1, static_cast<unsigned>(to.size()), 0, stream, to.data(), value);
}

TEST("a body runs launch by launch once, then as a graph that takes what has changed") {
  WorkStream work;
  CudaGraphs graphs(work.stream);
  std::vector<int> a(4, 0), b(4, 0);
  for (int i = 1; i <= 5; ++i) {
    std::vector<int>& to = i % 2 ? a : b;  // another buffer and another number every time
    graphs.run("chunk", [&] {
      add(work.stream, to, i);
      if (i > 1) EXPECT(to[0] == (i % 2 ? (i == 3 ? 1 : 4) : (i == 2 ? 0 : 2)));  // captured, not run
      add(work.stream, to, 0);
    });
    EXPECT(graphs.graphs_started() == static_cast<size_t>(i - 1));
  }
  EXPECT(a == std::vector<int>(4, 1 + 3 + 5) && b == std::vector<int>(4, 2 + 4));
}

TEST("another sequence of work under the same key is made into a graph anew") {
  WorkStream work;
  CudaGraphs graphs(work.stream);
  std::vector<int> a(4, 0);
  for (int i = 1; i <= 4; ++i)
    graphs.run("chunk", [&] {
      for (int j = 0; j < i; ++j) add(work.stream, a, 1);
      if (i == 3) cudaMemsetAsync(a.data(), 0, 4 * sizeof(int), work.stream);
    });
  EXPECT(a == std::vector<int>(4, 4) && graphs.graphs_started() == 3);
}

TEST("a body that ends with an error has started nothing, and the next one runs as if it had not been") {
  WorkStream work;
  CudaGraphs graphs(work.stream);
  std::vector<int> a(4, 0);
  const auto body = [&](bool fails) {
    graphs.run("chunk", [&] {
      add(work.stream, a, 1);
      if (fails) fail("cancelled", "The stream was cancelled.");
    });
  };
  body(false);
  EXPECT(check::error_code([&] { body(true); }) == "cancelled" && a[0] == 1);
  body(false);
  EXPECT(a[0] == 2 && graphs.graphs_started() == 1);
}

TEST("what cannot be captured interrupts the capture: all before it is done, all after it runs launch by launch") {
  WorkStream work;
  CudaGraphs graphs(work.stream);
  std::vector<int> a(4, 0);
  for (int i = 0; i < 3; ++i)
    graphs.run("chunk", [&] {
      add(work.stream, a, 1);
      graphs.interrupt();
      EXPECT(a[0] == 2 * i + 1);
      add(work.stream, a, 1);
      EXPECT(a[0] == 2 * i + 2);
      EXPECT(cudaStreamSynchronize(work.stream) == cudaSuccess);
    });
  EXPECT(graphs.graphs_started() == 2);
}

TEST("a graph that is captured refuses to be waited for, and copies of memory that is not pinned") {
  WorkStream work;
  int here = 1, *there = nullptr;
  EXPECT(cudaMalloc(&there, sizeof(int)) == cudaSuccess);
  cudaGraph_t graph = nullptr;
  for (int what = 0; what < 4; ++what) {
    EXPECT(cudaStreamBeginCapture(work.stream, cudaStreamCaptureModeRelaxed) == cudaSuccess);
    const cudaError_t said = what == 0 ? cudaStreamSynchronize(work.stream)
                             : what == 1
                                 ? cudaMemcpyAsync(there, &here, sizeof(int), cudaMemcpyHostToDevice, work.stream)
                             : what == 2 ? cudaFree(there)
                                         : cudaDeviceSynchronize();
    EXPECT(said == cudaErrorStreamCaptureUnsupported);
    EXPECT(cudaStreamEndCapture(work.stream, &graph) == cudaErrorStreamCaptureInvalidated && graph == nullptr);
  }
  EXPECT(cudaFree(there) == cudaSuccess);
}

TEST("operations together give the numbers they give one by one, also where a body looks at them or asks for scratch") {
  const auto run = [](bool is_together) {
    const auto ops = make_ops({HL_TEST_DEVICE, "bf16"}, 1, nullptr);
    check::Random random(5);
    const auto numbers = [&](const Shape& shape) {
      Tensor t = Tensor::heap(shape);
      for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = static_cast<float>(random.below(127) - 63) / 64.0f;
      return t;
    };
    const LinearWeight w = ops->products.pack_linear(numbers({64, 64}), numbers({64}));
    Grid grid;
    grid.f = 2, grid.h = 8, grid.w = 16;
    std::vector<float> all;
    Tensor kept = ops->memory.zeros({grid.tokens(), 64});
    for (int64_t i = 0; i < 5; ++i) {
      const Tensor x = ops->memory.upload_tokens(numbers({grid.tokens(), 64}));
      Tensor y;
      const auto body = [&] {
        const Tensor z = ops->attention.norm_rope_windows(ops->products.linear(x, w), ops->memory.upload(numbers({64})),
                                                          1e-6f, grid, {2, {12, 10, 10}, 10000.0}, 2 * i);
        if (i == 3) all.push_back(ops->memory.download(z).data()[7]);
        y = ops->features.add(ops->attention.window_merge(z, grid), kept);
        kept = x;
      };
      if (is_together) ops->memory.replayable("chunk", body);
      else body();
      const Tensor host = ops->memory.download(y);
      all.insert(all.end(), host.data(), host.data() + host.count());
    }
    return all;
  };
  EXPECT(run(true) == run(false));
}

TEST("memory that is given back while work is being recorded is given back after that work") {
  WorkStream work;
  CudaGraphs graphs(work.stream);
  const auto pool = std::make_shared<Pool>(0, 3 << 20);
  pool->before_freeing([&] { graphs.interrupt(); });
  for (int i = 0; i < 3; ++i)
    graphs.run("chunk", [&] {
      {
        const std::shared_ptr<void> first = pool->take(2 << 20);
        cudaMemsetAsync(first.get(), i, 2 << 20, work.stream);
      }
      const std::shared_ptr<void> other = pool->take((2 << 20) + (900 << 10));  // only once the first is gone
      cudaMemsetAsync(other.get(), i, 2 << 20, work.stream);
    });
  EXPECT(graphs.graphs_started() == 2 && pool->held() <= (3 << 20));
}

}  // namespace

}  // namespace heirloom::HL_CUDA

TEST_MAIN

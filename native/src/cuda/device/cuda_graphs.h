// Work that comes again and again (a chunk of a stream), started as one CUDA graph instead of launch by launch: the card then goes from kernel to
// kernel without waiting for the computer. What a body of work is known by is its key: the shapes and the place in the stream.
//
// A key's first body runs launch by launch, so that kernels are loaded and memory is there. From the second on, its launches are captured; the first
// capture is made into an executable graph, every later one only brings that graph's parameters up to date (cudaGraphExecUpdate), because they do
// change: the latent's index, the slots of the ring, the noise, and whatever buffers the pool gave. Capturing costs the computer about what launching
// would, while the card is busy with the chunk before. Replaying one capture blindly was considered: the ring's one spare slot wanders through the
// layers, so that addresses come round after 3 * layers + 1 = 91 chunks, and a spare slot for every layer would cost 3.2 GB at 1080p.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

class CudaGraphs {
 public:
  explicit CudaGraphs(cudaStream_t stream) : stream_(stream) {}
  ~CudaGraphs();
  CudaGraphs(const CudaGraphs&) = delete;
  CudaGraphs& operator=(const CudaGraphs&) = delete;

  // Runs body, all of whose work goes to the stream. An error leaves nothing of it started.
  void run(const std::string& key, const std::function<void()>& body);
  // What follows cannot be captured (numbers are looked at, memory is given back): starts what was captured so far; the rest of the body runs launch
  // by launch. Nothing happens outside a body.
  void interrupt();
  size_t graphs_started() const { return started_; }

 private:
  struct Graph {
    int uses = 0;
    cudaGraphExec_t exec = nullptr;
  };
  bool begin();
  cudaGraph_t end();
  void start(cudaGraphExec_t& exec, cudaGraph_t graph);
  cudaStream_t stream_;
  std::map<std::string, Graph> graphs_;
  bool is_possible_ = true;  // until a driver says no
  bool is_capturing_ = false, is_running_ = false;
  size_t started_ = 0;
};

}  // namespace heirloom::HL_CUDA

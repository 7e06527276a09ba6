#include "cuda/device/cuda_graphs.h"

namespace heirloom::HL_CUDA {

namespace {

// Whatever way a body is left.
struct WhileTrue {
  explicit WhileTrue(bool& flag) : flag_(flag) { flag_ = true; }
  ~WhileTrue() { flag_ = false; }
  bool& flag_;
};

}  // namespace

CudaGraphs::~CudaGraphs() {
  for (auto& item : graphs_)
    if (item.second.exec) cudaGraphExecDestroy(item.second.exec);
}

bool CudaGraphs::begin() {
  if (!is_possible_) return false;
  // Relaxed: other threads may use the card as they like, and this one may allocate.
  if (cudaStreamBeginCapture(stream_, cudaStreamCaptureModeRelaxed) == cudaSuccess) return is_capturing_ = true;
  cudaGetLastError();
  return is_possible_ = false;
}

cudaGraph_t CudaGraphs::end() {
  is_capturing_ = false;
  cudaGraph_t graph = nullptr;
  check_cuda(cudaStreamEndCapture(stream_, &graph), "record a chunk's work");
  return graph;
}

// Takes the graph. exec becomes it, changed where that is possible, else made anew.
void CudaGraphs::start(cudaGraphExec_t& exec, cudaGraph_t graph) {
  cudaGraphExecUpdateResultInfo info = {};
  if (exec && cudaGraphExecUpdate(exec, graph, &info) != cudaSuccess) {
    cudaGetLastError();                               // another sequence of work than before
    cudaGraphExecDestroy(exec);
    exec = nullptr;
  }
  const cudaError_t made = exec ? cudaSuccess : cudaGraphInstantiate(&exec, graph, 0);
  cudaGraphDestroy(graph);
  check_cuda(made, "make ready a chunk's work");
  check_cuda(cudaGraphLaunch(exec, stream_), "start a chunk's work");
  ++started_;
}

void CudaGraphs::run(const std::string& key, const std::function<void()>& body) {
  Graph& graph = graphs_[key];
  if (is_running_ || graph.uses++ == 0 || !begin()) return body();
  const WhileTrue running(is_running_);
  try {
    body();
  } catch (...) {
    if (is_capturing_) {                              // nothing of it has been started
      is_capturing_ = false;
      cudaGraph_t graph = nullptr;
      cudaStreamEndCapture(stream_, &graph);
      if (graph) cudaGraphDestroy(graph);
      cudaGetLastError();
    }
    throw;
  }
  if (is_capturing_) start(graph.exec, end());
}

void CudaGraphs::interrupt() {
  if (!is_capturing_) return;
  cudaGraphExec_t once = nullptr;
  start(once, end());
  cudaGraphExecDestroy(once);                         // after it has run
}

}  // namespace heirloom::HL_CUDA

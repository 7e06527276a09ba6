#include "runtime.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "check.h"

namespace heirloom::emulator {

struct GraphState {
  struct Node {
    const char* kind;                                 // "kernel", "copy", "set"
    std::function<void()> work;
  };
  std::vector<Node> nodes;
};
struct StreamState {
  std::unique_ptr<GraphState> captured;               // while it is being captured
  bool is_spoiled = false;                            // something was asked for that a capture does not allow
};
struct EventState {
  int late = 0;                                       // queries that are still answered with "not ready"
};

namespace {
std::mutex mutex;
std::map<void*, size_t> device_memory;                // what cudaMalloc gave
std::map<const char*, size_t> pinned_memory;          // what cudaHostAlloc gave
size_t used = 0;
thread_local StreamState* capturing = nullptr;        // begun by this thread
thread_local cudaError_t last_error = cudaSuccess;
int late_events = 0;

cudaError_t refuse(StreamState* stream) {
  stream->is_spoiled = true;
  return cudaErrorStreamCaptureUnsupported;
}
bool is_captured(cudaStream_t stream) { return stream && stream->captured; }

bool lies_in(const std::map<const char*, size_t>& list, const char* at) {
  const auto after = list.upper_bound(at);
  return after != list.begin() && at < std::prev(after)->first + std::prev(after)->second;
}
bool is_pinned(const void* at) {
  std::lock_guard<std::mutex> lock(mutex);
  return lies_in(pinned_memory, static_cast<const char*>(at));
}
}  // namespace

void set_late_events(int queries) { late_events = queries; }

void submit(cudaStream_t stream, const char* kind, const std::function<void()>& work) {
  CHECK(last_error == cudaSuccess || std::strcmp(kind, "kernel") != 0,
        std::string("an error that nobody has taken passes for a kernel's: ") + cudaGetErrorString(cudaGetLastError()));
  if (is_captured(stream)) stream->captured->nodes.push_back({kind, work});
  else work();
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int index) {
  if (index != 0) return cudaErrorInvalidDevice;
  *p = {};
  std::snprintf(p->name, sizeof p->name, "Emulated %d.%d", device().capability / 10, device().capability % 10);
  p->totalGlobalMem = device().memory_bytes;
  p->sharedMemPerBlockOptin = device().shared_limit();
  p->major = device().capability / 10;
  p->minor = device().capability % 10;
  p->multiProcessorCount = 4;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int index) {
  cudaDeviceProp p;
  const cudaError_t error = cudaGetDeviceProperties(&p, index);
  if (error != cudaSuccess) return error;
  switch (attribute) {
    case cudaDevAttrMultiProcessorCount: *value = p.multiProcessorCount; break;
    case cudaDevAttrComputeCapabilityMajor: *value = p.major; break;
    case cudaDevAttrComputeCapabilityMinor: *value = p.minor; break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = static_cast<int>(p.sharedMemPerBlockOptin); break;
  }
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int index) { return index == 0 ? cudaSuccess : cudaErrorInvalidDevice; }
cudaError_t cudaGetDevice(int* index) {
  *index = 0;
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() { return capturing ? refuse(capturing) : cudaSuccess; }
cudaError_t cudaGetLastError() {
  const cudaError_t error = last_error;
  last_error = cudaSuccess;
  return error;
}
cudaError_t cudaPeekAtLastError() { return last_error; }

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorNotReady: return "device not ready";
    case cudaErrorNotSupported: return "operation not supported";
    case cudaErrorStreamCaptureUnsupported: return "operation not permitted when stream is capturing";
    case cudaErrorStreamCaptureInvalidated: return "operation failed due to a previous error during capture";
    case cudaErrorGraphExecUpdateFailure:
      return "the graph update was not performed because it included changes which violated constraints";
    default: return "invalid argument";
  }
}
const char* cudaGetErrorName(cudaError_t error) { return cudaGetErrorString(error); }

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  *memory = nullptr;
  if (bytes > device().memory_bytes || used > device().memory_bytes - bytes) return cudaErrorMemoryAllocation;
  void* taken = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  if (!taken) return cudaErrorMemoryAllocation;
  std::memset(taken, 0xff, bytes);                    // not a number in every float format
  device_memory[taken] = bytes;
  used += bytes;
  *memory = taken;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  if (!memory) return cudaSuccess;
  if (capturing) return refuse(capturing);            // what is being captured may still read it
  std::lock_guard<std::mutex> lock(mutex);
  const auto found = device_memory.find(memory);
  if (found == device_memory.end()) return cudaErrorInvalidValue;
  used -= found->second;
  device_memory.erase(found);
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  std::lock_guard<std::mutex> lock(mutex);
  *total = device().memory_bytes;
  *free = *total > used ? *total - used : 0;
  return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  *memory = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!*memory) return cudaErrorMemoryAllocation;
  std::lock_guard<std::mutex> lock(mutex);
  pinned_memory[static_cast<const char*>(*memory)] = bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* memory) {
  {
    std::lock_guard<std::mutex> lock(mutex);
    pinned_memory.erase(static_cast<const char*>(memory));
  }
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind) {
  if (bytes) std::memcpy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const void* host = kind == cudaMemcpyHostToDevice ? from : kind == cudaMemcpyDeviceToHost ? to : nullptr;
  if (is_captured(stream) && host && !is_pinned(host)) return refuse(stream);
  submit(stream, "copy", [=] { cudaMemcpy(to, from, bytes, kind); });
  return cudaSuccess;
}
cudaError_t cudaMemcpy2DAsync(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t width,
                              size_t height, cudaMemcpyKind, cudaStream_t stream) {
  if (width > to_pitch || width > from_pitch) return cudaErrorInvalidValue;
  submit(stream, "copy", [=] {
    for (size_t y = 0; y < height; ++y)
      std::memcpy(static_cast<char*>(to) + y * to_pitch, static_cast<const char*>(from) + y * from_pitch, width);
  });
  return cudaSuccess;
}
cudaError_t cudaMemset(void* memory, int value, size_t bytes) {
  if (bytes) std::memset(memory, value, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t stream) {
  submit(stream, "set", [=] { cudaMemset(memory, value, bytes); });
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  *stream = new StreamState;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) { return is_captured(stream) ? refuse(stream) : cudaSuccess; }
cudaError_t cudaStreamQuery(cudaStream_t stream) { return cudaStreamSynchronize(stream); }
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t, unsigned) { return cudaStreamSynchronize(stream); }
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new EventState;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  event->late = late_events;
  return cudaStreamSynchronize(stream);
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  event->late = 0;
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  if (event->late == 0) return cudaSuccess;
  --event->late;
  return last_error = cudaErrorNotReady;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  if (!stream || stream->captured || capturing) return cudaErrorInvalidValue;
  stream->captured = std::make_unique<GraphState>();
  stream->is_spoiled = false;
  capturing = stream;
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  *graph = nullptr;
  if (!is_captured(stream)) return cudaErrorInvalidValue;
  capturing = nullptr;
  const std::unique_ptr<GraphState> captured = std::move(stream->captured);
  if (stream->is_spoiled) return cudaErrorStreamCaptureInvalidated;
  *graph = new GraphState(*captured);
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  *exec = new GraphState(*graph);
  return cudaSuccess;
}
cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphExecUpdateResultInfo* info) {
  bool is_same = exec->nodes.size() == graph->nodes.size();
  for (size_t i = 0; is_same && i < exec->nodes.size(); ++i)
    is_same = !std::strcmp(exec->nodes[i].kind, graph->nodes[i].kind);
  info->result = is_same ? 0 : 1;
  if (!is_same) return cudaErrorGraphExecUpdateFailure;
  *exec = *graph;
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  if (is_captured(stream)) return refuse(stream);
  for (const GraphState::Node& node : exec->nodes) node.work();
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  delete exec;
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}

}  // namespace heirloom::emulator

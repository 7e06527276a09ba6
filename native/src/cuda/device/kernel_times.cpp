#include "cuda/device/kernel_times.h"

#ifndef HL_CUDA_EMULATED

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#include "cuda/device/platform.h"

namespace heirloom::HL_CUDA {

namespace {

struct Timed {
  std::string what;
  cudaEvent_t first = nullptr, last = nullptr;
};
struct Total {
  int count = 0;
  double milliseconds = 0;
};

std::mutex mutex;
std::vector<Timed> pending;
thread_local std::string current_label;               // NOLINT: this thread's

}  // namespace

bool KernelTimes::are_wanted() {
  static const bool wanted = std::getenv("HEIRLOOM_KERNEL_TIMES") != nullptr;
  return wanted;
}

void KernelTimes::Label::say(const std::string& text) const { current_label = text; }
KernelTimes::Label::~Label() { current_label.clear(); }

void KernelTimes::begin(const char* kernel, cudaStream_t stream) {
  std::lock_guard<std::mutex> lock(mutex);
  Timed timed;
  timed.what = std::string(kernel) + " " + current_label;
  check_cuda(cudaEventCreate(&timed.first), "make an event");
  check_cuda(cudaEventCreate(&timed.last), "make an event");
  check_cuda(cudaEventRecord(timed.first, stream), "time a kernel");
  pending.push_back(timed);
}

void KernelTimes::end(cudaStream_t stream) {
  std::lock_guard<std::mutex> lock(mutex);
  check_cuda(cudaEventRecord(pending.back().last, stream), "time a kernel");
}

void KernelTimes::report() {
  std::lock_guard<std::mutex> lock(mutex);
  std::map<std::string, Total> totals;
  double sum = 0;
  for (const Timed& timed : pending) {
    float milliseconds = 0;
    cudaEventSynchronize(timed.last);
    cudaEventElapsedTime(&milliseconds, timed.first, timed.last);
    cudaEventDestroy(timed.first);
    cudaEventDestroy(timed.last);
    Total& total = totals[timed.what];
    ++total.count;
    total.milliseconds += static_cast<double>(milliseconds);
    sum += static_cast<double>(milliseconds);
  }
  pending.clear();
  std::vector<std::pair<std::string, Total>> sorted(totals.begin(), totals.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.second.milliseconds > b.second.milliseconds; });
  std::fprintf(stderr, "kernels | %.3f ms together\n", sum);
  for (const auto& [what, total] : sorted)
    std::fprintf(stderr, "kernels | %s | %d launches | %.3f ms | %.1f us each\n", what.c_str(), total.count,
                 total.milliseconds, total.milliseconds / total.count * 1e3);
}

}  // namespace heirloom::HL_CUDA

#endif

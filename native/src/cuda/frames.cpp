#include "cuda/frames.h"

#include <cstring>
#include <utility>

namespace heirloom::HL_CUDA {

FrameSlot::FrameSlot(size_t bytes_) : bytes(bytes_) {
  void *host = nullptr, *card = nullptr;
  check_cuda(cudaHostAlloc(&host, bytes, cudaHostAllocDefault), "pin " + str(bytes >> 20) + " MiB of the computer's memory for frames");
  pinned = static_cast<uint8_t*>(host);
  check_cuda(cudaMalloc(&card, bytes), "give " + str(bytes >> 20) + " MiB of memory for frames");
  device = static_cast<uint8_t*>(card);
  check_cuda(cudaEventCreateWithFlags(&copied, cudaEventDisableTiming), "make an event");
  check_cuda(cudaEventCreateWithFlags(&used, cudaEventDisableTiming), "make an event");
}

FrameSlot::~FrameSlot() {
  if (copied) cudaEventSynchronize(copied);
  if (copied) cudaEventDestroy(copied);
  if (used) cudaEventDestroy(used);
  cudaFree(device);
  cudaFreeHost(pinned);
}

// A frame that was sent to the computer.
class SentFrame : public PackedFrame {
 public:
  SentFrame(std::shared_ptr<Frames> home, std::unique_ptr<FrameSlot> slot) : home_(std::move(home)), slot_(std::move(slot)) {}
  ~SentFrame() override { home_->give_back(std::move(slot_)); }
  void take(uint8_t* to) override {
    check_cuda(cudaEventSynchronize(slot_->copied), "finish a frame");
    std::memcpy(to, slot_->pinned, slot_->bytes);
  }

 private:
  std::shared_ptr<Frames> home_;
  std::unique_ptr<FrameSlot> slot_;
};

Frames::Frames(cudaStream_t work) : work_(work) {
  check_cuda(cudaStreamCreateWithFlags(&in_, cudaStreamNonBlocking), "open a stream for frames");
  check_cuda(cudaStreamCreateWithFlags(&out_, cudaStreamNonBlocking), "open a stream for frames");
}

Frames::~Frames() {
  cudaStreamSynchronize(in_);
  cudaStreamSynchronize(out_);
  cudaStreamDestroy(in_);
  cudaStreamDestroy(out_);
}

const FrameSlot& Frames::upload(const uint8_t* frame, size_t bytes) {
  if (uploads_.size() < kUploads) uploads_.push_back(std::make_unique<FrameSlot>(bytes));
  std::unique_ptr<FrameSlot>& slot = uploads_[turn_];
  if (slot->bytes != bytes) slot = std::make_unique<FrameSlot>(bytes);
  check_cuda(cudaEventSynchronize(slot->copied), "take a frame");      // the pinned side is free
  std::memcpy(slot->pinned, frame, bytes);
  check_cuda(cudaStreamWaitEvent(in_, slot->used, 0), "take a frame");  // and so is the twin
  check_cuda(cudaMemcpyAsync(slot->device, slot->pinned, bytes, cudaMemcpyHostToDevice, in_), "take a frame");
  check_cuda(cudaEventRecord(slot->copied, in_), "take a frame");
  check_cuda(cudaStreamWaitEvent(work_, slot->copied, 0), "take a frame");
  return *slot;
}

void Frames::uploaded_is_used() {
  check_cuda(cudaEventRecord(uploads_[turn_]->used, work_), "take a frame");
  turn_ = (turn_ + 1) % kUploads;
}

std::unique_ptr<FrameSlot> Frames::room(size_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  while (!free_.empty()) {
    std::unique_ptr<FrameSlot> slot = std::move(free_.back());
    free_.pop_back();
    if (slot->bytes == bytes) return slot;
  }
  return std::make_unique<FrameSlot>(bytes);
}

std::unique_ptr<PackedFrame> Frames::send(std::unique_ptr<FrameSlot> slot) {
  check_cuda(cudaEventRecord(slot->used, work_), "hand over a frame");
  check_cuda(cudaStreamWaitEvent(out_, slot->used, 0), "hand over a frame");
  check_cuda(cudaMemcpyAsync(slot->pinned, slot->device, slot->bytes, cudaMemcpyDeviceToHost, out_), "hand over a frame");
  check_cuda(cudaEventRecord(slot->copied, out_), "hand over a frame");
  return std::make_unique<SentFrame>(shared_from_this(), std::move(slot));
}

// A frame nobody took may still be on its way: whoever writes the twin next waits for it on the card.
void Frames::give_back(std::unique_ptr<FrameSlot> slot) {
  cudaStreamWaitEvent(work_, slot->copied, 0);
  std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(slot));
}

}  // namespace heirloom::HL_CUDA

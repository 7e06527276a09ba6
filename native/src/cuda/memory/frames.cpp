#include "cuda/memory/frames.h"

#include <cstring>
#include <iterator>
#include <utility>

namespace heirloom::HL_CUDA {

FramePlace::FramePlace(size_t bytes_, bool is_pinned_) : bytes(bytes_), is_pinned(is_pinned_) {
  void* memory = nullptr;
  if (is_pinned)
    check_cuda(cudaHostAlloc(&memory, bytes, cudaHostAllocDefault),
               "pin " + str(bytes >> 20) + " MiB of the computer's memory for frames");
  else check_cuda(cudaMalloc(&memory, bytes), "give " + str(bytes >> 20) + " MiB of memory for frames");
  data = static_cast<uint8_t*>(memory);
  check_cuda(cudaEventCreateWithFlags(&copied, cudaEventDisableTiming), "make an event");
  check_cuda(cudaEventCreateWithFlags(&used, cudaEventDisableTiming), "make an event");
}

FramePlace::~FramePlace() {
  for (cudaEvent_t event : {copied, used})
    if (event) {
      cudaEventSynchronize(event);
      cudaEventDestroy(event);
    }
  if (is_pinned) cudaFreeHost(data);
  else cudaFree(data);
}

// A frame that was sent to the computer.
class SentFrame : public PackedFrame {
 public:
  SentFrame(std::shared_ptr<Frames> home, std::unique_ptr<FramePlace> pinned)
      : home_(std::move(home)),
        pinned_(std::move(pinned)) {}
  ~SentFrame() override { home_->give_back(std::move(pinned_)); }
  bool is_there() const override {
    if (cudaEventQuery(pinned_->copied) == cudaSuccess) return true;
    cudaGetLastError();  // "not ready" would pass for the error of whatever is launched next
    return false;
  }
  void take(uint8_t* to) override {
    check_cuda(cudaEventSynchronize(pinned_->copied), "finish a frame");
    std::memcpy(to, pinned_->data, pinned_->bytes);
  }

 private:
  std::shared_ptr<Frames> home_;
  std::unique_ptr<FramePlace> pinned_;
};

FramePlace& Frames::Ring::now(size_t bytes) {
  std::unique_ptr<FramePlace>& one = place[turn];
  if (!one || one->bytes != bytes) {
    one = nullptr;
    one = std::make_unique<FramePlace>(bytes, false);
  }
  return *one;
}

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

const uint8_t* Frames::upload(const uint8_t* frame, size_t bytes) {
  FramePlace& card = up_.now(bytes);
  std::unique_ptr<FramePlace>& pinned = up_pinned_[up_.turn];
  if (!pinned || pinned->bytes != bytes) pinned = std::make_unique<FramePlace>(bytes, true);
  check_cuda(cudaEventSynchronize(pinned->copied), "take a frame");  // the pinned side is free
  std::memcpy(pinned->data, frame, bytes);
  check_cuda(cudaStreamWaitEvent(in_, card.used, 0), "take a frame");  // and so is the card's
  check_cuda(cudaMemcpyAsync(card.data, pinned->data, bytes, cudaMemcpyHostToDevice, in_), "take a frame");
  check_cuda(cudaEventRecord(pinned->copied, in_), "take a frame");
  check_cuda(cudaStreamWaitEvent(work_, pinned->copied, 0), "take a frame");
  return card.data;
}

void Frames::uploaded_is_used() {
  check_cuda(cudaEventRecord(up_.place[up_.turn]->used, work_), "take a frame");
  up_.step(frames_in(up_.place[up_.turn]->bytes));
}

uint8_t* Frames::room(size_t bytes) {
  FramePlace& card = down_.now(bytes);
  check_cuda(cudaStreamWaitEvent(work_, card.copied, 0),
             "hand over a frame");  // the frame that was there before has left
  return card.data;
}

std::unique_ptr<PackedFrame> Frames::send() {
  FramePlace& card = *down_.place[down_.turn];
  down_.step(kDown);
  std::unique_ptr<FramePlace> pinned;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    while (!free_.empty() && !pinned) {
      if (free_.back()->bytes == card.bytes) pinned = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!pinned) pinned = std::make_unique<FramePlace>(card.bytes, true);
  check_cuda(cudaEventRecord(card.used, work_), "hand over a frame");
  check_cuda(cudaStreamWaitEvent(out_, card.used, 0), "hand over a frame");
  check_cuda(cudaMemcpyAsync(pinned->data, card.data, card.bytes, cudaMemcpyDeviceToHost, out_), "hand over a frame");
  check_cuda(cudaEventRecord(card.copied, out_), "hand over a frame");
  check_cuda(cudaEventRecord(pinned->copied, out_), "hand over a frame");
  return std::make_unique<SentFrame>(shared_from_this(), std::move(pinned));
}

void Frames::copy_in(void* to, const void* from, size_t bytes) {
  if (bytes > kMostStaged) {
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, work_), "take numbers");
    check_cuda(cudaStreamSynchronize(work_), "take numbers");
    return;
  }
  std::unique_ptr<FramePlace>& pinned = staged_[staged_turn_];
  staged_turn_ = (staged_turn_ + 1) % std::size(staged_);
  if (!pinned || pinned->bytes < bytes) pinned = std::make_unique<FramePlace>(bytes, true);
  check_cuda(cudaEventSynchronize(pinned->copied), "take numbers");
  std::memcpy(pinned->data, from, bytes);
  check_cuda(cudaMemcpyAsync(to, pinned->data, bytes, cudaMemcpyHostToDevice, work_), "take numbers");
  check_cuda(cudaEventRecord(pinned->copied, work_), "take numbers");
}

// A frame nobody took may still be on its way: the copies come one after the other, so the next one into this memory comes later.
void Frames::give_back(std::unique_ptr<FramePlace> pinned) {
  std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(pinned));
}

}  // namespace heirloom::HL_CUDA

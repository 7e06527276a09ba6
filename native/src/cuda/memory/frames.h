// What goes to the card and comes back while it works, through pinned memory: packed frames on streams of their own, so that copies and computing
// overlap, and small tensors in line with the work. The computer waits only where a ring has come round.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "cuda/pictures/pictures.h"
#include "cuda/memory/pool.h"
#include "ops.h"
#include "planning/frames_in.h"

namespace heirloom::HL_CUDA {

// A place for a packed frame or for numbers on the card, or in pinned memory of the computer.
struct FramePlace {
  FramePlace(size_t bytes, bool is_pinned);
  ~FramePlace();
  FramePlace(const FramePlace&) = delete;
  FramePlace& operator=(const FramePlace&) = delete;
  const size_t bytes;
  const bool is_pinned;
  uint8_t* data = nullptr;
  cudaEvent_t copied = nullptr, used = nullptr;  // the copy from or to it is done; the kernels are done with it
};

class Frames : public std::enable_shared_from_this<Frames> {
 public:
  explicit Frames(cudaStream_t work);
  ~Frames();
  // The frame on the card, for kernels of the work stream that are launched before uploaded_is_used; the caller's memory is free on return.
  const uint8_t* upload(const uint8_t* frame, size_t bytes);
  void uploaded_is_used();
  // A place that the work stream may write; then send() copies it to the computer. One at a time.
  uint8_t* room(size_t bytes);
  std::unique_ptr<PackedFrame> send();
  // Numbers to the card, in line with the work stream; the caller's memory is free on return. Beyond kMostStaged bytes the computer waits.
  void copy_in(void* to, const void* from, size_t bytes);
  static constexpr size_t kMostStaged = 8 << 20;

  static constexpr size_t kDown = 3;  // places on the card for frames on their way back

 private:
  friend class SentFrame;
  struct Ring {  // of places on the card
    explicit Ring(size_t count) : place(count) {}
    std::vector<std::unique_ptr<FramePlace>> place;
    size_t turn = 0;
    FramePlace& now(size_t bytes);  // of that size
    void step(size_t count) { turn = (turn + 1) % count; }  // of so many places
  };
  void give_back(std::unique_ptr<FramePlace> pinned);
  cudaStream_t work_, in_ = nullptr, out_ = nullptr;
  Ring up_{kMostFramesIn}, down_{kDown};
  std::unique_ptr<FramePlace> up_pinned_[kMostFramesIn];  // beside up_
  std::unique_ptr<FramePlace> staged_[4];  // pinned, for copy_in: noise of two chunks
  size_t staged_turn_ = 0;
  std::mutex mutex_;
  std::vector<std::unique_ptr<FramePlace>> free_;  // pinned, for frames that go down
};

}  // namespace heirloom::HL_CUDA

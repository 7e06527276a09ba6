// Packed frames on their way to the card and back, through pinned memory and on streams of their own, so that copies and computing overlap.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "cuda/pictures.h"
#include "cuda/pool.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// A buffer in pinned memory with its twin on the card.
struct FrameSlot {
  explicit FrameSlot(size_t bytes);
  ~FrameSlot();
  FrameSlot(const FrameSlot&) = delete;
  FrameSlot& operator=(const FrameSlot&) = delete;
  size_t bytes;
  uint8_t *pinned = nullptr, *device = nullptr;
  cudaEvent_t copied = nullptr, used = nullptr;       // the copy is done; the kernels are done with the twin
};

class Frames : public std::enable_shared_from_this<Frames> {
 public:
  explicit Frames(cudaStream_t work);
  ~Frames();
  // The frame on the card, for kernels of the work stream that are launched before give_back; the caller's memory is free on return.
  const FrameSlot& upload(const uint8_t* frame, size_t bytes);
  void uploaded_is_used();
  // A slot whose twin the work stream may write; then send() copies it to the computer.
  std::unique_ptr<FrameSlot> room(size_t bytes);
  std::unique_ptr<PackedFrame> send(std::unique_ptr<FrameSlot> slot);

 private:
  friend class SentFrame;
  static constexpr size_t kUploads = 3;
  void give_back(std::unique_ptr<FrameSlot> slot);
  cudaStream_t work_, in_ = nullptr, out_ = nullptr;
  std::vector<std::unique_ptr<FrameSlot>> uploads_;
  size_t turn_ = 0;
  std::mutex mutex_;
  std::vector<std::unique_ptr<FrameSlot>> free_;
};

}  // namespace heirloom::HL_CUDA

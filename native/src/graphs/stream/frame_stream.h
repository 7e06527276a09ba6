// The stream of every model: packed YUV frames in, padded pictures to the model, finished pictures out as packed frames; a queue in
// between; reset, cancel and failures. The model says what to do with pictures, whole or in parts, as the memory plan has it.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "heirloom.h"
#include "graphs/stream/picture_stream.h"
#include "device.h"
#include "ops.h"
#include "pixel/pixel.h"
#include "planning/tiles.h"

namespace heirloom {

// Throws bad-argument unless the sizes, the scale, the strength, the decoder and the threads can be used.
struct StreamLimits {
  std::string model;
  std::vector<int> scales;
  const Contract& contract;
  std::vector<std::string> decoders = {};
};
void check_stream_options(const StreamOptions& options, const StreamLimits& limits);

class FrameStream final : public Stream {
 public:
  // time: the model's, kept to; device: as the plan has it; memory: bytes that may be held there beside the weights; grid: the parts of the padded
  // picture; colour: the fix to apply, never model_default.
  FrameStream(const StreamOptions& options, const TimeContract& time, const DeviceOptions& device, size_t memory,
              const TileGrid& grid, ColourFix colour, const MakePictures& make);
  void push(const uint8_t* frame, size_t bytes, Ticks time) override;
  void finish() override;
  size_t ready() const override;
  Ticks pull(uint8_t* frame, size_t bytes) override;
  void reset() override;
  void cancel() override { cancelled_ = true; }
  const Ops& backend() const { return *ops_; }  // for tests: what it really took

 private:
  void flush();
  void emit(Tensor picture, Ticks time);  // [3, Hp, Wp]
  void hand_out(std::unique_ptr<PackedFrame> frame, Ticks time);
  bool bypasses() const { return options_.strength == 0.0f && time_.out == time_.in; }
  void pass(const uint8_t* frame, Ticks time);
  template <class Body>
  void guarded(Body&& body);

  std::atomic<bool> cancelled_{false};  // first: ops and rows look at it until they are gone
  StreamOptions options_;
  TimeContract time_;
  ColourFix colour_;
  int64_t padded_height_, padded_width_;
  std::unique_ptr<Ops> ops_;
  std::unique_ptr<PictureStream> pictures_;  // null: the input itself is asked for
  struct Pushed {
    std::shared_ptr<const std::vector<uint8_t>> bytes;
    Ticks time;
  };
  struct Made {
    std::unique_ptr<PackedFrame> frame;
    Ticks time;
  };
  std::deque<Pushed> frames_;  // the first is the one that was on show at the time of the last emitted picture
  std::deque<Made> out_;
  size_t pushed_ = 0, made_ = 0;  // since the start or the last reset
  Ticks last_pushed_ = -kMostTicks, last_made_ = -kMostTicks;
  size_t due_ = 0;  // so many of them are to be handed out, made or not: all of a film that ended
  bool finished_ = false, broken_ = false;
};

}  // namespace heirloom

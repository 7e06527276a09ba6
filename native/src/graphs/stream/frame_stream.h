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
  bool has_strength = false;  // trained for strengths between 0 and 1
  std::vector<std::string> decoders = {};
};
void check_stream_options(const StreamOptions& options, const StreamLimits& limits);

class FrameStream final : public Stream {
 public:
  // device: as the plan has it; memory: bytes that may be held there beside the weights; grid: the parts of the padded picture; colour: the fix to
  // apply, never model_default.
  FrameStream(const StreamOptions& options, const DeviceOptions& device, size_t memory, const TileGrid& grid,
              ColourFix colour, const MakePictures& make);
  void push(const uint8_t* frame, size_t bytes) override;
  void finish() override;
  size_t ready() const override;
  void pull(uint8_t* frame, size_t bytes) override;
  void reset() override;
  void cancel() override { cancelled_ = true; }
  const Ops& backend() const { return *ops_; }  // for tests: what it really took

 private:
  void flush();
  void emit(Tensor picture);  // [3, Hp, Wp]
  bool bypasses() const { return options_.strength == 0.0f; }
  void pass(const uint8_t* frame);
  template <class Body>
  void guarded(Body&& body);

  std::atomic<bool> cancelled_{false};  // first: ops and rows look at it until they are gone
  StreamOptions options_;
  ColourFix colour_;
  int64_t padded_height_, padded_width_;
  std::unique_ptr<Ops> ops_;
  std::unique_ptr<PictureStream> pictures_;  // null: the input itself is asked for
  using Packed = std::shared_ptr<const std::vector<uint8_t>>;
  std::deque<Packed> frames_;  // pushed, their pictures not emitted yet
  std::deque<std::unique_ptr<PackedFrame>> out_;
  size_t due_ = 0;  // so many of them are to be handed out, made or not: all of a film that ended
  bool finished_ = false, broken_ = false;
};

}  // namespace heirloom

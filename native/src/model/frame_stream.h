// What every model's stream has in common: packed YUV frames in, padded pictures to the model, finished pictures out as packed frames;
// a queue in between; reset, cancel and failures. A model says what to do with a picture and what is left at the end.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "heirloom.h"
#include "ops.h"
#include "pixel/pixel.h"

namespace heirloom {

// Throws bad-argument unless the sizes, the scale, the strength and the threads can be used.
struct StreamLimits {
  std::string model;
  std::vector<int> scales;
  bool has_strength = false;                          // trained for strengths between 0 and 1
};
void check_stream_options(const StreamOptions& options, const StreamLimits& limits);

class FrameStream : public Stream {
 public:
  void push(const uint8_t* frame, size_t bytes) override;
  void finish() override;
  size_t ready() const override { return out_.size(); }
  void pull(uint8_t* frame, size_t bytes) override;
  void reset() override;
  void cancel() override { cancelled_ = true; }
  const Ops& backend() const { return *ops_; }        // for tests: what it really took

 protected:
  FrameStream(const StreamOptions& options, const std::string& device, int64_t padded_height, int64_t padded_width);

  virtual void take(const Tensor& picture) = 0;       // the next picture [3, Hp, Wp] in [-1, 1]
  virtual void flush() = 0;                           // no more pictures: emit everything
  virtual void forget() = 0;                          // drop all state

  // A finished picture and the enlarged input it belongs to, both [3, Hp, Wp].
  void emit(const Tensor& picture, const Tensor& input, ColourFix colour);

  Ops& ops() { return *ops_; }
  const StreamOptions& options() const { return options_; }

 private:
  bool bypasses() const { return options_.strength == 0.0f; }
  void pass(const uint8_t* frame);
  std::vector<uint8_t> packed();                      // room for one output frame
  template <class Body>
  void guarded(Body&& body);

  std::atomic<bool> cancelled_{false};                // first: ops and rows look at it until they are gone
  StreamOptions options_;
  int64_t padded_height_, padded_width_;
  std::unique_ptr<Ops> ops_;
  pixel::Rows rows_;
  std::vector<float> rgb_;                            // [3, h, w] of the input size
  Tensor picture_;                                    // [3, Hp, Wp], where the enlarged input is made
  std::deque<std::vector<uint8_t>> out_;
  std::vector<std::vector<uint8_t>> spare_;           // pulled frames' buffers, for the next ones
  bool finished_ = false, broken_ = false;
};

}  // namespace heirloom

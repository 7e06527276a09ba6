#include "model/frame_stream.h"

#include <algorithm>
#include <new>

#include "check.h"

namespace heirloom {

namespace {
std::string size_of(const FrameFormat& f) { return str(f.width) + "x" + str(f.height); }
}  // namespace

void check_stream_options(const StreamOptions& o, const StreamLimits& limits) {
  pixel::check_format(o.input, "input");
  pixel::check_format(o.output, "output");
  CHECK_AS("bad-argument", std::find(limits.scales.begin(), limits.scales.end(), o.scale) != limits.scales.end(), "The model " + limits.model + " does not enlarge by " + str(o.scale) + ".");
  CHECK_AS("bad-argument", int64_t{o.input.width} * o.scale == o.output.width && int64_t{o.input.height} * o.scale == o.output.height,
           "The output must be " + str(o.scale) + " times the input: " + size_of(o.input) + " cannot become " + size_of(o.output) + ".");
  CHECK_AS("bad-argument", o.strength >= 0.0f && o.strength <= 1.0f, "The strength must lie between 0 and 1.");
  CHECK_AS("bad-argument", limits.has_strength || o.strength == 0.0f || o.strength == 1.0f, "The model " + limits.model + " was not trained for strengths in between; 0 and 1 work.");
  CHECK_AS("bad-argument", o.threads >= 0 && o.threads <= 1024, "The number of threads must lie between 0 (all cores) and 1024.");
}

FrameStream::FrameStream(const StreamOptions& options, const std::string& device, int64_t padded_height, int64_t padded_width)
    : options_(options), padded_height_(padded_height), padded_width_(padded_width), ops_(make_ops(device, options.threads, &cancelled_)),
      rows_(pixel::threaded_rows(options.threads, &cancelled_)), rgb_(size_t{3} * static_cast<size_t>(options.input.width) * static_cast<size_t>(options.input.height)) {
  if (!bypasses()) picture_ = Tensor::heap({3, padded_height, padded_width});
}

// A call that fails leaves half a chunk behind; nothing but reset() may follow.
template <class Body>
void FrameStream::guarded(Body&& body) {
  if (cancelled_) fail("cancelled", "The stream was cancelled.");
  CHECK_AS("bad-argument", !broken_, "The stream failed before; reset it first.");
  broken_ = true;
  try {
    body();
  } catch (const std::bad_alloc&) {
    fail("out-of-memory", "The system refused memory for " + size_of(options_.output) + " frames. Finished frames are safe; choose a smaller scale or close other programs.");
  }
  broken_ = false;
}

void FrameStream::push(const uint8_t* frame, size_t bytes) {
  CHECK_AS("bad-argument", frame && bytes == options_.input.bytes(), "A frame of this stream has " + str(options_.input.bytes()) + " bytes, " + str(bytes) + " came.");
  CHECK_AS("bad-argument", !finished_, "The stream was finished; reset it before pushing more frames.");
  guarded([&] {
    if (bypasses()) return pass(frame);
    pixel::to_rgb(options_.input, frame, rgb_.data(), rows_);
    pixel::enlarge(rgb_.data(), options_.input.width, options_.input.height, options_.scale, picture_.data(), static_cast<int>(padded_width_), static_cast<int>(padded_height_), rows_);
    take(ops_->upload(picture_));
  });
}

void FrameStream::finish() {
  if (finished_) return;
  guarded([&] { flush(); });
  finished_ = true;
}

void FrameStream::pull(uint8_t* frame, size_t bytes) {
  CHECK_AS("bad-argument", frame && bytes == options_.output.bytes(), "A finished frame of this stream has " + str(options_.output.bytes()) + " bytes, room for " + str(bytes) + " was given.");
  CHECK_AS("bad-argument", !out_.empty(), "No frame is ready.");
  std::copy(out_.front().begin(), out_.front().end(), frame);
  spare_.push_back(std::move(out_.front()));
  out_.pop_front();
}

// After a cancel or a failure there is nothing worth finishing: frames in the works are dropped.
void FrameStream::reset() {
  if (!cancelled_ && !broken_ && !finished_) guarded([&] { flush(); });
  forget();
  cancelled_ = broken_ = finished_ = false;
}

std::vector<uint8_t> FrameStream::packed() {
  if (spare_.empty()) return std::vector<uint8_t>(options_.output.bytes());
  std::vector<uint8_t> bytes = std::move(spare_.back());
  spare_.pop_back();
  return bytes;
}

// Strength 0 asks for the input itself.
void FrameStream::pass(const uint8_t* frame) {
  std::vector<uint8_t> bytes = packed();
  if (pixel::same_format(options_.input, options_.output)) {
    std::copy(frame, frame + bytes.size(), bytes.begin());
  } else {
    const int width = options_.output.width, height = options_.output.height;
    std::vector<float> enlarged(size_t{3} * static_cast<size_t>(width) * static_cast<size_t>(height));
    pixel::to_rgb(options_.input, frame, rgb_.data(), rows_);
    pixel::enlarge(rgb_.data(), options_.input.width, options_.input.height, options_.scale, enlarged.data(), width, height, rows_);
    pixel::from_rgb(options_.output, enlarged.data(), static_cast<size_t>(width), static_cast<size_t>(width) * static_cast<size_t>(height), bytes.data(), rows_);
  }
  out_.push_back(std::move(bytes));
}

// The colour fix looks at the picture without its padding.
void FrameStream::emit(const Tensor& picture, const Tensor& input, ColourFix colour) {
  const int64_t H = options_.output.height, W = options_.output.width;
  Tensor y = ops_->crop(picture, H, W);
  if (colour == ColourFix::adain) y = ops_->adain(y, ops_->crop(input, H, W));
  else if (colour == ColourFix::wavelet) y = ops_->wavelet_colour(y, ops_->crop(input, H, W));
  else y = ops_->clamp(y, -1.0f, 1.0f);
  const Tensor host = ops_->download(y);
  std::vector<uint8_t> bytes = packed();
  pixel::from_rgb(options_.output, host.data(), static_cast<size_t>(W), static_cast<size_t>(H * W), bytes.data(), rows_);
  out_.push_back(std::move(bytes));
}

}  // namespace heirloom

#include "model/frame_stream.h"

#include <algorithm>
#include <new>

#include "check.h"
#include "model/tiled_pictures.h"

namespace heirloom {

namespace {
std::string size_of(const FrameFormat& f) { return str(f.width) + "x" + str(f.height); }

// The input itself, as it came.
struct UntouchedFrame : PackedFrame {
  std::vector<uint8_t> bytes;
  void take(uint8_t* to) override { std::copy(bytes.begin(), bytes.end(), to); }
};
}  // namespace

void check_stream_options(const StreamOptions& o, const StreamLimits& limits) {
  pixel::check_format(o.input, "input");
  pixel::check_format(o.output, "output");
  CHECK_AS("bad-argument", std::find(limits.scales.begin(), limits.scales.end(), o.scale) != limits.scales.end(), "The model " + limits.model + " does not enlarge by " + str(o.scale) + ".");
  CHECK_AS("bad-argument", int64_t{o.input.width} * o.scale == o.output.width && int64_t{o.input.height} * o.scale == o.output.height,
           "The output must be " + str(o.scale) + " times the input: " + size_of(o.input) + " cannot become " + size_of(o.output) + ".");
  CHECK_AS("bad-argument", o.strength >= 0.0f && o.strength <= 1.0f, "The strength must lie between 0 and 1.");
  CHECK_AS("bad-argument", limits.has_strength || o.strength == 0.0f || o.strength == 1.0f, "The model " + limits.model + " was not trained for strengths in between; 0 and 1 work.");
  CHECK_AS("bad-argument", o.detail >= 0.0f && o.detail <= 1.0f, "The detail must lie between 0 and 1.");
  CHECK_AS("bad-argument", o.threads >= 0 && o.threads <= 1024, "The number of threads must lie between 0 (all cores) and 1024.");
}

FrameStream::FrameStream(const StreamOptions& options, const std::string& device, const TileGrid& grid, ColourFix colour, const MakePictures& make)
    : options_(options), colour_(colour), padded_height_(grid.rows.back().first + grid.height()), padded_width_(grid.columns.back().first + grid.width()),
      ops_(make_ops(device, options.threads, &cancelled_)) {
  if (bypasses()) return;
  const Emit emit_whole = [this](const Tensor& picture, const Tensor& input) { emit(picture, input); };
  if (grid.count() == 1) pictures_ = make(*ops_, {padded_height_, padded_width_}, emit_whole);
  else pictures_ = std::make_unique<TiledPictures>(*ops_, grid, colour != ColourFix::none || options.detail > 0.0f, make, emit_whole);
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
    pictures_->take(ops_->picture_of(options_.input, frame, options_.scale, padded_height_, padded_width_));
    if (options_.refuse_above && ops_->pool_bytes() > options_.refuse_above) throw std::bad_alloc();
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
  out_.front()->take(frame);
  out_.pop_front();
}

// After a cancel or a failure there is nothing worth finishing: frames in the works are dropped.
void FrameStream::reset() {
  if (!cancelled_ && !broken_ && !finished_) guarded([&] { flush(); });
  if (pictures_) pictures_->forget();
  cancelled_ = broken_ = finished_ = false;
}

void FrameStream::flush() {
  if (pictures_) pictures_->flush();
}

// Strength 0 asks for the input itself.
void FrameStream::pass(const uint8_t* frame) {
  if (pixel::same_format(options_.input, options_.output)) {
    auto same = std::make_unique<UntouchedFrame>();
    same->bytes.assign(frame, frame + options_.input.bytes());
    out_.push_back(std::move(same));
  } else {
    out_.push_back(ops_->frame_of(ops_->picture_of(options_.input, frame, options_.scale, options_.output.height, options_.output.width), options_.output));
  }
}

// The colour fix and the detail look at the picture without its padding.
void FrameStream::emit(const Tensor& picture, const Tensor& input) {
  const int64_t H = options_.output.height, W = options_.output.width;
  Tensor y = ops_->crop(picture, H, W);
  if (colour_ == ColourFix::adain) y = ops_->adain(y, ops_->crop(input, H, W));
  else if (colour_ == ColourFix::wavelet) y = ops_->wavelet_colour(y, ops_->crop(input, H, W));
  else y = ops_->clamp(y, -1.0f, 1.0f);
  if (options_.detail > 0.0f) y = ops_->give_back_detail(y, ops_->crop(input, H, W), options_.scale, options_.output.matrix, options_.detail);
  out_.push_back(ops_->frame_of(y, options_.output));
}

}  // namespace heirloom

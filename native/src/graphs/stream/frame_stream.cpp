#include "graphs/stream/frame_stream.h"

#include <algorithm>
#include <new>
#include <utility>

#include "check.h"
#include "graphs/stream/tiled_pictures.h"
#include "planning/memory_plan.h"

namespace heirloom {

namespace {

// The input itself, as it came.
struct UntouchedFrame : PackedFrame {
  std::vector<uint8_t> bytes;
  void take(uint8_t* to) override { std::copy(bytes.begin(), bytes.end(), to); }
};
}  // namespace

void check_stream_options(const StreamOptions& o, const StreamLimits& limits) {
  pixel::check_format(o.input, "input");
  pixel::check_format(o.output, "output");
  CHECK_AS("bad-argument", std::find(limits.scales.begin(), limits.scales.end(), o.scale) != limits.scales.end(),
           "The model " + limits.model + " does not enlarge by " + str(o.scale) + ".");
  CHECK_AS("bad-argument",
           int64_t{o.input.width} * o.scale == o.output.width && int64_t{o.input.height} * o.scale == o.output.height,
           "The output must be " + str(o.scale) + " times the input: " + in_words(o.input) + " cannot become " +
               in_words(o.output) + ".");
  CHECK_AS("bad-argument", o.strength >= 0.0f && o.strength <= 1.0f, "The strength must lie between 0 and 1.");
  CHECK_AS("bad-argument", o.strength == 0.0f || limits.contract.takes("strength", o.strength),
           "The model " + limits.model + " was not trained for strengths in between; 0 and 1 work.");
  CHECK_AS("bad-argument", o.quantisers.empty() || limits.contract.has("quantiser"),
           "The model " + limits.model + " is not told a quantiser.");
  for (size_t i = 0; i < o.quantisers.size(); ++i) {
    const QuantiserFrom& q = o.quantisers[i];
    CHECK_AS("bad-argument", limits.contract.takes("quantiser", q.quantiser), "A quantiser must lie between 0 and 1.");
    CHECK_AS("bad-argument", i == 0 || q.from > o.quantisers[i - 1].from, "The times of the quantisers must rise.");
  }
  CHECK_AS("bad-argument",
           o.decoder.empty() ||
               std::find(limits.decoders.begin(), limits.decoders.end(), o.decoder) != limits.decoders.end(),
           "The model " + limits.model + " has no decoder \"" + o.decoder.substr(0, 32) + "\".");
  CHECK_AS("bad-argument", o.detail >= 0.0f && o.detail <= 1.0f, "The detail must lie between 0 and 1.");
  CHECK_AS("bad-argument", limits.contract.takes("detail", o.detail),
           "The model " + limits.model + " does not work with a detail of " + str(o.detail) + ".");
  CHECK_AS("bad-argument", o.threads >= 0 && o.threads <= 1024,
           "The number of threads must lie between 0 (all cores) and 1024.");
}

FrameStream::FrameStream(const StreamOptions& options, const TimeContract& time, const DeviceOptions& device,
                         size_t memory, const TileGrid& grid, ColourFix colour, const MakePictures& make)
    : options_(options),
      time_(time),
      colour_(colour),
      padded_height_(grid.rows.back().first + grid.height()),
      padded_width_(grid.columns.back().first + grid.width()),
      ops_(make_ops(device, options.threads, &cancelled_)) {
  ops_->memory.keep_within(memory);
  if (bypasses()) return;
  const Emit emit_whole = [this](Tensor picture, Ticks at) { emit(std::move(picture), at); };
  if (grid.count() == 1) pictures_ = make(*ops_, {padded_height_, padded_width_}, emit_whole);
  else pictures_ = std::make_unique<TiledPictures>(*ops_, grid, make, emit_whole);
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
    fail("out-of-memory", say(sentences::kMemoryFrames, {{"size", in_words(options_.output)}}));
  }
  broken_ = false;
}

void FrameStream::push(const uint8_t* frame, size_t bytes, Ticks time) {
  CHECK_AS("bad-argument", frame && bytes == options_.input.bytes(),
           "A frame of this stream has " + str(options_.input.bytes()) + " bytes, " + str(bytes) + " came.");
  CHECK_AS("bad-argument", !finished_, "The stream was finished; reset it before pushing more frames.");
  CHECK_AS("bad-argument", time > last_pushed_ && time < kMostTicks,
           "A frame came with the time " + str(time) + " after one of " + str(last_pushed_) + "; times must rise.");
  guarded([&] {
    last_pushed_ = time;
    ++pushed_;
    if (bypasses()) return pass(frame, time);
    const auto packed = std::make_shared<const std::vector<uint8_t>>(frame, frame + bytes);
    frames_.push_back({packed, time});
    const auto look = [this, packed] {
      return ops_->pictures.picture_of(options_.input, packed->data(), options_.scale, padded_height_, padded_width_);
    };
    pictures_->take(look, time);
    if (options_.refuse_above && ops_->memory.pool_bytes() > options_.refuse_above) throw std::bad_alloc();
  });
}

void FrameStream::finish() {
  if (finished_) return;
  guarded([&] { flush(); });
  finished_ = true;
  due_ = out_.size();
}

// What a card is still making waits, so that more frames are pushed meanwhile; but no more than the frames of one chunk.
size_t FrameStream::ready() const {
  constexpr size_t kUnderWay = 8;
  size_t n = std::max(due_, out_.size() - std::min(out_.size(), kUnderWay));
  while (n < out_.size() && out_[n].frame->is_there()) ++n;
  return n;
}

Ticks FrameStream::pull(uint8_t* frame, size_t bytes) {
  CHECK_AS("bad-argument", frame && bytes == options_.output.bytes(),
           "A finished frame of this stream has " + str(options_.output.bytes()) + " bytes, room for " + str(bytes) +
               " was given.");
  CHECK_AS("bad-argument", !out_.empty(), "No frame is ready.");
  const Ticks time = out_.front().time;
  out_.front().frame->take(frame);
  out_.pop_front();
  if (due_ > 0) --due_;
  return time;
}

// After a cancel or a failure there is nothing worth finishing: frames in the works are dropped.
void FrameStream::reset() {
  if (!cancelled_ && !broken_ && !finished_) guarded([&] { flush(); });
  if (pictures_) pictures_->forget();
  frames_.clear();
  pushed_ = made_ = 0;
  last_pushed_ = last_made_ = -kMostTicks;
  due_ = out_.size();
  cancelled_ = broken_ = finished_ = false;
}

// What the model states is counted on by everybody who asked for the stream.
void FrameStream::flush() {
  if (pictures_) pictures_->flush();
  CHECK(made_ == frames_out(time_, pushed_), "the model made " + str(made_) + " frames of " + str(pushed_) +
                                                 " and states that it makes " + str(frames_out(time_, pushed_)));
}

void FrameStream::hand_out(std::unique_ptr<PackedFrame> frame, Ticks time) {
  CHECK(time > last_made_, "the model made a frame of the time " + str(time) + " after one of " + str(last_made_));
  last_made_ = time;
  ++made_;
  out_.push_back({std::move(frame), time});
}

// Strength 0 asks for the input itself.
void FrameStream::pass(const uint8_t* frame, Ticks time) {
  if (pixel::same_format(options_.input, options_.output)) {
    auto same = std::make_unique<UntouchedFrame>();
    same->bytes.assign(frame, frame + options_.input.bytes());
    hand_out(std::move(same), time);
  } else {
    const Tensor whole =
        ops_->pictures.picture_of(options_.input, frame, options_.scale, options_.output.height, options_.output.width);
    hand_out(ops_->pictures.frame_of(whole, options_.output), time);
  }
}

// The colour fix and the detail look at the picture without its padding, and at the input made anew: the frame that was on show at its time.
void FrameStream::emit(Tensor picture, Ticks time) {
  const int64_t H = options_.output.height, W = options_.output.width;
  while (frames_.size() > 1 && frames_[1].time <= time) frames_.pop_front();
  CHECK(!frames_.empty(), "the model made a picture of none");
  const auto packed = frames_.front().bytes;
  const auto input = [&] { return ops_->pictures.picture_of(options_.input, packed->data(), options_.scale, H, W); };
  Tensor y = picture.shape == Shape{3, H, W} ? picture : ops_->pictures.crop(picture, H, W);
  picture = Tensor();
  if (colour_ == ColourFix::adain) y = ops_->pictures.adain(y, input());
  else if (colour_ == ColourFix::wavelet) y = ops_->pictures.wavelet_colour(y, input());
  else y = ops_->features.clamp(y, -1.0f, 1.0f);
  if (options_.detail > 0.0f)
    y = ops_->pictures.give_back_detail(y, input(), options_.scale, options_.output.matrix, options_.detail);
  hand_out(ops_->pictures.frame_of(y, options_.output), time);
}

}  // namespace heirloom

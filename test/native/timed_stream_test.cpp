// Streams with times, by a graph of this test alone that makes two frames of one: the frame itself, and the mean of it and the next one.
#include <algorithm>
#include <cmath>
#include <optional>

#include "check_test.h"
#include "graphs/stream/frame_stream.h"
#include "stream_fixture.h"

using namespace heirloom;
using stream_fixture::Frame;

namespace {

constexpr Ticks kFrame = kTicksPerSecond / 25;

struct Timed {
  std::vector<Frame> frames;
  std::vector<Ticks> times;
};

// How it fails to keep its word.
enum class Fault { none, loses_one, turns_back };

class Doubled final : public PictureStream {
 public:
  Doubled(Ops& ops, Fault fault, bool is_flat, Emit emit)
      : ops_(ops),
        fault_(fault),
        is_flat_(is_flat),
        emit_(std::move(emit)) {}

  void take(Look look, Ticks time) override {
    const Tensor picture = seen(look());
    if (last_) {
      step_ = time - time_;
      give(*last_, mean(*last_, picture));
    }
    last_ = picture;
    time_ = time;
  }
  void flush() override {
    if (last_ && fault_ != Fault::loses_one) give(*last_, *last_);  // held: nothing follows
    last_.reset();
  }
  void forget() override { last_.reset(); }

 private:
  Tensor seen(const Tensor& picture) const {
    const Tensor host = ops_.memory.download(picture);
    return is_flat_ ? Tensor::zeros(host.shape) : host;
  }
  static Tensor mean(const Tensor& a, const Tensor& b) {
    Tensor half = Tensor::heap(a.shape);
    for (int64_t i = 0; i < a.count(); ++i) half.data()[i] = 0.5f * (a.data()[i] + b.data()[i]);
    return half;
  }
  void give(const Tensor& first, const Tensor& second) const {
    emit_(ops_.memory.upload(first), time_);
    emit_(ops_.memory.upload(second), fault_ == Fault::turns_back ? time_ : time_ + step_ / 2);
  }

  Ops& ops_;
  Fault fault_;
  bool is_flat_;
  Emit emit_;
  std::optional<Tensor> last_;
  Ticks time_ = 0, step_ = kFrame;
};

struct Wish {
  int64_t rows = 1;  // parts of the picture
  Fault fault = Fault::none;
  bool is_flat = false;  // the pictures come out grey
  float detail = 0;
};

TimeContract doubling() {
  TimeContract time;
  time.lookahead = 1;
  time.out = 2;
  return time;
}

StreamOptions options(const Wish& wish = {}) {
  StreamOptions o = stream_fixture::options(64, 64);
  o.detail = wish.detail;
  return o;
}

std::unique_ptr<FrameStream> stream_of(const Wish& wish = {}) {
  const MakePictures make = [wish](Ops& ops, const Place&, Emit emit) {
    return std::make_unique<Doubled>(ops, wish.fault, wish.is_flat, std::move(emit));
  };
  return std::make_unique<FrameStream>(options(wish), doubling(), DeviceOptions{"cpu"}, size_t{1} << 30,
                                       tile_grid(64, 64, wish.rows, 1, {16, 16}), ColourFix::none, make);
}

void pull(Stream& stream, Timed& out) {
  while (stream.ready() > 0) {
    out.frames.emplace_back(options().output.bytes());
    out.times.push_back(stream.pull(out.frames.back().data(), out.frames.back().size()));
  }
}

// As long as their times and no longer.
Timed through(Stream& stream, const std::vector<Frame>& frames, const std::vector<Ticks>& times) {
  Timed out;
  for (size_t i = 0; i < frames.size(); ++i) {
    stream.push(frames[i].data(), frames[i].size(), times[i]);
    pull(stream, out);
  }
  stream.finish();
  pull(stream, out);
  return out;
}

const std::vector<Frame>& clip() {
  static const std::vector<Frame> frames = [] {
    const FrameFormat format = options().input;
    std::vector<Frame> made = stream_fixture::clip(format, 6);
    for (Frame& frame : made) std::fill(frame.begin() + long(format.plane_bytes()[0]), frame.end(), uint8_t{128});
    return made;  // grey: no colour lies outside of what pictures hold
  }();
  return frames;
}
// Not in even steps.
const std::vector<Ticks> kTimes = {-kFrame, 0, kFrame, 5 * kFrame, 6 * kFrame, 8 * kFrame};

int largest_difference(const Frame& a, const Frame& b) {
  int most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(int(a[i]) - int(b[i])));
  return most;
}

Frame mean_of(const Frame& a, const Frame& b) {
  Frame mean(a.size());
  for (size_t i = 0; i < a.size(); ++i) mean[i] = uint8_t((int(a[i]) + int(b[i]) + 1) / 2);
  return mean;
}

}  // namespace

TEST("two frames come out for each, at its time and half-way to the next one") {
  const auto stream = stream_of();
  const Timed out = through(*stream, clip(), kTimes);
  EXPECT(out.frames.size() == 2 * clip().size());
  for (size_t i = 0; i < clip().size(); ++i) {
    const Ticks step = i + 1 < kTimes.size() ? kTimes[i + 1] - kTimes[i] : 2 * kFrame;
    EXPECT(out.times[2 * i] == kTimes[i] && out.times[2 * i + 1] == kTimes[i] + step / 2);
    EXPECT(largest_difference(out.frames[2 * i], clip()[i]) <= 1);
    const Frame& next = clip()[std::min(i + 1, clip().size() - 1)];
    EXPECT(largest_difference(out.frames[2 * i + 1], mean_of(clip()[i], next)) <= 1);
  }
}

TEST("in parts the same frames come at the same times") {
  const Timed whole = through(*stream_of(), clip(), kTimes);
  Wish wish;
  wish.rows = 2;
  const Timed parts = through(*stream_of(wish), clip(), kTimes);
  EXPECT(parts.times == whole.times);
  for (size_t i = 0; i < whole.frames.size(); ++i) EXPECT(largest_difference(parts.frames[i], whole.frames[i]) <= 1);
}

TEST("what comes back of the fine structure is that of the frame on show") {
  Wish wish;
  wish.is_flat = true;
  wish.detail = 1;
  const Timed out = through(*stream_of(wish), clip(), kTimes);
  for (size_t i = 0; i < clip().size(); ++i) {
    EXPECT(out.frames[2 * i] == out.frames[2 * i + 1]);
    if (i > 0) EXPECT(out.frames[2 * i] != out.frames[2 * i - 1]);
  }
}

TEST("times must rise, until a reset; then they begin anywhere") {
  const auto stream = stream_of();
  const Frame& frame = clip()[0];
  const auto push = [&](Ticks time) {
    return check::error_code([&] { stream->push(frame.data(), frame.size(), time); });
  };
  EXPECT(push(kMostTicks) == "bad-argument" && push(-kMostTicks) == "bad-argument");
  EXPECT(push(100) == "" && push(100) == "bad-argument" && push(99) == "bad-argument" && push(102) == "");
  stream->reset();
  Timed out;
  pull(*stream, out);
  EXPECT(out.times == (std::vector<Ticks>{100, 101, 102, 103}));
  EXPECT(push(5) == "");
  stream->finish();
  pull(*stream, out);
  EXPECT(out.times.size() == 6 && out.times[4] == 5);
}

TEST("a model that makes another number of frames than it states, or turns back in time, has failed") {
  Wish wish;
  wish.fault = Fault::loses_one;
  EXPECT(check::error_code([&] { through(*stream_of(wish), clip(), kTimes); }) == "internal");
  wish.fault = Fault::turns_back;
  EXPECT(check::error_code([&] { through(*stream_of(wish), clip(), kTimes); }) == "internal");
}

TEST_MAIN

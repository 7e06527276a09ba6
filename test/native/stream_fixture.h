// What both graphs' stream tests share: options of a size, a moving clip, and pushing it through a stream.
#pragma once
#include <cstdint>
#include <vector>

#include "check_test.h"
#include "heirloom.h"

namespace stream_fixture {

using namespace heirloom;

inline StreamOptions options(int width, int height, int scale = 1) {
  StreamOptions o;
  o.input.width = width;
  o.input.height = height;
  o.output = o.input;
  o.output.width *= scale;
  o.output.height *= scale;
  o.scale = scale;
  o.threads = 2;
  o.seed = 7;
  return o;
}

using Frame = std::vector<uint8_t>;

// Something that moves: noise on a slope that drifts.
inline std::vector<Frame> clip(const FrameFormat& format, int count, uint64_t seed = 4) {
  check::Random random(seed);
  std::vector<Frame> frames;
  for (int t = 0; t < count; ++t) {
    Frame frame(format.bytes());
    for (size_t i = 0; i < frame.size(); ++i)
      frame[i] = uint8_t(60 + (i / 3 + size_t(5 * t)) % 90 + size_t(random.below(20)));
    frames.push_back(frame);
  }
  return frames;
}

// Of the next frame of any stream: 25 a second, as the clock goes.
inline Ticks next_time() {
  static Ticks time = 0;
  return time += kTicksPerSecond / 25;
}

inline void pull_all(Stream& stream, size_t bytes, std::vector<Frame>& out) {
  while (stream.ready() > 0) {
    out.emplace_back(bytes);
    stream.pull(out.back().data(), bytes);
  }
}

// pull_every: pull after so many pushes, 0: only at the end.
inline std::vector<Frame> enhance(const Model& model, const StreamOptions& o, const std::vector<Frame>& frames,
                                  size_t pull_every = 1) {
  const auto stream = model.stream(o);
  std::vector<Frame> out;
  for (size_t i = 0; i < frames.size(); ++i) {
    stream->push(frames[i].data(), frames[i].size(), next_time());
    if (pull_every && (i + 1) % pull_every == 0) pull_all(*stream, o.output.bytes(), out);
  }
  stream->finish();
  pull_all(*stream, o.output.bytes(), out);
  return out;
}

}  // namespace stream_fixture

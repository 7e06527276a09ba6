// Any length, any size: clips of a few frames, streams far beyond the reference's 1024 latents, pictures down to 16x16. HEIRLOOM_LONG=1
// pushes 10,000 frames instead of as many as a test run has time for; under sanitizers, which look at single steps, a few hundred do.
#include <cstdlib>
#include <cstring>

#include "graphs/stream/frame_stream.h"
#include "small_fixture.h"
#include "stream_fixture.h"

using namespace heirloom;
using stream_fixture::clip;
using stream_fixture::Frame;
using stream_fixture::options;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kFar = 400;
#else
constexpr int kFar = 4200;  // frames: 1050 latents
#endif

const Model& flashvsr() {
  static const std::shared_ptr<Model> model = Model::load(std::string(HL_ROOT) + "/test/fixtures/native/flashvsr-toy");
  return *model;
}

const Model& small() {
  static const small_fixture::Folder folder;
  static const std::shared_ptr<Model> model = Model::load(folder.path.string());
  return *model;
}

// Pushes so many frames, a clip over and over; checks that the pool never holds more than after the first 64, and returns the last frames.
std::vector<Frame> push_long(const Model& model, int count) {
  const StreamOptions o = options(16, 16);
  const std::vector<Frame> in = clip(o.input, 40);
  const auto stream = model.stream(o);
  const Ops& backend = dynamic_cast<FrameStream&>(*stream).backend();
  std::vector<Frame> last;
  size_t out = 0, held = 0;
  const auto pull = [&] {
    for (; stream->ready() > 0; ++out) {
      Frame frame(o.output.bytes());
      stream->pull(frame.data(), frame.size());
      last.push_back(frame);
      if (last.size() > 40) last.erase(last.begin());
    }
  };
  for (int i = 0; i < count; ++i) {
    const Frame& frame = in[static_cast<size_t>(i) % in.size()];
    stream->push(frame.data(), frame.size(), stream_fixture::next_time());
    pull();
    if (i < 64) held = std::max(held, backend.memory.pool_bytes());
    else EXPECT(backend.memory.pool_bytes() <= held);
  }
  stream->finish();
  pull();
  EXPECT(out == static_cast<size_t>(count));
  return last;
}

// A model that has gone wrong far out gives flat, or runaway, pictures.
double spread(const std::vector<Frame>& frames, size_t luma) {
  double sum = 0, squares = 0, n = 0;
  for (const Frame& frame : frames)
    for (size_t i = 0; i < luma; ++i, ++n) {
      sum += frame[i];
      squares += double{1} * frame[i] * frame[i];
    }
  return std::sqrt(squares / n - sum / n * (sum / n));
}

void compare_far_with_near(const Model& model, int far) {
  const double near_spread = spread(push_long(model, 120), 16 * 16),
               far_spread = spread(push_long(model, far), 16 * 16);
  std::printf("      %d frames: spread %.2f, after 120 frames %.2f\n", far, far_spread, near_spread);
  EXPECT(far_spread > 0.8 * near_spread && far_spread < 1.25 * near_spread);
}

int far_frames() {
  const char* wish = std::getenv("HEIRLOOM_LONG");
  return wish && std::strcmp(wish, "1") == 0 ? 10000 : kFar;
}

}  // namespace

TEST("clips of 1 to 12 frames and any size from 16x16 on: as many frames out, of the size asked for") {
  for (const Model* model : {&flashvsr(), &small()})
    for (const auto& size : {std::pair{16, 16}, std::pair{131, 17}})
      for (int n = 1; n <= 12; ++n) {
        const StreamOptions o = options(size.first, size.second);
        const std::vector<Frame> out = stream_fixture::enhance(*model, o, clip(o.input, n));
        EXPECT(out.size() == static_cast<size_t>(n) && out[0].size() == o.output.bytes());
      }
}

TEST("a stream that is reset at every cut gives each scene as if it stood alone") {
  const StreamOptions o = options(32, 16);
  for (const Model* model : {&flashvsr(), &small()}) {
    const auto stream = model->stream(o);
    std::vector<Frame> all, expected;
    for (const auto& scene : {std::pair{5, 1}, std::pair{1, 2}, std::pair{9, 3}}) {
      const std::vector<Frame> in = clip(o.input, scene.first, static_cast<uint64_t>(scene.second));
      for (const Frame& frame : in) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
      stream->reset();
      for (const Frame& frame : stream_fixture::enhance(*model, o, in)) expected.push_back(frame);
    }
    stream_fixture::pull_all(*stream, o.output.bytes(), all);
    EXPECT(all == expected);
  }
}

TEST("FlashVSR beyond 1024 latents: memory stays where it was, and pictures stay pictures") {
  compare_far_with_near(flashvsr(), far_frames());
}

TEST("heirloom-small over thousands of frames: memory stays where it was, and pictures stay pictures") {
  compare_far_with_near(small(), far_frames());
}

TEST_MAIN

// Whole streams of both graphs through the CUDA backend, on the emulator: frames in, frames out, against the processor's.
// The bounds on bf16 and fp16 are those the models are judged by: 38 dB against fp32 is the reference's own spread in bf16.
#include "check_test.h"
#include "test_device.h"
#include "ops.h"
#include "small_fixture.h"
#include "stream_cuda.h"

using namespace heirloom;
using namespace stream_cuda;

namespace {

void follows_the_processor(const std::string& folder, const StreamOptions& o, int count) {
  const std::vector<Frame> frames = clip(o.input, count);
  const std::vector<Frame> expected = enhance(*load(folder, "cpu"), o, frames);
  EXPECT(expected.size() == frames.size());
  for (const auto& mode : {std::pair<const char*, double>{"fp32", 60}, {"bf16", 38}, {"fp16", 44}}) {
    const double found = decibels(expected, enhance(*load(folder, HL_TEST_DEVICE, mode.first), o, frames));
    std::printf("      %s: %.1f dB\n", mode.first, found);
    EXPECT(found >= mode.second);
  }
}

TEST("a film through heirloom-small is the processor's film, in every precision") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 5);
  follows_the_processor(folder.path.string(), options(40, 24, 2), 6);
}

TEST("frames do not depend on the push pattern, and a stream starts afresh after a reset") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 6);
  const auto model = load(folder.path.string(), HL_TEST_DEVICE);
  const StreamOptions o = options(34, 18, 2);
  const std::vector<Frame> frames = clip(o.input, 9), expected = enhance(*model, o, frames);
  EXPECT(enhance(*model, o, frames, 0) == expected && enhance(*model, o, frames, 4) == expected);
  const auto stream = model->stream(o);
  std::vector<Frame> out;
  stream->push(frames[3].data(), frames[3].size(), stream_fixture::next_time());
  stream->reset();
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  out.clear();
  for (const Frame& frame : frames) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->finish();
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == expected);
}

TEST("a card follows the quantiser of every latent as the processor does") {
  small_fixture::Sizes sizes;
  sizes.quantiser = 8;
  sizes.axes = 20;
  const small_fixture::Folder folder(sizes, 9);
  StreamOptions o = options(34, 18, 1);
  const std::vector<Frame> frames = clip(o.input, 12);
  const auto on = [&](const char* device) {
    const Ticks first = stream_fixture::next_time(), step = stream_fixture::next_time() - first;
    o.quantisers = {{-kMostTicks, 0.9}, {first + 6 * step, 0.2}, {first + 10 * step, 0.9}};
    return enhance(*load(folder.path.string(), device), o, frames);
  };
  EXPECT(decibels(on("cpu"), on(HL_TEST_DEVICE)) >= 60);
}

TEST("strength 0 gives the input, enlarged on the card as on the processor") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 7);
  StreamOptions o = options(34, 18, 2);
  o.strength = 0;
  const std::vector<Frame> frames = clip(o.input, 2);
  EXPECT(decibels(enhance(*load(folder.path.string(), "cpu"), o, frames),
                  enhance(*load(folder.path.string(), HL_TEST_DEVICE), o, frames)) >= 60);
}

// Two chunks of FlashVSR in every way a card holds them, against the processor. Two windows a segment: with one none would be kept.
TEST("a cancelled stream stops between two operations") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 8);
  const StreamOptions o = options(34, 18, 2);
  const auto stream = load(folder.path.string(), HL_TEST_DEVICE)->stream(o);
  const std::vector<Frame> frames = clip(o.input, 1);
  stream->cancel();
  EXPECT(check::error_code([&] { stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time()); }) ==
         "cancelled");
}

}  // namespace

TEST_MAIN

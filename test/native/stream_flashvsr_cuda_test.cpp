// FlashVSR's streams through the CUDA backend on the emulator, in every way the memory plan may hold them. Takes minutes under the sanitizers, which leave it out.
#include "check_test.h"
#include "test_device.h"
#include "flashvsr_fixture.h"
#include "graphs/stream/frame_stream.h"
#include "ops.h"
#include "stream_cuda.h"
#include "temp_folder.h"

using namespace heirloom;
using namespace stream_cuda;

namespace {

TEST(
    "FlashVSR with keys and values in eight bits and with large products in eight bits stays near the processor's "
    "film; streamed weights change nothing") {
  TempFolder folder("flashvsr");
  fixture::Sizes sizes;
  sizes.layers = 3;
  fixture::write_flashvsr(folder.string(), fixture::make_flashvsr(11, sizes));
  StreamOptions o = options(128, 64, 2);
  const std::vector<Frame> frames = clip(o.input, 22), exact = enhance(*load(folder.string(), "cpu"), o, frames);
  const auto film = [&](const Model& model, int step_down, const char* mode) {
    o.step_down = step_down;
    const MemoryPlan plan = model.plan(o);
    EXPECT(plan.mode == mode && plan.fits);
    const auto stream = model.stream(o);
    std::vector<Frame> out;
    for (const Frame& frame : frames) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
    stream->finish();
    stream_fixture::pull_all(*stream, o.output.bytes(), out);
    // The card's pool holds streamed layers too, but not the rest of the weights.
    const double taken = double(dynamic_cast<FrameStream&>(*stream).backend().memory.peak_bytes()),
                 planned = double(plan.state + plan.activations + (plan.streams_weights ? plan.weights : 0));
    std::printf("      %s: %.1f dB in the second chunk; planned %.1f MB, the pool's peak was %.1f MB\n", mode,
                decibels({exact.back()}, {out.back()}), planned / 1e6, taken / 1e6);
    EXPECT(planned >= taken && planned <= 1.5 * taken);
    return out;
  };
  const auto bf16 = load(folder.string(), HL_TEST_DEVICE, "bf16");
  const std::vector<Frame> whole = film(*bf16, 0, "whole"), small = film(*bf16, 1, "small-cache");
  EXPECT(std::equal(whole.begin(), whole.begin() + 21, small.begin()) &&
         whole.back() != small.back());  // the first chunk attends to nothing at rest
  EXPECT(film(*bf16, 2, "streamed-weights") == small);
  const std::vector<Frame> fp8 = film(*load(folder.string(), HL_TEST_DEVICE, "fp8"), 0, "whole");
  std::printf("      worst frame: bf16 %.1f dB, 8-bit cache %.1f dB, fp8 %.1f dB\n", decibels(exact, whole),
              decibels(exact, small), decibels(exact, fp8));
  EXPECT(decibels(exact, whole) >= 38 && decibels(exact, small) >= 34 && decibels(exact, fp8) >= 30);
}

}  // namespace

TEST_MAIN
